"""How does an account get into policies/people.yaml so that nothing else in the file changes?

The text is cut where the account belongs and put together again: comments, order, quotes and line ends stay as people
wrote them, and a reviewer sees one line. What comes out is read once more, and must differ by this account alone.
"""

from collections.abc import Mapping
from dataclasses import replace

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from gates.refusal import UserError
from policies.accounts import comparable
from policies.document import read_document
from policies.people import People, Person, read_people
from policies.problem import Problem, RulebookError, UnreadableError

PATH = "policies/people.yaml"


def with_account(content: bytes, *, login: str, platform: str, account: str) -> bytes:
    """Return people.yaml with one more account of a person; the same bytes when they have it already.

    Raises `UserError` when the file is written so that it has to be edited by hand.
    """
    before = _people(content)
    person = before.person(login)
    if person is None:
        raise UserError(f"{PATH} names no {login}, so no account can be added to them.")
    if _has(person, platform, account):
        return content
    text = content.decode("utf-8")
    after = _edited(text, login, platform, account).encode()
    if _read(after) != _expected(before, person, platform, account):
        raise UserError(
            f"{PATH} is written so that this account cannot be added without changing more: give {login} "
            f"`{platform}: {account}` by hand, in a pull request."
        )
    return after


def _people(content: bytes) -> People:
    found = _read(content)
    if not isinstance(found, People):
        raise RulebookError(found)
    return found


def _read(content: bytes) -> People | tuple[Problem, ...]:
    try:
        return read_people(read_document(PATH, content))
    except UnreadableError as error:
        return (error.problem,)


def _has(person: Person, platform: str, account: str) -> bool:
    own = {comparable(platform, one) for one in person.accounts.get(platform, ())}
    return comparable(platform, account) in own


def _expected(before: People, person: Person, platform: str, account: str) -> People:
    known: Mapping[str, tuple[str, ...]] = person.accounts
    more = {**known, platform: (*known.get(platform, ()), account)}
    return replace(before, persons={**before.persons, person.login: replace(person, accounts=more)})


def _edited(text: str, login: str, platform: str, account: str) -> str:
    """Cut the text at the innermost thing that is there already: the platform, the accounts, or the person."""
    entry = f"{platform}: {account}"
    person = _value(_value(yaml.compose(text, Loader=yaml.SafeLoader), "people"), login)
    accounts = _value(person, "accounts")
    own = _value(accounts, platform)
    if isinstance(own, SequenceNode):
        return _appended(text, own, account)
    if isinstance(own, ScalarNode):
        return _replaced(text, own, f"[{_written(text, own)}, {account}]")
    if isinstance(accounts, MappingNode):
        return _appended(text, accounts, entry)
    return _appended(text, person, f"accounts: {{{entry}}}") if isinstance(person, MappingNode) else text


def _value(node: Node | None, key: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _written(text: str, node: Node) -> str:
    return text[node.start_mark.index : node.end_mark.index]


def _replaced(text: str, node: Node, new: str) -> str:
    return text[: node.start_mark.index] + new + text[node.end_mark.index :]


def _appended(text: str, node: CollectionNode, item: str) -> str:
    """Put an item behind the last one: on the same line between brackets, else on a line of its own."""
    is_list = isinstance(node, SequenceNode)
    if not node.value:
        return _replaced(text, node, f"[{item}]" if is_list else f"{{{item}}}")
    end = _end(node)
    if node.flow_style:
        return f"{text[:end]}, {item}{text[end:]}"
    newline = "\r\n" if "\r\n" in text else "\n"
    line_end = text.find(newline, end)
    cut = len(text) if line_end < 0 else line_end
    return f"{text[:cut]}{newline}{' ' * node.start_mark.column}{'- ' if is_list else ''}{item}{text[cut:]}"


def _end(node: CollectionNode) -> int:
    """Return where the last item's own text ends; the mark of an indented block lies behind the comments after it."""
    last = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    if isinstance(last, CollectionNode) and not last.flow_style and last.value:
        return _end(last)
    return int(last.end_mark.index)
