"""What does GitHub say about an App, its installation and its webhook? Exactly what is read here."""

from bot.github.doctor.asking import Said


class Owner(Said):
    """An account."""

    login: str
    type: str = "User"

    @property
    def is_organisation(self) -> bool:
        """Does it have teams and members?"""
        return self.type == "Organization"


class AboutApp(Said):
    """The App itself."""

    id: int
    slug: str
    html_url: str
    owner: Owner
    permissions: dict[str, str]
    events: frozenset[str]

    @property
    def settings_url(self) -> str:
        """Where its owner changes it."""
        web = self.html_url.split("/apps/")[0].split("/github-apps/")[0]
        whose = f"/organizations/{self.owner.login}" if self.owner.is_organisation else ""
        return f"{web}{whose}/settings/apps/{self.slug}"


class AboutInstallation(Said):
    """One installation of the App."""

    html_url: str
    account: Owner
    permissions: dict[str, str]
    events: frozenset[str]
    suspended_at: str | None = None


class AboutHook(Said):
    """Where the App's events go."""

    url: str = ""
    content_type: str = ""
    insecure_ssl: str | int = "0"


class Delivered(Said):
    """One line of the delivery log."""

    status: str
    status_code: int

    @property
    def arrived(self) -> bool:
        """Did we take it?"""
        return 200 <= self.status_code < 300  # noqa: PLR2004 - HTTP's own numbers
