"""How many requests are left in this hour?"""

from dataclasses import dataclass

from tests.github.standin.answers import ApiError, Json

HOUR = 3600


@dataclass(slots=True)
class Quota:
    """The primary rate limit."""

    limit: int = 5000
    used: int = 0
    reset: int = 0

    def described(self, now: int) -> Json:
        """Describe it as GitHub does."""
        self._renew(now)
        return {"limit": self.limit, "used": self.used, "remaining": self.limit - self.used, "reset": self.reset}

    def headers(self, now: int) -> dict[str, str]:
        """Return the headers of every answer."""
        return {**{f"X-RateLimit-{name.title()}": str(value) for name, value in self.described(now).items()},
                "X-RateLimit-Resource": "core"}  # fmt: skip

    def spend(self, now: int, who: str) -> None:
        """Take one, or refuse when none is left."""
        self._renew(now)
        if self.used >= self.limit:
            raise ApiError(403, f"API rate limit exceeded for {who}.")
        self.used += 1

    def refund(self) -> None:
        """Give one back: an answer that nothing changed costs nothing."""
        self.used = max(0, self.used - 1)

    def exhaust(self, until: int) -> None:
        """Let nothing be left."""
        self.used, self.reset = self.limit, until

    def _renew(self, now: int) -> None:
        if now >= self.reset:
            self.used, self.reset = 0, now + HOUR
