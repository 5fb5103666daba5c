"""Sentiment: the valence of an article's words, sentence by sentence, and its means by part and voice.

An article's figure is the mean over its sentences, never one figure for the whole text: that saturates.
Sentences that are not to be scored (captions, newsletter lines) stay out, unless a part has no others. The
outlet's voice and the quoted voice are of the body; a sentence is the outlet's only where nobody else's words
stand in it (``sentence_voices``). ``quoted_voice`` is what stands inside quotation marks; reported speech is
in ``body`` and among the sentences alone, for it is neither the outlet's words nor the speaker's.

Sentiment says how pleasant the wording is. It does not say where an outlet stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from math import fsum
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from tracker.model import (
    Document,
    Part,
    Passage,
    ScorerInfo,
    SentenceSentiment,
    Sentiment,
    SentimentScores,
    Voice,
)
from tracker.score.neutral import NeutralTerms, load_neutral_terms, neutral_compounds
from tracker.score.pieces import Words, joined, take
from tracker.score.rounding import rounded
from tracker.score.text import read_sentences
from tracker.score.tone import load_tone, tone_hash
from tracker.score.typed import Typed, type_words
from tracker.score.vader import lexicon_hash, read_all
from tracker.score.voices import HEADLINE, OUTLET, QUOTED, sentence_voices
from tracker.score.voices import VERSION as VOICES_VERSION

ENGLISH: Final = frozenset({"en"})
TONE_VERSION = "6"
_DECIMALS = 4  # as VADER rounds; more digits would pretend to a precision that no rater has

Of = Literal["headline", "body", "outlet_voice", "quoted_voice"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scorable:
    """The sentences of a document that are to be scored, headline first, with their voices and their words.

    ``spans`` say where each stands and in whose voice; ``groups`` are those of which an article's values are the
    means, as numbers of sentences; ``written`` are their words.
    """

    language: str | None
    spans: tuple[tuple[Part, int, int, Voice], ...]
    groups: tuple[tuple[Of, Sequence[int]], ...]
    written: Words


class SentimentScorer(Protocol):
    """What every sentiment scorer offers; ``info.languages`` names the languages that it reads."""

    @property
    def info(self) -> ScorerInfo:
        """Return who scores: name, version, hash of its data, languages."""

    def valences(self, sentences: Typed) -> NDArray[np.float64]:
        """Return the valence of each sentence, whichever articles they are of."""


class VaderScorer:
    """VADER on each sentence: as the library gives it, or with neutral terms that count for nothing.

    Without ``neutral_terms`` it is ``vader``. With them, even none, it is ``vader-neutral``: they join the
    global list in ``data/neutral.toml``.
    """

    def __init__(self, neutral_terms: Iterable[str] | None = None) -> None:
        """Take the topic's neutral terms, or None for VADER as it is."""
        self._terms = None if neutral_terms is None else NeutralTerms((*load_neutral_terms(), *neutral_terms))
        listed = () if self._terms is None else self._terms.terms
        self.info = ScorerInfo(
            scorer="vader" if self._terms is None else "vader-neutral",
            version=f"{version('vaderSentiment')}.{VOICES_VERSION}",
            data_hash=hashlib.sha256("\0".join((lexicon_hash(), *listed)).encode()).hexdigest(),
            languages=ENGLISH,
        )

    def valences(self, sentences: Typed) -> NDArray[np.float64]:
        """Return VADER's compound for each sentence as written."""
        readings = read_all(sentences.words)
        compounds = readings.compounds if self._terms is None else neutral_compounds(readings, self._terms)
        return np.array(compounds[: len(sentences.rows)], dtype=np.float64)


class LearnedToneScorer:
    """The learned tone model, ``tone``: 1 is the most pleasant wording that readers could name, −1 the least.

    Its values are in the scale of readers' means, which seldom pass ±.5; VADER's are not comparable. The model is
    loaded with the first sentence.
    """

    def __init__(self) -> None:
        self.info = ScorerInfo(
            scorer="tone",
            version=f"{TONE_VERSION}.{VOICES_VERSION}",
            data_hash=hashlib.sha256(f"{tone_hash()}\0{lexicon_hash()}".encode()).hexdigest(),
            languages=ENGLISH,
        )

    def valences(self, sentences: Typed) -> NDArray[np.float64]:
        """Return the model's tone of each sentence as typed."""
        return load_tone().predict_typed(sentences)


def read_scorable(document: Document, passages: Sequence[Passage]) -> Scorable:
    """Return what the sentiment scorers are to score of a document."""
    parts = [sentence.part for sentence in document.sentences]
    n_headline = parts.count(HEADLINE)  # it comes first
    headline = _scorable(document, range(n_headline))
    numbers = [*headline, *_scorable(document, range(n_headline, len(parts)))]
    chosen = [document.sentences[number] for number in numbers]
    voices = sentence_voices(passages, chosen)
    body = range(len(headline), len(numbers))
    groups: tuple[tuple[Of, Sequence[int]], ...] = (
        ("headline", range(len(headline))),
        ("body", body),
        ("outlet_voice", [number for number in body if voices[number] is OUTLET]),
        ("quoted_voice", [number for number in body if voices[number] is QUOTED]),
    )
    return Scorable(
        language=document.language,
        spans=tuple([(part, start, end, voice) for (part, start, end, *_), voice in zip(chosen, voices, strict=True)]),
        groups=groups,
        written=take(read_sentences(document), numbers),
    )


def _scorable(document: Document, numbers: range) -> Sequence[int]:
    """Return which sentences of a part are to be scored; all of them where none is."""
    return [number for number in numbers if document.sentences[number].is_scored] or numbers


def score_sentiment(
    scorers: Sequence[SentimentScorer], scorables: Sequence[Scorable]
) -> list[tuple[SentimentScores, ...]]:
    """Return what each scorer says of each article: its sentences' valences and their means.

    Both are empty where the scorer cannot read the language; one that nobody named is taken for its own. The
    sentences of all articles are given to a scorer at once, which costs less than one article after the other.
    """
    typed = type_words(joined([one.written for one in scorables]))
    ends = np.cumsum([len(one.spans) for one in scorables])[:-1]
    found = [
        [
            _scores(scorer.info, one, values.tolist())
            for one, values in zip(scorables, np.split(rounded(scorer.valences(typed), _DECIMALS), ends), strict=True)
        ]
        for scorer in scorers
    ]
    return list(zip(*found, strict=True))


def score_one(scorer: SentimentScorer, scorable: Scorable) -> SentimentScores:
    """Return what one scorer says of one article."""
    return score_sentiment([scorer], [scorable])[0][0]


def _scores(info: ScorerInfo, scorable: Scorable, values: Sequence[float]) -> SentimentScores:
    if scorable.language is not None and scorable.language.lower().split("-")[0] not in info.languages:
        return SentimentScores(scorer=info.scorer, values=(), sentences=())
    sentences = tuple([SentenceSentiment(*span, value) for span, value in zip(scorable.spans, values, strict=True)])
    means = tuple(
        Sentiment(of=of, value=_mean([values[number] for number in group]), n_sentences=len(group))
        for of, group in scorable.groups
    )
    return SentimentScores(scorer=info.scorer, values=means, sentences=sentences)


def _mean(values: Sequence[float]) -> float | None:
    return round(fsum(values) / len(values), _DECIMALS) if values else None
