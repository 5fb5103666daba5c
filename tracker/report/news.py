"""What is new on a topic since an earlier look: articles, changed headlines, corrections, and what failed meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.report.snapshot_report import SnapshotReport, TopicInfo

FIRST_LOOK = timedelta(days=1)  # how far back a digest reaches that has no predecessor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An on-topic article that was not there before. Times are UTC without a zone, as everywhere in a snapshot."""

    article: str
    outlet_name: str
    title: str
    url: str
    published_at: datetime | None
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprint:
    """One text that outlets took over from another, and those that ran it since."""

    copied_from: str
    title: str  # under which most of them ran it
    url: str
    outlet_names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedHeadline:
    """An on-topic article's headline before and after a revision."""

    article: str
    revision: int
    outlet_name: str
    url: str
    before: str
    after: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedArticle:
    """A correction or retraction, with its note where the page gives one."""

    outlet_name: str
    title: str
    url: str
    change_kind: str
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What happened on a topic after ``since``, up to the snapshot's time."""

    topic: TopicInfo
    articles: tuple[NewArticle, ...]  # outlets' own work, newest first
    reprints: tuple[Reprint, ...]  # most outlets first
    headlines: tuple[ChangedHeadline, ...]
    corrections: tuple[CorrectedArticle, ...]

    @property
    def n_articles(self) -> int:
        """New articles, reprints among them."""
        return len(self.articles) + sum(len(one.outlet_names) for one in self.reprints)

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not (self.n_articles or self.headlines or self.corrections)


def last_look(report: SnapshotReport) -> datetime:
    """Return the time up to which people have been told: of the last digest, else of the nightly run before this."""
    found = report.rows(
        """
        SELECT coalesce(
            (SELECT max(n.as_of_at) FROM notices n WHERE n.kind = 'digest' AND n.outcome = 'sent'),
            (SELECT max(r.as_of_at) FROM runs r WHERE r.command = 'nightly' AND r.as_of_at < i.as_of_at)
        ) AS told_at, i.as_of_at
        FROM snapshot_info i
        """
    )[0]
    told_at: datetime = found["told_at"] or found["as_of_at"] - FIRST_LOOK
    return told_at


def news(report: SnapshotReport, topic: TopicInfo, since: datetime) -> News:
    """Return what is new on a topic after ``since`` (UTC, without a zone)."""
    asked = {"topic": topic.topic, "since": since}
    articles = report.rows(
        """
        SELECT a.article, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.title, a.url, a.published_at, a.kind
        FROM coverage a WHERE a.topic = $topic AND a.first_seen_at > $since AND NOT a.is_wire_copy
        ORDER BY coalesce(a.published_at, a.first_seen_at) DESC, a.article
        """,
        asked,
    )
    reprints = report.rows(
        """
        SELECT coalesce(any_value(a.wire_agency), any_value(o.name), 'another outlet') AS copied_from,
            mode(a.title ORDER BY a.title) AS title, min(a.url) AS url,
            list(coalesce(a.outlet_name, a.outlet) ORDER BY a.outlet_name, a.article) AS outlet_names
        FROM coverage a
        LEFT JOIN wire_clusters w ON w.wire_cluster = a.wire_cluster
        LEFT JOIN outlets o ON o.outlet = w.original_outlet
        WHERE a.topic = $topic AND a.first_seen_at > $since AND a.is_wire_copy
        GROUP BY coalesce(a.wire_cluster, a.article) ORDER BY len(outlet_names) DESC, title
        """,
        asked,
    )
    corrected = report.rows(
        """
        SELECT coalesce(a.outlet_name, a.outlet) AS outlet_name, c.title, a.url, c.change_kind, c.change_note AS note
        FROM corrections c JOIN articles a USING (article)
        WHERE c.topic = $topic AND c.seen_at > $since ORDER BY c.seen_at DESC, c.article
        """,
        asked,
    )
    return News(
        topic=topic,
        articles=tuple(NewArticle(**row) for row in articles),
        reprints=tuple(Reprint(**row | {"outlet_names": tuple(row["outlet_names"])}) for row in reprints),
        headlines=changed_headlines(report, topic.topic, since),
        corrections=tuple(CorrectedArticle(**row) for row in corrected),
    )


def changed_headlines(report: SnapshotReport, topic: str, since: datetime) -> tuple[ChangedHeadline, ...]:
    """Return the headlines on a topic that changed after ``since``, the latest change first."""
    rows = report.rows(
        """
        SELECT h.article, h.revision, coalesce(a.outlet_name, a.outlet) AS outlet_name, a.url,
            h.title_before AS before, h.title_after AS after, h.seen_at
        FROM headline_changes h JOIN articles a USING (article)
        WHERE h.topic = $topic AND h.seen_at > $since ORDER BY h.seen_at DESC, h.article, h.revision
        """,
        {"topic": topic, "since": since},
    )
    return tuple(ChangedHeadline(**row) for row in rows)


def unwell_feeds(report: SnapshotReport) -> tuple[str, ...]:
    """Return the names of outlets with a feed that did not answer well when it was last asked."""
    rows = report.rows(
        """
        SELECT DISTINCT coalesce(o.name, f.outlet) AS name FROM feeds f LEFT JOIN outlets o USING (outlet)
        WHERE f.is_active AND f.n_failures > 0 ORDER BY name
        """
    )
    return tuple(row["name"] for row in rows)
