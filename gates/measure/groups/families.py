"""Which family of metrics knows a metric, and what does it tell of each group?"""

from collections.abc import Mapping, Sequence

from gates.measure.groups.borrowed import Told, of_group
from gates.measure.groups.catalogue import OF_SCORES
from gates.measure.groups.features import Feature
from gates.measure.groups.grouping import Grouping
from gates.measure.groups.naming import joined
from gates.measure.prepared import Prepared
from gates.metric import CLASSES, ENTITIES, MULTILABEL

ByGroup = Mapping[str, Mapping[str, Told]]
"""By the name of a group and of a metric."""


def told_of_groups(prepared: Prepared, feature: Feature, grouping: Grouping, metrics: Sequence[str]) -> ByGroup:
    """Return what is known of metrics in each group; a text says why nothing is."""
    scores = tuple(metric for metric in metrics if metric in OF_SCORES)
    others = tuple(metric for metric in metrics if metric not in scores)
    found: dict[str, dict[str, Told]] = {group: {} for group in grouping.names}
    for place, group in enumerate(grouping.names if others else ()):
        found[group] |= _told(of_group(prepared, feature, grouping, place), others)
    for group, told in _of_scores(prepared, feature, scores).items():
        found[group] |= told
    return found


def _of_scores(prepared: Prepared, feature: Feature, metrics: tuple[str, ...]) -> ByGroup:
    """Return score metrics of all groups from one look at the rows."""
    if not metrics:
        return {}
    from gates.measure.scores.estimating import score_groups  # noqa: PLC0415 - not every measurement looks at scores

    by = tuple(prepared.groups[part] for part in feature.parts)
    return {joined(group): told for group, told in score_groups(prepared, by, metrics).items()}


def _told(prepared: Prepared, metrics: tuple[str, ...]) -> Mapping[str, Told]:
    """Ask the family that knows the metrics of one group's rows."""
    if prepared.task in CLASSES:
        from gates.measure.labels.estimates import estimates as of_labels  # noqa: PLC0415 - only what is asked for

        return of_labels(prepared, metrics)
    if prepared.task in (MULTILABEL, ENTITIES):
        from gates.measure.tagged.estimates import estimates as of_sets  # noqa: PLC0415 - as above

        return of_sets(prepared, metrics)
    from gates.measure.numbers.estimates import estimates as of_numbers  # noqa: PLC0415 - as above

    return of_numbers(prepared, metrics)
