"""What differs between challenger and champion, beside how they answer?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gates.evidence import Facts, Lineage, ModelFile, Subject

MOST = 30
"""Lines of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that both have or one lacks; None where it lacks it."""

    what: str
    name: str
    challenger: str | None
    champion: str | None


def differing(facts: Facts) -> tuple[Difference, ...]:
    """Return what differs: source commit, training data, parameters, tags, files; nothing where one is not known."""
    new, old = facts.lineage, facts.champion_lineage
    known = () if new is None or old is None else tuple(_lineages(new, old))
    files = tuple(_files(facts)) if facts.files and facts.champion_files else ()
    return (*known, *files)


def why_not_known(subject: Subject, facts: Facts) -> str:
    """Say why the champion's origin is not known; empty where it is, or there is none to ask for."""
    if subject.champion is None or facts.champion_lineage is not None or not facts.champion_files:
        return ""
    return f"Where v{subject.champion.version} comes from is not known: its registry has lost it."


def _lineages(new: Lineage, old: Lineage) -> Iterator[Difference]:
    plain = (
        ("source commit", new.source_commit, old.source_commit),
        ("training data", ", ".join(new.training_data) or None, ", ".join(old.training_data) or None),
        ("trained by", new.trainer_person or new.trainer, old.trainer_person or old.trainer),
    )
    yield from (Difference(what=what, name="", challenger=a, champion=b) for what, a, b in plain if a != b)
    yield from _mappings("parameter", new.parameters, old.parameters)
    yield from _mappings("tag", new.tags, old.tags)


def _mappings(what: str, new: Mapping[str, str], old: Mapping[str, str]) -> Iterator[Difference]:
    names = [name for name in sorted({*new, *old}) if new.get(name) != old.get(name)]
    for name in names[:MOST]:
        yield Difference(what=what, name=name, challenger=new.get(name), champion=old.get(name))
    if len(names) > MOST:
        rest = f"{len(names) - MOST} more differ"
        yield Difference(what=what, name="…", challenger=rest, champion=rest)


def _files(facts: Facts) -> Iterator[Difference]:
    new, old = ({file.path: file for file in files} for files in (facts.files, facts.champion_files))
    paths = [path for path in sorted({*new, *old}) if _content(new.get(path)) != _content(old.get(path))]
    for path in paths[:MOST]:
        yield Difference(what="file", name=path, challenger=_size(new.get(path)), champion=_size(old.get(path)))
    if len(paths) > MOST:
        rest = f"{len(paths) - MOST} more differ"
        yield Difference(what="file", name="…", challenger=rest, champion=rest)
    sizes = [sum(file.size for file in files) for files in (facts.files, facts.champion_files)]
    if sizes[0] != sizes[1]:
        yield Difference(what="all files", name="", challenger=size_of(sizes[0]), champion=size_of(sizes[1]))


def _content(file: ModelFile | None) -> str | None:
    return None if file is None else file.sha256


def _size(file: ModelFile | None) -> str | None:
    return None if file is None else f"{size_of(file.size)}, {file.sha256[:12]}"


def size_of(size: int) -> str:
    """Say how large something is: `1,446 bytes`, `1.4 MB`."""
    for unit, scale in (("GB", 10**9), ("MB", 10**6)):
        if size >= scale:
            return f"{size / scale:,.1f} {unit}"
    return f"{size:,} bytes"
