"""One run: its identity, its clock, and the counts that must reconcile at its end."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pipelines.home import Home
from pipelines.progress import Progress
from pipelines.stopping import Stop
from tracker.score.scoring import Scoring
from tracker.store.runs import Gap, RunCounts
from tracker.store.writer import Store

CODE_VERSION = version("coverage-tracker")


@dataclass(slots=True, kw_only=True)
class Run:
    """What the steps of one execution share. ``now`` is the clock's, or a replay's."""

    home: Home
    store: Store
    now: datetime
    is_replay: bool
    progress: Progress
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    counts: Counter[str] = field(default_factory=Counter)
    by_outlet: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    on_topic: dict[str, int] = field(default_factory=dict)  # articles by title of topic, at the end of the run
    gaps: set[tuple[str, str | None, str]] = field(default_factory=set)  # outlet, feed, reason
    stop: Stop = field(default_factory=Stop)
    snapshot: Path | None = None  # that it published at its end
    _scorings: tuple[Scoring, ...] = ()

    @property
    def scorings(self) -> tuple[Scoring, ...]:
        """The scorers of each topic, in the order of topics, set up once a run."""
        if not self._scorings:
            embeddings = self.home.settings.score.embeddings
            self._scorings = tuple(Scoring(topic, embeddings) for topic in self.home.topics)
        return self._scorings

    def clock(self) -> datetime:
        """Return the time that is written down: a replay's stands still."""
        return self.now if self.is_replay else datetime.now(UTC)

    def count(self, name: str, outlet: str | None = None, n: int = 1) -> None:
        """Count something for the run and, where given, for an outlet."""
        self.counts[name] += n
        if outlet is not None:
            self.by_outlet[outlet][name] += n

    def count_gap(self, gap: Gap) -> None:
        """Count a stretch that was not wholly collected, once however often it is noted."""
        key = gap.outlet, gap.feed, gap.reason
        if key not in self.gaps:
            self.gaps.add(key)
            self.count("n_gaps", gap.outlet)
            self.count(f"gap {gap.reason}")

    def totals(self) -> RunCounts:
        """Return the counts as they go into ``runs``."""
        return RunCounts(**{name: self.counts[name] for name in RunCounts.__dataclass_fields__})

    def reconciles(self) -> bool:
        """Whether every chosen entry ended stored, skipped, failed or pending."""
        ended = sum(self.counts[name] for name in ("n_stored", "n_skipped", "n_failed", "n_pending"))
        return ended == self.counts["n_chosen"]
