"""Does the house keep its own rules, those that no linter knows?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("gates", "policies", "reports", "storage", "workflows", "bot")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
SAYING_NOTHING = frozenset({"utils", "util", "helpers", "helper", "manager", "managers", "common", "base", "misc"})
LONGEST = 300
NOQA = re.compile(r"# noqa\b(?!: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)* - \S)")
TYPE_IGNORE = re.compile(r"# type: ignore\b(?!\[[\w, -]+\] +# \S)")
NO_COVER = re.compile(r"# pragma: no (?:cover|branch)(?! - \S)")
SECRET = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36}")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_no_name_says_nothing() -> None:
    said = {name(path): {path.stem, *path.relative_to(ROOT).parts[:-1]} for path in (*SOURCES, *TESTS)}
    assert [path for path, words in said.items() if words & SAYING_NOTHING] == []


def test_every_module_opens_with_the_question_it_answers_or_a_sentence() -> None:
    openings = {name(path): opening(path) for path in SOURCES}
    wrong = [(path, text) for path, text in openings.items() if not re.match(r"[A-Z`].*[?.:]", text)]
    assert wrong == []


def opening(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split())


def test_most_modules_open_with_a_question() -> None:
    questions = sum("?" in opening(path) for path in SOURCES)
    assert questions > 0.9 * len([path for path in SOURCES if path.name != "__init__.py"])


def test_every_file_can_be_read_in_one_sitting() -> None:
    lengths = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_every_suppression_carries_its_code_and_its_reason() -> None:
    assert [line for path in (*SOURCES, *TESTS) if path != Path(__file__) for line in _unexplained(path)] == []


def _unexplained(path: Path) -> Iterator[str]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if any(rule.search(line) for rule in (NOQA, TYPE_IGNORE, NO_COVER)):
            yield f"{name(path)}, line {number}: {line.strip()}"


def test_test_files_have_names_of_their_own() -> None:
    names = [path.name for path in TESTS if path.name.startswith("test_")]
    assert len(names) == len(set(names))


def test_nothing_that_is_shipped_holds_a_secret() -> None:
    shipped = [path for folder in ("docs", *ROOMS) for path in (ROOT / folder).rglob("*") if path.is_file()]
    found = [name(path) for path in shipped if SECRET.search(path.read_bytes().decode("utf-8", "replace"))]
    assert found == []


def test_what_is_checked_on_a_clean_clone_is_what_the_pages_name() -> None:
    ran = re.findall(r"^make ([a-z-]+)$", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    pages = [(ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "CONTRIBUTING.md")]
    assert {"demo", "test", "check"} <= set(ran)
    assert all(any(f"make {target}" in page for page in pages) for target in ran)
