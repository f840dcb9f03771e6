"""What do the chats refuse? Their documented limits, checked on what we render, and what a reader sees of it.

Slack: https://docs.slack.dev/reference/block-kit and https://docs.slack.dev/reference/views.
Teams: adaptive cards 1.5 and
https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, cast

from pydantic import JsonValue
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Json = dict[str, JsonValue]
TEXT_MOST = {"header": 150, "button": 75, "title": 24, "submit": 24, "close": 24, "label": 2_000, "placeholder": 150}
STRING_MOST = {"value": 2_000, "action_id": 255, "block_id": 255, "private_metadata": 3_000, "url": 3_000}
MESSAGE_MOST = 12_000
"""Units of text in one message; Slack names no number, and refuses messages from about 13,000 on."""
CARD_MOST = 28 * 1024
ELEMENTS = {
    "ActionSet",
    "Column",
    "ColumnSet",
    "Container",
    "FactSet",
    "Input.ChoiceSet",
    "Input.Text",
    "RichTextBlock",
    "Table",
    "TableCell",
    "TableRow",
    "TextBlock",
    "TextRun",
}
ACTIONS = {"Action.Execute", "Action.OpenUrl"}


def objects(value: object) -> Iterator[Json]:
    """Yield every object in a document, outermost first."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from objects(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def units(text: str) -> int:
    """Return the length of a text as JavaScript counts."""
    return len(text.encode("utf-16-le")) // 2


def slack_texts(document: object) -> list[str]:
    """Return what a reader of Slack sees, one string for each run of text."""
    return [str(one["text"]) for one in objects(document) if isinstance(one.get("text"), str)]


def card_texts(document: Json) -> list[str]:
    """Return what a reader of a card sees, one string for each run of text."""
    body = [document.get("body"), document.get("actions")]
    seen = [str(one["text"]) for one in objects(body) if isinstance(one.get("text"), str)]
    return seen + [str(one[key]) for one in objects(body) for key in ("title", "label") if key in one]


def slack_message_problems(blocks: Sequence[Json]) -> list[str]:
    """Return why Slack would refuse the blocks of a message."""
    problems = [*_block_problems(blocks), *_id_problems(blocks)]
    for block in Block.parse_all(list(blocks)):
        block.validate_json()
    if not 1 <= len(blocks) <= 50:
        problems.append(f"{len(blocks)} blocks")
    if sum(one["type"] == "table" for one in blocks) > 1:
        problems.append("more than one table")
    if (total := sum(map(units, slack_texts(list(blocks))))) > MESSAGE_MOST:
        problems.append(f"{total} units of text")
    return problems


def slack_view_problems(view: Json) -> list[str]:
    """Return why Slack would refuse a modal or a Home."""
    View(**cast("dict[str, Any]", view)).validate_json()
    blocks = [one for one in _listed(view["blocks"]) if isinstance(one, dict)]
    problems = [*_block_problems(blocks), *_id_problems(blocks), *_text_problems(view)]
    if not 1 <= len(blocks) <= 100:
        problems.append(f"{len(blocks)} blocks")
    if any(one["type"] == "table" for one in blocks):
        problems.append("a table, which only messages take")
    if any(one["type"] == "input" for one in blocks) and "submit" not in view:
        problems.append("inputs without a button to send them")
    return problems


def card_problems(card: Json) -> list[str]:
    """Return why Teams would refuse a card."""
    problems = [f"{size} bytes" for size in [len(json.dumps(card))] if size > CARD_MOST]
    kinds = {str(one["type"]) for one in objects([card["body"], card.get("actions", [])]) if "type" in one}
    problems += [f"an element {kind}" for kind in kinds - ELEMENTS - ACTIONS]
    problems += [f"an empty {key}" for one in objects(card["body"]) for key in _empty(one)]
    ids = Counter(str(one["id"]) for one in objects(card["body"]) if "id" in one)
    problems += [f"two of {name}" for name, times in ids.items() if times > 1]
    problems += [f"no label for {one['id']}" for one in objects(card["body"]) if "id" in one and not one.get("label")]
    if len(_listed(card.get("actions", []))) > 6:
        problems.append("more than six actions")
    return problems + _mention_problems(card)


def acting_in_slack(document: object) -> list[str]:
    """Return what would do something that nobody asked for: mentions, broadcasts, links, emoji."""
    found = [f"a tag: {text}" for text in slack_texts(document) if re.search(r"<[!@#a-zA-Z/]", text)]
    found += [f"in text: {text}" for text in slack_texts(document) if ACTING.search(text)]
    kinds = {str(one.get("type")) for one in objects(document)}
    return found + sorted(kinds & {"broadcast", "usergroup", "channel", "mrkdwn", "markdown", "emoji"})


def acting_in_card(card: Json, *, tags: Sequence[str] = ()) -> list[str]:
    """Return what would do something that nobody asked for; `tags` are the mentions that were."""
    texts = [re.sub("|".join(map(re.escape, tags)), "", text) if tags else text for text in card_texts(card)]
    found = [f"a tag: {text}" for text in texts if re.search(r"<[!@#a-zA-Z/]", text)]
    found += [f"in text: {text}" for text in texts if ACTING.search(text)]
    blocks = [str(one["text"]) for one in objects(card["body"]) if one.get("type") == "TextBlock"]
    marks = [re.sub("|".join(map(re.escape, tags)), "", text) if tags else text for text in blocks]
    return found + [f"markdown: {text}" for text in marks if re.search(r"[\[\]*`~#>|\\]|^\s*[-+]|^\d+\.", text)]


ACTING = re.compile(
    r"@\w|://|(?i:www\.)|\]\(|:[\w+-]+:(?!\d)|\{\{|[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b]"
)
"""What a client looks for in text that is only shown, and what no text should hold."""


def _listed(value: JsonValue) -> list[JsonValue]:
    assert isinstance(value, list)
    return value


def _block_problems(blocks: Sequence[Json]) -> Iterator[str]:
    for one in objects(list(blocks)):
        yield from _text_problems(one)
        kind = one.get("type")
        if kind == "rich_text" and sum(map(units, slack_texts(one))) > 9_500:
            yield "a long rich_text"
        if kind == "table":
            rows = [_listed(row) for row in _listed(one["rows"])]
            if len(rows) > 100 or any(not 1 <= len(row) <= 20 for row in rows) or len(set(map(len, rows))) > 1:
                yield "a table of a wrong shape"
        if kind in {"rich_text", "rich_text_section", "rich_text_list", "actions"} and not one["elements"]:
            yield f"{kind} without elements"
        if kind == "actions" and len(_listed(one["elements"])) > 25:
            yield "too many buttons"


def _text_problems(one: Json) -> Iterator[str]:
    if one.get("type") == "text" and not one["text"]:
        yield "an empty text"
    if one.get("type") == "plain_text" and not 1 <= units(str(one["text"])) <= 3_000:
        yield "a plain text of a wrong length"
    for key, most in STRING_MOST.items():
        if isinstance(one.get(key), str) and units(str(one[key])) > most:
            yield f"{key} of {units(str(one[key]))}"
    for key in ("text", "title", "submit", "close", "label", "placeholder"):
        inner = one.get(key)
        most = TEXT_MOST.get(str(one.get("type")) if key == "text" else key, 3_000)
        if isinstance(inner, dict) and units(str(inner["text"])) > most:
            yield f"{one.get('type')} {key} of {units(str(inner['text']))}"


def _id_problems(blocks: Sequence[Json]) -> Iterator[str]:
    named = Counter(str(one["block_id"]) for one in blocks if "block_id" in one)
    yield from (f"two blocks {name}" for name, times in named.items() if times > 1)
    for block in blocks:
        actions = Counter(str(one["action_id"]) for one in objects(block) if "action_id" in one)
        yield from (f"two actions {name}" for name, times in actions.items() if times > 1)


def _empty(one: Json) -> Iterator[str]:
    for key in ("text", "title", "label", "inlines", "items", "columns", "rows", "cells"):
        if key in one and not one[key]:
            yield key
    if one.get("type") == "ActionSet" and not one["actions"]:
        yield "actions"


def _mention_problems(card: Json) -> list[str]:
    """Every tag in the text has its entity, and every entity its tag: Teams refuses the card otherwise."""
    host = card["msteams"]
    assert isinstance(host, dict)
    named = {str(one["text"]) for one in objects(host["entities"]) if one.get("type") == "mention"}
    tagged = {tag for text in card_texts(card) for tag in re.findall(r"<at>[^<]*</at>", text)}
    return [f"mention {tag}" for tag in named ^ tagged]
