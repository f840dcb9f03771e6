"""Did somebody else write a check under one of our names?"""

from collections.abc import Sequence

from gates.digest import bytes_digest
from reports.escaping import plain
from workflows.forge import Check
from workflows.installation import Installation, Project


def put_checks(installation: Installation, project: Project, subject: str, head: str, checks: Sequence[Check]) -> None:
    """Write checks; what somebody else had written under their names is overwritten, and told in the ledger."""
    for note in project.forge.put_checks(head, checks):
        detail = plain(note)
        with installation.database.transaction() as work:
            work.ledger.append(
                kind="foreign_check",
                project=project.name,
                subject=subject,
                key=f"{project.name}:foreign_check:{head}:{bytes_digest(detail.encode())[:16]}",
                body={"head": head, "detail": detail},
                at=installation.clock(),
            )
