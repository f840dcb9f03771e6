"""Who is speaking at this terminal, and how sure is that?"""

from bot.exchange import Speaker
from bot.settings import Settings
from bot.terminal.token import login_of
from gates.refusal import UserError

PLATFORM = "embedded"
LONGEST_LOGIN = 100


def speaker_of(login: str | None, settings: Settings, *, token: str | None = None) -> Speaker:
    """Return the speaker that a token proves or `--as LOGIN` asserts; else somebody who may look and not act."""
    if login is None and token is not None and settings.github is not None:
        account = login_of(token, settings.github.base_url)
        return Speaker(platform="github", account=account, assurance="platform")
    if login is None:
        return Speaker(platform=PLATFORM if settings.github is None else "github", account=None, assurance="asserted")
    if not settings.unsafe_asserted_identity:
        raise UserError(
            "--as is not believed here: app.yaml has no `unsafe_asserted_identity: true`, which is for demonstrations"
            f" on one machine.{_own_token(settings)}"
        )
    if not login.isprintable() or login != login.strip() or len(login) > LONGEST_LOGIN:
        raise UserError("--as needs a login as policies/people.yaml has it, such as: --as alice")
    return Speaker(platform=PLATFORM, account=login, assurance="asserted")


def _own_token(settings: Settings) -> str:
    return "" if settings.github is None else " Put your own GitHub token into MLOPS_GITHUB_TOKEN instead."
