"""Choose the entries whose pages are worth fetching: those likely to be on a topic, or all."""

from __future__ import annotations

import hashlib

from pipelines.steps.read import Wanted
from pipelines.steps.run import Run
from tracker.model import EntryStatus
from tracker.store.entries import EntryOutcome
from tracker.topic import compile_topic

UNLIKELY = "unlikely to be on a topic"


def choose(
    run: Run, *, all_entries: bool, only: frozenset[str] = frozenset(), among: frozenset[str] | None = None
) -> list[Wanted]:
    """Return what is to be fetched, in an order that no run's timing changes.

    ``only`` limits it to outlets, ``among`` to entries. What is unlikely is recorded as skipped, and
    considered again when a topic changes.
    """
    topics = [compile_topic(topic) for topic in run.home.topics]
    digest = hashlib.sha256("".join(sorted(topic.hash for topic in run.home.topics)).encode()).hexdigest()
    has_changed = run.store.db.state("topics") != digest
    wanted: list[Wanted] = []
    skipped: list[EntryOutcome] = []
    candidates = run.store.entries.to_choose_from(reconsider_skipped=all_entries or has_changed)
    for entry, n_attempts, is_found in candidates:
        if (only and entry.outlet not in only) or (among is not None and entry.entry not in among):
            continue
        is_likely = is_found or any(
            topic.is_likely(entry.title, entry.summary, entry.url) for topic in topics
        )
        if all_entries or is_likely:
            wanted.append(Wanted(entry=entry, n_attempts=n_attempts))
        else:
            skipped.append(
                EntryOutcome(entry=entry.entry, status=EntryStatus.SKIPPED, reason=UNLIKELY, is_attempt=False)
            )
    with run.store.transaction():
        run.store.entries.save_outcomes(skipped)
        if not only and among is None:
            run.store.db.set_state("topics", digest)
    run.count("n_unlikely", n=len(skipped))
    for one in wanted:
        run.count("n_chosen", one.entry.outlet if one.entry else None)
    return wanted
