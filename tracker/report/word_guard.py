"""Whether a contrast of tone hangs on one word: each word of the lexicon is dropped in turn.

On immigration stories most of a left-right contrast under VADER was the one word "illegal", which names the
matter rather than judges it. So every contrast that is published is taken again without each word that a
lexicon scores: the sentences that hold it are scored anew with the word saying nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from tracker.report.samples import Sample
from tracker.report.snapshot_report import SnapshotReport
from tracker.score.neutral import NeutralTerms, load_neutral_terms, neutral_compounds
from tracker.score.pieces import read_words
from tracker.score.tone import load_tone
from tracker.score.vader import lexicon, read_all

DRIVEN = 0.5  # of a contrast: a word that takes more than half of it away drives it
MOST_READ = 400  # stories of a group: their mean shift is uncertain by a twentieth of what single stories differ by
AT_ONCE = 2_000  # sentences scored together: 4 MB of vectors
SHIFT_TOLERANCE = 1e-12  # below, two words move a contrast alike

Rescore = Callable[[Sequence[str], Sequence[str]], Sequence[float]]  # sentences, the word out of each → their values
Texts = Mapping[str, Sequence[str]]  # article → the sentences that its value is the mean of


@dataclass(frozen=True, slots=True, kw_only=True)
class WordGuard:
    """The word that a contrast hangs on most. ``word`` is None where no word of the lexicon occurs."""

    word: str | None
    estimate: float  # the contrast as it is
    without: float  # the contrast without the word
    n_words: int  # words dropped in turn

    @property
    def share_lost(self) -> float:
        """Share of the contrast that goes with the word: 1 all of it, more where its sign turns, below 0 it grows."""
        return 1 - self.without / self.estimate if self.estimate else 0.0

    @property
    def is_driver(self) -> bool:
        """Whether more than half of the contrast goes with the word."""
        return self.word is not None and self.share_lost > DRIVEN

    def sentence(self) -> str:
        """Return what the guard found."""
        without = f"{self.without:+.3f}".replace("-", "−")
        if self.word is None:
            return "No word of the lexicon occurs in these stories."
        if self.is_driver:
            return f"Driven by the word “{self.word}”: without it the difference is {without}."
        return f"No single word carries it: without “{self.word}”, which moves it most, it is {without}."


def plain_vader(texts: Sequence[str], words: Sequence[str]) -> list[float]:
    """Score each sentence with VADER as if the word beside it said nothing."""
    return _neutralised((), texts, words)


def neutral_vader(neutral_terms: Iterable[str]) -> Rescore:
    """Return VADER with the global and a topic's ``neutral_terms`` saying nothing, and one word more."""
    return partial(_neutralised, (*load_neutral_terms(), *neutral_terms))


def _neutralised(always: Sequence[str], texts: Sequence[str], words: Sequence[str]) -> list[float]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, word in enumerate(words):
        places[word].append(place)
    values = [0.0] * len(texts)
    for word, those in places.items():
        readings = read_all(read_words([texts[place] for place in those]))
        found = neutral_compounds(readings, NeutralTerms((*always, word) if word else tuple(always)))
        for place, value in zip(those, found, strict=True):
            values[place] = value
    return values


def learned_tone(texts: Sequence[str], words: Sequence[str]) -> list[float]:
    """Score each sentence with the learned model, the word beside it cut out."""
    patterns = {word: re.compile(rf"(?<!\w){re.escape(word)}(?!\w)\s?", re.IGNORECASE) for word in set(words) if word}
    cut = [patterns[word].sub("", text) if word else text for text, word in zip(texts, words, strict=True)]
    tones: list[float] = []
    for first in range(0, len(cut), AT_ONCE):
        tones += load_tone().predict(cut[first : first + AT_ONCE]).tolist()
    return tones


def word_shifts(texts: Texts, rescore: Rescore) -> dict[str, dict[str, float]]:
    """Return, for each lexicon word, by how much each article's mean moves when the word says nothing."""
    holders: dict[str, list[tuple[str, str]]] = defaultdict(list)  # word → (article, sentence)
    words = lexicon()
    every = list(dict.fromkeys(sentence for sentences in texts.values() for sentence in sentences))
    readings = read_all(read_words(every))
    held = {sentence: set(readings.said(row)) & words.keys() for row, sentence in enumerate(every)}
    for article, sentences in texts.items():
        for sentence in sentences:
            for word in held[sentence]:
                holders[word].append((article, sentence))
    # A sentence stands in many stories, and scoring one is quicker among thousands than alone.
    distinct = list(dict.fromkeys(sentence for found in holders.values() for _, sentence in found))
    pairs = list(dict.fromkeys((sentence, word) for word in sorted(holders) for _, sentence in holders[word]))
    before = dict(zip(distinct, rescore(distinct, [""] * len(distinct)), strict=True))
    after = dict(zip(pairs, rescore(*zip(*pairs, strict=True)), strict=True)) if pairs else {}
    shifts: dict[str, dict[str, float]] = {}
    for word, found in sorted(holders.items()):
        moved: dict[str, float] = defaultdict(float)
        for article, sentence in found:
            moved[article] += (after[sentence, word] - before[sentence]) / len(texts[article])
        shifts[word] = dict(moved)
    return shifts


def leave_one_word_out(
    rows: pd.DataFrame,
    shifts: Mapping[str, Mapping[str, float]],
    *,
    group_by: str,
    a: str,
    b: str,
    read: Collection[str] | None = None,
) -> WordGuard:
    """Return the word whose leaving takes most of the contrast between two groups of ``rows`` away.

    ``rows`` has article, value and the column ``group_by``; ``shifts`` are those of ``word_shifts``. Where only some
    stories were ``read``, their mean shift stands for their group's.
    """
    groups = {name: rows[rows[group_by] == name] for name in (a, b)}
    estimate = float(groups[a]["value"].mean() - groups[b]["value"].mean())
    weights: dict[str, float] = {}
    for name, sign in ((a, 1), (b, -1)):
        articles = [one for one in groups[name]["article"] if read is None or one in read]
        weights |= dict.fromkeys(articles, sign / max(len(articles), 1))
    without = {
        word: estimate + sum(weights.get(article, 0.0) * moved for article, moved in shift.items())
        for word, shift in shifts.items()
    }
    if not without:
        return WordGuard(word=None, estimate=estimate, without=estimate, n_words=0)
    sign = 1 if estimate >= 0 else -1
    word = min(without, key=lambda name: (round(sign * without[name] / SHIFT_TOLERANCE), name))
    return WordGuard(word=word, estimate=estimate, without=without[word], n_words=len(without))


def read_of(articles: Iterable[str]) -> list[str]:
    """Return the stories of a group that are read without a word: all, or ``MOST_READ`` drawn by their ids.

    Ids are hashes of addresses, so that their order is a random one, and the same for every snapshot.
    """
    return sorted(articles)[:MOST_READ]


def without_word(rows: pd.DataFrame, shift: Mapping[str, float]) -> pd.DataFrame:
    """Return the rows with the values that they have where one word says nothing."""
    return rows.assign(value=rows["value"] + rows["article"].map(shift).fillna(0.0))


_SENTENCES = """
WITH read AS MATERIALIZED (
    SELECT article, n_revisions AS revision, text_row FROM internal.newest WHERE article IN (SELECT unnest($articles))
), texts AS MATERIALIZED (  -- by row number: joined by article DuckDB reads every text of the snapshot
    SELECT t.article, t.revision, r.title, r.text FROM read t JOIN revisions r ON r.rowid = t.text_row
)
SELECT s.article,
    substring(CASE s.part WHEN 'headline' THEN t.title ELSE t.text END,
        s.start_offset + 1, s.end_offset - s.start_offset) AS sentence
FROM sentence_sentiment s
JOIN snapshot_scorers c ON c.scorer = s.scorer AND c.scorer_version = s.scorer_version AND c.scorer = $scorer
JOIN texts t ON t.article = s.article AND t.revision = s.revision
WHERE s.topic = $topic AND (s.part = 'headline') = ($part = 'headline')
    AND ($part IN ('headline', 'body') OR s.voice = split_part($part, '_', 1))
ORDER BY s.article, s.start_offset
"""


def sentences(report: SnapshotReport, sample: Sample, articles: Iterable[str]) -> dict[str, list[str]]:
    """Return the sentences behind the values that a sample has of these articles."""
    found = report.rows(
        _SENTENCES,
        {"topic": sample.topic, "scorer": sample.scorer, "part": sample.part, "articles": [*articles]},
    )
    texts: dict[str, list[str]] = defaultdict(list)
    for row in found:
        texts[row["article"]].append(row["sentence"])
    return texts


def rescore_of(scorer: str, neutral_terms: Iterable[str] = ()) -> Rescore | None:
    """Return how ``scorer`` scores without a word, or None for one that is not known."""
    known: dict[str, Rescore] = {
        "vader": plain_vader,
        "vader-neutral": neutral_vader(neutral_terms),
        "tone": learned_tone,
    }
    return known.get(scorer)
