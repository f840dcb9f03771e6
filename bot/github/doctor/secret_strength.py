"""Is the webhook's secret worth its name? Whoever knows it can speak as GitHub."""

import math
import re
import string
from collections.abc import Mapping
from itertools import pairwise

from bot.diagnosis import Diagnosis, bad, ok

LONG, BITS, DISTINCT = 32, 128, 8
CLASSES = (string.ascii_lowercase, string.ascii_uppercase, string.digits, string.punctuation + " ")
EXAMPLES = frozenset({"itsasecrettoeverybody", "awebhooksecret", "mywebhooksecret", "webhooksecret", "secretsecret"})
"""Secrets of documentation and examples, letters only; the first is GitHub's own."""
PLACEHOLDERS = re.compile(
    r"change.?me|example|placeholder|your.?(webhook.?)?secret|replace.?me|password|development", re.IGNORECASE
)
MAKE_ONE = 'make one: python3 -c "import secrets; print(secrets.token_hex(32))"'


def look_at_secret(variable: str, secret: str, others: Mapping[str, str], where: str) -> Diagnosis:
    """Judge the secret that a variable holds; `others` are secrets by their variables, `where` is the App's page."""
    weakness = weakness_of(secret, others)
    if not weakness:
        return ok(f"the webhook's secret in {variable} is strong")
    return bad(f"the webhook's secret in {variable} {weakness}", f"{MAKE_ONE}; set it there and {where}")


def weakness_of(secret: str, others: Mapping[str, str]) -> str:
    """Say what is weak about a secret, never the secret; nothing when it is strong."""
    same = next((name for name, other in others.items() if other.strip() == secret), "")
    weaknesses = {
        "begins or ends with white space": secret != secret.strip(),
        f"is also what {same} holds": bool(same),
        "is one of those that stand in examples": _is_known(secret),
        f"has only {len(set(secret))} different characters": len(set(secret)) < DISTINCT,
        "is a pattern that repeats or counts": _is_regular(secret),
        f"has {len(secret)} characters, and needs {LONG}": len(secret) < LONG and _bits(secret) < BITS,
    }
    return next((text for text, holds in weaknesses.items() if holds), "")


def _is_known(secret: str) -> bool:
    letters = re.sub(r"[^a-z]", "", secret.lower())
    return letters in EXAMPLES or PLACEHOLDERS.search(secret) is not None


def _is_regular(secret: str) -> bool:
    """Does it repeat a shorter text, or count up or down for most of its length?"""
    repeats = secret in (secret + secret)[1:-1]
    steps = [ord(after) - ord(before) for before, after in pairwise(secret)]
    return repeats or max(steps.count(1), steps.count(-1), steps.count(0)) * 2 > len(steps)


def _bits(secret: str) -> float:
    """Return at most how many bits a secret of these kinds of characters has."""
    size = sum(len(kind) for kind in CLASSES if set(kind) & set(secret))
    return len(secret) * math.log2(max(size, 2))
