"""The words of one voice: an article's text with everything else left out, a line for each piece."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tracker.model import Document, Part, Passage, Voice


def text_in_voice(document: Document, passages: Sequence[Passage], voices: frozenset[Voice]) -> str:
    """Return what a document says in these voices, a line for each sentence's piece, without boilerplate."""
    return text_where(document, passages, lambda passage: passage.voice in voices)


def text_where(document: Document, passages: Sequence[Passage], is_wanted: Callable[[Passage], bool]) -> str:
    """Return the pieces of a document's scored sentences that lie in the passages wanted, a line each."""
    texts = {Part.HEADLINE: document.headline, Part.BODY: document.body}
    wanted = {part: [p for p in passages if p.part is part and is_wanted(p)] for part in Part}
    pieces: list[str] = []
    for part, own in wanted.items():
        at = 0
        for sentence in document.sentences:
            if sentence.part is not part or not sentence.is_scored:
                continue
            while at < len(own) and own[at].end <= sentence.start:
                at += 1
            index = at
            while index < len(own) and own[index].start < sentence.end:
                start, end = max(own[index].start, sentence.start), min(own[index].end, sentence.end)
                pieces.append(" ".join(texts[part][start:end].split()))
                index += 1
    return "\n".join(piece for piece in pieces if piece)
