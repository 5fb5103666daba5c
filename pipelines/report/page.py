"""Put the sections of a report into one HTML file that opens from disk, prints, and asks nobody for anything."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from pipelines.manifest import cite_as
from pipelines.report.coverage import further_reading, what_changed, who_covered_it
from pipelines.report.limits import how_sure, not_seen
from pipelines.report.parts import Section, Table, moment
from pipelines.report.tone import compared_groups, sensitivities, what_tone
from pipelines.report.wording import which_frames, which_names, whose_words
from tracker.errors import ConfigError, DataError
from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotInfo, SnapshotReport, TopicInfo
from tracker.store.pins import find_snapshot

TEMPLATE, STYLE = "report.html", "report.css"
SHORT = (
    "who",
    "frames",
    "tone",
    "words",
    "names",
    "changed",
    "unseen",
)  # the sections whose first sentences make the summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One topic's questions and answers."""

    topic: TopicInfo
    sections: tuple[Section, ...]
    reading: Table

    @property
    def short(self) -> tuple[str, ...]:
        """The answers in short."""
        return tuple(one.answer[0] for one in self.sections if one.id in SHORT)


def write_report(home: Path, output: Path, *, topic: str | None = None, snapshot: str | None = None) -> Path:
    """Write the report of a snapshot (the current one for None) on a topic, or on all that have articles.

    Raises ConfigError where there is no such topic, StoreError where there is no such snapshot, DataError
    where the file cannot be written.
    """
    held = find_snapshot(home, snapshot)
    with SnapshotReport(held.path) as report:
        chapters = [_chapter(report, one) for one in _topics(report, topic)]
        page = render(report.info(), chapters, cite_as(held))
    draft = output.with_name(f".{output.name}.part")
    try:
        draft.write_text(page, encoding="utf-8")
        draft.replace(output)
    except OSError as error:
        raise DataError(f"{output}: cannot be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return output


def _topics(report: SnapshotReport, named: str | None) -> Sequence[TopicInfo]:
    known = report.topics()
    if named is None:
        return [one for one in known if one.n_on_topic] or known[:1]
    found = [one for one in known if one.topic == named]
    if not found:
        raise ConfigError(f"--topic {named}: not in the snapshot: it has {', '.join(one.topic for one in known)}")
    return found


def _chapter(report: SnapshotReport, topic: TopicInfo) -> Chapter:
    view, own = Filters(topic=topic.topic), Filters(topic=topic.topic, with_wire=False)
    compared = compared_groups(report, view)
    tested = sensitivities(report, view, compared)
    sections = (
        who_covered_it(report, view),
        which_frames(report, own),
        what_tone(report, view, compared, tested),
        whose_words(report, own),
        which_names(report, own),
        what_changed(report, view),
        not_seen(report, view),
        how_sure(report, topic, tested),
    )
    return Chapter(topic=topic, sections=sections, reading=further_reading(report, view))


def render(info: SnapshotInfo, chapters: Sequence[Chapter], cited: str) -> str:
    """Return the page. Everything from outlets is escaped; charts are images, so that nothing in them runs."""
    environment = Environment(
        loader=PackageLoader("pipelines.report", "."), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {"data_uri": _data_uri, "kept": _kept}
    return environment.get_template(TEMPLATE).render(
        info=info,
        as_of=moment(info.as_of, info.timezone),
        chapters=chapters,
        cited=cited,
        style=(files("pipelines.report") / STYLE).read_text(encoding="utf-8"),
    )


def _kept(sentence: str) -> str:
    """Keep a figure and its sign for per cent on one line."""
    return sentence.replace(" %", "\N{NO-BREAK SPACE}%")


def _data_uri(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
