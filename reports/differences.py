"""In what does the challenger differ from the champion?"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gates.evidence import Evidence, Facts, Kind, Lineage, MetricComparison, ModelFile
from gates.wording import count
from reports.latency import Latency

COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
PULL = re.compile(r"(https?://[^\s?#]+)/pull/\d+")
"""A pull request on GitHub."""
AZURE_DEVOPS = re.compile(r"(https?://[^\s?#]+/_git/[^\s/?#]+)/pullrequest/\d+")
MOST = 30
"""Parameters, tags and files that are told."""
OURS = ("gatehouse.", "mlflow.")
"""How tags begin that say nothing of the model."""
KILO = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What both have under a name and is not the same; None where one has nothing of that name."""

    name: str
    champion: str | None
    challenger: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The source commits, and where a browser shows what lies between them."""

    champion: str | None
    challenger: str | None
    url: str | None
    """None where they are not known to be commits of the model's own repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the versions are, in bytes, and in how many files."""

    champion: int
    challenger: int
    champion_files: int
    challenger_files: int

    @property
    def grown(self) -> str:
        """Say by how much it grew or shrank."""
        more = self.challenger - self.champion
        return f"{told_size(abs(more))} {'more' if more >= 0 else 'less'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Everything that differs, and what could not be looked up."""

    champion: str
    """Its version."""
    challenger: str
    metrics: tuple[MetricComparison, ...]
    data: tuple[tuple[str, ...], tuple[str, ...]] | None
    """Training data of the champion and of the challenger; None where they are the same, or neither names any."""
    code: Code | None
    """None where the commit is the same, or neither names one."""
    parameters: tuple[Change, ...]
    more_parameters: int
    tags: tuple[Change, ...]
    trainer: Change | None
    """Who trained them."""
    files: tuple[Change, ...]
    """Size and digest of each."""
    more_files: int
    size: Size | None
    latency: Latency | None
    unknown: str
    """What is not known of the champion; empty where all is."""

    @property
    def sentence(self) -> str:
        """Name the kinds of difference, and what is not known of the champion."""
        named = tuple(
            filter(None, ("the training data" if self.data else "", self._code, self._parameters, self._size))
        )
        said = (
            f"Differs from v{self.champion} in {', '.join(named)}." if named else "",
            f"Run and files are like those of v{self.champion}." if not named and not self.unknown else "",
            f"Not known of v{self.champion}: {self.unknown}." if self.unknown else "",
            self._latency,
        )
        return " ".join(filter(None, said))

    @property
    def rows(self) -> int:
        """Count what is told one by one."""
        single = (self.data, self.code, self.trainer, self.size, self.latency)
        many = (self.metrics, self.parameters, self.tags, self.files)
        return sum(map(len, many)) + sum(one is not None for one in single)

    @property
    def _code(self) -> str:
        return "the source commit" if self.code else ""

    @property
    def _parameters(self) -> str:
        found = len(self.parameters) + self.more_parameters
        return count(found, "parameter") if found else ""

    @property
    def _size(self) -> str:
        return (
            "" if self.size is None else f"size ({told_size(self.size.champion)} to {told_size(self.size.challenger)})"
        )

    @property
    def _latency(self) -> str:
        if self.latency is None or self.latency.champion is None:
            return ""
        before, now = told_seconds(self.latency.champion), told_seconds(self.latency.challenger)
        return f"{count(self.latency.rows, 'row')} answered in {now} instead of {before}."


def differences(evidence: Evidence, *, pull_request_url: str | None, latency: Latency | None) -> Differences | None:
    """Return what differs; None where no two versions are compared."""
    subject, facts = evidence.subject, evidence.facts
    if subject.kind is not Kind.PROMOTE or subject.champion is None or subject.challenger is None:
        return None
    old, new = facts.champion_lineage, facts.lineage
    parameters = _apart({} if old is None else old.parameters, {} if new is None else new.parameters)
    files = _files(facts)
    return Differences(
        champion=subject.champion.version,
        challenger=subject.challenger.version,
        metrics=facts.metrics,
        data=_data(old, new),
        code=_code(old, new, pull_request_url),
        parameters=parameters[:MOST] if old else (),
        more_parameters=max(len(parameters) - MOST, 0) if old else 0,
        tags=_tags(old, new),
        trainer=_trainer(old, new),
        files=files[:MOST],
        more_files=max(len(files) - MOST, 0),
        size=_size(facts.champion_files, facts.files),
        latency=latency,
        unknown=_unknown(facts),
    )


def _data(old: Lineage | None, new: Lineage | None) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    if old is None or new is None or old.training_data == new.training_data:
        return None
    return old.training_data, new.training_data


def _code(old: Lineage | None, new: Lineage | None, pull_request_url: str | None) -> Code | None:
    if old is None or new is None or old.source_commit == new.source_commit:
        return None
    return Code(
        champion=old.source_commit, challenger=new.source_commit, url=_between(old, new, pull_request_url or "")
    )


def _between(old: Lineage, new: Lineage, address: str) -> str | None:
    """Return where the forge shows the difference, if both commits are its own: their authors are known there."""
    before, after = old.source_commit or "", new.source_commit or ""
    if old.source_author is None or new.source_author is None:
        return None
    if not (COMMIT.fullmatch(before) and COMMIT.fullmatch(after)):
        return None
    if found := PULL.fullmatch(address):
        return f"{found[1]}/compare/{before}...{after}"
    if found := AZURE_DEVOPS.fullmatch(address):
        return f"{found[1]}/branchCompare?baseVersion=GC{before}&targetVersion=GC{after}&_a=files"
    return None


def _apart(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(name=name, champion=old.get(name), challenger=new.get(name))
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    )


def _tags(old: Lineage | None, new: Lineage | None) -> tuple[Change, ...]:
    if old is None or new is None:
        return ()
    return _apart(_telling(old.tags), _telling(new.tags))[:MOST]


def _telling(tags: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in tags.items() if not name.startswith(OURS)}


def _trainer(old: Lineage | None, new: Lineage | None) -> Change | None:
    if old is None or new is None:
        return None
    before, after = old.trainer_person or old.trainer, new.trainer_person or new.trainer
    return None if before == after else Change(name="trained by", champion=before, challenger=after)


def _files(facts: Facts) -> tuple[Change, ...]:
    if not facts.files or not facts.champion_files:
        return ()
    old, new = ({file.path: _told_file(file) for file in files} for files in (facts.champion_files, facts.files))
    return _apart(old, new)


def _told_file(file: ModelFile) -> str:
    return f"{told_size(file.size)}, {file.sha256[:12]}"


def _size(old: tuple[ModelFile, ...], new: tuple[ModelFile, ...]) -> Size | None:
    if not old or not new or {file.sha256 for file in old} == {file.sha256 for file in new}:
        return None
    return Size(
        champion=sum(file.size for file in old),
        challenger=sum(file.size for file in new),
        champion_files=len(old),
        challenger_files=len(new),
    )


def _unknown(facts: Facts) -> str:
    return " and ".join(_missing(facts))


def _missing(facts: Facts) -> Iterator[str]:
    if facts.champion_lineage is None:
        yield "its run"
    if not facts.champion_files:
        yield "its files"


def told_size(size: int) -> str:
    """Say how many bytes, in the unit that fits (powers of a thousand)."""
    value, units = float(size), iter(("bytes", "kB", "MB", "GB"))
    unit = next(units)
    for larger in units:
        if value < KILO:
            break
        value, unit = value / KILO, larger
    return f"{size:,} bytes" if unit == "bytes" else f"{value:,.1f} {unit}"


def told_seconds(seconds: float | None) -> str:
    """Say how long, in seconds or milliseconds."""
    if seconds is None:
        return "not measured"
    return f"{seconds:,.2f} s" if seconds >= 1 else f"{seconds * KILO:.1f} ms"
