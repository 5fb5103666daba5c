"""How a snapshot's figures were come by, as the paragraphs that a publication prints beside them."""

from __future__ import annotations

from tracker.report.contrasts import FALSE_DISCOVERIES
from tracker.report.filters import Filters
from tracker.report.health import scorers, unscored
from tracker.report.intervals import MAX_RESAMPLED, MIN_BOOTSTRAP, MIN_COMPARISON, MIN_INTERVAL, MIN_SAMPLE, RESAMPLES
from tracker.report.overview import collection_health, summary
from tracker.report.phrases import day_of, listed
from tracker.report.snapshot_report import SnapshotReport, TopicInfo


def methods_paragraphs(report: SnapshotReport, topic: TopicInfo) -> tuple[str, ...]:
    """Return what was collected, how it was scored and how figures are given, each a paragraph of plain text."""
    return (_collected(report, topic), _scored(report, topic), _figures())


def _collected(report: SnapshotReport, topic: TopicInfo) -> str:
    info = report.info()
    seen, health = summary(report, Filters(topic=topic.topic)), collection_health(report, topic.topic)
    (counts,) = report.rows("SELECT count(DISTINCT outlet) AS n FROM feeds WHERE is_active")
    (match,) = report.rows(
        "SELECT any_value(topic_hash) AS hash, count(*) FILTER (decided_by <> 'rules') AS n_people "
        "FROM matches WHERE topic = $topic",
        {"topic": topic.topic},
    )
    people = f" People decided on {listed(match['n_people'], 'article')}." if match["n_people"] else ""
    days = f"{day_of(seen.first_date)} to {day_of(seen.last_date)}" if seen.first_date and seen.last_date else "no day"
    return (
        f"As of {info.as_of:%Y-%m-%d %H:%M} UTC the tracker (version {info.code_version}) followed "
        f"{listed(health.n_feeds, 'feed')} of {listed(counts['n'], 'outlet')} and had recorded "
        f"{listed(info.n_entries, 'listed item')} and read {listed(info.n_articles, 'article')}; days are those of "
        f"{info.timezone}. On the topic “{topic.title}” (rules {str(match['hash'] or '')[:12]}) are "
        f"{listed(seen.n_articles, 'article')} of {listed(seen.n_outlets, 'outlet')} ({days}).{people} "
        f"Copies of another organisation's text: {seen.n_wire}. Texts that did not come whole and stay out of "
        f"figures on bodies: {seen.n_withheld}. Known gaps in which absence says nothing: {health.n_gaps}."
    )


def _scored(report: SnapshotReport, topic: TopicInfo) -> str:
    rows = scorers(report).drop_duplicates(["scorer", "scorer_version"])
    named = ", ".join(
        f"{scorer} {version}{' (default)' if is_default else ''}"
        for scorer, version, is_default in zip(rows["scorer"], rows["scorer_version"], rows["is_default"], strict=True)
    )
    found = unscored(report, topic.topic)
    left = ", ".join(
        f"{listed(int(n), 'article')} ({reason})"
        for reason, n in zip(found["reason"], found["n_articles"], strict=True)
    )
    return (
        f"Scorers and versions: {named}. Tone is the mean valence of an article's sentences, −1 to 1; it says how "
        f"pleasant the wording is, not where an outlet stands. Left unscored: {left or 'nothing'}."
    )


def _figures() -> str:
    return (
        "The unit is the article; in comparisons copies of one text count once, for the agency that wrote it. Below "
        f"{MIN_SAMPLE} articles no figure is given, below {MIN_INTERVAL} it is provisional. Intervals are at 95 %: "
        f"Student's t or Welch's below {MIN_BOOTSTRAP} articles, above an expanded percentile bootstrap of "
        f"{RESAMPLES:,} resamples of whole events or wire clusters (of a mean beyond "
        f"{MAX_RESAMPLED} clusters Student's t on their linearised variance). Comparative words ask for "
        f"{MIN_COMPARISON} articles a side or pairs within the same events; comparisons made together hold a false "
        f"discovery rate of {100 * FALSE_DISCOVERIES:.0f} % (Benjamini–Hochberg). Every contrast of tone that is told "
        "from chance is taken again without each word of the lexicon, and marked where one word carries more than half "
        "of it."
    )
