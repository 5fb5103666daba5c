"""Choose the entries whose pages are worth fetching: those likely to be on a topic, or all."""

from __future__ import annotations

import hashlib
from collections import Counter

from pipelines.steps.keep import Wanted
from pipelines.steps.run import Run
from tracker import urls
from tracker.collect.search import publisher_link
from tracker.model import Entry, EntryStatus
from tracker.store.entries import EntryOutcome
from tracker.topic import compile_topic

UNLIKELY = "unlikely to be on a topic"
HIDDEN = "hidden: the aggregator's link does not tell the publisher's address"


def choose(
    run: Run,
    *,
    all_entries: bool,
    only: frozenset[str] = frozenset(),
    among: frozenset[str] | None = None,
    resting: frozenset[str] = frozenset(),
    per_host: int | None = None,
) -> list[Wanted]:
    """Return what is to be fetched, in an order that no run's timing changes.

    ``only`` limits it to outlets, ``among`` to entries; ``resting`` entries are left for later, and so is what
    is beyond ``per_host`` pages of one host. What is unlikely is recorded as skipped, and considered again
    when a topic changes; so is what an aggregator's link hides, since its page is no article.
    """
    topics = [compile_topic(topic) for topic in run.home.topics]
    digest = hashlib.sha256("".join(sorted(topic.hash for topic in run.home.topics)).encode()).hexdigest()
    has_changed = run.store.db.state("topics") != digest
    wanted: list[Wanted] = []
    skipped: list[EntryOutcome] = []
    by_host: Counter[str] = Counter()
    candidates = run.store.entries.to_choose_from(reconsider_skipped=all_entries or has_changed)
    for entry, n_attempts, is_found in candidates:
        is_meant = (not only or entry.outlet in only) and (among is None or entry.entry in among)
        if not is_meant or entry.entry in resting:
            continue
        link = publisher_link(entry.url)
        is_likely = is_found or any(
            topic.is_likely(entry.title, entry.summary, entry.url, entry.content) for topic in topics
        )
        if link is None:
            skipped.append(_skipped(entry, HIDDEN))
        elif not (all_entries or is_likely):
            skipped.append(_skipped(entry, UNLIKELY))
        elif per_host is None or by_host[urls.host(link)] < per_host:
            by_host[urls.host(link)] += 1
            wanted.append(Wanted(entry=entry, n_attempts=n_attempts))
    with run.store.transaction():
        run.store.entries.save_outcomes(skipped)
        if not only and among is None:
            run.store.db.set_state("topics", digest)
    run.count("n_hidden", n=sum(one.reason == HIDDEN for one in skipped))
    run.count("n_unlikely", n=sum(one.reason == UNLIKELY for one in skipped))
    for one in wanted:
        run.count("n_chosen", one.entry.outlet if one.entry else None)
    return wanted


def _skipped(entry: Entry, reason: str) -> EntryOutcome:
    return EntryOutcome(entry=entry.entry, status=EntryStatus.SKIPPED, reason=reason, is_attempt=False)
