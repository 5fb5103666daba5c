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
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
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
from tracker.score.tone import load_tone
from tracker.score.vader import NeutralTerms, lexicon_hash, read_all, read_neutral
from tracker.score.voices import sentence_voices

ENGLISH: Final = frozenset({"en"})
TONE_VERSION = "4"
VOICE_RULE = "2"  # whose a sentence is; to be raised with it, since the figures by voice change
_DECIMALS = 4  # as VADER rounds; more digits would pretend to a precision that no rater has

Of = Literal["headline", "body", "outlet_voice", "quoted_voice"]


class SentimentScorer(Protocol):
    """What every sentiment scorer offers; ``info.languages`` names the languages that it reads."""

    @property
    def info(self) -> ScorerInfo:
        """Return who scores: name, version, hash of its data, languages."""

    def score(self, document: Document, passages: Sequence[Passage]) -> SentimentScores:
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

    def score(self, document: Document, passages: Sequence[Passage]) -> SentimentScores:
        """Return VADER's compound for each sentence and the means."""
        return score_sentences(document, passages, self.info, self._compounds)

    def _compounds(self, texts: Sequence[str]) -> list[float]:
        if self._terms is None:
            return [reading.compound for reading in read_all(texts)]
        return [read_neutral(text, self._terms).compound for text in texts]


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

    def score(self, document: Document, passages: Sequence[Passage]) -> SentimentScores:
        """Return the model's tone of each sentence and the means."""
        return score_sentences(document, passages, self.info, self._tones)

    def _tones(self, texts: Sequence[str]) -> list[float]:
        tones: list[float] = self._model.predict(texts).astype(float).tolist()
        return tones


def reads(info: ScorerInfo, document: Document) -> bool:
    """Return whether a scorer reads the document's language; one that nobody named is taken for its own."""
    return document.language is None or document.language.lower().split("-")[0] in info.languages


def score_sentences(
    document: Document,
    passages: Sequence[Passage],
    info: ScorerInfo,
    valences: Callable[[Sequence[str]], Sequence[float]],
) -> SentimentScores:
    """Return the sentences' valences, as ``valences`` gives them for their texts, and the article's means.

    Both are empty where the scorer cannot read the document's language.
    """
    if not reads(info, document):
        return SentimentScores(scorer=info.scorer, values=(), sentences=())
    chosen = [*_scorable(document, Part.HEADLINE), *_scorable(document, Part.BODY)]
    values = valences([sentence.text for sentence in chosen])
    voices = sentence_voices(passages, chosen)
    sentences = tuple(
        SentenceSentiment(
            part=sentence.part,
            start=sentence.start,
            end=sentence.end,
            voice=voice,
            value=round(value, _DECIMALS),
        )
        for sentence, voice, value in zip(chosen, voices, values, strict=True)
    )
    return SentimentScores(scorer=info.scorer, values=_means(sentences), sentences=sentences)


def _scorable(document: Document, part: Part) -> list[Sentence]:
    """Return the sentences of a part that are to be scored; all of them where none is."""
    sentences = [sentence for sentence in document.sentences if sentence.part is part]
    return [sentence for sentence in sentences if sentence.is_scored] or sentences


def _means(sentences: Sequence[SentenceSentiment]) -> tuple[Sentiment, ...]:
    body = [sentence for sentence in sentences if sentence.part is Part.BODY]
    groups: tuple[tuple[Of, list[SentenceSentiment]], ...] = (
        ("headline", [sentence for sentence in sentences if sentence.part is Part.HEADLINE]),
        ("body", body),
        ("outlet_voice", [sentence for sentence in body if sentence.voice is Voice.OUTLET]),
        ("quoted_voice", [sentence for sentence in body if sentence.voice is Voice.QUOTED]),
    )
    return tuple(Sentiment(of=of, value=_mean(group), n_sentences=len(group)) for of, group in groups)


def _mean(sentences: Sequence[SentenceSentiment]) -> float | None:
    if not sentences:
        return None
    return round(fmean(sentence.value for sentence in sentences), _DECIMALS)


@cache
def load_neutral_terms() -> tuple[str, ...]:
    """Return the global list of neutral terms."""
    content = files("tracker.score").joinpath("data", "neutral.toml").read_text(encoding="utf-8")
    return tuple(word for group in tomllib.loads(content)["terms"] for word in group["words"])
