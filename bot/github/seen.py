"""What did GitHub answer before, so that it need not say it again?

A request that names the `ETag` of the answer we have is answered "not modified", which costs no quota. Git objects are
kept elsewhere: they never change and are not asked for twice.
"""

import re

from bot.github.bounded import Bounded
from bot.github.manners import Answer

MOST_CHARACTERS = 16_000_000
GIT_OBJECT = re.compile(r"/git/(?:blobs|trees|commits)/")


class SeenAnswers:
    """The latest answers that carry an ETag, by address."""

    def __init__(self) -> None:
        """Begin with none."""
        self._answers: Bounded[str, Answer] = Bounded(most=MOST_CHARACTERS, weigh=lambda answer: len(answer.text))

    def known(self, address: str) -> Answer | None:
        """Return the last answer, to be confirmed by its ETag."""
        return self._answers.get(address)

    def keep(self, address: str, answer: Answer) -> None:
        """Remember an answer that can be confirmed."""
        if "etag" in answer.headers and not GIT_OBJECT.search(address):
            self._answers.keep(address, answer)
