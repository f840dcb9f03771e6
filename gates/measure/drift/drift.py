"""Have columns, predictions or performance moved since the reference?"""

from collections.abc import Iterable, Mapping

from gates.drift_facts import Drift, Role, Shift
from gates.measure.drift.answers import Answers, answers
from gates.measure.drift.asked import DriftAsked, Limits
from gates.measure.drift.classes import deciles
from gates.measure.drift.column import Compared, compare
from gates.measure.drift.deciding import decide
from gates.measure.drift.profile import Profile
from gates.measure.drift.reading import read
from gates.measure.drift.side import Counted, Side
from gates.measure.drift.two_sample import multivariate
from gates.measure.scan.engine import Engine, View
from gates.refusal import UserError
from gates.wording import count, listed


def drift(engine: Engine, reference: View | Profile, current: View, asked: DriftAsked) -> Drift:
    """Compare current rows with a reference, or with a reference's profile, which has columns only.

    Raises `UserError` for columns that neither side has.
    """
    roles = _roles(reference, current, asked)
    sides = _sides(engine, reference, current, roles)
    columns = decide(_compared(engine, (reference, current), sides, (roles, asked.limits)), asked.limits)
    together = None
    if asked.multivariate and isinstance(reference, View) and Role.FEATURE in roles.values():
        together = multivariate(engine, (reference, current), columns, (sides[0], asked.limits, asked.seed))
    said = answers(engine, reference, current, asked) if isinstance(reference, View) else Answers()
    return summed(
        Drift(
            reference=sides[0].said,
            current=current.said,
            reference_rows=sides[0].rows,
            current_rows=current.rows,
            alpha=asked.limits.alpha,
            columns=columns,
            multivariate=together,
            label_free=said.label_free,
            label_shift=said.label_shift,
            performance=said.performance,
            performance_problem=said.problem,
            performance_shift=said.shift,
            shift=Shift.INCONCLUSIVE,
            sentence="",
        )
    )


def _sides(engine: Engine, reference: View | Profile, current: View, names: Iterable[str]) -> tuple[Side, Side]:
    if isinstance(reference, Profile):
        return reference.side(), read(engine, (current,), names)[0]
    before, now = read(engine, (reference, current), names)
    return before, now


def _compared(
    engine: Engine,
    views: tuple[View | Profile, View],
    sides: tuple[Side, Side],
    asked: tuple[Mapping[str, Role], Limits],
) -> list[Compared]:
    """Measure columns; those of which histograms leave open whether they are above the limit are counted finer."""
    roles, limits = asked
    found = {name: compare(name, role, _both(sides, name)) for name, role in roles.items()}
    doubtful = {name for name, column in found.items() if column.doubtful(limits.jensen_shannon)}
    if doubtful and isinstance(views[0], View):
        cuts = {name: deciles(numbers.cells) for name in doubtful if (numbers := sides[0].columns[name].numbers)}
        before, now = read(engine, (views[0], views[1]), cuts, cuts)
        found |= {name: compare(name, roles[name], _both((before, now), name)) for name in cuts}
    return list(found.values())


def _both(sides: tuple[Side, Side], name: str) -> tuple[Counted | None, Counted | None]:
    return sides[0].columns.get(name), sides[1].columns.get(name)


def _roles(reference: View | Profile, current: View, asked: DriftAsked) -> Mapping[str, Role]:
    """Return the columns to compare: those asked for, or all without another role; then prediction and score."""
    all_ = tuple(dict.fromkeys([*reference.columns, *current.columns]))
    others = {asked.prediction, asked.score, asked.label, asked.decision_time, *asked.ignored}
    features = asked.columns if asked.columns is not None else tuple(name for name in all_ if name not in others)
    roles = dict.fromkeys(features, Role.FEATURE)
    roles |= {name: role for name, role in ((asked.prediction, Role.PREDICTION), (asked.score, Role.SCORE)) if name}
    named = (*roles, asked.label, asked.decision_time, *asked.by, *asked.ignored)
    for name in named:
        if name and name not in all_:
            raise UserError(_unknown(name, all_))
    return roles


def _unknown(name: str, columns: tuple[str, ...]) -> str:
    from gates.measure.scan.near import near  # noqa: PLC0415 - only mistakes need it, and it is slow to import

    close = near(name, columns)
    meant = f"Did you mean {' or '.join(close)}?" if close else f"There are: {listed(columns, most=20)}."
    return f"Neither side has a column {name}. {meant}"


def summed(found: Drift) -> Drift:
    """Add the conclusion of the whole."""
    named = {shift: tuple(fact.name for fact in found.columns if fact.shift is shift) for shift in Shift}
    parts = [fact.shift for fact in found.columns]
    parts += [part.shift for part in (found.multivariate,) if part is not None]
    parts += [metric.shift for metric in (found.performance.metrics if found.performance else ())]
    parts += [found.performance_shift] if found.performance_shift is not None else []
    shift = next((shift for shift in _WORST if shift in parts), Shift.STABLE if parts else Shift.INCONCLUSIVE)
    update = {
        "drifted": named[Shift.DRIFTED],
        "unusable": named[Shift.UNUSABLE],
        "inconclusive": named[Shift.INCONCLUSIVE],
        "shift": shift,
    }
    whole = found.model_copy(update=update)
    return whole.model_copy(update={"sentence": _sentence(whole)})


_WORST = (Shift.DRIFTED, Shift.UNUSABLE, Shift.INCONCLUSIVE)


def _sentence(found: Drift) -> str:
    said = [
        f"{len(names)} {word} ({listed(names)})"
        for names, word in (
            (found.drifted, "drifted"),
            (found.unusable, "not comparable"),
            (found.inconclusive, "with too few values to tell"),
        )
        if names
    ]
    compared = f"{count(len(found.columns), 'column')} compared: {'; '.join(said) if said else 'all stable'}."
    return f"{compared if found.columns else 'No columns were compared.'}{_besides(found)}"


def _besides(found: Drift) -> str:
    """Say what decides beside the columns."""
    metrics = found.performance.metrics if found.performance else ()
    worse = tuple(metric.metric for metric in metrics if metric.shift is Shift.DRIFTED)
    said = [
        (bool(worse), f" Performance is worse: {listed(worse)}."),
        (found.performance_shift is Shift.UNUSABLE, " Performance could not be compared."),
        (
            not worse and any(metric.shift is Shift.INCONCLUSIVE for metric in metrics),
            " Too few labels to tell whether performance fell.",
        ),
        (
            found.multivariate is not None and found.multivariate.shift is Shift.DRIFTED,
            " Together, a classifier tells both sides apart.",
        ),
    ]
    return "".join(text for holds, text in said if holds)
