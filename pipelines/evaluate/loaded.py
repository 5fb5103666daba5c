"""Do loaded terms tell outlets apart? Names for people without papers in stories of rated outlets.

Input: JSON lines with ``outlet``, ``lean`` (``left``, ``center`` or ``right``: of the outlet, not the story),
``title`` and ``text``. A story's figure is the share of restrictive names ("illegal …") among all its names
for people without papers; the measure is the AUC with which it separates stories of right-rated outlets from
those of left-rated ones (Hanley and McNeil 1982, doi:10.1148/radiology.143.1.7063747).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.evaluate.rows import read_rows, text_of
from tracker.config import bundled_topic
from tracker.errors import DataError
from tracker.model import LoadedTerm, Measure, Voice
from tracker.report.intervals import mean_estimate, share_estimate
from tracker.score.loaded import LoadedTermScorer
from tracker.score.text import make_document
from tracker.score.voices import find_passages

GROUP = "people_without_papers"
#: Names of the group that say how somebody came, not what somebody is: no choice between two labels.
NOT_LABELS = frozenset({"immigrant without legal status"})
#: Jeffreys prior of a share (Brown, Cai and DasGupta 2001): one use is weaker evidence than ten, and many
#: stories have one. Without it each of them ties at 0 or 1.
PRIOR = 0.5
#: The figure by outlet is printed from so many stories on.
MIN_STORIES = 5
OWN = frozenset({Voice.OUTLET})
ALL = frozenset(Voice)


@dataclass(frozen=True, slots=True)
class Story:
    """One story: whose it is, and the labels in it."""

    outlet: str
    lean: str
    terms: tuple[LoadedTerm, ...]

    def counts(self, voices: frozenset[Voice]) -> tuple[int, int]:
        """Return how many labels are restrictive, and how many there are, in these voices."""
        stances = [t.stance for t in self.terms if t.voice in voices and t.term not in NOT_LABELS]
        return stances.count("restrictive"), len(stances)

    def share(self, voices: frozenset[Voice], prior: float = PRIOR) -> float | None:
        """Return the share of restrictive labels, or None where there is no label."""
        n_restrictive, n = self.counts(voices)
        return (n_restrictive + prior) / (n + 2 * prior) if n else None


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return the AUC by voice, the plain share's too, and the mean share by lean and by outlet with intervals.

    Raises DataError for data of another form.
    """
    stories = tuple(read_stories(path))
    return (
        _auc("auc_outlet_voice", stories, OWN, PRIOR),
        _auc("auc_all_voices", stories, ALL, PRIOR),
        _auc("auc_outlet_voice_plain_share", stories, OWN, 0.0),
        *(_mean_share(f"share_{lean}", [s for s in stories if s.lean == lean]) for lean in _LEANS),
        *_by_outlet(stories),
    )


_LEANS = ("left", "center", "right")


def read_stories(path: Path) -> Iterable[Story]:
    """Yield the stories of a file with their labels. Raises DataError."""
    scorer = LoadedTermScorer(group for group in bundled_topic().loaded_groups if group.id == GROUP)
    for where, row in read_rows(path):
        lean = text_of(row, "lean", where)
        if lean not in _LEANS:
            raise DataError(f"{where}: 'lean' must be one of {', '.join(_LEANS)}, not {lean!r}")
        document = make_document(text_of(row, "title", where), text_of(row, "text", where), "en")
        yield Story(text_of(row, "outlet", where), lean, scorer.score(document, find_passages(document)))


def auc(low: Sequence[float], high: Sequence[float]) -> float | None:
    """Return the chance that one of ``high`` lies above one of ``low``, ties counting half."""
    if not low or not high:
        return None
    above = sum((h > other) + (h == other) / 2 for h in high for other in low)
    return above / (len(low) * len(high))


def _auc(metric: str, stories: Iterable[Story], voices: frozenset[Voice], prior: float) -> Measure:
    shares = [(story.lean, story.share(voices, prior)) for story in stories]
    left = [share for lean, share in shares if lean == "left" and share is not None]
    right = [share for lean, share in shares if lean == "right" and share is not None]
    note = f"{len(left)} stories by left-rated and {len(right)} by right-rated outlets"
    return Measure(metric=metric, value=auc(left, right), n=len(left) + len(right), note=note)


def _mean_share(metric: str, stories: Iterable[Story]) -> Measure:
    shares = [share for story in stories if (share := story.share(OWN, 0.0)) is not None]
    if len(shares) < MIN_STORIES:
        return Measure(metric=metric, value=None, n=len(shares))
    total, n = sum(shares), len(shares)
    is_flat = total in (0, n)  # no spread at all: Wilson's interval knows that never in 22 stories is not never
    one = share_estimate(round(total), n) if is_flat else mean_estimate(shares, [str(i) for i in range(n)])
    low, high = (None if end is None else min(max(end, 0.0), 1.0) for end in (one.low, one.high))
    return Measure(metric=metric, value=one.estimate, n=one.n, low=low, high=high)


def _by_outlet(stories: Iterable[Story]) -> Iterable[Measure]:
    by_outlet: dict[tuple[str, str], list[Story]] = {}
    for story in stories:
        if story.share(OWN) is not None:
            by_outlet.setdefault((story.outlet, story.lean), []).append(story)
    for (outlet, lean), own in sorted(by_outlet.items(), key=lambda item: -len(item[1])):
        if len(own) >= MIN_STORIES:
            measure = _mean_share(f"share {outlet}", own)
            yield replace(measure, note=lean)
