"""Sentences to make stories of: the demo corpus's, as the real scorers read them, and made-up ones by Zipf's law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pyarrow as pa

from pipelines.demo_corpus import load_corpus
from tracker.model import ArticleScores, Topic
from tracker.score.scoring import Scoring
from tracker.store.rows import Row
from tracker.store.score_rows import SCORE_COLUMNS, score_rows

SPANS = ("passages", "sentence_sentiment", "target_sentiment", "evidence", "loaded_terms")  # tables of spans
N_WORDS = 150_000  # kinds of words: what 300,000 articles hold
ZIPF, ZIPF_SHIFT = 1.05, 2.7  # Zipf-Mandelbrot
SYLLABLES = ("ba", "con", "der", "e", "fil", "gran", "hol", "in", "ket", "lo", "mar", "nev", "os", "per", "qui", "ru")
VOICES, VOICE_SHARES = ("outlet", "quoted", "reported"), (0.5, 0.22, 0.28)  # half of all words are somebody else's
KEYS = frozenset({"topic", "article", "revision", "part"})  # columns that a story gives


@dataclass(slots=True, kw_only=True)
class Sentences:
    """Sentences, numbered from 0, and the rows of each table of spans, with offsets from the sentence's start."""

    texts: list[str] = field(default_factory=list)
    is_headline: list[bool] = field(default_factory=list)
    spans: Mapping[str, list[Row]] = field(default_factory=lambda: {table: [] for table in SPANS})

    def add(self, text: str, *, is_headline: bool = False) -> int:
        """Add a sentence and return its number."""
        self.texts.append(text)
        self.is_headline.append(is_headline)
        return len(self.texts) - 1

    def copy(self) -> Sentences:
        """Return the same, to be added to."""
        spans = {table: list(rows) for table, rows in self.spans.items()}
        return Sentences(texts=list(self.texts), is_headline=list(self.is_headline), spans=spans)

    def lengths(self) -> np.ndarray:
        """Return how many code points each has."""
        return np.array([len(text) for text in self.texts], dtype=np.int64)

    def table(self) -> pa.Table:
        """Return number and text."""
        return pa.table({"sentence": pa.array(range(len(self.texts)), pa.int32()), "text": self.texts})


def real_sentences(topic: Topic, scoring: Scoring) -> Sentences:
    """Return the sentences of the demo's English pieces with all that the scorers say of each."""
    found = Sentences()
    for piece in load_corpus().pieces.values():
        if piece.language != "en":
            continue
        text = "\n\n".join(block.removeprefix("## ") for block in piece.body.split("\n\n"))
        scores = scoring.score(piece.headline, text, "en")
        rows = {
            table: [dict(zip(SCORE_COLUMNS[table], row, strict=True)) for row in found_rows]
            for table, found_rows in score_rows(topic.topic, scores, {"headline": piece.headline, "body": text}).items()
        }
        for part, whole in (("headline", piece.headline), ("body", text)):
            for start, end in _spans(scores, part):
                number = found.add(whole[start:end], is_headline=part == "headline")
                for table in SPANS:
                    found.spans[table].extend(_within(rows[table], part, start, end, number))
    return found


def _spans(scores: ArticleScores, part: str) -> list[tuple[int, int]]:
    """Return the sentences of a part, whichever scorer read them."""
    return sorted({(one.start, one.end) for by in scores.sentiment for one in by.sentences if one.part.value == part})


def _within(rows: Sequence[Row], part: str, start: int, end: int, number: int) -> Iterator[Row]:
    for row in rows:
        first, last = int(str(row["start_offset"])), int(str(row["end_offset"]))
        if row["part"] == part and first < end and last > start:
            kept = {name: value for name, value in row.items() if name not in KEYS}
            offsets = {"start_offset": max(first, start) - start, "end_offset": min(last, end) - start}
            yield kept | offsets | {"sentence": number}


class MadeUp:
    """Makes sentences of words that nobody has seen before, with voices and tones as in news."""

    def __init__(self, known: Sentences, scoring: Scoring, camps: Sequence[str], rng: np.random.Generator) -> None:
        self.rng, self.camps = rng, [*camps, "unknown"]
        seen = {word.strip(".,;:“”’?!—()").lower() for text in known.texts for word in text.split()} - {""}
        made = ("".join(parts) for n in (2, 3, 4, 5) for parts in product(SYLLABLES, repeat=n))
        words = np.array([*sorted(seen), *(next(made) for _ in range(N_WORDS - len(seen)))], dtype=object)
        lengths = np.array([len(word) for word in words])
        self.words = words[np.argsort(lengths + rng.normal(0, 3, len(words)))]  # frequent words are short ones
        weights = 1 / (np.arange(N_WORDS) + 1 + ZIPF_SHIFT) ** ZIPF
        self.reach = np.cumsum(weights / weights.sum())
        self.versions = {info.scorer: info.version for info in scoring.scorers}
        self.tones = [scorer for scorer in self.versions if scorer.startswith(("vader", "tone"))]

    def extend(self, sentences: Sentences, n: int) -> None:
        """Add ``n`` sentences of about twenty words."""
        sizes = np.clip(self.rng.normal(20, 7, n).astype(int), 4, 60)
        drawn = self.words[np.searchsorted(self.reach, self.rng.random(int(sizes.sum())))]
        voices = self.rng.choice(VOICES, n, p=VOICE_SHARES)
        ends = np.cumsum(sizes)
        for size, end, voice in zip(sizes, ends, voices, strict=True):
            words = " ".join(drawn[end - size : end]).capitalize()
            text = f"“{words},” she said." if voice == "quoted" else f"{words}."
            self._describe(sentences, sentences.add(text), text, str(voice), int(size))

    def _describe(self, sentences: Sentences, number: int, text: str, voice: str, n_words: int) -> None:
        camp = None if voice == "outlet" else self.camps[self.rng.integers(len(self.camps))]
        span: Row = {"sentence": number, "start_offset": 0, "end_offset": len(text), "voice": voice}
        sentences.spans["passages"].append(
            span
            | {"scorer": "voices", "scorer_version": self.versions["voices"], "n_words": n_words, "camp": camp}
            | {"cue": None if camp is None else "said", "speaker": None if camp is None else f"Speaker {number % 97}"}
        )
        sentences.spans["sentence_sentiment"] += [
            span | {"scorer": scorer, "scorer_version": self.versions[scorer], "value": value}
            for scorer, value in zip(self.tones, self.rng.normal(0, 0.15, len(self.tones)).tolist(), strict=True)
        ]
