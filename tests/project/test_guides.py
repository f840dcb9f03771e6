"""Do the guide's pages agree with the program, and does every link lead somewhere?"""

import ast
import inspect
import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest

from bot.exchange import ExitCode
from tests.conversation import Golden
from workflows import states
from workflows.reasons import Reason
from workflows.states import MOVES, OPEN, UNDECIDED, State

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs" / "guide"
ADR = ROOT / "docs" / "adr"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)


def block(name: str) -> re.Pattern[str]:
    return re.compile(rf"<!-- {name} -->\n.*?<!-- end -->", re.DOTALL)


def filled(page: Path, name: str, content: str) -> str:
    """Return the page with `content` in its block; a block that is missing is a mistake."""
    text = page.read_text(encoding="utf-8")
    assert len(block(name).findall(text)) == 1, f"{page.name} has no block {name}"
    return block(name).sub(lambda _old: f"<!-- {name} -->\n{content}<!-- end -->", text)


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as the forges make them."""
    headings = HEADING.findall(FENCED.sub("", page.read_text(encoding="utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in LINK.findall(CODE.sub("", page.read_text(encoding="utf-8"))):
        if link.startswith("https://"):
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), f"{page.name} links to {link}"
        assert not anchor or anchor in anchors(target), f"{page.name} links to {link}: no such heading"


def test_every_page_of_the_guide_is_linked_from_the_readme() -> None:
    linked = set(LINK.findall((ROOT / "README.md").read_text(encoding="utf-8")))
    assert {f"docs/guide/{page.name}" for page in GUIDE.glob("*.md")} <= linked


def test_every_reason_code_is_explained(golden: Golden) -> None:
    rows = "".join(f"| `{reason.value}` | {text} |\n" for reason, text in described(Reason).items())
    page = GUIDE / "reasons.md"
    golden.page(page, filled(page, "reasons", f"| code | means |\n|---|---|\n{rows}"))


def described(codes: type[Reason]) -> dict[Reason, str]:
    """Return the text that stands under each code in the source; one without a text is a mistake."""
    (body,) = [node.body for node in ast.parse(inspect.getsource(codes)).body if isinstance(node, ast.ClassDef)]
    texts = {}
    for name, text in pairwise(body):
        if isinstance(name, ast.Assign) and isinstance(name.targets[0], ast.Name):
            assert isinstance(text, ast.Expr), f"{name.targets[0].id} is not explained"
            texts[codes[name.targets[0].id]] = " ".join(str(ast.literal_eval(text.value)).split())
    assert set(texts) == set(codes)
    return texts


def test_the_drawing_of_the_states_is_the_program_s_own(golden: Golden) -> None:
    drawing = "\n\n".join((states.__doc__ or "").split("\n\n")[1:-1])
    assert all(state.value in drawing for state in State)
    page = GUIDE / "states.md"
    golden.page(page, filled(page, "drawing", f"```text\n{inspect.cleandoc(drawing)}\n```\n"))


def test_every_legal_move_stands_in_the_guide(golden: Golden) -> None:
    rows = "".join(f"| `{state}` | {_listed(MOVES[state])} |\n" for state in State)
    page = GUIDE / "states.md"
    golden.page(page, filled(page, "moves", f"| from | to |\n|---|---|\n{rows}"))


def _listed(to: frozenset[State]) -> str:
    return ", ".join(f"`{state}`" for state in State if state in to) or "nowhere: it is over"


def test_the_guide_says_of_every_state_what_it_means() -> None:
    page = (GUIDE / "states.md").read_text(encoding="utf-8")
    table = page.partition("| state | means |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [state.value for state in State]


def test_open_and_undecided_are_what_the_guide_says() -> None:
    order = list(State)
    assert set(order[: order.index(State.DEPLOYING) + 1]) == OPEN
    assert set(order[: order.index(State.WAITING) + 1]) == UNDECIDED


def test_the_exit_codes_are_those_of_the_guide() -> None:
    page = (GUIDE / "first-steps.md").read_text(encoding="utf-8")
    assert [int(code) for code in re.findall(r"^\| (\d) \|", page, re.MULTILINE)] == [code.value for code in ExitCode]


def test_decisions_are_numbered_and_have_their_three_parts() -> None:
    records = sorted(page for page in ADR.glob("*.md") if page.name != "README.md")
    assert [int(page.name[:4]) for page in records] == list(range(1, len(records) + 1))
    for page in records:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]} ")
        assert HEADING.findall(FENCED.sub("", text))[1:4] == ["Context", "Decision", "Consequences"]


def test_the_list_of_decisions_is_whole() -> None:
    listed = set(LINK.findall((ADR / "README.md").read_text(encoding="utf-8")))
    assert listed == {page.name for page in ADR.glob("*.md") if page.name != "README.md"}
