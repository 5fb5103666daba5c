"""Frames: which aspects of a story a text makes salient, with the words that show it.

A frame is data: a definition, seeds that point to it, expressions that do not count (``frame_packs.py``,
``packs/*.toml``, the topic file). A sentence *hits* a frame when the weights of the frame's seeds in it
(``frame_hits.py``) reach the frame's threshold. An article has a frame when its headline or lead hits it,
or at least two sentences and a tenth of them. The frame's score, 0..1, is the mean of the sentences that hit
it over the most that a sentence can have, headline and lead counting double (where news says what the story
is about; van Dijk 1988, News as Discourse).

Within each pack the frame with the highest score is primary, if it leads the second by a margin: else the
article is *mixed* and no frame of that pack is primary.

Where people have coded stories of the topic, a learned model (``frame_model.py``) decides instead which of
the frames it knows are present, of those whose seeds stand in the text, and which leads. The score stays.

A topic can ask for a second opinion (``frame_similarity``): the cosine of the sentences that hit a frame with
its definition, both as means of static word embeddings. It decides nothing; a low one says that a seed was
found in another sense.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tracker.errors import ConfigError
from tracker.model import (
    Document,
    Evidence,
    FrameDefinition,
    FrameScore,
    Part,
    Passage,
    ScorerInfo,
    Sentence,
)
from tracker.score.embeddings import Floats, load_embeddings
from tracker.score.frame_hits import FrameHits, frame_seeds
from tracker.score.frame_model import NONE, THRESHOLD, FrameModel, features_of
from tracker.score.frame_packs import FrameProblem, load_packs, pack_names, validate
from tracker.score.specificity import load_word_counts
from tracker.score.voices import VERSION as VOICES_VERSION
from tracker.score.voices import voice_at

__all__ = ["FrameProblem", "FrameScorer", "load_packs", "pack_names", "validate"]

VERSION = "1"

#: Headline and lead say what a story is about: they count as two sentences.
LEAD_FACTOR = 2.0
#: Outside headline and lead one stray word is no frame: so many sentences, and this part of all.
MIN_SENTENCES = 2
MIN_SENTENCE_SHARE = 0.1
#: One sentence full of one frame's words must not outvote the rest of the article.
MAX_SENTENCE_SCORE = 6.0
#: The first frame's lead over the second, as a part of the first, below which the article is mixed.
PRIMARY_MARGIN = 0.1
#: Scores are means of rough weights: more digits would be noise.
_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tally:
    """What has been found of all frames in one article; lists have one element for each frame."""

    totals: list[float]
    n_sentences: list[int]  # that hit the frame
    is_up_front: list[bool]
    hits: FrameHits
    sentences: list[Sentence]  # all that are scored
    weight: float  # of all sentences

    @property
    def frames(self) -> list[int]:
        return [frame for frame, n in enumerate(self.n_sentences) if n]


class FrameScorer:
    """Tags articles with frames. Compiled once per set of definitions."""

    def __init__(
        self, definitions: Iterable[FrameDefinition], model: FrameModel | None = None, *, compares: bool = False
    ) -> None:
        """Compile the definitions; ``model`` is what was learned for the topic.

        With ``compares`` each frame found carries how close its sentences are to its definition in meaning.

        Raises ConfigError for a seed that is not in the seed language, and for a model of other frames.
        """
        self.definitions = tuple(definitions)
        self._index = {definition.id: i for i, definition in reversed(list(enumerate(self.definitions)))}
        self._model = model
        self._meanings = _meanings(self.definitions) if compares else None
        self._learned = _learned_frames(model, self._index) if model else {}
        self._learned_packs = {self.definitions[frame].pack for frame in self._learned}
        self._seeds = frame_seeds(self.definitions)
        self.info = ScorerInfo(
            scorer="frames", version=f"{VERSION}.{VOICES_VERSION}", data_hash=self._hash(), languages=frozenset({"en"})
        )

    def score(self, document: Document, passages: Sequence[Passage]) -> tuple[FrameScore, ...]:
        """Return the frames present, highest score first, each with its evidence in text order.

        Scores compare within a pack. No ``is_primary`` in a pack that has frames means "mixed".
        """
        tally = self._tally(document)
        chances = self._chances(document, tally)
        present = [
            frame
            for frame in tally.frames
            if (chances[frame] >= THRESHOLD if frame in chances else _is_present(tally, frame))
        ]
        most = tally.weight * MAX_SENTENCE_SCORE
        scores = {frame: round(tally.totals[frame] / most, _DECIMALS) for frame in present}
        primary = self._primaries(scores, chances)
        places = _evidence(tally.hits, passages, _body_start(document))
        evidence = [places[hit] for hit in tally.hits.hits.tolist()]
        edges = np.searchsorted(tally.hits.hit_frames, range(len(self.definitions) + 1)).tolist()
        return tuple(
            FrameScore(
                frame=self.definitions[frame].id,
                pack=self.definitions[frame].pack,
                score=scores[frame],
                is_primary=frame in primary,
                similarity=self._similarity(frame, tally),
                evidence=tuple(evidence[edges[frame] : edges[frame + 1]]),
            )
            for frame in sorted(present, key=lambda f: (-scores[f], f))
        )

    def saliences(self, document: Document) -> dict[str, float]:
        """Return, for each frame's id, the mean score of the document's sentences: what a model learns from."""
        tally = self._tally(document)
        return {frame: tally.totals[i] / tally.weight if tally.weight else 0.0 for frame, i in self._index.items()}

    def _tally(self, document: Document) -> _Tally:
        sentences = [sentence for sentence in document.sentences if sentence.is_scored]
        shifts = {Part.HEADLINE: 0, Part.BODY: _body_start(document)}
        spans = [(s.start + shift, s.end + shift) for s in sentences for shift in (shifts[s.part],)]
        hits = self._seeds.find(f"{document.headline}\n{document.body}", spans)  # both in one pass
        is_up_front = np.array([sentence.is_lead or sentence.part is Part.HEADLINE for sentence in sentences], bool)
        factors = np.where(is_up_front, LEAD_FACTOR, 1.0)
        values = factors[hits.sentences] * np.minimum(hits.values, MAX_SENTENCE_SCORE)
        n = len(self.definitions)
        return _Tally(
            totals=np.bincount(hits.frames, values, n).tolist(),
            n_sentences=np.bincount(hits.frames, minlength=n).tolist(),
            is_up_front=np.bincount(hits.frames, is_up_front[hits.sentences], n).astype(bool).tolist(),
            hits=hits,
            sentences=sentences,
            weight=float(factors.sum()),
        )

    def _chances(self, document: Document, tally: _Tally) -> Mapping[int, float]:
        """Return the chance of each learned frame; nothing where none was learned or no seed stands in the text."""
        if self._model is None or not tally.frames:
            return {}
        saliences = [tally.totals[self._index[frame]] / tally.weight for frame in self._model.seed_frames]
        chances = self._model.probabilities(features_of([document], [saliences]))[0].tolist()
        return {frame: chances[column] for frame, column in self._learned.items()}

    def rank(self, sentence: str) -> tuple[tuple[str, float], ...]:
        """Return the ids of the frames that one sentence hits with their scores, highest first."""
        hits = self._seeds.find(sentence, [(0, len(sentence))])
        found = zip(hits.frames.tolist(), hits.values.tolist(), strict=True)
        ranked = sorted(found, key=lambda pair: (-pair[1], pair[0]))
        return tuple((self.definitions[frame].id, value) for frame, value in ranked)

    def classify(self, sentence: str) -> str | None:
        """Return the id of the one frame that a sentence is most in, or None where it is in none.

        On a tie the frame that is defined first wins; give the scorer one pack for a question about it.
        """
        ranked = self.rank(sentence)
        return ranked[0][0] if ranked else None

    def _similarity(self, frame: int, tally: _Tally) -> float | None:
        """Return the cosine of what hit a frame and its definition, where that is asked for."""
        if self._meanings is None:
            return None
        hit = tally.hits.sentences[tally.hits.frames == frame].tolist()
        meaning = load_embeddings().embed([" ".join(tally.sentences[number].text for number in hit)])[0]
        return round(float(meaning @ self._meanings[frame]), _DECIMALS)

    def _primaries(self, scores: Mapping[int, float], chances: Mapping[int, float]) -> set[int]:
        """Return, of each pack, the frame that leads by the margin: in chance where frames were learned."""
        packs: dict[str, list[tuple[float, int]]] = {}
        for frame, value in scores.items():
            pack = self.definitions[frame].pack
            if frame in chances or pack not in self._learned_packs:
                packs.setdefault(pack, []).append((chances.get(frame, value), frame))
        primary = set()
        for ranked in packs.values():
            ranked.sort(reverse=True)
            second = ranked[1][0] if len(ranked) > 1 else 0.0
            if ranked[0][0] > second and ranked[0][0] - second >= PRIMARY_MARGIN * ranked[0][0]:
                primary.add(ranked[0][1])
        return primary

    def _hash(self) -> str:
        content = "\n".join(repr(definition) for definition in self.definitions)
        learned = f"\n{self._model.data_hash}" if self._model else ""
        compared = "" if self._meanings is None else "\ncompared with definitions"
        return hashlib.sha256(f"{content}\n{load_word_counts()!r}{learned}{compared}".encode()).hexdigest()


def _meanings(definitions: Sequence[FrameDefinition]) -> Floats:
    """Return the mean static embedding of each definition, of length 1: (frames × dimensions)."""
    return load_embeddings().embed([definition.definition for definition in definitions])


def _learned_frames(model: FrameModel, index: Mapping[str, int]) -> dict[int, int]:
    """Return the column of each learned frame. Raises ConfigError where the model knows other frames."""
    if unknown := {*model.seed_frames, *model.labels} - {*index, NONE}:
        names = ", ".join(sorted(unknown))
        raise ConfigError(f"learned frames: {names}: no such frames any more; run 'tracker frames train' again")
    return {index[label]: column for column, label in enumerate(model.labels) if label != NONE}


def _evidence(hits: FrameHits, passages: Sequence[Passage], body_start: int) -> list[Evidence]:
    """Return every place of a whole text's hits as a span of a part, with its voice. Most lie in one passage."""
    ordered = sorted(passages, key=lambda passage: (passage.part is Part.BODY, passage.start))
    shifts = [body_start if passage.part is Part.BODY else 0 for passage in ordered]
    begins = np.array([passage.start + shift for passage, shift in zip(ordered, shifts, strict=True)], np.intp)
    reach = np.array([passage.end + shift for passage, shift in zip(ordered, shifts, strict=True)] + [-1], np.intp)
    found = np.searchsorted(begins, hits.starts, side="right") - 1
    found[reach[found] < hits.ends] = -1
    voices = [passage.voice for passage in ordered]
    evidence = []
    for start, end, index in zip(hits.starts.tolist(), hits.ends.tolist(), found.tolist(), strict=True):
        part, shift = (Part.BODY, body_start) if start >= body_start else (Part.HEADLINE, 0)
        voice = voices[index] if index >= 0 else voice_at(ordered, part, start - shift, end - shift)
        evidence.append(Evidence(part, start - shift, end - shift, voice))
    return evidence


def _body_start(document: Document) -> int:
    return len(document.headline) + 1


def _is_present(tally: _Tally, frame: int) -> bool:
    n_hits = tally.n_sentences[frame]
    return tally.is_up_front[frame] or (n_hits >= MIN_SENTENCES and n_hits >= MIN_SENTENCE_SHARE * len(tally.sentences))
