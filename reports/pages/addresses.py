"""Under which address is each page?"""

from urllib.parse import quote, urlencode


def promotion_address(name: str) -> str:
    """Return where the page of "P12" is."""
    return f"/promotions/{quote(name, safe='')}"


def model_address(project: str, model: str) -> str:
    """Return where the page of a model is."""
    return f"/models/{quote(project, safe='')}/{quote(model, safe='')}"


def rulebook_address(project: str) -> str:
    """Return where the page of a project's rulebook is."""
    return f"/rulebook/{quote(project, safe='')}"


def person_address(person: str) -> str:
    """Return where the inbox of one person is."""
    return with_query("/", person=person)


def entry_address(seq: int) -> str:
    """Return where the page of one entry of the ledger is."""
    return f"/ledger/{seq}"


def ledger_address(**fields: str) -> str:
    """Return where the ledger is that these fields filter."""
    return with_query("/ledger", **fields)


def with_query(address: str, **fields: str) -> str:
    """Return an address with those fields that say something."""
    said = urlencode({name: value for name, value in fields.items() if value})
    return f"{address}?{said}" if said else address
