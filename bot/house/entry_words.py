"""What does an entry of the ledger say to a person, in one line?"""

import re
from collections.abc import Callable, Mapping, Sequence

from pydantic import JsonValue

from storage.ledger import Entry

Body = Mapping[str, JsonValue]
PARTICULARS = ("person", "by", "people", "outcome", "changes", "why", "problem", "summary", "detail", "what", "how")
"""What a person wants to read of an entry's body, in this order."""
NAMED = ("commit", "result", "merge_commit", "digest")
"""What an entry is about, where its body says nothing else; digests and commits are shown by their beginning."""
DIGEST = re.compile(r"[0-9a-f]{40,64}")
DIGITS = 12
"""Of a digest or commit, where it is named in passing."""


def words_of(entry: Entry) -> str:
    """Return the particulars of an entry that a person wants in one line."""
    words = WORDS.get(entry.kind, _particulars)(entry.body)
    return ": ".join(_text(word) for word in words if word)


def _particulars(body: Body) -> Sequence[JsonValue]:
    named = [body[key] for key in PARTICULARS if body.get(key)]
    return named or [_abridged(next((body[key] for key in NAMED if body.get(key)), None))]


def _asked(body: Body) -> str:
    if body["version"] is None:
        return f"{body['person']} asks to retire it in {body['environment']}"
    if body["kind"] == "rollback":
        return f"{body['person']} asks to roll {body['environment']} back to v{body['version']}"
    return f"{body['person']} asks to promote v{body['version']} to {body['environment']}"


def _deed(body: Body) -> str:
    """Say what is done, and to what, as far as it was written down."""
    what = str(body.get("what", ""))
    if "pull_request" in body:
        return f"{what}: pull request {body['pull_request']}"
    if body.get("version") is not None and "environment" in body:
        return f"{what}: {_moved(body)}"
    return f"{what} from {body['branch']}" if "branch" in body else what


def _moved(body: Body) -> str:
    """Name an environment, and the version it serves then."""
    version = body.get("version")
    return f"{body['environment']} to {'nothing' if version is None else f'v{version}'}"


def _authorised(body: Body) -> Sequence[JsonValue]:
    """Name what may move, and whose decisions were counted."""
    subject, decisions = body["subject"], body["decisions"]
    if not isinstance(subject, dict) or not isinstance(decisions, list):
        raise TypeError("An authorisation has a subject, and decisions.")
    challenger = subject.get("challenger")
    version = challenger["version"] if isinstance(challenger, dict) else None
    people = ", ".join(str(one.get("person")) for one in decisions if isinstance(one, dict))
    moved = _moved({"environment": subject["environment"], "version": version})
    return [f"{moved}, by {people}" if people else moved]


def _promoted(body: Body) -> Sequence[JsonValue]:
    """Name what moved; the receipt, where an older entry names nothing else."""
    return [_moved(body) if "environment" in body else f"receipt {_abridged(body.get('receipt'))}"]


def _compared(body: Body) -> Sequence[JsonValue]:
    """Name both versions, where it was and what came out; an older entry says no more than what was asked."""
    version, other = f"v{body['version']}", body.get("with")
    if "environment" not in body:
        return [f"{version} with {'what served' if other is None else f'v{other}'}"]
    pair = f"{version} alone" if other is None else f"{version} with v{other}"
    return [f"{pair} in {body['environment']}", body.get("outcome")]


def _abridged(value: JsonValue) -> str:
    """Return a result; of a digest or commit, its beginning."""
    text = "" if value is None else str(value)
    return text[:DIGITS] if DIGEST.fullmatch(text) else text


def _judged(body: Body) -> Sequence[JsonValue]:
    """Name the outcome, and the gates that did not pass: with their own outcome where it is another."""
    findings, outcome = body.get("findings"), body.get("outcome")
    told = [one for one in findings if isinstance(one, dict)] if isinstance(findings, list) else []
    return [outcome, ", ".join(_gate(one, outcome) for one in told if one.get("outcome") != "pass")]


def _gate(finding: Body, overall: JsonValue) -> str:
    gate, outcome = str(finding.get("gate")), finding.get("outcome")
    return gate if outcome == overall else f"{gate} {outcome}"


def _text(value: JsonValue) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


WORDS: Mapping[str, Callable[[Body], Sequence[JsonValue]]] = {
    "requested": lambda body: [_asked(body), body.get("reason")],
    "alarm": lambda body: [body.get("detail")],
    "approved": lambda body: [body.get("person"), body.get("reason")],
    "rejection": lambda body: [body.get("person"), body.get("reason")],
    "link_proposed": lambda body: [body.get("person"), f"{body['platform']} {body['account']}"],
    "restored": lambda body: [body.get("by"), body.get("was"), body.get("let_be") or body.get("left")],
    "intended": lambda body: [f"about to {_deed(body)}"],
    "observed": lambda body: [f"done: {_deed(body)}", _abridged(body.get("result"))],
    "looked": lambda body: [f"look {body['number']} at these evaluation data, by v{body['version']}"],
    "evidence": _judged,
    "rolled_back": lambda body: [f"by {body['by']}"],
    "authorised": _authorised,
    "promoted": _promoted,
    "compared": _compared,
    "given_up": lambda body: [body.get("reason")],
    "rulebook_proposed": lambda body: [body.get("author"), body.get("title")],
    "reconsidered": lambda body: [f"{body['from']} no longer"],
}
"""Of the kinds that say more than their particulars."""
