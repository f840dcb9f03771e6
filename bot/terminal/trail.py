"""Does the audit trail hold, and where can others read it?"""

from pathlib import Path

from bot.exchange import ExitCode, Reply
from bot.settings import Settings
from gates.refusal import UserError
from storage import audit
from storage.database import Database
from storage.evidence import EvidenceStore
from storage.receipts import ReceiptStore
from storage.signing import PublicKey, Signer

NOBODYS = PublicKey(bytes(32))
"""Has signed nothing: what receipts are held against where there are none."""


def verify(settings: Settings) -> Reply:
    """Check ledger, evidence and receipts; refused when anything is wrong, each problem one sentence."""
    report, key = examined(settings)
    return Reply(
        text=_text(report, key),
        code=ExitCode.REFUSED if report.problems else ExitCode.DONE,
        data={
            "holds": not report.problems,
            "problems": list(report.problems),
            "entries": report.entries,
            "root": report.root,
            "receipts": report.receipts,
            "evidence": report.evidence,
            "sealed": report.sealed,
            "key": None if key is None else key.id,
        },
    )


def examined(settings: Settings) -> tuple[audit.AuditReport, PublicKey | None]:
    """Check the whole trail; return what was found, and the key that receipts were held against, where there is one."""
    receipts = ReceiptStore(settings.workspace)
    database = Database(settings.database_url)
    try:
        with database.reading():  # a folder that is no workspace is said to be none, before anything else
            key = _public_key(settings, receipts)
        report = audit.verify(database, EvidenceStore(settings.evidence_folder), receipts, key or NOBODYS)
    finally:
        database.close()
    return report, key


def _text(report: audit.AuditReport, key: PublicKey | None) -> str:
    signed = "" if key is None else f", signed with key {key.id[:16]}"
    counted = (
        f"  {report.entries} ledger entries, {report.sealed} of them sealed by signed receipts; root {report.root}\n"
        f"  {report.receipts} receipts{signed}\n"
        f"  {report.evidence} pieces of evidence"
    )
    if not report.problems:
        return f"The trail holds.\n{counted}"
    lines = "\n".join(f"  - {problem}" for problem in report.problems)
    return f"The trail does not hold:\n{lines}\nChecked:\n{counted}"


def _public_key(settings: Settings, receipts: ReceiptStore) -> PublicKey | None:
    """Return the key that receipts must be signed with, or None where nothing was signed yet: looking makes no key."""
    pem = settings.signing_pem()
    if pem is None and not settings.key_file.exists():
        if receipts.names():
            raise UserError(
                f"There are receipts, but the key {settings.key_file} is gone: restore it, then verify again."
            )
        return None
    return Signer(settings.key_file, pem=pem).public_key


def export(settings: Settings, path: str) -> Reply:
    """Write the ledger to `path`, relative to the current folder."""
    into = Path(path).expanduser().absolute()
    if into.is_dir() or not into.parent.is_dir():
        raise UserError(f"{into} cannot be written: name a file in a folder that exists.")
    database = Database(settings.database_url)
    try:
        entries = audit.export(database, into)
    except OSError as error:
        raise UserError(f"{into} cannot be written: {error.strerror}.") from error
    finally:
        database.close()
    return Reply(
        text=f"{entries} ledger entries are in {into}, one JSON document a line.",
        code=ExitCode.DONE,
        data={"entries": entries, "path": str(into)},
    )
