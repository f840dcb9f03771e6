"""Is a rulebook sound, what does it say, and what would a change of it have done?"""

from collections.abc import Mapping
from pathlib import Path

from bot.commands import ModelName
from bot.exchange import ExitCode, Reply
from bot.settings import Settings
from bot.terminal.place import Place
from gates.evidence import Evidence
from gates.refusal import UserError
from policies.check import check as problems_of
from policies.explain import explain_model
from policies.problem import Problem
from policies.rulebook import is_rulebook_path, load_rulebook
from policies.simulate import simulate as judge_again
from storage.database import Database
from storage.evidence import EvidenceStore

LARGEST = 1 << 20
"""Bytes of one file of a rulebook; nobody writes more by hand."""


def check(place: Place, folder: str | None) -> Reply:
    """Name every mistake and warning by file and line: of a folder, or of each project's main branch."""
    if folder is not None:
        return _checked({folder: problems_of(files_of(folder))})
    with place.open_house(place.settings) as house:
        names = [project.name for project in place.settings.projects]
        return _checked({name: problems_of(house.rulebook_files(name)) for name in names})


def _checked(found: Mapping[str, tuple[Problem, ...]]) -> Reply:
    problems = [problem for each in found.values() for problem in each]
    mistaken = any(not problem.warning for problem in problems)
    lines = [line for where, each in found.items() for line in (f"{where}: {_sound(each)}", *_indented(each))]
    return Reply(
        text="\n".join(lines),
        code=ExitCode.REFUSED if mistaken else ExitCode.DONE,
        data={
            "sound": not mistaken,
            "problems": [
                {"where": where, "path": p.path, "line": p.line, "text": p.text, "warning": p.warning}
                for where, each in found.items()
                for p in each
            ],
        },
    )


def _indented(problems: tuple[Problem, ...]) -> list[str]:
    return [f"  {problem}" for problem in problems]


def _sound(problems: tuple[Problem, ...]) -> str:
    mistakes = sum(not problem.warning for problem in problems)
    if mistakes:
        return f"the rulebook has {mistakes} mistake{'s' if mistakes > 1 else ''} and cannot be used."
    return "the rulebook is sound, with warnings." if problems else "the rulebook is sound."


def explain(place: Place, model: ModelName, environment: str) -> Reply:
    """Say which rules main's rulebook has for a model in an environment."""
    with place.open_house(place.settings) as house:
        rulebook = load_rulebook(house.rulebook_files(model.project))
    text = explain_model(rulebook, model=model.name, environment=environment)
    data = {"model": model.name, "environment": environment, "rulebook": rulebook.digest, "text": text}
    return Reply(text=text, code=ExitCode.DONE, data={**data})


def simulate(place: Place, folder: str) -> Reply:
    """Judge the evidence there is once more, under main's rulebook and under the folder's."""
    new = load_rulebook(files_of(folder))
    with place.open_house(place.settings) as house:
        old = load_rulebook(house.rulebook_files(None))
    found = judge_again(old, new, _evidence(place.settings))
    return Reply(
        text=str(found),
        code=ExitCode.DONE,
        data={
            "judged": len(found.rejudged),
            "newly_blocked": [one.name for one in found.newly_blocked],
            "newly_let_through": [one.name for one in found.newly_let_through],
            "asked_differently": [one.name for one in found.asked_differently],
        },
    )


def _evidence(settings: Settings) -> list[tuple[str, Evidence]]:
    """Return the last evidence of each promotion, by its name."""
    store = EvidenceStore(settings.evidence_folder)
    database = Database(settings.database_url)
    try:
        with database.reading() as work:
            promotions = [one for project in settings.projects for one in work.promotions.all(project.name)]
    finally:
        database.close()
    return [(one.name, store.get(one.evidence_digest)) for one in promotions if one.evidence_digest]


def files_of(folder: str) -> dict[str, bytes]:
    """Return the rulebook's files below a folder, by their path from it."""
    root = Path(folder).expanduser()
    if not root.is_dir():
        raise UserError(f"There is no folder {folder}. Name one with models/ and policies/ in it.")
    found: dict[str, bytes] = {}
    for top in ("models", "policies"):
        for path in sorted((root / top).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.is_file() and is_rulebook_path(name):
                found[name] = _content(path)
    return found


def _content(path: Path) -> bytes:
    """Return a file's bytes, if a person could have written them."""
    if path.stat().st_size > LARGEST:
        raise UserError(f"{path} is larger than {LARGEST} bytes; a rulebook's files are written by hand.")
    return path.read_bytes()
