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
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from statistics import fmean
from typing import Final, Literal, Protocol

from tracker.model import (
    Document,
    Part,
    Passage,
    ScorerInfo,
    Sentence,
    SentenceSentiment,
    Sentiment,
    SentimentScores,
    Voice,
)
from tracker.score.neutral import NeutralTerms, load_neutral_terms, neutral_compounds
from tracker.score.pieces import take
from tracker.score.text import read_sentences
from tracker.score.tone import load_tone
from tracker.score.typed import Typed, type_words
from tracker.score.vader import lexicon_hash, read_all
from tracker.score.voices import sentence_voices

ENGLISH: Final = frozenset({"en"})
TONE_VERSION = "5"
VOICE_RULE = "2"  # whose a sentence is; to be raised with it, since the figures by voice change
_DECIMALS = 4  # as VADER rounds; more digits would pretend to a precision that no rater has

Of = Literal["headline", "body", "outlet_voice", "quoted_voice"]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Scorable:
    """The sentences of a document that are to be scored, headline first, with their voices and their words.

    ``groups`` are those of which an article's values are the means, as numbers of sentences.
    """

    language: str | None
    sentences: tuple[Sentence, ...]
    voices: tuple[Voice, ...]
    groups: tuple[tuple[Of, tuple[int, ...]], ...]
    typed: Typed


class SentimentScorer(Protocol):
    """What every sentiment scorer offers; ``info.languages`` names the languages that it reads."""

    @property
    def info(self) -> ScorerInfo:
        """Return who scores: name, version, hash of its data, languages."""

    def score(self, scorable: Scorable) -> SentimentScores:
        """Return the article's values and its sentences'; none of either in a language it cannot read."""


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
            version=f"{version('vaderSentiment')}.{VOICE_RULE}",
            data_hash=hashlib.sha256("\0".join((lexicon_hash(), *listed)).encode()).hexdigest(),
            languages=ENGLISH,
        )

    def score(self, scorable: Scorable) -> SentimentScores:
        """Return VADER's compound for each sentence and the means."""
        return score_sentences(scorable, self.info, self._compounds)

    def _compounds(self, sentences: Typed) -> list[float]:
        readings = read_all(sentences.words)
        compounds = readings.compounds if self._terms is None else neutral_compounds(readings, self._terms)
        return compounds[: len(sentences.rows)]


class LearnedToneScorer:
    """The learned tone model, ``tone``: 1 is the most pleasant wording that readers could name, −1 the least.

    Its values are in the scale of readers' means, which seldom pass ±.5; VADER's are not comparable.
    """

    def __init__(self) -> None:
        """Load the model."""
        self._model = load_tone()
        self.info = ScorerInfo(
            scorer="tone",
            version=TONE_VERSION,
            data_hash=hashlib.sha256(f"{self._model.data_hash}\0{lexicon_hash()}".encode()).hexdigest(),
            languages=ENGLISH,
        )

    def score(self, scorable: Scorable) -> SentimentScores:
        """Return the model's tone of each sentence and the means."""
        return score_sentences(scorable, self.info, self._tones)

    def _tones(self, sentences: Typed) -> list[float]:
        tones: list[float] = self._model.predict_typed(sentences).tolist()
        return tones


def read_scorable(document: Document, passages: Sequence[Passage]) -> Scorable:
    """Return what the sentiment scorers are to score of a document."""
    numbers = [*_scorable(document, Part.HEADLINE), *_scorable(document, Part.BODY)]
    chosen = [document.sentences[number] for number in numbers]
    voices = tuple(sentence_voices(passages, chosen))
    body = [number for number, sentence in enumerate(chosen) if sentence.part is Part.BODY]
    groups: tuple[tuple[Of, Sequence[int]], ...] = (
        ("headline", range(len(chosen) - len(body))),
        ("body", body),
        ("outlet_voice", [number for number in body if voices[number] is Voice.OUTLET]),
        ("quoted_voice", [number for number in body if voices[number] is Voice.QUOTED]),
    )
    return Scorable(
        language=document.language,
        sentences=tuple(chosen),
        voices=voices,
        groups=tuple((of, tuple(group)) for of, group in groups),
        typed=type_words(take(read_sentences(document), numbers)),
    )


def _scorable(document: Document, part: Part) -> list[int]:
    """Return the numbers of the sentences of a part that are to be scored; all of them where none is."""
    numbers = [number for number, sentence in enumerate(document.sentences) if sentence.part is part]
    return [number for number in numbers if document.sentences[number].is_scored] or numbers


def score_sentences(
    scorable: Scorable, info: ScorerInfo, valences: Callable[[Typed], Sequence[float]]
) -> SentimentScores:
    """Return the sentences' valences, as ``valences`` gives them for their words, and the article's means.

    Both are empty where the scorer cannot read the language; one that nobody named is taken for its own.
    """
    if scorable.language is not None and scorable.language.lower().split("-")[0] not in info.languages:
        return SentimentScores(scorer=info.scorer, values=(), sentences=())
    values = [round(value, _DECIMALS) for value in valences(scorable.typed)]
    sentences = tuple(
        SentenceSentiment(part=sentence.part, start=sentence.start, end=sentence.end, voice=voice, value=value)
        for sentence, voice, value in zip(scorable.sentences, scorable.voices, values, strict=True)
    )
    means = tuple(
        Sentiment(of=of, value=_mean([values[number] for number in group]), n_sentences=len(group))
        for of, group in scorable.groups
    )
    return SentimentScores(scorer=info.scorer, values=means, sentences=sentences)


def _mean(values: Sequence[float]) -> float | None:
    return round(fmean(values), _DECIMALS) if values else None
