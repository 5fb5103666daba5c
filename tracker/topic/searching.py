"""The same query grammar for search: as an expression of SQLite's FTS5, and as places in a text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.errors import ConfigError, QueryError
from tracker.model import Span
from tracker.topic.grammar import compile_query
from tracker.topic.nodes import All, Any, InTitle, Near, Node, Phrase, Without
from tracker.topic.reading import Reading
from tracker.topic.tokens import FIELD_GAP, Positions, Vocabulary
from tracker.words import words

Words = Mapping[int, tuple[str, bool]]  # by number: folded, and whether a prefix


@dataclass(frozen=True, slots=True)
class CompiledSearch:
    """A query to search with; made by ``compile_search``. ``expression`` is FTS5's."""

    node: Node
    vocabulary: Vocabulary
    expression: str

    def spans(self, title: str, text: str) -> tuple[Span, ...]:
        """Return the places in headline and text that fulfil the query, in order, none over another."""
        positions: Positions = {}
        self.vocabulary.index(words(title), positions)
        self.vocabulary.index(words(text), positions, FIELD_GAP)
        reading = Reading(title=title, text=text)
        found = []
        end = -1
        for first, last in sorted(set(self.node.hits(positions))):
            if first > end and (span := reading.quote(first, last)[1]) is not None:
                found.append(span)
                end = last
        return tuple(found)


def compile_search(query: str) -> CompiledSearch:
    """Return a query ready to search with: words side by side must all be there, capitals make AND, OR and NOT.

    Raises QueryError that says what is wrong with the query, where, and what to write instead.
    """
    vocabulary = Vocabulary()
    try:
        node = compile_query(query, vocabulary, where="search", side_by_side=True)
    except ConfigError as error:
        raise QueryError(str(error)) from error
    return CompiledSearch(node, vocabulary, _expression(node, vocabulary.words()))


def _expression(node: Node, known: Words) -> str:
    if isinstance(node, Phrase):
        return _quoted(node.numbers, known, node.source)
    if isinstance(node, Near):
        # FTS5 counts the words between the first and the last
        each = " ".join(_quoted((number,), known, node.source) for number in node.numbers)
        return f"NEAR({each}, {node.distance - 1})"
    if isinstance(node, InTitle):
        return f"title : ({_expression(node.child, known)})"
    if isinstance(node, Any):
        return f"({' OR '.join(_expression(child, known) for child in node.children)})"
    if isinstance(node, All):
        wanted = [_expression(child, known) for child in node.children if not isinstance(child, Without)]
        unwanted = [_expression(child.child, known) for child in node.children if isinstance(child, Without)]
        if wanted:
            every = " AND ".join(wanted)
            return f"({' NOT '.join([f'({every})', *unwanted])})"
    raise QueryError(f"search: {node.source!r}: NOT needs something to take away from: write it after what is wanted")


def _quoted(numbers: tuple[int, ...], known: Words, source: str) -> str:
    parts = [known[number] for number in numbers]
    if any(is_prefix for _, is_prefix in parts[:-1]):
        raise QueryError(f"search: {source}: within quotation marks only the last word may end in *")
    return f'"{" ".join(word for word, _ in parts)}"{" *" if parts[-1][1] else ""}'
