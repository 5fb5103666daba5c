"""From scores to the rows of their tables: tuples, since an article has some four hundred of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate, chain
from typing import TypeAlias

import pyarrow as pa

from tracker.model import ArticleScores, Passage
from tracker.store.rows import Cell

ScoreRow: TypeAlias = tuple[Cell, ...]

_TEXT, _COUNT, _NUMBER = pa.string(), pa.int32(), pa.float64()
_KEY = {"topic": _TEXT, "scorer": _TEXT, "scorer_version": _TEXT}
_SPAN = {"part": _TEXT, "start_offset": _COUNT, "end_offset": _COUNT}
# The columns of each table in the order in which its rows have them; before them come article and revision.
SCORE_COLUMNS: Mapping[str, Mapping[str, pa.DataType]] = {
    "passages": {**_KEY, **_SPAN, "voice": _TEXT, "cue": _TEXT, "speaker": _TEXT, "camp": _TEXT, "n_words": _COUNT},
    "sentiment": {**_KEY, "part": _TEXT, "value": _NUMBER, "n_sentences": _COUNT},
    "sentence_sentiment": {**_KEY, **_SPAN, "voice": _TEXT, "value": _NUMBER},
    "target_sentiment": {**_KEY, **_SPAN, "target": _TEXT, "label": _TEXT, "score": _NUMBER},
    "frames": {
        **_KEY, "pack": _TEXT, "frame": _TEXT, "score": _NUMBER, "is_primary": pa.bool_(), "similarity": _NUMBER
    },
    "evidence": {**_KEY, **_SPAN, "voice": _TEXT, "tag": _TEXT},
    "loaded_terms": {
        **_KEY, **_SPAN, "term_group": _TEXT, "term": _TEXT, "text": _TEXT, "stance": _TEXT, "voice": _TEXT
    },
}  # fmt: skip


def score_rows(
    topic: str, scores: ArticleScores, parts: Mapping[str, str], revision: tuple[str, int] | tuple[()] = ()
) -> dict[str, list[ScoreRow]]:
    """Return the rows of every score table for one revision; ``parts`` gives headline and body.

    ``revision`` is the article's id and the revision's number; without it the rows are of a text that has none yet.
    """
    keys: dict[str, ScoreRow] = {info.scorer: (*revision, topic, info.scorer, info.version) for info in scores.scorers}
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


def score_type(table: str) -> pa.ListType:
    """Return the type of a column that holds all of a text's rows of a score table."""
    return pa.list_(pa.struct(list(SCORE_COLUMNS[table].items())))


def score_column(table: str, texts: Sequence[Sequence[ScoreRow]]) -> pa.ListArray:
    """Return a column of type ``score_type``: for each text its rows of a score table."""
    names = SCORE_COLUMNS[table]
    cells = zip(*chain.from_iterable(texts), strict=True)
    values = list(cells) or [()] * len(names)
    fields = [pa.array(column, kind) for column, kind in zip(values, names.values(), strict=True)]
    offsets = pa.array(accumulate(map(len, texts), initial=0), pa.int32())
    return pa.ListArray.from_arrays(
        offsets, pa.StructArray.from_arrays(fields, fields=list(score_type(table).value_type))
    )


def _n_words(passage: Passage, parts: Mapping[str, str]) -> int:
    return len(parts[passage.part][passage.start : passage.end].split())
