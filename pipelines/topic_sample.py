"""How well a topic's query finds what it should: a sample of the archive to judge, and figures from judgements.

Articles fall into five groups by what the rules say. Judged alone, hits tell precision; recall needs the other
groups too, each weighted by its size, since what was missed is rare among many. Copies of one text count once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipelines.evaluate.rows import read_rows, text_of
from tracker.errors import DataError
from tracker.model import Match, Measure, Topic, stable_id
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.rows import aware
from tracker.topic import CompiledTopic, compile_topic

SAMPLE = 10  # of each group by default: half an hour's reading
LEAD_CHARS = 250  # stand for the summary that a feed would have given
TERMS = 6  # reasons shown of one article
BATCH = 500  # texts read from the snapshot at a time
N_DRAWS = 4_000  # from each share's posterior: two digits of a 95 % interval
SEED = 20_250_512
TAILS = (2.5, 97.5)  # percentiles
JEFFREYS = 0.5  # prior successes and failures (Brown, Cai and DasGupta 2001): fair where 0 of few were found


class Group(StrEnum):
    """What the rules make of an article, likeliest first."""

    HIT = "hit"
    UNSURE = "unsure"
    NEAR_MISS = "near miss"  # fulfils the query, but speaks of another case or lies outside the topic's dates
    CLOSE = "close"  # does not fulfil the query, but would have been fetched for the topic
    MISS = "miss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorted:
    """One article as the rules see it. ``copy_of`` names the text: its wire cluster, or the article alone."""

    article: str
    copy_of: str
    outlet: str
    date: str
    url: str
    title: str
    group: Group
    reasons: tuple[str, ...]


def sort_archive(report: SnapshotReport, topic: Topic) -> tuple[Sorted, ...]:
    """Judge every article of a snapshot by a topic's rules alone, whatever people decided."""
    compiled = compile_topic(topic)
    return tuple(_sorted(compiled, row) for row in _articles(report))


def sample(articles: Iterable[Sorted], n: int) -> list[Sorted]:
    """Return up to ``n`` texts of each group: the same ones in every run, whatever else is in the archive."""
    by_group: dict[Group, dict[str, Sorted]] = {group: {} for group in Group}
    for one in sorted(articles, key=lambda one: stable_id("sample", one.article)):
        by_group[one.group].setdefault(one.copy_of, one)
    return [one for texts in by_group.values() for one in list(texts.values())[:n]]


def read_labels(path: Path) -> dict[str, bool]:
    """Read JSON lines with ``article`` or ``url`` and ``is_on_topic``; a null or missing verdict is no judgement.

    Raises DataError where a line is something else.
    """
    labels: dict[str, bool] = {}
    for where, row in read_rows(path):
        verdict = row.get("is_on_topic")
        if verdict is None:
            continue
        if not isinstance(verdict, bool):
            raise DataError(f"{where}: 'is_on_topic' must be true, false or null, not {verdict!r}")
        labels[text_of(row, "article" if "article" in row else "url", where)] = verdict
    return labels


def measures(articles: Sequence[Sorted], labels: Mapping[str, bool]) -> tuple[Measure, ...]:
    """Return precision and recall of the rules on an archive, from those of its articles that were judged.

    ``labels`` are by article or address. Those judged in a group stand for the whole group, which is fair
    where they were sampled. Recall is null while a group that holds articles has none judged.
    """
    texts: dict[tuple[Group, str], bool | None] = {}
    for one in articles:
        verdict = labels.get(one.article, labels.get(one.url))
        if texts.get((one.group, one.copy_of)) is None:
            texts[one.group, one.copy_of] = verdict
    sizes, right, judged = (dict.fromkeys(Group, 0) for _ in range(3))
    for (group, _), verdict in texts.items():
        sizes[group] += 1
        judged[group] += verdict is not None
        right[group] += bool(verdict)
    return (_precision(right, judged), _recall(sizes, right, judged), *_shares(sizes, right, judged))


def as_line(one: Sorted) -> str:
    """Return a sampled article as a JSON line to be labelled: write true or false for ``is_on_topic``."""
    row = {"article": one.article, "is_on_topic": None, "group": one.group, "outlet": one.outlet, "date": one.date,
           "title": one.title, "url": one.url, "reasons": list(one.reasons)}  # fmt: skip
    return json.dumps(row, ensure_ascii=False)


# ---------------------------------------------------------------- sorting


def _articles(report: SnapshotReport) -> Iterator[dict[str, object]]:
    report.needs_text("a topic's matches")
    last = ""
    while rows := report.rows(
        "SELECT article, outlet, url, title, text, published_at, coalesce(wire_cluster, article) AS copy_of, "
        "coalesce(published_date, first_seen_date)::VARCHAR AS day FROM articles "
        "WHERE article > $last ORDER BY article LIMIT $n",
        {"last": last, "n": BATCH},
    ):
        yield from rows
        last = rows[-1]["article"]


def _sorted(topic: CompiledTopic, row: Mapping[str, object]) -> Sorted:
    title, text, url = str(row["title"]), str(row["text"]), str(row["url"])
    match = topic.match(title, text, url=url, published_at=aware(row["published_at"]))  # type: ignore[arg-type]
    group = _group(match)
    if group is Group.MISS and topic.is_likely(title, text[:LEAD_CHARS], url):
        group = Group.CLOSE
    return Sorted(
        article=str(row["article"]),
        copy_of=str(row["copy_of"]),
        outlet=str(row["outlet"]),
        date=str(row["day"]),
        url=url,
        title=title,
        group=group,
        reasons=tuple(dict.fromkeys(f"{reason.rule}: {reason.term}" for reason in match.reasons))[:TERMS],
    )


def _group(match: Match) -> Group:
    if match.is_on_topic:
        return Group.HIT
    if match.is_on_topic is None:
        return Group.UNSURE
    return Group.MISS if match.reasons[0].rule == "query: missing" else Group.NEAR_MISS


# ---------------------------------------------------------------- figures


def _precision(right: Mapping[Group, int], judged: Mapping[Group, int]) -> Measure:
    n = judged[Group.HIT]
    if not n:
        return Measure(metric="precision", value=None, n=0, note="no hit has been judged")
    low, high = _interval(_draws(right, judged)[Group.HIT])
    return Measure(
        metric="precision", value=right[Group.HIT] / n, n=n, low=low, high=high, note="of hits, those on topic"
    )


def _recall(sizes: Mapping[Group, int], right: Mapping[Group, int], judged: Mapping[Group, int]) -> Measure:
    n = sum(judged.values())
    missing = [group for group in Group if sizes[group] and not judged[group]]
    if missing:
        return Measure(metric="recall", value=None, n=n, note=f"none judged yet: {', '.join(missing)}")
    shares = {group: right[group] / judged[group] if judged[group] else 0.0 for group in Group}
    total = sum(sizes[group] * shares[group] for group in Group)
    draws = _draws(right, judged)
    drawn = sum(sizes[group] * draws[group] for group in Group)
    low, high = _interval(sizes[Group.HIT] * draws[Group.HIT] / drawn)
    return Measure(
        metric="recall",
        value=sizes[Group.HIT] * shares[Group.HIT] / total if total else None,
        n=n,
        low=low,
        high=high,
        note="of all on topic, those that are hits; groups weighted by their size",
    )


def _shares(sizes: Mapping[Group, int], right: Mapping[Group, int], judged: Mapping[Group, int]) -> Iterator[Measure]:
    draws = _draws(right, judged)
    for group in Group:
        n = judged[group]
        low, high = _interval(draws[group]) if n else (None, None)
        value = right[group] / n if n else None
        note = f"share on topic; {sizes[group]} texts in the archive"
        yield Measure(
            metric=f"on_topic_among_{group.replace(' ', '_')}", value=value, n=n, low=low, high=high, note=note
        )


def _draws(right: Mapping[Group, int], judged: Mapping[Group, int]) -> dict[Group, npt.NDArray[np.float64]]:
    """Draw each group's share on topic from its posterior under Jeffreys' prior."""
    generator = np.random.default_rng(SEED)
    return {
        group: generator.beta(right[group] + JEFFREYS, judged[group] - right[group] + JEFFREYS, N_DRAWS)
        for group in Group
    }


def _interval(values: npt.NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.percentile(values, TAILS)
    return float(low), float(high)
