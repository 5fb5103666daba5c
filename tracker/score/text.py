"""Text to a Document: headline and body split once into sentences that keep their offsets.

Regular expressions and a table of abbreviations rather than a sentence-splitting library: pysbd keeps
offsets too but costs as much as the whole extraction (``docs/decisions/0010-voices.md``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from tracker.model import Document, Part, Sentence
from tracker.score.boilerplate import hints_in, is_boilerplate, outlet_suffix
from tracker.score.lexicon import load_abbreviations
from tracker.score.pieces import Words, read_article

LEAD_SENTENCES = 3  # the inverted pyramid's lead: who, what, when, where within three sentences
MAX_SENTENCE_CHARS = 2_000  # no sentence of prose is longer; a wall of text would make scorers quadratic

_CACHED_TEXTS = 8  # both parts of an article are asked for twice
_LINE_END = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]\s*")
_ENDS_LINE = frozenset('.!?:)”"')  # a sentence that ends with the line does not go on over it
# Final punctuation with closing marks, then white space; CJK stops need no space after them.
_STOP_MARK = re.compile("[.!?…。！？]")  # by itself: to search for one set of characters is quick
_STOP = re.compile(r"""([.!?…]+)(['"”’»)\]]*)\s*(?=(["'“‘«(\[—–*•-]*\s?)(\S))|([。！？]+[」』”’]*)\s*""")
# Where white space was lost: "the deal was off.She left", not "3.5", "U.S.A" or "example.com".
_GLUED_LETTERS = 2  # small ones before a stop: of a word, or of an abbreviation that the table knows
_GLUED_BEFORE = re.compile(rf"[^\W\d_A-Z]{{{_GLUED_LETTERS}}}")
_GLUED_AFTER = re.compile(r"[\"“]?[A-Z][a-z]*(?:[’'][a-z]+)?[\s,]")
_LAST_WORD = re.compile(r"[^\s\"'“”‘’«»()\[\]—–/]+$")
_NEXT_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")  # U.S, a.m, Ph.D minus its final full stop
_ORDINAL = re.compile(r"(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})")
_LONGEST_ORDINAL = 4  # letters: "xiii"
_LOOK_BACK = 24  # code points; no abbreviation is longer
# “Why?” Trump asked: the quotation ends, the sentence does not.
_TAG = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,4}(?:said|says|asked|asks|wrote|added|replied|told|tweeted|shouted|continued)\b"
)


def make_document(title: str, text: str, language: str | None) -> Document:
    """Return ``text`` under ``title`` as a Document.

    Sentences are in order, headline first; they never overlap, cover everything but white space, and
    ``part[start:end] == sentence.text``. The lead is the first three sentences of the body that are to be
    scored. Captions, newsletter lines, credits and an outlet's name after the headline are kept as
    sentences with ``is_scored`` false.
    """
    sentences = (*_headline_sentences(title), *_body_sentences(text))
    return Document(headline=title, body=text, language=language, sentences=sentences)


def read_sentences(document: Document) -> Words:
    """Return the words of a document's sentences."""
    return read_article(tuple([sentence.text for sentence in document.sentences]))


@lru_cache(_CACHED_TEXTS)
def paragraph_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the half-open spans of paragraphs (lines), without the white space around them.

    A line end is a hard break unless a sentence plainly goes on over it: hard-wrapped plain text, with no
    blank line, no final punctuation before and a small letter after.
    """
    return tuple(_paragraph_spans(text))


def _paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    start = len(text) - len(text.lstrip())
    for match in _LINE_END.finditer(text, start):
        if _is_wrapped(text, match):
            continue
        end = _trim(text, start, match.start())
        if end > start:
            yield start, end
        start = match.end()
    end = _trim(text, start, len(text))
    if end > start:
        yield start, end


def _is_wrapped(text: str, match: re.Match[str]) -> bool:
    if not text[match.end() : match.end() + 1].islower() or match.group().count("\n") != 1:
        return False
    return text[_trim(text, 0, match.start()) - 1] not in _ENDS_LINE


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def sentence_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of one paragraph, white space around them left out."""
    first = start
    for match in _stops(text, start, end):
        stop = match.end(2) if match.group(1) else match.end(5)
        if match.end() >= end or stop <= start or (match.group(1) and _goes_on(text, match, first)):
            continue
        yield from _cut(text, start, stop)
        start = match.end()
    if start < end:
        yield from _cut(text, start, end)


def _stops(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    mark = _STOP_MARK.search(text, start, end)
    while mark is not None:
        match = _STOP.match(text, mark.start(), end)
        if match is not None and _is_apart(text, match, start):
            yield match
        mark = _STOP_MARK.search(text, (match or mark).end(), end)


def _is_apart(text: str, match: re.Match[str], start: int) -> bool:
    """Whether white space follows a stop, or stood there before some markup was taken out."""
    if match.group(1) is None or match.end() > match.end(2):
        return True
    if _GLUED_AFTER.match(text, match.end()) is None:
        return False
    dot = match.start()
    return _GLUED_BEFORE.fullmatch(text, max(start, dot - _GLUED_LETTERS), dot) is not None


def _goes_on(text: str, match: re.Match[str], first: int) -> bool:
    """Whether the sentence goes on after this full stop, question mark or ellipsis."""
    following = match.group(4)
    if following.islower() or following in ".,;:":
        return True
    dots, closers = match.group(1), match.group(2)
    if dots != ".":
        asked = dots[-1] in "?!" and bool(closers)
        return asked and not match.group(3) and _TAG.match(text, match.end()) is not None
    if closers or _ends_with_plain_word(text[max(first, match.start() - _LOOK_BACK) : match.start()]):
        return False
    return _is_abbreviation(text, match.start(), match.end() + len(match.group(3)), first)


def _ends_with_plain_word(before: str) -> bool:
    """Whether a word like any other ends the text before a full stop, which settles most: a quick look."""
    word = before.rpartition(" ")[2]
    return len(word) > _LONGEST_ORDINAL and word.isalpha() and word.lower() not in load_abbreviations().all


def _is_abbreviation(text: str, dot: int, following: int, first: int) -> bool:
    table = load_abbreviations()
    before = _LAST_WORD.search(text, max(first, dot - _LOOK_BACK), dot)
    if before is None:
        return False
    word = before.group()
    if before.start() == first and _ORDINAL.fullmatch(word):  # "1. The first point", "a. …"
        return True
    if word.lower() in table.never_final:
        return True
    if word.lower() in table.before_number:
        return text[following].isdigit()
    is_initial = len(word) == 1 and word.isupper() and word != "I"
    if not (is_initial or word.lower() in table.often_final or _DOTTED.fullmatch(word)):
        return False
    after = _NEXT_WORD.match(text, following)
    return after is None or after.group() not in table.starters


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the span, cut at white space where it is too long to be a sentence."""
    while end - start > MAX_SENTENCE_CHARS:
        space = text.rfind(" ", start + 1, start + MAX_SENTENCE_CHARS)
        stop = space if space > start else start + MAX_SENTENCE_CHARS
        trimmed = len(text[start:stop].rstrip())
        if trimmed:
            yield start, start + trimmed
        start = stop
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end


def _headline_sentences(title: str) -> Iterator[Sentence]:
    for start, end in paragraph_spans(title):
        suffix = outlet_suffix(title[start:end])
        if suffix is not None:
            name = start + suffix
            head = start + len(title[start:name].rstrip())
            yield Sentence(part=Part.HEADLINE, start=start, end=head, text=title[start:head])
            yield Sentence(part=Part.HEADLINE, start=name, end=end, text=title[name:end], is_scored=False)
            continue
        for first, last in sentence_spans(title, start, end):
            yield Sentence(part=Part.HEADLINE, start=first, end=last, text=title[first:last])


def _body_sentences(text: str) -> Iterator[Sentence]:
    n_lead = 0
    hints = hints_in(text)
    for start, end in paragraph_spans(text):
        is_scored = not is_boilerplate(text[start:end], hints)
        for first, last in sentence_spans(text, start, end):
            is_lead = is_scored and n_lead < LEAD_SENTENCES
            n_lead += is_lead
            yield Sentence(
                part=Part.BODY,
                start=first,
                end=last,
                text=text[first:last],
                is_lead=is_lead,
                is_scored=is_scored,
            )
