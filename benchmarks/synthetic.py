"""A home of any size with a published snapshot: ``python -m benchmarks.synthetic HOME --articles N --outlets M``.

Rows go into the store's own tables and are published as a night's are, so that schema, views and figures are the real
ones. Only their content is drawn: stories are sentences of the demo corpus, with what the real scorers say of them,
among made-up ones of 150,000 kinds of words; outlets differ in size (lognormal), days by week and by the docket, texts
are reprinted, changed (as often as GDELT found) and left unwhole. A chunk of articles at a time is in memory. At most
25,000 are drawn, since drawing costs milliseconds each; the rest are replicas of those (``synthetic_replicas.py``).
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import tomlkit

from benchmarks.synthetic_replicas import replicate
from benchmarks.synthetic_sentences import SPANS, MadeUp, Sentences, real_sentences
from pipelines.home import INVENTED, Home
from pipelines.progress import Progress
from pipelines.runs import Options, begun, finish
from pipelines.steps.run import Run
from tracker.config import init_home
from tracker.model import FeedState, OutletKind, stable_id
from tracker.store.search import STATE, update_index

CHUNK = 10_000  # articles in memory at a time
MOST_DRAWN = 25_000  # articles: the others repeat them under other names
FIRST, DAYS = date(2025, 3, 1), 365
WEEK = (1.0, 1.0, 1.0, 1.0, 0.95, 0.6, 0.65)  # how much is published, Monday first
BURST, FADE = 25.0, 2.5  # an event of the docket against a quiet day; days until a third of that is left
ON_TOPIC, REAL, COPIED, CHANGED, MADE_UP = 0.35, 0.5, 0.3, 0.18, 3_000  # shares; sentences made up for a chunk
WIRES, FROM_WIRES = 3, 0.7  # agencies; share of copied texts that are theirs
SENTENCES_IN_PARAGRAPH = 3

# One article and revision (of how many), when, whose story, how many of its sentences, how far from its usual tone.
REVISIONS = """
INSERT INTO revisions BY NAME SELECT u.article, u.revision, md5(u.story || u.title || u.revision) AS revision_hash,
    md5(u.story::VARCHAR) AS substance_hash, md5(u.story || '-' || u.n_sentences) AS text_hash, u.seen_at,
    CASE WHEN u.revision = 1 THEN 'first' ELSE u.change_kind END AS change_kind,
    CASE WHEN u.change_kind = 'correction' AND u.revision > 1 THEN 'Correction: a figure was wrong.' END AS change_note,
    u.title,
    rtrim(CASE WHEN u.is_last THEN t.text ELSE substr(t.text, 1, u.n_chars) END) AS text,
    ['Reporter ' || u.story % 400] AS authors, u.published_at,
    u.language, u.kind, u.completeness, u.n_chars // 6 AS word_count, 'synthetic' AS extractor, '1' AS extractor_version
FROM units u JOIN (
    SELECT story, string_agg(s.text || d.gap, '' ORDER BY d.ord) AS text
    FROM drawn d JOIN sentences s USING (sentence) WHERE d.part = 'body' GROUP BY story
) t USING (story)
"""
ENTRIES = """
INSERT INTO entries BY NAME SELECT md5(l.url)[:16] AS entry, l.outlet, l.url,
    l.url AS canonical_url, l.title, left(l.title, 80) AS summary, []::VARCHAR[] AS authors, l.published_at,
    l.first_seen_at, 'feed' AS via, CASE WHEN l.article IS NULL THEN 'skipped' ELSE 'stored' END AS status,
    CASE WHEN l.article IS NULL THEN 'unlikely on any topic' END AS status_reason,
    (l.article IS NOT NULL)::INTEGER AS n_attempts, l.article FROM listed l
"""
LISTINGS = """
INSERT INTO entry_feeds BY NAME SELECT md5(l.url)[:16] AS entry, f.feed, l.first_seen_at,
    (hash(l.url) % 40)::INTEGER AS position FROM listed l JOIN feeds f ON f.outlet = l.outlet
"""
IDENTITIES = """
INSERT INTO internal.articles BY NAME SELECT u.article, u.outlet, u.url, u.url AS canonical_url,
    md5(u.url)[:16] AS entry, u.published_at + INTERVAL 3 HOUR AS first_seen_at, 'feed' AS via,
    max(u.seen_at) AS last_looked_at FROM units u GROUP BY ALL
"""
MATCHES = """
INSERT INTO matches BY NAME SELECT $topic AS topic, u.article, max(u.revision) AS revision, u.is_on_topic,
    CASE WHEN u.is_on_topic THEN ['main', 'substantial', 'mention'][1 + (u.number % 5) // 2] END AS centrality,
    CASE WHEN u.is_on_topic THEN 0.8 ELSE 0.1 END AS score, ['query: irs'] AS reasons, 'rules' AS decided_by,
    $topic_hash AS topic_hash FROM units u GROUP BY ALL
"""
MEMBERS = """
INSERT INTO internal.wire_members BY NAME SELECT u.article,
    CASE WHEN c.n > 1 THEN printf('%016x', hash('c', u.story)) END AS wire_cluster,
    NOT u.is_copy AS is_original, CASE WHEN c.n > 1 THEN 1.0 END AS similarity,
    CASE WHEN o.kind = 'wire' OR u.is_copy THEN 'Wire ' || u.story % $wires END AS wire_agency
FROM units u JOIN outlets o USING (outlet)
JOIN (SELECT story, count(DISTINCT article) AS n FROM units GROUP BY story) c USING (story) WHERE u.revision = 1
"""
FETCHES = """
INSERT INTO fetches BY NAME SELECT printf('%016x', hash('f', u.number, u.revision)) AS fetch_id, $run AS run,
    'page' AS purpose, u.url, u.url AS final_url, 200 AS status, 'ok' AS outcome, '' AS detail, u.seen_at AS "at",
    (100 + u.number % 900)::INTEGER AS duration_ms, 40000 + u.n_chars * 3 AS n_bytes, 0 AS n_redirects, u.article
FROM units u
"""
SCORED = """
INSERT INTO scored BY NAME SELECT $topic AS topic, article, revision, $hash AS scoring_hash,
    CASE WHEN language <> 'en' THEN 'language: Spanish' END AS unscored_reason FROM units WHERE is_on_topic
"""
SPAN = """
INSERT INTO {table} BY NAME SELECT $topic AS topic, u.article, u.revision, d.part,
    d.start + s.start_offset AS start_offset, d.start + s.end_offset AS end_offset,
    s.* EXCLUDE (sentence, start_offset, end_offset) {replace}
FROM units u JOIN drawn d ON d.story = u.story AND d.ord <= u.n_sentences JOIN {table}_of s USING (sentence)
WHERE u.is_on_topic AND u.language = 'en'
"""
# The topic's own sentences, as often as in the demo corpus: half of the headlines, a sixth of the bodies' sentences.
TOPICAL = """
INSERT INTO evidence BY NAME SELECT topic, article, revision, 'match' AS scorer, $topic_hash AS scorer_version,
    'topic:sentence' AS tag, part, start_offset, end_offset
FROM sentence_sentiment WHERE rowid >= $before AND scorer = $scorer
    AND hash(article, part, start_offset) % CASE part WHEN 'headline' THEN 2 ELSE 6 END = 0
"""
SENTIMENT = """
INSERT INTO sentiment BY NAME SELECT * FROM (
    SELECT topic, article, revision, scorer, scorer_version, avg(value) FILTER (part = 'headline') AS headline,
        avg(value) FILTER (part = 'body') AS body,
        avg(value) FILTER (part = 'body' AND voice = 'outlet') AS outlet_voice,
        avg(value) FILTER (part = 'body' AND voice = 'quoted') AS quoted_voice, (count(*) // 3)::INTEGER AS n_sentences
    FROM sentence_sentiment WHERE rowid >= $before GROUP BY ALL
) UNPIVOT INCLUDE NULLS (value FOR part IN (headline, body, outlet_voice, quoted_voice))
"""
FRAMES = """
INSERT INTO frames BY NAME SELECT * EXCLUDE (n), n::DOUBLE AS score,
    row_number() OVER (PARTITION BY article, revision, pack ORDER BY n DESC, frame) = 1 AS is_primary
FROM (
    SELECT e.topic, e.article, e.revision, e.scorer, e.scorer_version, f.pack, f.frame, count(*) AS n
    FROM evidence e JOIN frame_definitions f ON f.topic = e.topic AND e.tag = 'frame:' || f.frame
    WHERE e.rowid >= $before GROUP BY ALL
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much there is to be."""

    articles: int
    outlets: int
    entries: int = 3  # listed for each article read
    seed: int = 1


def make(home: Path, size: Size, progress: Progress) -> Path:
    """Make a home of this size with a published snapshot, and return it. It must not exist yet."""
    init_home(home, feeds=False)
    (home / INVENTED).touch()
    (home / "outlets.toml").write_text(_outlets(size), encoding="utf-8")
    now = datetime.combine(FIRST + timedelta(days=DAYS + 1), datetime.min.time(), UTC)
    with begun(home, "synthetic", Options(now=now), progress) as run:
        _fill(run, size)
        finish(run)
    return home


def _fill(run: Run, size: Size) -> None:
    """Draw articles and replicate them; how many are drawn is the size by a whole number, at most ``MOST_DRAWN``."""
    replicas = math.ceil(size.articles / MOST_DRAWN)
    _Filler(run, replace(size, articles=math.ceil(size.articles / replicas))).fill()
    if replicas > 1:
        replicate(run.store.db.connection, replicas, run.progress)
    update_index(run.store.db.connection, run.store.path.with_name(STATE))  # as each night's run does
    for name in ("n_chosen", "n_stored", "n_articles_new"):
        run.count(name, n=size.articles)


def _outlets(size: Size) -> str:
    rng = np.random.default_rng(size.seed)
    kinds = [kind.value for kind in OutletKind if kind not in (OutletKind.WIRE, OutletKind.UNKNOWN)]
    document, table = tomlkit.document(), tomlkit.aot()
    for number in range(size.outlets):
        host = f"outlet{number:05d}.example"
        lean = str(rng.choice(["left", "centre", "right", ""], p=[0.25, 0.2, 0.25, 0.3]))
        table.append(
            tomlkit.item(
                {"outlet": f"outlet-{number:05d}", "name": f"Outlet {number:05d}", "country": "US", "language": "en"}
                | {"kind": "wire" if number < WIRES else str(rng.choice(kinds)), "owner": f"Owner {number % 40}"}
                | ({"lean": lean, "lean_source": "drawn"} if lean else {})
                | {"scopes": [host], "feeds": [f"https://{host}/feed.xml"]}
            )
        )
    document["outlets"] = table
    return tomlkit.dumps(document)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stories:
    """The sentences drawn for a chunk: which are headlines, how many each has, where each begins and ends."""

    headlines: np.ndarray
    sizes: np.ndarray
    firsts: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True, kw_only=True)
class _Chunk:
    """Articles, one a place: number, day, time, whose story (a place), outlet (a number), headline."""

    number: np.ndarray
    days: np.ndarray
    at: np.ndarray
    is_on_topic: np.ndarray
    story: np.ndarray
    is_copy: np.ndarray
    outlet: np.ndarray
    title: np.ndarray

    @cached_property
    def slugs(self) -> np.ndarray:
        return np.array([f"outlet-{outlet:05d}" for outlet in self.outlet], dtype=object)

    @cached_property
    def urls(self) -> np.ndarray:
        pairs = zip(self.outlet, self.number, strict=True)
        return np.array([f"https://outlet{outlet:05d}.example/{number}" for outlet, number in pairs], dtype=object)

    @cached_property
    def ids(self) -> np.ndarray:
        return np.array(list(map(stable_id, self.slugs, self.urls)), dtype=object)


class _Filler:
    """Draws articles, a chunk at a time, in the order of their days."""

    def __init__(self, run: Run, size: Size) -> None:
        self.run, self.size, self.rng = run, size, np.random.default_rng(size.seed)
        self.connection = run.store.db.connection
        home: Home = run.home
        self.topic = home.topics[0]
        self.scoring = run.scorings[0]
        self.real = real_sentences(self.topic, self.scoring)
        self.made_up = MadeUp(self.real, self.scoring, list(self.topic.camps), self.rng)
        weights = self.rng.lognormal(0, 1.2, size.outlets)
        self.reach = np.cumsum(weights / weights.sum())
        self.tone = self.rng.normal(0, 0.03, size.outlets)  # an outlet's own, beside its stories'

    def fill(self) -> None:
        """Write every table, then say how long it took."""
        begun_at = time.monotonic()
        with self.run.store.transaction():
            self._collection()
        done = 0
        for days, is_on_topic in self._days():
            with self.run.store.transaction():
                self._chunk(done, days, is_on_topic)
            done += len(days)
            self.run.progress.say(f"{done:,} articles in {time.monotonic() - begun_at:.0f} s")

    def _collection(self) -> None:
        now = self.run.now
        states = [
            FeedState(feed=feed.feed, last_polled_at=now, last_ok_at=now, last_new_at=now, last_outcome="ok")
            for feed in self.run.home.feeds
        ]
        self.run.store.feeds.save_states(states)
        self.run.store.feeds.show_states()
        self.connection.execute(
            """
            INSERT INTO gaps SELECT outlet, feed, day, day + INTERVAL 1 DAY, 'overflow', 'drawn'
            FROM feeds, range($first::DATE, $first::DATE + $days::INTEGER, INTERVAL 1 DAY) t(day)
            WHERE hash(feed, day) % 50 = 0
            """,
            {"first": FIRST, "days": DAYS},
        )

    def _days(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Return chunks of days, in order, with whether each article is on the topic."""
        quiet = np.array([WEEK[(FIRST + timedelta(days=n)).weekday()] for n in range(DAYS)])
        since = np.array(
            [[(FIRST + timedelta(days=n) - event.date).days for n in range(DAYS)] for event in self.topic.docket]
        )
        loud = quiet * (0.05 + BURST * np.where(since >= 0, np.exp(-since / FADE), 0).sum(axis=0))
        n_on = round(self.size.articles * ON_TOPIC)
        counts = [
            self.rng.multinomial(n, by / by.sum()) for n, by in ((n_on, loud), (self.size.articles - n_on, quiet))
        ]
        days = np.repeat(np.arange(DAYS), counts[0] + counts[1])
        topical = np.concatenate([np.repeat([True, False], pair) for pair in zip(*counts, strict=True)])
        for start in range(0, self.size.articles, CHUNK):
            yield days[start : start + CHUNK], topical[start : start + CHUNK]

    def _chunk(self, first: int, days: np.ndarray, is_on_topic: np.ndarray) -> None:
        sentences = self.real.copy()
        self.made_up.extend(sentences, MADE_UP)
        n = len(days)
        story, is_copy = self._stories(n, is_on_topic)
        outlet = np.searchsorted(self.reach, self.rng.random(n))
        wire = np.unique(story[is_copy])
        outlet[wire[self.rng.random(len(wire)) < FROM_WIRES]] = self.rng.integers(0, WIRES)
        stories = self._draw(sentences, first, is_on_topic)
        seconds = days * 86_400 + self.rng.integers(0, 86_400, n)
        chunk = _Chunk(
            number=first + np.arange(n),
            days=days,
            at=np.datetime64(FIRST, "us") + seconds.astype("timedelta64[s]"),
            is_on_topic=is_on_topic,
            story=story,
            is_copy=is_copy,
            outlet=outlet,
            title=np.array(sentences.texts, dtype=object)[stories.headlines[story]],
        )
        self._register("units", self._units(chunk, stories))
        self._register("listed", self._listed(chunk))
        self._register("sentences", sentences.table())
        for table in SPANS:
            self._register(f"{table}_of", pa.Table.from_pylist(sentences.spans[table]))
        self._write()

    def _register(self, name: str, table: pa.Table) -> None:
        self.connection.register(name, table)

    def _stories(self, n: int, is_on_topic: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return whose story each article is (by place in the chunk) and whether it is a copy: some texts go far."""
        story = np.arange(n)
        for kind, share in ((True, COPIED), (False, COPIED / 3)):
            places = np.flatnonzero(is_on_topic == kind)
            copies = places[self.rng.random(len(places)) < share]
            originals = np.setdiff1d(places, copies)
            if len(originals):
                first = (len(originals) * self.rng.random(len(copies)) ** 3).astype(int)
                story[copies] = self.rng.permutation(originals)[first]
        return story, story != np.arange(n)

    def _draw(self, sentences: Sentences, first: int, is_on_topic: np.ndarray) -> _Stories:
        """Draw the sentences of each story, the headline first, and register them as ``drawn``."""
        rng, n = self.rng, len(is_on_topic)
        sizes = np.clip(rng.lognormal(np.log(18), 0.5, n).astype(int), 3, 90)
        is_headline = np.array(sentences.is_headline)
        places = np.arange(len(is_headline))
        real = places[~is_headline & (places < len(self.real.texts))]
        made = places[len(self.real.texts) :]
        story = np.repeat(np.arange(n), sizes + 1)
        firsts = np.cumsum(sizes + 1) - sizes - 1
        order = np.arange(len(story)) - firsts[story]
        is_real = (rng.random(len(story)) < REAL) & is_on_topic[story]
        drawn = np.where(is_real, rng.choice(real, len(story)), rng.choice(made, len(story)))
        drawn[firsts] = np.where(is_on_topic, rng.choice(places[is_headline], n), drawn[firsts])
        ends_paragraph = order % SENTENCES_IN_PARAGRAPH == 0
        lengths = sentences.lengths()[drawn] + np.where(ends_paragraph, 2, 1)
        lengths[firsts] = 0
        ends = np.cumsum(lengths)
        ends -= ends[firsts][story]
        columns = {"story": first + story, "ord": order, "sentence": drawn.astype(np.int32), "start": ends - lengths}
        words = {"part": np.where(order == 0, "headline", "body"), "gap": np.where(ends_paragraph, "\n\n", " ")}
        self._register("drawn", pa.table(columns | words))
        return _Stories(headlines=drawn[firsts], sizes=sizes, firsts=firsts, ends=ends)

    def _units(self, chunk: _Chunk, stories: _Stories) -> pa.Table:
        """Return a row for each article and revision."""
        rng, n = self.rng, len(chunk.number)
        revisions = np.where(rng.random(n) < CHANGED, 1 + rng.geometric(0.7, n), 1)
        which = np.repeat(np.arange(n), revisions)
        revision = np.arange(len(which)) - (np.cumsum(revisions) - revisions)[which] + 1
        story = chunk.story[which]
        kept = np.maximum(stories.sizes[story] - (revisions[which] - revision), 2)
        title = chunk.title[which]
        event = 0.1 * np.sin(chunk.days / 3)  # half of tone's variance is the event's
        article = {
            "article": chunk.ids,
            "number": chunk.number,
            "outlet": chunk.slugs,
            "url": chunk.urls,
            "story": chunk.number[chunk.story],
            "is_copy": chunk.is_copy,
            "is_on_topic": chunk.is_on_topic,
            "shift": self.tone[chunk.outlet] + event,
            "published_at": chunk.at,
            "change_kind": rng.choice(["headline", "update", "correction"], n, p=[0.34, 0.6, 0.06]),
            "language": np.where(rng.random(n) < 0.05, "es", "en"),
            "kind": rng.choice(["news", "analysis", "opinion", "live"], n, p=[0.78, 0.06, 0.12, 0.04]),
            "completeness": rng.choice(["whole", "partial", "blocked"], n, p=[0.86, 0.12, 0.02]),
        }
        version = {
            "revision": revision.astype(np.int32),
            "is_last": revision == revisions[which],
            "seen_at": chunk.at[which] + (revision * 5).astype("timedelta64[h]"),
            "title": np.where(revision == 1, title, title + " (updated)"),
            "n_sentences": kept,
            "n_chars": stories.ends[stories.firsts[story] + kept],
        }
        return pa.table({name: values[which] for name, values in article.items()} | version)

    def _listed(self, chunk: _Chunk) -> pa.Table:
        """Return a row for each entry: those that were read, and others that were not."""
        n = len(chunk.number)
        other = self.rng.integers(0, n, (self.size.entries - 1) * n)
        urls = np.array([f"{chunk.urls[k]}-{place}" for place, k in enumerate(other)], dtype=object)
        every = np.concatenate([np.arange(n), other])
        return pa.table(
            {
                "url": np.concatenate([chunk.urls, urls]),
                "article": np.concatenate([chunk.ids, np.full(len(other), None, dtype=object)]),
                "outlet": chunk.slugs[every],
                "title": chunk.title[every],
                "published_at": chunk.at[every],
                "first_seen_at": chunk.at[every] + np.timedelta64(3, "h"),
            }
        )

    def _write(self) -> None:
        topic = {"topic": self.topic.topic}
        known = {table: {"before": self._count(table)} for table in ("sentence_sentiment", "evidence")}
        for statement, parameters in (
            (ENTRIES, {}),
            (LISTINGS, {}),
            (IDENTITIES, {}),
            (REVISIONS, {}),
            (MATCHES, topic | {"topic_hash": self.topic.hash}),
            (MEMBERS, {"wires": WIRES}),
            (FETCHES, {"run": self.run.id}),
            (SCORED, topic | {"hash": self.scoring.hash}),
        ):
            self.connection.execute(statement, parameters)
        for table in SPANS:
            shifted = "REPLACE (greatest(-1, least(1, s.value + u.shift)) AS value)"
            replace = shifted if table == "sentence_sentiment" else ""
            self.connection.execute(SPAN.format(table=table, replace=replace), topic)
        own = {"topic_hash": self.topic.hash, "scorer": self.scoring.default_sentiment}
        self.connection.execute(TOPICAL, known["sentence_sentiment"] | own)
        self.connection.execute(SENTIMENT, known["sentence_sentiment"])
        self.connection.execute(FRAMES, known["evidence"])

    def _count(self, table: str) -> int:
        return len(self.connection.table(table))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--outlets", type=int, default=200)
    parser.add_argument("--entries", type=int, default=3, help="entries listed for each article")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    size = Size(articles=given.articles, outlets=given.outlets, entries=given.entries, seed=given.seed)
    print(make(given.home, size, Progress(log_format="text", verbosity=0)))


if __name__ == "__main__":
    main()
