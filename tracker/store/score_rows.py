"""From scores to the rows of their tables: tuples, since an article has some four hundred of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tracker.model import ArticleScores, Passage
from tracker.store.rows import Cell

ScoreRow: TypeAlias = tuple[Cell, ...]

_KEY = ("topic", "article", "revision", "scorer", "scorer_version")
_SPAN = ("part", "start_offset", "end_offset")
# The columns of each table in the order in which its rows have them.
SCORE_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "passages": (*_KEY, *_SPAN, "voice", "cue", "speaker", "camp", "n_words"),
    "sentiment": (*_KEY, "part", "value", "n_sentences"),
    "sentence_sentiment": (*_KEY, *_SPAN, "voice", "value"),
    "target_sentiment": (*_KEY, *_SPAN, "target", "label", "score"),
    "frames": (*_KEY, "pack", "frame", "score", "is_primary", "similarity"),
    "evidence": (*_KEY, *_SPAN, "voice", "tag"),
    "loaded_terms": (*_KEY, *_SPAN, "term_group", "term", "text", "stance", "voice"),
}


def score_rows(
    topic: str, article: str, revision: int, scores: ArticleScores, parts: Mapping[str, str]
) -> dict[str, list[ScoreRow]]:
    """Return the rows of every score table for one revision; ``parts`` gives headline and body."""
    keys: dict[str, ScoreRow] = {
        info.scorer: (topic, article, revision, info.scorer, info.version) for info in scores.scorers
    }
    toward = next((scorer for scorer in keys if scorer.startswith("targets")), "targets")  # or targets-minilm
    # A passage, a sentence and an evidence are tuples in the order of the columns already.
    return {
        "passages": [(*keys["voices"], *one, _n_words(one, parts)) for one in scores.passages],
        "sentiment": [
            (*keys[one.scorer], value.of, value.value, value.n_sentences)
            for one in scores.sentiment
            for value in one.values
        ],
        "sentence_sentiment": [keys[one.scorer] + sentence for one in scores.sentiment for sentence in one.sentences],
        "target_sentiment": [
            (*keys[toward], one.part, one.start, one.end, one.id, one.label, one.score) for one in scores.targets
        ],
        "frames": [
            (*keys["frames"], one.pack, one.frame, one.score, one.is_primary, one.similarity) for one in scores.frames
        ],
        "evidence": [
            (*keys["frames"], *item, f"frame:{frame.frame}") for frame in scores.frames for item in frame.evidence
        ],
        "loaded_terms": [
            (*keys["loaded_terms"], one.part, one.start, one.end, one.group, one.term, one.text, one.stance, one.voice)
            for one in scores.loaded_terms
        ],
    }


def _n_words(passage: Passage, parts: Mapping[str, str]) -> int:
    return len(parts[passage.part][passage.start : passage.end].split())
