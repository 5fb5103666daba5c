"""All scorers for one topic, compiled once, behind one call: text in, everything said of it out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Literal, NamedTuple

from tracker.model import ArticleScores, Document, Passage, ScorerInfo, SentimentScores, TargetSpan, Topic
from tracker.score.frame_model import load_model
from tracker.score.frames import FrameScorer, load_packs
from tracker.score.loaded import LoadedTermScorer
from tracker.score.minilm_models import MiniLmTargetScorer, MiniLmToneScorer
from tracker.score.sentiment import (
    LearnedToneScorer,
    Scorable,
    SentimentScorer,
    VaderScorer,
    read_scorable,
    score_sentiment,
)
from tracker.score.targets import TargetFinder, TargetScorer
from tracker.score.text import make_document
from tracker.score.voices import VoiceScorer

DEFAULT_SENTIMENT = "tone"  # the best measured one of the core; docs/methods.md gives each one's error
Embeddings = Literal["static", "minilm"]
TOGETHER = 8  # articles whose sentences are scored at once; more gain little, and what is read of each is kept for all
LANGUAGE_NAMES = {"es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese", "it": "Italian"}


class ToScore(NamedTuple):
    """An article, and the mentions to be judged where they are not to be found."""

    title: str
    text: str
    language: str | None
    targets: Sequence[TargetSpan] | None = None


class _Read(NamedTuple):
    """An article whose sentences and voices are known."""

    document: Document
    passages: tuple[Passage, ...]
    scorable: Scorable
    targets: Sequence[TargetSpan] | None


class Scoring:
    """The scorers as one topic sets them up. ``hash`` names them all with their versions and data.

    Who asks for that alone loads no model: those that ship are loaded with the first article.
    """

    def __init__(self, topic: Topic, embeddings: Embeddings = "static") -> None:
        """Set up the scorers. Raises ConfigError where ``embeddings`` are of an extra that is not installed."""
        self.topic = topic
        self._voices = VoiceScorer(topic)
        self._sentiment: tuple[SentimentScorer, ...] = (
            VaderScorer(None),
            VaderScorer(topic.neutral_terms),
            LearnedToneScorer(),
        )
        self._finder = TargetFinder(topic)
        self._targets: TargetScorer | MiniLmTargetScorer = TargetScorer()
        if embeddings == "minilm":
            self._sentiment += (MiniLmToneScorer(),)
            self._targets = MiniLmTargetScorer()
        self.default_sentiment = self._sentiment[-1].info.scorer if embeddings == "minilm" else DEFAULT_SENTIMENT
        learned = load_model(topic.frame_model) if topic.frame_model else None
        self._frames = FrameScorer((*load_packs(topic.packs), *topic.frames), learned, compares=topic.frame_similarity)
        self._loaded = LoadedTermScorer(topic.loaded_groups)
        self.scorers: tuple[ScorerInfo, ...] = (
            self._voices.info,
            *(scorer.info for scorer in self._sentiment),
            self._targets.info,
            self._frames.info,
            self._loaded.info,
        )
        lines = sorted(f"{info.scorer} {info.version} {info.data_hash}" for info in self.scorers)
        self.hash = hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def score(
        self, title: str, text: str, language: str | None, targets: Sequence[TargetSpan] | None = None
    ) -> ArticleScores:
        """Score one article. ``targets`` are mentions to judge; without them the topic's actors are found.

        A language that no sentiment scorer reads leaves the article unscored, with the reason in words.
        """
        return next(self.score_all([ToScore(title, text, language, targets)]))

    def score_all(self, articles: Iterable[ToScore]) -> Iterator[ArticleScores]:
        """Score articles as ``score`` does, some at a time, which takes a tenth less."""
        left = iter(articles)
        while batch := list(islice(left, TOGETHER)):
            read = [self._read(one) for one in batch]
            scorables = [one.scorable for one in read if isinstance(one, _Read)]
            sentiment = iter(score_sentiment(self._sentiment, scorables) if scorables else ())
            for one in read:
                yield one if isinstance(one, ArticleScores) else self._scores(one, next(sentiment))

    def _read(self, article: ToScore) -> _Read | ArticleScores:
        language = article.language
        languages = frozenset.union(*(scorer.info.languages for scorer in self._sentiment))
        if language is not None and language not in languages:
            return ArticleScores(unscored_reason=f"language: {LANGUAGE_NAMES.get(language, language)}")
        document = make_document(article.title, article.text, language)
        passages = self._voices.score(document)
        return _Read(document, passages, read_scorable(document, passages), article.targets)

    def _scores(self, read: _Read, sentiment: tuple[SentimentScores, ...]) -> ArticleScores:
        document, passages = read.document, read.passages
        spans = self._finder.find(document) if read.targets is None else read.targets
        return ArticleScores(
            passages=passages,
            sentiment=sentiment,
            targets=self._targets.score(document, spans),
            frames=self._frames.score(document, passages),
            loaded_terms=self._loaded.score(document, passages),
            scorers=self.scorers,
        )
