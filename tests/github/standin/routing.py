"""Which function answers which method and path, and what must a token be allowed for it?"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.github.standin.answers import Answer
from tests.github.standin.calls import Call

Handler = Callable[[Call], Answer]
SPANNING = {"ref", "path", "basehead", "branch"}
"""Parts of a path that may hold slashes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One operation, under the template that GitHub's API description has for it."""

    method: str
    template: str
    pattern: re.Pattern[str]
    handler: Handler
    needs: str | None
    """Such as "checks:write"; None where the handler itself looks at the caller."""


class Endpoints:
    """A table of operations."""

    def __init__(self) -> None:
        """Start without any."""
        self.all: list[Endpoint] = []

    def on(self, method: str, template: str, needs: str | None = None) -> Callable[[Handler], Handler]:
        """Register the decorated function."""

        def keep(handler: Handler) -> Handler:
            pattern = re.compile(_expression(template))
            self.all.append(Endpoint(method=method, template=template, pattern=pattern, handler=handler, needs=needs))
            return handler

        return keep

    def literal_first(self) -> None:
        """Let templates with more literal parts win."""
        self.all.sort(key=lambda one: one.template.count("{") - one.template.count("/"))

    def find(self, method: str, path: str) -> tuple[Endpoint, dict[str, str]] | None:
        """Return the operation for a path, with the parts that its template names."""
        for endpoint in self.all:
            found = endpoint.pattern.fullmatch(path) if endpoint.method == method else None
            if found:
                return endpoint, found.groupdict()
        return None


def _expression(template: str) -> str:
    parts = re.split(r"\{(\w+)\}", template)
    return "".join(
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>{'.+' if part in SPANNING else '[^/]+'})"
        for place, part in enumerate(parts)
    )
