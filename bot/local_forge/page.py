"""How does a person read a pull request of the embedded forge? As one Markdown file."""

import re
import unicodedata
from collections.abc import Sequence

from bot.local_forge.record import Record
from workflows.forge import Change

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
MARKUP = re.compile(r"([\\`*_\[\]<>&|~$#])")
TITLE_LENGTH = 200


def plain(text: str) -> str:
    """Return text on one line without control characters: safe to print in a terminal, safe to store as UTF-8."""
    line = " ".join(text.split())
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in INVISIBLE else c for c in line)


def prose(text: str) -> str:
    """Return text that Markdown shows as it was written: no HTML, no links, no broken table.

    Some viewers make links of bare addresses: an escaped colon or dot and an invisible joiner after `@` stop them.
    """
    escaped = MARKUP.sub(r"\\\1", plain(text))
    escaped = escaped.replace("://", r"\://").replace("@", "@\N{WORD JOINER}")
    return re.sub(r"(?i)\bwww\.", lambda found: found[0][:-1] + r"\.", escaped)


def code(text: str) -> str:
    """Return a name as a code span, which knows no markup at all; a table's bar alone needs its escape."""
    name = plain(text).replace("|", r"\|")
    runs = re.findall(r"`+", name)
    fence = "`" * (max(map(len, runs), default=0) + 1)
    inner = f" {name} " if not name or "`" in (name[0], name[-1]) else name
    return f"{fence}{inner}{fence}"


def render_page(record: Record, changes: Sequence[Change]) -> str:
    """Return the page; the same record and changes give the same text."""
    parts = [
        f"# {record.number}: {prose(record.title)}",
        _facts(record),
        record.body.strip(),
        "## Checks\n\n" + _checks(record),
        "## Changed files\n\n" + _changes(changes),
        *(text.strip() for text in record.comments.values()),
        record.closing.strip(),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _facts(record: Record) -> str:
    rows = [
        ("state", f"**{record.state.value}**"),
        ("opened by", _name(record.author)),
        ("branch", code(record.branch)),
        ("head", code(record.head)),
        ("pushed by", ", ".join(code(one) for one in record.pushers)),
        ("commits by", ", ".join(code(one) for one in record.addresses)),
        ("merged as", code(record.merge_commit) if record.merge_commit else ""),
    ]
    return _table(("pull request", str(record.number)), [row for row in rows if row[1]])


def _checks(record: Record) -> str:
    own = sorted(record.checks.get(record.head, {}).values(), key=lambda check: check.name)
    if not own:
        return "None yet for this head."
    rows = [(code(check.name), check.state.value, prose(check.summary)) for check in own]
    return _table(("check", "state", "what it says"), rows)


def _changes(changes: Sequence[Change]) -> str:
    rows = [(_verb(change), code(change.path)) for change in changes]
    return _table(("change", "file"), rows) if rows else "None."


def _verb(change: Change) -> str:
    if change.before is None:
        return "added"
    return "removed" if change.after is None else "changed"


def _name(account: str | None) -> str:
    return code(account) if account else "nobody knows: the branch appeared without a push"


def _table(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
