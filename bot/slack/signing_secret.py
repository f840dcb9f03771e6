"""Is the signing secret worth its name? Whoever knows it can speak as anybody in Slack."""

import re
from collections.abc import Mapping

from bot.diagnosis import Diagnosis, bad, ok, warn

MADE_BY_SLACK = re.compile(r"[0-9a-f]{32}")
SHORTEST, DISTINCT = 32, 8
WHERE = "copy the Signing Secret of the app's page (Basic Information)"


def look_at_signing_secret(variable: str, secret: str, others: Mapping[str, str]) -> Diagnosis:
    """Judge the secret that a variable holds, never showing it; `others` are secrets by their variables."""
    if weakness := _weakness(secret, others):
        return bad(f"the signing secret in {variable} {weakness}", WHERE)
    if not MADE_BY_SLACK.fullmatch(secret):
        return warn(f"the signing secret in {variable} is not of Slack's form, 32 hexadecimal digits", WHERE)
    return ok(f"the signing secret in {variable} is of Slack's form")


def _weakness(secret: str, others: Mapping[str, str]) -> str:
    same = next((name for name, other in others.items() if other.strip() == secret.strip()), "")
    weaknesses = {
        "begins or ends with white space": secret != secret.strip(),
        f"is also what {same} holds": bool(same),
        f"has {len(secret)} characters, and needs {SHORTEST}": len(secret) < SHORTEST,
        f"has only {len(set(secret))} different characters": len(set(secret)) < DISTINCT,
        "repeats a shorter text": secret in (secret + secret)[1:-1],
    }
    return next((text for text, holds in weaknesses.items() if holds), "")
