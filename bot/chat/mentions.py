"""Who is spoken to, by which account?"""

from collections.abc import Collection, Sequence

from bot.chat.platform import Mention
from bot.house.window import News


def mentions(platform: str, news: News, logins: Sequence[str], *, quiet: Collection[str] = ()) -> tuple[Mention, ...]:
    """Return these people: by their accounts where the policy lets us mention them, else by name, as the `quiet`."""
    loud = [login for login in logins if news.notify.mention and login not in quiet]
    return tuple(
        Mention(person=login, account=account_of(platform, news, login) if login in loud else None) for login in logins
    )


def account_of(platform: str, news: News, login: str) -> str | None:
    """Return a person's account on a platform, the first if there are several; None when they have none."""
    return next(iter(news.accounts.get(login, {}).get(platform, ())), None)
