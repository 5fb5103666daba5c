"""What is on a topic as an RSS feed, for readers of feeds: headlines and links, no text."""

from __future__ import annotations

import re
from datetime import UTC
from pathlib import Path

import feedgenerator
import pandas as pd

from tracker.errors import ConfigError, DataError
from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path
from tracker.urls import is_http

MOST = 200  # items, the newest
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # what XML 1.0 cannot say at all


def write_rss(home: Path, output: Path, *, topic: str | None = None, link: str | None = None) -> int:
    """Write the newest articles on a topic (the first by title for None) and return how many; no wire copies.

    ``link`` is where the feed, or a page about it, will stand. Raises ConfigError where there is no such topic,
    StoreError where there is no snapshot, DataError where the file cannot be written.
    """
    with SnapshotReport(snapshot_path(home)) as report:
        known = {one.topic: one for one in report.topics()}
        if not known or (topic is not None and topic not in known):
            raise ConfigError(f"--topic {topic}: not in the snapshot: it has {', '.join(known) or 'none'}")
        wanted = known[topic] if topic else next(iter(known.values()))
        rows = report.articles(Filters(topic=wanted.topic, with_wire=False)).head(MOST).to_dict("records")
    feed = feedgenerator.Rss201rev2Feed(
        title=_plain(wanted.title),
        link=link or f"urn:coverage-tracker:{wanted.topic}",
        description=_plain(wanted.title),
    )
    for row in rows:
        stamp = row["first_seen_at"] if pd.isna(row["published_at"]) else row["published_at"]
        feed.add_item(
            title=_plain(row["title"]) or "(no headline)",
            link=row["url"] if is_http(row["url"]) else "",
            description=_plain(f"{row['outlet_name']} · {row['kind'].replace('_', ' ')}"),
            author_name=_plain(row["outlet_name"]),
            unique_id=row["article"],
            unique_id_is_permalink=False,
            pubdate=stamp.to_pydatetime().replace(tzinfo=UTC),
        )
    try:
        output.write_text(feed.writeString("utf-8"), encoding="utf-8")
    except OSError as error:
        raise DataError(f"{output}: cannot be written: {error}") from error
    return len(rows)


def _plain(text: str) -> str:
    return " ".join(_NO_XML.sub("", text).split())
