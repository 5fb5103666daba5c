"""Frames: which aspects of a story a text makes salient, with the words that show it.

A frame is data: a definition, seeds that point to it, expressions that do not count (``frame_packs.py``,
``packs/*.toml``, the topic file). A sentence's score for a frame is the sum of the weights of the frame's
distinct seeds in it; a weight is an inverse document frequency (``specificity.py``). A sentence *hits* a
frame when that reaches the frame's threshold. An article has a frame when its headline or lead hits it,
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
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

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
from tracker.score.frame_model import NONE, THRESHOLD, FrameModel, features_of
from tracker.score.frame_packs import FrameProblem, load_packs, pack_names, validate
from tracker.score.seeds import Hit, SeedAutomaton
from tracker.score.specificity import load_word_counts, seed_weight
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


class _Role(NamedTuple):
    """What a seed does: the weight that it adds, to which frames, and of which frames it covers hits."""

    weight: float
    frames: tuple[int, ...]
    excludes: tuple[int, ...]


@dataclass(slots=True)
class _Tally:
    """What has been found of one frame in one article."""

    total: float = 0.0
    is_up_front: bool = False
    hits: list[Hit] = field(default_factory=list)  # in the whole text: headline, line break, body
    sentences: list[Sentence] = field(default_factory=list)


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
        self._thresholds = [definition.threshold for definition in self.definitions]
        self._index = {definition.id: i for i, definition in reversed(list(enumerate(self.definitions)))}
        self._model = model
        self._meanings = _meanings(self.definitions) if compares else None
        self._learned = _learned_frames(model, self._index) if model else {}
        self._learned_packs = {self.definitions[frame].pack for frame in self._learned}
        frames: dict[str, list[int]] = {}
        excludes: dict[str, list[int]] = {}
        for number, definition in enumerate(self.definitions):
            for seed in dict.fromkeys(definition.seeds):
                frames.setdefault(seed, []).append(number)
            for seed in dict.fromkeys(definition.exclude):
                excludes.setdefault(seed, []).append(number)
        sources = tuple(dict.fromkeys((*frames, *excludes)))
        self._automaton = SeedAutomaton(sources)
        self._roles = tuple(
            _Role(seed_weight(seed), tuple(frames.get(source, ())), tuple(excludes.get(source, ())))
            for source, seed in zip(sources, self._automaton.seeds, strict=True)
        )
        self.info = ScorerInfo(scorer="frames", version=VERSION, data_hash=self._hash(), languages=frozenset({"en"}))

    def score(self, document: Document, passages: Sequence[Passage]) -> tuple[FrameScore, ...]:
        """Return the frames present, highest score first, each with its evidence in text order.

        Scores compare within a pack. No ``is_primary`` in a pack that has frames means "mixed".
        """
        tallies, total_weight = self._tally(document)
        n_sentences = sum(sentence.is_scored for sentence in document.sentences)
        chances = self._chances(document, tallies, total_weight)
        present = {
            frame: tally
            for frame, tally in tallies.items()
            if (chances[frame] >= THRESHOLD if frame in chances else _is_present(tally, n_sentences))
        }
        most = total_weight * MAX_SENTENCE_SCORE
        scores = {frame: round(tally.total / most, _DECIMALS) for frame, tally in present.items()}
        return self._report(present, scores, self._primaries(scores, chances), _Spans(passages, _body_start(document)))

    def saliences(self, document: Document) -> dict[str, float]:
        """Return, for each frame's id, the mean score of the document's sentences: what a model learns from."""
        tallies, total_weight = self._tally(document)
        return {frame: tallies[i].total / total_weight if i in tallies else 0.0 for frame, i in self._index.items()}

    def _tally(self, document: Document) -> tuple[dict[int, _Tally], float]:
        """Return what each frame's seeds count, and the weight of all sentences."""
        tallies: dict[int, _Tally] = {}
        sentences = [sentence for sentence in document.sentences if sentence.is_scored]
        shifts = {Part.HEADLINE: 0, Part.BODY: _body_start(document)}
        spans = [(s.start + shift, s.end + shift) for s in sentences for shift in (shifts[s.part],)]
        text = f"{document.headline}\n{document.body}"  # both in one pass
        for number, hits in self._automaton.find_within(text, spans).items():
            self._count(sentences[number], hits, tallies)
        return tallies, sum(LEAD_FACTOR if _is_up_front(sentence) else 1.0 for sentence in sentences)

    def _chances(self, document: Document, tallies: Mapping[int, _Tally], total_weight: float) -> Mapping[int, float]:
        """Return the chance of each learned frame; nothing where none was learned or no seed stands in the text."""
        if self._model is None or not tallies:
            return {}
        places = [self._index[frame] for frame in self._model.seed_frames]
        saliences = [tallies[i].total / total_weight if i in tallies else 0.0 for i in places]
        chances = self._model.probabilities(features_of([document], [saliences]))[0].tolist()
        return {frame: chances[column] for frame, column in self._learned.items()}

    def rank(self, sentence: str) -> tuple[tuple[str, float], ...]:
        """Return the ids of the frames that one sentence hits with their scores, highest first."""
        found = [(f, v) for f, v, _ in self._weigh_frames(self._automaton.find(sentence)) if v >= self._thresholds[f]]
        found.sort(key=lambda pair: (-pair[1], pair[0]))
        return tuple((self.definitions[frame].id, value) for frame, value in found)

    def classify(self, sentence: str) -> str | None:
        """Return the id of the one frame that a sentence is most in, or None where it is in none.

        On a tie the frame that is defined first wins; give the scorer one pack for a question about it.
        """
        ranked = self.rank(sentence)
        return ranked[0][0] if ranked else None

    def _count(self, sentence: Sentence, hits: Sequence[Hit], tallies: dict[int, _Tally]) -> None:
        """Add what one sentence says to the tallies."""
        is_up_front = _is_up_front(sentence)
        factor = LEAD_FACTOR if is_up_front else 1.0
        for frame, value, counted in self._weigh_frames(hits):
            if value >= self._thresholds[frame]:
                tally = tallies.get(frame)
                if tally is None:
                    tally = tallies[frame] = _Tally()
                tally.total += factor * (min(MAX_SENTENCE_SCORE, value))
                tally.is_up_front |= is_up_front
                tally.hits += counted
                tally.sentences.append(sentence)

    def _weigh_frames(self, hits: Sequence[Hit]) -> list[tuple[int, float, list[Hit]]]:
        """Return each frame with seeds in a sentence: its score there and the hits it rests on."""
        found: dict[int, list[tuple[Hit, float]]] = {}
        excluded: dict[int, list[Hit]] = {}
        for hit in hits:
            weight, frames, excludes = self._roles[hit[0]]
            for frame in frames:
                if frame in found:
                    found[frame].append((hit, weight))
                else:
                    found[frame] = [(hit, weight)]
            for frame in excludes:
                excluded.setdefault(frame, []).append(hit)
        if not excluded:
            return [
                (f, pairs[0][1], [pairs[0][0]]) if len(pairs) == 1 else (f, *_weigh(pairs, ()))
                for f, pairs in found.items()
            ]
        return [(f, *_weigh(pairs, excluded.get(f, ()))) for f, pairs in found.items()]

    def _report(
        self,
        present: Mapping[int, _Tally],
        scores: Mapping[int, float],
        primary: set[int],
        spans: _Spans,
    ) -> tuple[FrameScore, ...]:
        return tuple(
            FrameScore(
                frame=self.definitions[frame].id,
                pack=self.definitions[frame].pack,
                score=scores[frame],
                is_primary=frame in primary,
                similarity=self._similarity(frame, present[frame]),
                evidence=tuple([spans.evidence(hit) for hit in present[frame].hits]),
            )
            for frame in sorted(present, key=lambda f: (-scores[f], f))
        )

    def _similarity(self, frame: int, tally: _Tally) -> float | None:
        """Return the cosine of what hit a frame and its definition, where that is asked for."""
        if self._meanings is None:
            return None
        meaning = load_embeddings().embed([" ".join(sentence.text for sentence in tally.sentences)])[0]
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


class _Spans:
    """Hits of a whole text as evidence: in which part, where there, in whose voice.

    Most hits lie in one passage, found by bisection.
    """

    def __init__(self, passages: Sequence[Passage], body_start: int) -> None:
        self._passages = sorted(passages, key=lambda p: (p.part is Part.BODY, p.start))
        self._body_start = body_start
        shifts = [body_start if passage.part is Part.BODY else 0 for passage in self._passages]
        self._starts = [passage.start + shift for passage, shift in zip(self._passages, shifts, strict=True)]
        self._ends = [passage.end + shift for passage, shift in zip(self._passages, shifts, strict=True)]
        self._voices = [passage.voice for passage in self._passages]

    def evidence(self, hit: Hit) -> Evidence:
        _, start, end = hit
        index = bisect_right(self._starts, start) - 1
        voice = self._voices[index] if index >= 0 and self._ends[index] >= end else None
        part, shift = (Part.BODY, self._body_start) if start >= self._body_start else (Part.HEADLINE, 0)
        start, end = start - shift, end - shift
        return Evidence(part, start, end, voice or voice_at(self._passages, part, start, end))


def _body_start(document: Document) -> int:
    return len(document.headline) + 1


def _is_up_front(sentence: Sentence) -> bool:
    return sentence.is_lead or sentence.part is Part.HEADLINE


def _is_present(tally: _Tally, n_sentences: int) -> bool:
    n_hits = len(tally.sentences)
    return tally.is_up_front or (n_hits >= MIN_SENTENCES and n_hits >= MIN_SENTENCE_SHARE * n_sentences)


def _weigh(pairs: list[tuple[Hit, float]], excluded: Sequence[Hit]) -> tuple[float, list[Hit]]:
    """Return the sum over distinct seeds and the hits that count.

    A hit inside an exclusion does not count, nor one inside another hit of the frame: "court" within
    "supreme court" is one cue, not two. ``pairs`` are by start, longest first.
    """
    counted: list[Hit] = []
    weights: dict[int, float] = {}
    reach = -1
    for hit, weight in pairs:
        if hit.end > reach and not (excluded and _is_inside(hit, excluded)):
            reach = hit.end
            counted.append(hit)
            weights[hit.seed] = weight
    return sum(weights.values()), counted


def _is_inside(hit: Hit, others: Iterable[Hit]) -> bool:
    return any(other.start <= hit.start and hit.end <= other.end for other in others)
