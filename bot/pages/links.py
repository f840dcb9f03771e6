"""Where does a page lead to from what it names?"""

import re

from reports.pages.addresses import ledger_address, promotion_address

PROMOTION = re.compile(r"P[1-9][0-9]{0,15}")
BROWSABLE = ("https://", "http://")


def subject_address(subject: str) -> str:
    """Return where more is to be read about what the ledger speaks of; empty where it speaks of nothing."""
    if PROMOTION.fullmatch(subject):
        return promotion_address(subject)
    return ledger_address(subject=subject) if subject else ""


def browsable(address: str | None) -> str:
    """Return an address that a browser may be sent to; empty for anything else, such as a path or a script."""
    return address if address and address.startswith(BROWSABLE) else ""
