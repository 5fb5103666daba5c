"""What a newly added outlet brought: its latest entries, and the first article read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.report.snapshot_report import SnapshotReport

LEAD_CHARS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """An entry as its feed lists it; times are UTC without a zone."""

    url: str
    title: str
    published_at: datetime | None
    article: str | None  # where its page has been read


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """The beginning of an article as it was read."""

    url: str
    title: str
    lead: str
    kind: str
    completeness: str
    word_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstLook:
    """An outlet at first sight."""

    n_entries: int
    entries: tuple[ListedEntry, ...]  # the newest
    article: ReadArticle | None


def first_look(report: SnapshotReport, outlet: str, n: int = 8) -> FirstLook:
    """Return an outlet's newest entries and the newest article that was read of it."""
    key: dict[str, object] = {"outlet": outlet, "n": n}
    entries = report.rows(
        "SELECT url, title, published_at, article, count(*) OVER () AS n_entries FROM entries WHERE outlet = $outlet "
        "ORDER BY coalesce(published_at, first_seen_at) DESC, entry LIMIT $n",
        key,
    )
    read = report.rows(
        "SELECT url, title, left(text, $lead) AS lead, kind, completeness, word_count FROM articles "
        "WHERE outlet = $outlet ORDER BY published_at DESC NULLS LAST, article LIMIT 1",
        {"outlet": outlet, "lead": LEAD_CHARS},
    )
    return FirstLook(
        n_entries=entries[0]["n_entries"] if entries else 0,
        entries=tuple(ListedEntry(**{k: v for k, v in row.items() if k != "n_entries"}) for row in entries),
        article=ReadArticle(**read[0]) if read else None,
    )
