"""What does a measurement come to, line by line, with what decides and all proven harm first?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gates.outcome import Outcome
from gates.weighing import Weighed
from gates.wording import count, listed
from reports.measured_groups import Groups, groupless, how_much, too_small, unhappy
from reports.sliced import brief

MOST_SAID = 5
"""Sentences about groups, or about metrics that do not decide; the tables and the JSON have all of them."""
MOST_NAMED = 8
LONGEST = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One conclusion as it counts, and whether harm is proven in it."""

    outcome: Outcome
    sentence: str
    harm: bool = False


def said_of_comparison(weighed: Weighed, groups: Groups) -> tuple[Line, ...]:
    """Say what decides, which harm is proven beside it, and what could not be told."""
    deciding = [weighed.metrics[name] for name in weighed.required]
    lines = (
        *_unusable(weighed),
        *(Line(outcome=one.outcome, sentence=one.sentence, harm=one.outcome is Outcome.FAIL) for one in deciding),
        *_of_groups(groups),
        *_beside(weighed),
    )
    return _first(weighed.outcome, (*lines, *_all_groups_passed(groups)))


def said_of_groups(outcome: Outcome, groups: Groups) -> tuple[Line, ...]:
    """Say which groups fall short, and of which it could not be told."""
    return _first(outcome, _of_groups(groups))


def _first(outcome: Outcome, lines: Iterable[Line]) -> tuple[Line, ...]:
    """Put all harm first, then what gave the outcome, then the rest; of each, the worst first."""

    def weight(one: Line) -> tuple[bool, bool, Outcome]:
        return one.harm or one.outcome is Outcome.ERROR, one.outcome is outcome, one.outcome

    return tuple(sorted(lines, key=weight, reverse=True))


def _of_groups(groups: Groups) -> Iterator[Line]:
    for why, features in groupless(groups).items():
        named = listed(tuple(f"of {brief(one, LONGEST)}" for one in features), most=MOST_NAMED)
        yield Line(outcome=Outcome.ERROR, sentence=f"groups {named} could not be measured: {why}")
    found = unhappy(groups)
    for one in found[:MOST_SAID]:
        yield Line(outcome=one.outcome, sentence=one.sentence, harm=one.outcome is Outcome.FAIL)
    if rest := found[MOST_SAID:]:
        sentence = f"and {count(len(rest), 'conclusion')} more on groups that did not pass, in the tables below."
        yield Line(outcome=rest[0].outcome, sentence=sentence)
    if small := too_small(groups):
        yield Line(outcome=Outcome.INCONCLUSIVE, sentence=_too_small(small, how_much(groups)))


def _unusable(weighed: Weighed) -> Iterator[Line]:
    """Say why scores cannot be used, where no metric that decides says the same."""
    told = [weighed.metrics[name].sentence for name in weighed.required]
    for why in weighed.unusable:
        if not any(sentence.endswith(why) for sentence in told):
            yield Line(outcome=Outcome.ERROR, sentence=f"scores were named that cannot be used: {why}")


def _all_groups_passed(groups: Groups) -> Iterator[Line]:
    found = groups.conclusions.values()
    if found and all(one.outcome is Outcome.PASS for one in found):
        said = f"{count(len(found), 'comparison')} of groups with the champion, none worse by more than the margin."
        yield Line(outcome=Outcome.PASS, sentence=said)


def _too_small(small: Sequence[str], enough: str) -> str:
    named = listed(tuple(brief(one, LONGEST) for one in small), most=MOST_NAMED)
    said = f"too few rows to tell of {count(len(small), 'group')}: {named}."
    return f"{said} {'For instance, ' if len(small) > 1 else ''}{enough}"


def _beside(weighed: Weighed) -> Iterator[Line]:
    """Say what is proven worse though it does not decide: in full where that is why there is a warning."""
    found = [name for name in weighed.harmed if name not in weighed.required]
    full = found[:MOST_SAID] if weighed.outcome is Outcome.WARN else []
    for name in full:
        sentence = f"{weighed.metrics[name].sentence} It does not decide; harm proven is a warning."
        yield Line(outcome=Outcome.WARN, sentence=sentence, harm=True)
    if rest := found[len(full) :]:
        sentence = f"proven worse beside what decides: {listed(tuple(rest), most=MOST_NAMED)}."
        yield Line(outcome=Outcome.WARN, sentence=sentence, harm=True)
