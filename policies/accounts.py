"""On which platforms do people have accounts, and how is one written?"""

import re
from collections.abc import Mapping
from typing import NamedTuple

PLATFORMS = ("embedded", "github", "slack", "teams", "mlflow", "git")
"""`embedded` is the embedded forge's login; `git` are e-mail addresses, used to bar people and never to decide."""
CHATS = ("slack", "teams")
"""Platforms where people talk; an account there is tied to a person by `mlops link`, or by hand."""
REGARDLESS_OF_CASE = frozenset({"git", "github", "teams"})
"""Where a capital letter makes no other account, so that it frees nobody of a bar."""
UUID = r"[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}"


class Shape(NamedTuple):
    """How a platform's accounts are written."""

    pattern: re.Pattern[str]
    title: str
    wanted: str


SHAPES: Mapping[str, Shape] = {
    "slack": Shape(
        re.compile(r"[TE][A-Z0-9]{2,30}/[UW][A-Z0-9]{2,30}"),
        "Slack",
        "TEAM/USER by their ids, such as T01ABC/U02DEF",
    ),
    "teams": Shape(
        re.compile(f"{UUID}/{UUID}"),
        "Teams",
        "TENANT/OBJECT-ID, two UUIDs as Microsoft Entra has them",
    ),
}


def account_problem(platform: str, account: str) -> str:
    """Say what is wrong with how an account is written; empty when nothing is."""
    shape = SHAPES.get(platform)
    if shape is None or shape.pattern.fullmatch(account):
        return ""
    return f"'{account[:80]}' is no {shape.title} account: write {shape.wanted} (mlops link writes it for you)"


def comparable(platform: str, account: str) -> str:
    """Return the one spelling by which accounts of a platform are compared."""
    return account.casefold() if platform in REGARDLESS_OF_CASE else account
