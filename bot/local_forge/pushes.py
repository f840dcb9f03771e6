"""May this be pushed, and by whom?"""

import os
import pwd
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from bot.local_forge.page import plain
from bot.local_forge.refs import BRANCHES, is_bots, is_main

LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@+-]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """One ref that a push wants to move; None is "does not exist"."""

    ref: str
    old: str | None
    new: str | None

    @property
    def branch(self) -> str | None:
        """The branch's name, or None for a tag or anything else."""
        return self.ref.removeprefix(BRANCHES) if self.ref.startswith(BRANCHES) else None


def parse_pushes(text: bytes) -> tuple[Push, ...]:
    """Read what Git tells a receiving hook: `OLD NEW REF` a line, zeros for what does not exist."""
    rows = (line.split(b" ", 2) for line in text.splitlines())
    return tuple(
        Push(ref=ref.decode("utf-8", "backslashreplace"), old=_sha(old), new=_sha(new)) for old, new, ref in rows
    )


def _sha(raw: bytes) -> str | None:
    return None if set(raw) == {ord("0")} else raw.decode()


def refusal(push: Push, open_requests: Mapping[str, int]) -> str | None:
    """Say why a ref may not be pushed and what to do instead, or None; `open_requests` is branch and number."""
    branch = push.branch
    if branch is None:
        return None if push.ref.startswith("refs/tags/") else _no_branch(push.ref)
    if is_main(branch):
        return (
            "main changes only by merging a pull request: push your commits to a branch of your own "
            "(git push origin HEAD:my-change) and one opens by itself."
        )
    if is_bots(branch):
        return f"{plain(branch)} is a branch of Gatehouse's: push yours under a name that does not start with mlops."
    if push.new is None and branch in open_requests:
        return _still_open(branch, open_requests[branch])
    return None


def _no_branch(ref: str) -> str:
    if ref.startswith("refs/pull/"):
        return f"{plain(ref)} is kept by Gatehouse: push to a branch, and its pull request follows."
    return f"{plain(ref)} is neither a branch nor a tag: push to a branch (git push origin HEAD:my-change)."


def _still_open(branch: str, number: int) -> str:
    return (
        f"{plain(branch)} has pull request {number} open: withdraw its promotion first (mlops withdraw), or give the "
        f"branch up by pushing main over it (git push --force origin {shlex.quote(plain(f'main:{branch}'))}), "
        "then delete it."
    )


def pusher(environment: Mapping[str, str]) -> str | None:
    """Return the account that a push claims, or None when the claim is no login.

    The push option `as=LOGIN` (`git push -o as=LOGIN`), else `MLOPS_AS`, else the operating system's user. The
    account is asserted, never verified: whoever may write this folder may claim any, and receipts say so.
    """
    count = int(environment.get("GIT_PUSH_OPTION_COUNT") or 0)
    options = [environment.get(f"GIT_PUSH_OPTION_{place}", "") for place in range(count)]
    claimed = [option.removeprefix("as=") for option in options if option.startswith("as=")]
    login = claimed[-1] if claimed else environment.get("MLOPS_AS") or _system_user()
    return login if LOGIN.fullmatch(login) else None


def _system_user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without a name
        return f"uid-{os.getuid()}"
