"""Does the simulation run, say what it saw, and see what it should?"""

from tools.calibration import labels


def test_intervals_cover_and_seldom_mislead() -> None:
    """A glance at the whole simulation: these bounds are ten standard errors wide."""
    worse = labels.binary(0.2, labels.OFTEN, labels.WORSE)
    for found in labels.simulated(worse, 500, ("f1",), 40):
        assert found.covered is not None
        assert found.covered >= 32
        assert found.false_pass is not None
        assert found.false_pass <= 10
    for found in labels.clustered(5, sizes=(60,)):
        assert found.covered is not None
        assert found.covered >= 2
