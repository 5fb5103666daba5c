"""The query grammar: Lucene's, by luqum, less what news queries have no use for.

===============================  ======================================================================
``IRS AND immigra*``             both; capitals make the operator; a trailing * is a prefix
``suit OR lawsuit``              either
``IRS AND NOT (IRA OR Irish)``   the first without the second
``"data sharing"``               the words side by side; hyphens, case and accents make no difference
``"shar* data"~6``               the words within six words of each other, in any order
``title:judge``, ``title:(…)``   in the headline
===============================  ======================================================================

Everything else that Lucene's grammar has (``+``, ``-``, ``^``, ranges, regular expressions, fuzzy words,
words without an operator between them) is refused with a hint at what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from luqum.exceptions import ParseError
from luqum.thread import parse
from luqum.tree import (
    AndOperation,
    Boost,
    FieldGroup,
    From,
    Fuzzy,
    Group,
    Item,
    Not,
    OrOperation,
    Plus,
    Prohibit,
    Proximity,
    Range,
    Regex,
    SearchField,
    To,
    UnknownOperation,
    Word,
)
from luqum.tree import Phrase as QuotedPhrase
from luqum.utils import UnknownOperationResolver

from tracker.config.problems import suggestion
from tracker.errors import ConfigError
from tracker.topic.nodes import All, Any, InTitle, Near, Node, Phrase, Without, groups
from tracker.topic.tokens import Vocabulary
from tracker.words import fold, words

FIELDS = ("title",)
MAX_DISTANCE = 50  # words; farther apart two words share a page, not a thought
MAX_DEPTH = 60  # parentheses within parentheses; luqum recurses
SOURCE_CHARS = 80  # of a part's text that is repeated in reasons and errors
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "\u00a0": " "})
_REFUSED: dict[type[Item], str] = {
    Boost: "weights (^) are not supported; leave them out",
    Fuzzy: 'nearness needs quotation marks: "tax data"~3',
    Plus: "write AND instead of +",
    Prohibit: "write NOT instead of -; a hyphenated word needs quotation marks",
    Range: "ranges are not supported; starts_on and ends_on bound the dates",
    From: "comparisons are not supported",
    To: "comparisons are not supported",
    Regex: "regular expressions are not supported; a prefix* often does",
}


_ALL_WANTED = UnknownOperationResolver(AndOperation)


class _RefusedError(ValueError):
    """A part of the query that cannot be compiled, and where it stands."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message)
        self.position = position


def compile_query(text: str, vocabulary: Vocabulary, *, where: str, side_by_side: bool = False) -> Node:
    """Return the compiled query. ``side_by_side``: words without an operator between them are allowed, as AND.

    Raises ``ConfigError`` that names ``where`` (topic and key), line and column in the query, what is
    wrong there and what to write instead.
    """
    plain = text.translate(_QUOTES)
    try:
        _check_shape(plain)
        parsed = parse(plain)
        node = _find_something(_compile(_ALL_WANTED(parsed) if side_by_side else parsed, vocabulary))
    except _RefusedError as error:
        raise ConfigError(f"{where}, {_place(plain, error.position)}: {error}") from error
    except ParseError as error:
        raise ConfigError(f"{where}, {_syntax(plain, str(error))}") from error
    except ValueError as error:
        raise ConfigError(f"{where}: the number after ~ must be whole: {error}") from error
    return node


def _check_shape(text: str) -> None:
    """Say plainly what a parser says obscurely: nothing there, parentheses or quotation marks that stay open."""
    if not text.strip():
        raise _RefusedError("the query is empty", 0)
    if text.count('"') % 2:
        raise _RefusedError("this quotation mark has no other end", text.rindex('"'))
    opened: list[int] = []
    bare = re.sub(r'"[^"]*"', lambda quoted: " " * len(quoted[0]), text)
    for position, char in enumerate(bare):
        if char == "(":
            opened.append(position)
        elif char == ")":
            if not opened:
                raise _RefusedError("this parenthesis closes nothing", position)
            opened.pop()
        if len(opened) > MAX_DEPTH:
            raise _RefusedError(f"more than {MAX_DEPTH} parentheses within each other", position)
    if opened:
        raise _RefusedError("this parenthesis is never closed", opened[-1])


def _find_something(node: Node) -> Node:
    if not groups(node):
        raise _RefusedError("a query that only excludes matches everything; say what it is to find", 0)
    return node


def _compile(item: Item, vocabulary: Vocabulary) -> Node:
    compiler = _COMPILERS.get(type(item))
    if compiler is not None:
        return compiler(item, vocabulary)
    raise _RefusedError(_REFUSED.get(type(item), f"{type(item).__name__} is not supported"), item.pos)


def _operation(make: Callable[[str, tuple[Node, ...]], Node]) -> Callable[[Item, Vocabulary], Node]:
    def compile_children(item: Item, vocabulary: Vocabulary) -> Node:
        return make(_source(item), tuple(_compile(child, vocabulary) for child in item.children))

    return compile_children


def _grouped(item: Item, vocabulary: Vocabulary) -> Node:
    return _compile(item.children[0], vocabulary)


def _excluded(item: Item, vocabulary: Vocabulary) -> Node:
    return Without(_source(item), _compile(item.children[0], vocabulary))


def _field(item: SearchField, vocabulary: Vocabulary) -> Node:
    if item.name not in FIELDS:
        raise _RefusedError(f"no field {item.name!r}{suggestion(item.name, FIELDS)}", item.pos)
    return InTitle(_source(item), _compile(item.expr, vocabulary))


def _phrase(item: Word | QuotedPhrase, vocabulary: Vocabulary) -> Node:
    return Phrase(_source(item), _numbers(item.value, vocabulary, item.pos))


def _near(item: Proximity, vocabulary: Vocabulary) -> Node:
    if not 1 <= item.degree <= MAX_DISTANCE:
        raise _RefusedError(f"the distance after ~ must be 1 to {MAX_DISTANCE} words", item.pos)
    numbers = _numbers(item.term.value, vocabulary, item.pos)
    if len(numbers) == 1:
        return Phrase(_source(item), numbers)
    return Near(_source(item), numbers, item.degree)


def _refuse_side_by_side(item: UnknownOperation, _: Vocabulary) -> Node:
    lower = next((c for c in item.children if isinstance(c, Word) and c.value.lower() in {"and", "or", "not"}), None)
    if lower is not None:
        raise _RefusedError(f"operators are capitals: {lower.value.upper()}", lower.pos)
    second = item.children[1]
    raise _RefusedError(f'AND or OR is missing before {_source(second)!r}, or "…" around both', second.pos)


_COMPILERS: dict[type[Item], Callable[..., Node]] = {
    AndOperation: _operation(All),
    OrOperation: _operation(Any),
    Group: _grouped,
    FieldGroup: _grouped,
    Not: _excluded,
    SearchField: _field,
    Word: _phrase,
    QuotedPhrase: _phrase,
    Proximity: _near,
    UnknownOperation: _refuse_side_by_side,
}


def _numbers(written: str, vocabulary: Vocabulary, position: int) -> tuple[int, ...]:
    """Return the vocabulary's numbers of a word's or phrase's words; a word before * is a prefix."""
    numbers: list[int] = []
    for chunk in written.strip('"').split():
        stem, star, rest = chunk.partition("*")
        folded = [fold(word) for word in words(stem)]
        if (star and not folded) or words(rest) or "*" in rest:
            raise _RefusedError(f"{chunk!r}: * may only stand at the end of a word", position)
        last = len(folded) - 1
        numbers += [vocabulary.number(w, is_prefix=bool(star) and i == last) for i, w in enumerate(folded)]
    if not numbers:
        raise _RefusedError(f"{written!r} holds no word", position)
    return tuple(numbers)


def _source(item: Item) -> str:
    text = " ".join(str(item).split())
    return text if len(text) <= SOURCE_CHARS else f"{text[: SOURCE_CHARS - 1]}…"


def _syntax(text: str, said: str) -> str:
    """Turn luqum's message into a place and a hint."""
    at = re.search(r"position (\d+)", said)
    position = int(at[1]) if at else len(text.rstrip())
    word = next(iter(re.findall(r"\S+", text[position:])), "the end")
    return f"{_place(text, position)}: {word!r} cannot stand here; AND and OR need something on both sides"


def _place(text: str, position: int) -> str:
    line = text.count("\n", 0, position) + 1
    column = position - (text.rfind("\n", 0, position) + 1) + 1
    return f"line {line}, column {column}"
