"""The digest: what is new since people were last told, as plain text and as HTML that mail programs show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from pipelines.notices.alerts import delivered
from pipelines.notices.channels import Mail, Message
from pipelines.report.parts import enumerated, moment
from pipelines.steps.run import Run
from tracker.errors import DataError
from tracker.report.news import News, last_look, news, unwell_feeds
from tracker.report.phrases import listed
from tracker.report.snapshot_report import SnapshotInfo, SnapshotReport
from tracker.store.notices import Notice
from tracker.urls import is_http

MAX_ARTICLES = 60  # of a topic, written out; more are counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is new on every topic between two times (UTC, without a zone)."""

    info: SnapshotInfo
    since: datetime
    topics: tuple[News, ...]
    unwell: tuple[str, ...]  # outlets with a feed that did not answer well

    @property
    def subject(self) -> str:
        """The digest in one line."""
        if not (told := [one for one in self.topics if not one.is_empty]):
            return "Coverage: nothing new"
        parts = [f"{one.topic.title}: {_counted(one)}" for one in told]
        return f"Coverage: {'; '.join(parts)}"


def digest_of(report: SnapshotReport, since: datetime | None = None) -> Digest:
    """Return what a snapshot has that is newer than ``since`` (by default: than what people were told last)."""
    since = since or last_look(report)
    return Digest(
        info=report.info(),
        since=since,
        topics=tuple(news(report, topic, since) for topic in report.topics()),
        unwell=unwell_feeds(report),
    )


def message_of(digest: Digest) -> Message:
    """Return a digest as a message."""
    return Message(
        subject=digest.subject, text=_rendered("digest.txt", digest), html=_rendered("digest.html", digest), payload={}
    )


def write_html(message: Message, path: Path) -> None:
    """Write a digest's HTML. Raises DataError where the file cannot be written."""
    try:
        path.write_text(message.html or "", encoding="utf-8")
    except OSError as error:
        raise DataError(f"{path}: cannot be written: {error}") from error


async def send_digest(run: Run, snapshot: Path) -> None:
    """Mail the digest of a nightly run to those in ``[digest] email``; record whether it was taken."""
    settings = run.home.settings
    if not settings.digest.email:
        return
    with SnapshotReport(snapshot) as report:
        message = message_of(digest_of(report))
    way = Mail(settings.mail, settings.digest.email)
    failure = await delivered(run, way, message)
    notice = Notice(
        notice=f"digest:{run.id}",
        kind="digest",
        channel=way.name,
        as_of=run.now,
        text=message.subject,
        detail=failure,
    )
    run.store.notices.save([notice])


def _counted(one: News) -> str:
    counts = (
        (one.n_articles, "new article"),
        (len(one.headlines), "changed headline"),
        (len(one.corrections), "correction"),
    )
    return ", ".join(listed(n, what) for n, what in counts if n) or "nothing new"


def _rendered(name: str, digest: Digest) -> str:
    environment = Environment(
        loader=PackageLoader("pipelines.notices", "."),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "moment": partial(moment, zone=digest.info.timezone),
        "counted": _counted,
        "enumerated": enumerated,
        "one_line": _one_line,
        "is_http": is_http,  # a text of one's own can come with any address
    }
    return environment.get_template(name).render(digest=digest, most=MAX_ARTICLES)


def _one_line(text: str) -> str:
    return " ".join(text.split())
