"""Who is speaking at this terminal, and how sure is that?"""

from bot.exchange import Speaker
from bot.settings import Settings
from gates.refusal import UserError

PLATFORM = "embedded"
LONGEST_LOGIN = 100


def speaker_of(login: str | None, settings: Settings) -> Speaker:
    """Return the speaker that `--as LOGIN` asserts; without one, somebody who may look and not act."""
    if login is None:
        return Speaker(platform=PLATFORM, account=None, assurance="asserted")
    if not settings.unsafe_asserted_identity:
        raise UserError(
            "--as is not believed here: app.yaml has no `unsafe_asserted_identity: true`, which is for demonstrations"
            " on one machine."
        )
    if not login.isprintable() or login != login.strip() or len(login) > LONGEST_LOGIN:
        raise UserError("--as needs a login as policies/people.yaml has it, such as: --as alice")
    return Speaker(platform=PLATFORM, account=login, assurance="asserted")
