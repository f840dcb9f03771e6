"""Does every example payload that GitHub's own community collected go through the webhook without a server error?"""

import json
from collections import Counter
from pathlib import Path

import pytest
from pydantic import BaseModel, JsonValue

from tests.github.deliveries import hook_of, signed

EXAMPLES = Path(__file__).parent / "node/node_modules/@octokit/webhooks-examples"


class Event(BaseModel):
    """One event with its examples."""

    name: str
    examples: list[dict[str, JsonValue]]


def examples() -> list[Event]:
    found = json.loads((EXAMPLES / "api.github.com/index.json").read_text(encoding="utf-8"))
    return [Event.model_validate(event) for event in found]


@pytest.mark.full
def test_every_example_is_answered_and_most_of_them_tell_nothing() -> None:
    hook, kept = hook_of(names=("Codertocat/Hello-World",))
    answered: Counter[int] = Counter()
    for event in examples():
        for place, payload in enumerate(event.examples):
            headers, body = signed(event.name, payload, delivery=f"{event.name}-{place}")
            answered[hook.judge(headers, body)[0]] += 1
    assert answered == {202: 325, 200: 4}
    told = Counter(heard.kind for heards in kept.values() for heard in heards)
    assert told == {"look": 19, "everything": 4, "main": 2}
