"""Sentiment toward somebody: of one mention in its sentence, as a learned model judges it.

Trained on NewsMTSC (Hamborg & Donnay 2021, "NewsMTSC: A Dataset for (Multi-)Target-dependent Sentiment
Classification in Political News Articles", EACL). It is wrong for about three mentions in ten
(``models/targets.md``): show a figure only over three mentions or more.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any, Final

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

from tracker.model import Actor, Document, Label, Part, ScorerInfo, TargetSentiment, TargetSpan, Topic
from tracker.score.embeddings import Floats
from tracker.score.pieces import Column, Lists
from tracker.score.target_features import Context, bucket_features, dense_features, read_contexts
from tracker.score.text import read_sentences
from tracker.score.vader import lexicon_hash
from tracker.score.weights import load_weights, weights_hash

TARGETS_VERSION = "1"
_LABELS: Final[tuple[Label, ...]] = ("negative", "neutral", "positive")  # the model's classes, in order
_DECIMALS = 4
MAX_GAP = 40  # characters of white space between two words of a name
_OTHER: Final = 128  # all characters but ASCII's
_N_CODES: Final = _OTHER + 1
_WORD_CHAR = re.compile(r"\w")
_OPENING = re.compile(r"['’]?[^\s'’]+")
_ENGLISH: Final = frozenset({"en"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetModel:
    """The learned weights: features × three classes (negative, neutral, positive)."""

    bias: Floats
    dense: Floats
    bucket: Floats

    def predict(self, contexts: Sequence[Context], vectors: Floats | None = None) -> NDArray[np.float64]:
        """Return the probabilities of the three classes for each mention: (mentions × 3).

        ``vectors`` are further features of each, for a model that was trained with them.
        """
        dense = dense_features(contexts)
        if vectors is not None:
            dense = np.hstack([dense, vectors])
        found = bucket_features(contexts)
        weighed = self.bucket[found.buckets] * found.weights[:, None]
        by_class = [np.bincount(found.rows, column, minlength=len(contexts)) for column in weighed.T]
        scores = self.bias + dense @ self.dense + np.stack(by_class, axis=1)
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        probabilities: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return probabilities


class TargetScorer:
    """The target model, ``targets``: a label and a score, P(positive) − P(negative), for each mention.

    The model is loaded with the first mention.
    """

    def __init__(self) -> None:
        self.info = ScorerInfo(
            scorer="targets",
            version=TARGETS_VERSION,
            data_hash=hashlib.sha256(f"{weights_hash('targets')}\0{lexicon_hash()}".encode()).hexdigest(),
            languages=_ENGLISH,
        )

    def score(self, document: Document, targets: Sequence[TargetSpan]) -> tuple[TargetSentiment, ...]:
        """Return the sentiment toward each target, in their order; none in a language it cannot read.

        A span may be any in the document. One that reaches beyond its part is cut there; one with nothing
        in it is judged by what stands around it.
        """
        return score_targets(document, targets, self.info, _predict)


def score_targets(
    document: Document,
    targets: Sequence[TargetSpan],
    info: ScorerInfo,
    predict: Callable[[Sequence[Context]], NDArray[np.float64]],
) -> tuple[TargetSentiment, ...]:
    """Return the sentiment toward each target, as ``predict`` gives the three probabilities for its context."""
    language = (document.language or "en").lower().split("-")[0]
    if not targets or language not in info.languages:
        return ()
    sentences = _SentenceIndex(document)
    probabilities = predict(read_contexts([sentences.around(target) for target in targets]))
    return tuple(_judge(target, row) for target, row in zip(targets, probabilities.tolist(), strict=True))


def _predict(contexts: Sequence[Context]) -> NDArray[np.float64]:
    return load_targets().predict(contexts)


def _judge(target: TargetSpan, probabilities: Sequence[float]) -> TargetSentiment:
    return TargetSentiment(
        id=target.id,
        part=target.part,
        start=target.start,
        end=target.end,
        label=_LABELS[max(range(len(_LABELS)), key=probabilities.__getitem__)],
        score=round(probabilities[2] - probabilities[0], _DECIMALS),
    )


class _SentenceIndex:
    """Finds the sentence around a span."""

    def __init__(self, document: Document) -> None:
        self._texts = {Part.HEADLINE: document.headline, Part.BODY: document.body}
        self._spans = {part: [(s.start, s.end) for s in document.sentences if s.part is part] for part in self._texts}

    def around(self, target: TargetSpan) -> tuple[str, int, int]:
        """Return the text of the sentence or sentences that a span lies in, and the span within it."""
        text, spans = self._texts[target.part], self._spans[target.part]
        start = min(max(target.start, 0), len(text))
        end = min(max(target.end, start), len(text))
        index = bisect_right(spans, (start, len(text))) - 1
        first = spans[index][0] if index >= 0 else 0
        last = max((stop for begin, stop in spans[max(index, 0) :] if begin < max(end, start + 1)), default=end)
        return text[first : max(last, end)], start - first, end - first


@cache
def load_targets() -> TargetModel:
    """Return the model that ships with the tracker, loaded once in a process."""
    return target_model(load_weights("targets"))


def target_model(arrays: Mapping[str, NDArray[Any]]) -> TargetModel:
    """Return the model whose arrays a file holds."""
    bias, dense, bucket = (arrays[name].astype(np.float32) for name in ("bias", "dense", "bucket"))
    return TargetModel(bias=bias, dense=dense, bucket=bucket)


# ---------------------------------------------------------------- mentions


class TargetFinder:
    """Finds the mentions of a topic's actors that are targets."""

    def __init__(self, topic: Topic) -> None:
        """Compile the actors' names and aliases."""
        self._aliases = _Aliases(topic.actors)

    def find(self, document: Document) -> tuple[TargetSpan, ...]:
        """Return the mentions, headline first, in order of place.

        An actor is found by name and aliases, as whole words. An alias with a capital must be written so ("ICE"
        is not "ice"); one without is found in any case. Where two would overlap, the one that starts first
        wins, and of two that start together the longer.
        """
        parts = {Part.HEADLINE: document.headline, Part.BODY: document.body}
        return tuple(
            TargetSpan(id=self._aliases.actor(match.group()), part=part, start=match.start(), end=match.end())
            for part, places in self._aliases.openings(document).items()
            for match in self._aliases.find(parts[part], places)
        )


#: Where aliases may begin in a text: by offset, how they open there, as numbers.
_Places = dict[int, list[int]]


def _aliases(actors: Iterable[Actor]) -> dict[str, str]:
    """Return alias → actor; the first actor to claim an alias keeps it."""
    found: dict[str, str] = {}
    for actor in actors:
        for alias in (actor.name, *actor.aliases) if actor.is_target else ():
            if alias.strip():
                found.setdefault(_key(alias), actor.id)
    return found


class _Aliases:
    """The aliases of a topic's actors: how they open, and a pattern for what goes on from there."""

    def __init__(self, actors: tuple[Actor, ...]) -> None:
        self._actors = _aliases(actors)
        opening: dict[str, dict[str, list[str]]] = {}
        for alias in sorted(self._actors, key=len, reverse=True):  # of those that start together the longest wins
            for start in _openings(alias):
                opening.setdefault(start, {}).setdefault(_second(alias.lower(), len(start)), []).append(alias)
        self._openings = tuple(opening.items())
        self._automaton = AhoCorasick(list(opening))
        self._patterns = {alias: re.compile(rf"(?<!\w){_form(alias)}(?!\w)") for alias in self._actors}
        self._goes_on = np.zeros((len(opening), _N_CODES), dtype=np.bool_)  # opening × how the next word may begin
        for number, groups in enumerate(opening.values()):
            self._goes_on[number, [_code(second) for second in groups]] = True
            self._goes_on[number] |= "" in groups
        self._goes_on[:, _OTHER] = True
        # No opening crosses white space, so a piece between spaces is looked through once.
        self._in_pieces = Lists(self._in_each, np.intp, np.intp, np.bool_)

    def openings(self, document: Document) -> dict[Part, _Places]:
        """Return where aliases may begin in the parts of a document, in order."""
        words = read_sentences(document)
        (offsets, numbers, is_end), ends = self._in_pieces(words)
        found: dict[Part, _Places] = {Part.HEADLINE: {}, Part.BODY: {}}
        at = np.repeat(np.arange(len(words.numbers)), np.diff(ends))
        following = np.append(_CODES(words), _OTHER)[at + 1]
        chosen = np.flatnonzero(~is_end | self._goes_on[numbers, following])
        at = at[chosen]
        starts = words.places[at] + offsets[chosen]
        for row, start, number in zip(words.rows[at].tolist(), starts.tolist(), numbers[chosen].tolist(), strict=True):
            sentence = document.sentences[row]
            found[sentence.part].setdefault(sentence.start + start, []).append(number)
        return found

    def _in_each(self, pieces: Sequence[str]) -> list[list[tuple[int, int, bool]]]:
        """Return where in each piece an alias may begin, how it opens there, and whether the piece ends with that."""
        text = " ".join(pieces)  # looked through at once
        lowered = text.lower()
        if len(lowered) != len(text):  # İ becomes two
            lowered = "".join(char if len(char.lower()) != 1 else char.lower() for char in text)
        firsts = [0, *accumulate(len(piece) + 1 for piece in pieces)]
        found: list[list[tuple[int, int, bool]]] = [[] for _ in pieces]
        for number, start, end in self._automaton.find_matches_as_indexes(lowered, overlapping=True):
            is_end = text[end : end + 1] in ("", " ")
            if (is_end or "" in self._openings[number][1]) and not _WORD_CHAR.match(text[max(start - 1, 0) : start]):
                piece = bisect_right(firsts, start) - 1
                found[piece].append((start - firsts[piece], number, is_end))
        return [sorted(places) for places in found]

    def actor(self, written: str) -> str:
        """Return whose alias stands in a text."""
        key = _key(written)
        return self._actors[key] if key in self._actors else self._actors[key.lower()]

    def find(self, text: str, places: _Places) -> Iterator[re.Match[str]]:
        """Yield the mentions that begin at some places in a text; none overlap."""
        reach = 0
        for start, openings in places.items():
            if start >= reach and (match := self._match(text, start, openings)) is not None:
                reach = match.end()
                yield match

    def _match(self, text: str, start: int, openings: Sequence[int]) -> re.Match[str] | None:
        aliases: list[str] = []
        for number in openings:
            written, groups = self._openings[number]
            second = _second(text[start : start + len(written) + MAX_GAP].lower(), len(written))
            aliases += groups.get("", ()) if not second else (*groups.get("", ()), *groups.get(second, ()))
        if not aliases:
            return None
        if len(aliases) > 1:
            aliases.sort(key=len, reverse=True)
        return next((found for alias in aliases if (found := self._patterns[alias].match(text, start))), None)


def _code(text: str) -> int:
    """Return how a text begins, as a number: its first character in lower case where that is ASCII."""
    return min(ord((text.lower() or " ")[0]), _OTHER)


_CODES = Column(lambda pieces: np.array([*map(_code, pieces)], dtype=np.intp))


def _second(lowered: str, opening: int) -> str:
    """Return the first character of a second word, after the opening; the empty string where none follows."""
    rest = lowered[opening:]
    return rest.lstrip()[:1] if rest[:1].isspace() else ""


def _openings(alias: str) -> set[str]:
    """Return how an alias may open, in lower case: its characters up to white space or an apostrophe."""
    start = _OPENING.match(alias.lower())
    opening = alias[:1].lower() if start is None else start.group()
    return {opening.replace("'", mark) for mark in "'’"}


def _key(alias: str) -> str:
    return " ".join(alias.replace("’", "'").split())


def _form(alias: str) -> str:
    form = r"\s+".join(re.escape(word) for word in alias.split()).replace("'", "['’]")
    return f"(?i:{form})" if alias == alias.lower() else form
