"""Which labels does a repository have?"""

from tests.github.standin.answers import Json
from tests.github.standin.links import node_id
from tests.github.standin.repository import Repository


def label_json(repository: Repository, name: str) -> Json:
    """Describe a label, making it if it is new."""
    number = repository.label_ids.setdefault(name.lower(), repository.hub.next_id())
    return {
        "id": number,
        "node_id": node_id("Label", number),
        "url": f"{repository.api}/labels/{name}",
        "name": name,
        "color": "ededed",
        "default": False,
        "description": "",
    }
