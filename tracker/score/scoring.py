"""All scorers for one topic, compiled once, behind one call: text in, everything said of it out."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Literal

from tracker.model import ArticleScores, ScorerInfo, TargetSpan, Topic
from tracker.score.frame_model import load_model
from tracker.score.frames import FrameScorer, load_packs
from tracker.score.loaded import LoadedTermScorer
from tracker.score.minilm_models import MiniLmTargetScorer, MiniLmToneScorer
from tracker.score.sentiment import LearnedToneScorer, SentimentScorer, VaderScorer, read_scorable
from tracker.score.targets import TargetFinder, TargetScorer
from tracker.score.text import make_document
from tracker.score.voices import VoiceScorer

DEFAULT_SENTIMENT = "tone"  # the best measured one of the core; docs/methods.md gives each one's error
Embeddings = Literal["static", "minilm"]
LANGUAGE_NAMES = {"es": "Spanish", "fr": "French", "de": "German", "pt": "Portuguese", "it": "Italian"}


class Scoring:
    """The scorers as one topic sets them up. ``hash`` names them all with their versions and data."""

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
        languages = frozenset.union(*(scorer.info.languages for scorer in self._sentiment))
        if language is not None and language not in languages:
            return ArticleScores(unscored_reason=f"language: {LANGUAGE_NAMES.get(language, language)}")
        document = make_document(title, text, language)
        passages = self._voices.score(document)
        scorable = read_scorable(document, passages)
        spans = self._finder.find(document) if targets is None else targets
        return ArticleScores(
            passages=passages,
            sentiment=tuple(scorer.score(scorable) for scorer in self._sentiment),
            targets=self._targets.score(document, spans),
            frames=self._frames.score(document, passages),
            loaded_terms=self._loaded.score(document, passages),
            scorers=self.scorers,
        )
