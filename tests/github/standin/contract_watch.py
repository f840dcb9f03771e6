"""Does the stand-in itself keep to what GitHub describes?

With GATEHOUSE_GITHUB_OPENAPI in the environment, every request, answer and event is compared with GitHub's own
description; so every test over the stand-in is a test of the stand-in as well, and of what our program sends.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from tests.github.contract.description import load
from tests.github.contract.validator import Validator
from tests.github.standin.answering import Exchange
from tests.github.standin.answers import ApiError
from tests.github.standin.deliveries import Delivery

VARIABLE = "GATEHOUSE_GITHUB_OPENAPI"


@dataclass(slots=True)
class ContractWatch:
    """Collects what is not as GitHub describes it."""

    validator: Validator
    mismatches: list[str] = field(default_factory=list)

    def exchange(self, exchange: Exchange) -> None:
        """Compare a request and its answer."""
        request, answer = exchange.request, exchange.answer
        try:
            sent = request.body
        except ApiError:
            sent = None
        # "You can also pass an `array` of labels directly", GitHub says there; its schema forgets it.
        sent = {"labels": sent} if isinstance(sent, list) and request.path.endswith("/labels") else sent
        # GitHub answers by number as well, and describes only the names.
        path = re.sub(r"^/repositories/\d+", "/repos/owner/name", request.path)
        self._note(
            self.validator.exchange(
                method=request.method,
                path=path,
                query=request.query,
                sent=sent,
                status=answer.status,
                received=answer.body,
            )
        )

    def delivery(self, delivery: Delivery) -> None:
        """Compare an event."""
        self._note(self.validator.event(delivery.event, delivery.action, delivery.payload))

    def _note(self, found: list[str]) -> None:
        self.mismatches += [one for one in found if one not in self.mismatches]

    def require_none(self) -> None:
        """Fail the test that caused a mismatch."""
        if self.mismatches:
            raise AssertionError("not what GitHub describes:\n" + "\n".join(self.mismatches))


def contract_watch() -> ContractWatch | None:
    """Return a watch if there is a description to compare with."""
    place = os.environ.get(VARIABLE)
    return ContractWatch(Validator(load(Path(place)))) if place else None
