"""How does the prompt offer what may come next?"""

from collections.abc import Iterator

from prompt_toolkit.completion import CompleteEvent, Completer, Completion, ThreadedCompleter
from prompt_toolkit.document import Document

from bot.grammar.completion import Names, complete
from bot.grammar.parse import Context


def completer(names: Names, context: Context) -> Completer:
    """Complete from the one grammar and the names there are, without keeping the person waiting."""
    return ThreadedCompleter(_FromGrammar(names, context))


class _FromGrammar(Completer):
    """The grammar's answer in the prompt's terms."""

    def __init__(self, names: Names, context: Context) -> None:
        self._names = names
        self._context = context

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterator[Completion]:
        """Replace the word that is being typed."""
        text = document.text_before_cursor
        last = text.rpartition(" ")[2]
        for word in complete(text, names=self._names, context=self._context):
            yield Completion(word, start_position=-len(last))
