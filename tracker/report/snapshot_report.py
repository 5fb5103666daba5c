"""Typed questions to one snapshot: what dashboard, command line and notebooks share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pandas as pd
import pyarrow as pa

from tracker.errors import StoreError, TextsLeftOutError
from tracker.report.filters import TONES, Filters, Narrow
from tracker.report.intervals import Estimate, mean_estimates, shrink
from tracker.store.snapshot import MEMORY_LIMIT, open_snapshot

OWN, UNKNOWN = "", "unknown"  # the outlet's own words; those of a speaker on no side
FRAME_PACK = "policy"  # the pack whose frames compare across topics
# Where the versions of a few articles stand; a format with the table that names them. Texts are joined to it by row
# number, so that DuckDB reads those alone: joined by article it reads every text of the snapshot first.
FEW_TEXTS = """
texts AS MATERIALIZED (
    SELECT rowid AS at, article, revision FROM revisions WHERE article IN (SELECT article FROM {few})
)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """Where a snapshot comes from, and what it holds."""

    as_of: datetime
    timezone: str
    code_version: str
    rows_hash: str
    is_invented: bool
    has_text: bool
    n_entries: int
    n_articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicInfo:
    """A topic, and how much of what was read is on it."""

    topic: str
    title: str
    n_on_topic: int
    n_unsure: int
    first_date: date | None
    last_date: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletRow:
    """One outlet's coverage under a view. Estimates are withheld below the minimum sample."""

    outlet: str
    name: str
    kind: str
    lean: str | None
    n_articles: int
    n_own: int
    n_wire: int
    n_entries: int  # everything its own feeds listed in the days of the view
    attention: float | None  # on-topic entries among them, 0..1
    headline_tone: Estimate
    outlet_tone: Estimate  # the outlet's own voice in the body
    quoted_tone: Estimate
    frames: tuple[tuple[str, int], ...]  # (frame, articles in which it is primary), most first
    topic_frames: tuple[tuple[str, int], ...] = ()  # the same of the topic's own frames
    quoted_share: float | None  # of body words, 0..1
    top_camp: str | None  # camp with most words but the outlet's own
    first_at: datetime | None
    lag_hours: float | None


class SnapshotReport:
    """One open snapshot. Use as a context manager, or close it."""

    def __init__(self, path: Path, memory_limit: str = MEMORY_LIMIT) -> None:
        self.path = path
        self._connection = open_snapshot(path, memory_limit)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def frame(self, query: str, parameters: dict[str, object] | None = None) -> pd.DataFrame:
        """Return a query's rows; a cursor of its own makes concurrent calls safe.

        Raises StoreError where the snapshot is damaged or of another version.
        """
        with self._asked() as cursor:
            return cursor.execute(query, parameters or {}).fetchdf()

    def rows(
        self,
        query: str,
        parameters: Mapping[str, object] | None = None,
        tables: Mapping[str, pa.Table] | None = None,
    ) -> list[dict[str, Any]]:
        """Return a query's rows as dictionaries, for values that go into typed results; ``tables`` stand beside."""
        with self._asked() as cursor:
            for name, table in (tables or {}).items():
                cursor.register(name, table)
            cursor.execute(query, parameters or {})
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def _asked(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with self._connection.cursor() as cursor:
                yield cursor
        except duckdb.Error as error:
            raise StoreError(
                f"{self.path}: this version cannot read it ({error}); publish it anew with 'tracker rescore'"
            ) from error

    # ------------------------------------------------------------ the snapshot

    def info(self) -> SnapshotInfo:
        """Return the snapshot's provenance."""
        row = self.rows(
            "SELECT *, (SELECT count(*) FROM entries) AS n_entries, "
            "(SELECT count(*) FROM internal.articles) AS n_articles "
            "FROM snapshot_info"
        )[0]
        return SnapshotInfo(
            as_of=row["as_of_at"],
            timezone=row["timezone"],
            code_version=row["code_version"],
            rows_hash=row["rows_hash"],
            is_invented=row["is_invented"],
            has_text=row.get("has_text", True),
            n_entries=row["n_entries"],
            n_articles=row["n_articles"],
        )

    def has_text(self) -> bool:
        """Return whether the snapshot holds the texts; one of before there was a choice does."""
        return bool(self.rows("FROM snapshot_info")[0].get("has_text", True))

    def needs_text(self, what: str) -> None:
        """Raise TextsLeftOutError, with what was asked for, where the snapshot leaves the texts out."""
        if not self.has_text():
            raise TextsLeftOutError(
                f"{what}: the texts are left out of this snapshot: set [publish] text = true in tracker.toml and "
                "publish anew with 'tracker rescore'"
            )

    def topics(self) -> tuple[TopicInfo, ...]:
        """Return the topics by title."""
        rows = self.rows(
            """
            SELECT t.topic, t.title,
                count(a.article) AS n_on,
                (SELECT count(*) FROM matches m WHERE m.topic = t.topic AND m.is_on_topic IS NULL) AS n_unsure,
                min(coalesce(a.published_date, a.first_seen_date)) AS first_date,
                max(coalesce(a.published_date, a.first_seen_date)) AS last_date
            FROM topics t LEFT JOIN internal.shown a USING (topic)
            GROUP BY ALL ORDER BY t.title
            """
        )
        return tuple(
            TopicInfo(
                topic=row["topic"],
                title=row["title"],
                n_on_topic=row["n_on"],
                n_unsure=row["n_unsure"],
                first_date=row["first_date"],
                last_date=row["last_date"],
            )
            for row in rows
        )

    # ------------------------------------------------------------ coverage

    def coverage_by_day(self, filters: Filters) -> pd.DataFrame:
        """Return date, outlet, outlet_name, outlet_kind, n_articles, n_own, n_wire: a row a day and outlet."""
        return self.frame(
            f"""
            SELECT coalesce(a.published_date, a.first_seen_date) AS date, a.outlet, a.outlet_name, a.outlet_kind,
                count(*) AS n_articles, count(*) FILTER (NOT a.is_wire_copy) AS n_own,
                count(*) FILTER (a.is_wire_copy) AS n_wire
            FROM internal.shown a WHERE {filters.condition()} GROUP BY ALL ORDER BY date, a.outlet
            """,  # noqa: S608 - the condition is a constant with parameters
            {**filters.parameters},
        )

    def docket(self, topic: str) -> pd.DataFrame:
        """Return date, title, court, is_this_case, note: the topic's dated events."""
        return self.frame("SELECT * EXCLUDE (topic) FROM docket WHERE topic = $topic ORDER BY date", {"topic": topic})

    def gaps(self, since: date | None = None, until: date | None = None) -> pd.DataFrame:
        """Return outlet, outlet_name, from_date, until_date, reason, detail: when collection was not whole."""
        return self.frame(
            """
            SELECT g.outlet, coalesce(o.name, g.outlet) AS outlet_name, report_day(g.from_at) AS from_date,
                report_day(g.until_at) AS until_date, g.from_at, g.until_at, g.reason, g.detail
            FROM gaps g LEFT JOIN outlets o USING (outlet)
            WHERE ($since IS NULL OR report_day(g.until_at) >= $since)
                AND ($until IS NULL OR report_day(g.from_at) <= $until)
            ORDER BY g.from_at, g.outlet
            """,
            {"since": since, "until": until},
        )

    def attention(self, filters: Filters) -> pd.DataFrame:
        """Return date, outlet, outlet_name, n_matching, n_entries, share, is_gap: a row a day and outlet."""
        return self.frame(
            """
            SELECT v.date, v.outlet, coalesce(o.name, v.outlet) AS outlet_name, v.n_matching, v.n_entries,
                v.share, v.is_gap
            FROM attention v LEFT JOIN outlets o USING (outlet)
            WHERE v.topic = $topic AND ($since IS NULL OR v.date >= $since) AND ($until IS NULL OR v.date <= $until)
                AND (len($outlets) = 0 OR list_contains($outlets, v.outlet))
            ORDER BY v.date, v.outlet
            """,
            {"topic": filters.topic, "since": filters.since, "until": filters.until, "outlets": list(filters.outlets)},
        )

    def n_articles(self, filters: Filters, narrow: Narrow) -> int:
        """Return how many articles a view holds, or one of its figures counts."""
        return int(
            self.rows(
                f"SELECT count(*) AS n FROM internal.shown a WHERE {filters.condition()} AND {narrow.condition()}",  # noqa: S608
                {**filters.parameters, **narrow.parameters},
            )[0]["n"]
        )

    def articles(self, filters: Filters, narrow: Narrow | None = None, most: int | None = None) -> pd.DataFrame:
        """Return the articles of a view, or those behind one of its figures, newest first, without their texts.

        With ``most`` only the newest ones.
        """
        narrow = narrow or Narrow()
        return self.frame(
            f"""
            SELECT a.article, a.outlet, a.outlet_name, a.title, a.url, a.published_at, a.published_date,
                a.first_seen_at, a.kind, a.completeness, a.centrality, a.is_wire_copy, a.wire_agency,
                a.copied_from, a.wire_cluster, a.n_revisions, a.word_count, a.language,
                a.headline_tone, a.outlet_tone
            FROM internal.shown a WHERE {filters.condition()} AND {narrow.condition()}
            ORDER BY a.published_at DESC NULLS LAST, a.article LIMIT $most
            """,  # noqa: S608 - the conditions are constants with parameters
            {**filters.parameters, **narrow.parameters, "most": most},
        )

    def frames(self, filters: Filters) -> pd.DataFrame:
        """Return outlet, outlet_name, pack, frame, n_with, n_primary, n_articles: how often each frame is present."""
        return self.frame(
            f"""
            WITH seen AS (
                SELECT a.place, a.outlet, a.outlet_name FROM internal.shown a
                WHERE {filters.condition()} AND a.is_scored
            ), totals AS (SELECT outlet, count(*) AS n_articles FROM seen GROUP BY ALL)
            SELECT s.outlet, s.outlet_name, f.pack, f.frame, count(*) AS n_with,
                count(*) FILTER (f.is_primary) AS n_primary, t.n_articles
            FROM seen s JOIN internal.framed f ON f.place = s.place
            JOIN totals t ON t.outlet = s.outlet
            GROUP BY ALL ORDER BY s.outlet, f.pack, f.frame
            """,  # noqa: S608 - the condition is a constant with parameters
            {**filters.parameters},
        )

    def voices(self, filters: Filters) -> pd.DataFrame:
        """Return outlet, outlet_name, voice, camp, n_words, n_articles: whose words whole bodies are made of."""
        return self.frame(
            f"""
            SELECT a.outlet, a.outlet_name, p.voice, p.camp, sum(p.n_words) AS n_words,
                count(DISTINCT a.place) AS n_articles
            FROM internal.shown a JOIN internal.heard p ON p.place = a.place
            WHERE {filters.condition()} AND a.completeness = 'whole'
            GROUP BY ALL ORDER BY a.outlet, p.voice, p.camp
            """,  # noqa: S608 - the condition is a constant with parameters
            {**filters.parameters},
        )

    def loaded_terms(self, filters: Filters) -> pd.DataFrame:
        """Return outlet, outlet_name, term_group, term, stance, voice, n_uses, n_articles."""
        return self.frame(
            f"""
            SELECT a.outlet, a.outlet_name, l.term_group, l.term, l.stance, l.voice, sum(l.n_uses)::BIGINT AS n_uses,
                count(DISTINCT a.place) AS n_articles
            FROM internal.shown a JOIN internal.named l ON l.place = a.place
            WHERE {filters.condition()}
            GROUP BY ALL ORDER BY l.term_group, l.term, a.outlet
            """,  # noqa: S608 - the condition is a constant with parameters
            {**filters.parameters},
        )

    def tone_estimates(self, filters: Filters, *parts: str) -> dict[str, dict[str, Estimate]]:
        """Return each outlet's tone by part or voice (all where none is named) and outlet, bodies only of whole texts.

        For a whole topic these are the published figures, for any other view they are worked out.
        """
        wanted = parts or tuple(TONES)
        if filters in {Filters(topic=filters.topic), Filters(topic=filters.topic, with_wire=False)}:
            return self._published_tones(filters, wanted)
        return {part: self._tones(filters, part) for part in wanted}

    def _published_tones(self, filters: Filters, parts: tuple[str, ...]) -> dict[str, dict[str, Estimate]]:
        table = "outlet_sentiment" if filters.with_wire else "outlet_sentiment_own"
        found: dict[str, dict[str, Estimate]] = {part: {} for part in parts}
        for row in self.rows(
            f"SELECT part, outlet, n, estimate, low, high, shrunk FROM {table} "  # noqa: S608 - a constant of ours
            "WHERE topic = $topic AND list_contains($parts, part) ORDER BY part, outlet",
            {"topic": filters.topic, "parts": list(parts)},
        ):
            part, outlet = row.pop("part"), row.pop("outlet")
            found[part][outlet] = Estimate(**row)
        return found

    def _tones(self, filters: Filters, part: str) -> dict[str, Estimate]:
        value = f"a.{TONES[part]}"
        return outlet_estimates(
            self.frame(
                f"""
                SELECT a.outlet, coalesce(a.wire_cluster, a.article) AS cluster, {value} AS value
                FROM internal.shown a
                WHERE {filters.condition()} AND {value} IS NOT NULL
                    AND ($part = 'headline' OR a.completeness = 'whole')
                ORDER BY a.outlet, cluster, a.article
                """,  # noqa: S608 - constants with parameters
                {**filters.parameters, "part": part},
            )
        )

    def outlets(self, filters: Filters) -> tuple[OutletRow, ...]:
        """Return one row for each outlet with articles in the view, most articles first."""
        counts = self.rows(
            f"""
            SELECT a.outlet, any_value(a.outlet_name) AS name, any_value(a.outlet_kind) AS kind,
                any_value(a.lean) AS lean, count(*) AS n_articles,
                count(*) FILTER (NOT a.is_wire_copy) AS n_own, count(*) FILTER (a.is_wire_copy) AS n_wire,
                min(a.published_at) AS first_at
            FROM internal.shown a WHERE {filters.condition()} GROUP BY a.outlet ORDER BY n_articles DESC, a.outlet
            """,  # noqa: S608 - the condition is a constant with parameters
            {**filters.parameters},
        )
        listed = self.attention(filters).groupby("outlet")[["n_matching", "n_entries"]].sum()
        tones = self.tone_estimates(filters)
        frames, voices = _primary(self.frames(filters)), _voices(self.voices(filters))
        earliest = min((row["first_at"] for row in counts if row["first_at"]), default=None)
        rows = []
        for row in counts:
            outlet = row["outlet"]
            n_matching, n_entries = (int(n) for n in listed.loc[outlet]) if outlet in listed.index else (0, 0)
            quoted, camp = voices.get(outlet, (None, None))
            rows.append(
                OutletRow(
                    outlet=outlet,
                    name=row["name"] or outlet,
                    kind=row["kind"] or "unknown",
                    lean=row["lean"],
                    n_articles=row["n_articles"],
                    n_own=row["n_own"],
                    n_wire=row["n_wire"],
                    n_entries=n_entries,
                    attention=n_matching / n_entries if n_entries else None,
                    headline_tone=_of(tones, "headline", outlet),
                    outlet_tone=_of(tones, "outlet_voice", outlet),
                    quoted_tone=_of(tones, "quoted_voice", outlet),
                    frames=frames.get((outlet, FRAME_PACK), ()),
                    topic_frames=frames.get((outlet, filters.topic), ()),
                    quoted_share=quoted,
                    top_camp=camp,
                    first_at=row["first_at"],
                    lag_hours=(row["first_at"] - earliest).total_seconds() / 3600 if row["first_at"] else None,
                )
            )
        return tuple(rows)


class DraftReport(SnapshotReport):
    """The same questions to a snapshot that is being filled: what its transaction holds no other connection sees."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.path = Path("the snapshot that is being published")
        self._connection = connection

    @contextmanager
    def _asked(self) -> Iterator[duckdb.DuckDBPyConnection]:
        yield self._connection


def outlet_estimates(rows: pd.DataFrame) -> dict[str, Estimate]:
    """Return each outlet's mean of ``rows`` (outlet, cluster, value; in the order of the first two), and shrunk."""
    cells, outlets = pd.factorize(rows["outlet"])
    clusters, _ = pd.factorize(rows["cluster"])
    found = mean_estimates(cells, clusters, rows["value"].to_numpy(dtype=float))
    return dict(zip(map(str, outlets), shrink([found.one(cell) for cell in range(len(outlets))]), strict=True))


def _of(tones: dict[str, dict[str, Estimate]], part: str, outlet: str) -> Estimate:
    nothing = Estimate(n=0, estimate=None, low=None, high=None)
    return tones.get(part, {}).get(outlet, nothing)


def _primary(frames: pd.DataFrame) -> dict[tuple[str, str], tuple[tuple[str, int], ...]]:
    """Return, by outlet and pack, the frames that lead articles with the number of them, most first."""
    led: dict[tuple[str, str], list[tuple[str, int]]] = {}
    columns = (frames[name].tolist() for name in ("outlet", "pack", "frame", "n_primary"))
    for outlet, pack, frame, n in zip(*columns, strict=True):
        if n:
            led.setdefault((outlet, pack), []).append((frame, int(n)))
    return {key: tuple(sorted(found, key=lambda one: (-one[1], one[0]))) for key, found in led.items()}


def _voices(voices: pd.DataFrame) -> dict[str, tuple[float | None, str | None]]:
    """Return, by outlet, the share of words that are not its own and the camp with most of them."""
    words: dict[str, Counter[str]] = {}
    columns = (voices[name].tolist() for name in ("outlet", "voice", "camp", "n_words"))
    for outlet, voice, camp, n in zip(*columns, strict=True):
        whose = OWN if voice == "outlet" else camp if isinstance(camp, str) else UNKNOWN
        words.setdefault(outlet, Counter())[whose] += int(n)
    found: dict[str, tuple[float | None, str | None]] = {}
    for outlet, by_camp in words.items():
        total = by_camp.total()
        camps = sorted((-n, camp) for camp, n in by_camp.items() if camp not in {OWN, UNKNOWN})
        found[outlet] = (1 - by_camp[OWN] / total if total else None, camps[0][1] if camps else None)
    return found
