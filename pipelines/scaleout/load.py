"""The one load: merge what shards left, and bring it through the steps that pages of a nightly run go through.

Rows come in the order in which a nightly run would have fetched their pages: by entry. Of an entry's several captures
the earliest is its page; the later ones are looks at the same article, in order of time. A batch is a transaction that
also says how far it came, so that a killed load goes on where it was.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
from fsspec.core import url_to_fs

from pipelines.scaleout.job import Job, Shard
from pipelines.scaleout.merge import Merged
from pipelines.scaleout.pages import READOUT, SHARD_PAGE, Judgement, Readout, ShardPage
from pipelines.scaleout.shard import FILE, OFFSET
from pipelines.steps.choose import UNLIKELY
from pipelines.steps.judge import CLUSTER_BATCH, place_copies
from pipelines.steps.keep import Batch, Read, Wanted, batch_of
from pipelines.steps.run import Run
from tracker.model import Entry, EntryStatus, Fingerprint, Outcome, Request, Response, stable_id
from tracker.store.articles import NewRevision
from tracker.store.decisions import read_decisions
from tracker.store.entries import EntryOutcome, Standing
from tracker.store.scores import Scored

KNOWN_BEFORE = "n_known_before"  # captures no later than what is known of their article

AsRead = tuple[NewRevision, str, Readout]  # a version, its row by its entry, and what was read there


@dataclass(frozen=True, slots=True)
class _Rows:
    """A batch as merged, and by entry what its rows say of the page and, where it was read, of its text."""

    table: pa.RecordBatch
    pages: dict[str, ShardPage]
    readouts: dict[str, Readout]
    records: dict[str, tuple[str, int]]  # where those stand in the archive that do: file and offset

    @staticmethod
    def of(table: pa.RecordBatch) -> _Rows:
        pages = [SHARD_PAGE.validate_json(text) for text in table["page"].to_pylist()]
        names = [page.entry for page in pages]
        readouts = zip(names, table["readout"].to_pylist(), strict=True)
        places = zip(names, table[FILE].to_pylist(), table[OFFSET].to_pylist(), strict=True)
        return _Rows(
            table,
            dict(zip(names, pages, strict=True)),
            {name: READOUT.validate_json(text) for name, text in readouts if text is not None},
            {name: (file, offset) for name, file, offset in places if offset is not None},
        )


def load(run: Run, job: Job, shards: Sequence[Shard]) -> None:
    """Store the pages of mapped shards, or stop after a batch; the shards' files are gone when all is stored."""
    folder = run.home.path / "state" / "backfill" / f"load-{_load_id(job, shards)}"
    merged = Merged(folder)
    if not merged.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for shard in shards:
            _fetch_pages(run, job, shard)
        _merge(job, shards, folder, merged)
    key = f"backfill {folder.name}"
    n_done = int(run.store.db.state(key) or 0)
    loader = _Loader(run, job.via)
    with run.progress.bar("Storing pages", merged.n_rows() - n_done) as advance:
        for table in merged.batches(n_done):
            if run.stop:
                return
            n_done += len(table)
            loader.store(_Rows.of(table), key, n_done)
            advance(len(table))
    loader.place_copies()
    with run.store.transaction():
        run.store.runs.save_loaded_shards(job.id, [(one.id, one.address) for one in shards], run.clock())
        run.store.db.forget_state(key)
    shutil.rmtree(folder)
    pa.default_memory_pool().release_unused()  # some 40 MB, which what follows can use
    for shard in shards:
        fs, path = url_to_fs(job.file(shard, ".parquet"))
        fs.rm_file(path)


def _load_id(job: Job, shards: Sequence[Shard]) -> str:
    return stable_id(job.id, *sorted(one.id for one in shards))


def _fetch_pages(run: Run, job: Job, shard: Shard) -> None:
    """Bring the pages that a shard read into the archive, unless they are there."""
    fs, source = url_to_fs(job.file(shard, ".warc.gz"))
    target = run.home.archive / "warc" / "backfill" / job.id / f"{shard.id}.warc.gz"
    if target.exists() or not fs.exists(source):  # a shard without pages to be read leaves none
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    fs.get_file(source, str(draft))
    draft.replace(target)
    fs.rm_file(source)


def _merge(job: Job, shards: Sequence[Shard], folder: Path, merged: Merged) -> None:
    """Bring here what the shards say of their pages, and write it in the order in which it is stored."""
    local = folder / "shards"
    local.mkdir(exist_ok=True)
    for shard in shards:
        fs, source = url_to_fs(job.file(shard, ".parquet"))
        fs.get_file(source, str(local / f"{shard.id}.parquet"))
    merged.write(sorted(local.glob("*.parquet")))
    shutil.rmtree(local)


class _Loader:
    """Stores batches of a run."""

    def __init__(self, run: Run, via: str) -> None:
        self._run = run
        self._via = via
        self._prints: dict[str, tuple[Fingerprint, int]] = {}  # by article; some 12 kB each
        self._decided = {(one.topic, one.article) for one in read_decisions(run.home.path).matches}

    def store(self, rows: _Rows, key: str, n_done: int) -> None:
        """Store a batch and that it is stored, in one transaction."""
        run, store = self._run, self._run.store
        pages = rows.pages
        standing = store.entries.standing(list(pages))
        known = store.entries.of(list(pages))
        entries = {name: known.get(name) or _entry(page, self._via) for name, page in pages.items()}
        with store.transaction():
            store.feeds.save_outlets(list({page.outlet.outlet: page.outlet for page in pages.values()}.values()))
            n_new = len(store.entries.save(list(entries.values()), ()).entries)
            unlikely = [name for name in pages if name not in rows.readouts and name not in standing]
            store.entries.save_outcomes([_skipped(name) for name in unlikely])
            reads = [*self._reads(rows, standing, entries)]
            placed = batch_of(run, reads)
            placed.save()
            as_read = list(_as_read(placed, rows))
            judged = self._save_judgements(as_read, rows.table)
            store.db.set_state(key, str(n_done))
        run.count("n_entries_listed", n=len(pages))
        run.count("n_entries_new", n=n_new)
        run.count("n_unlikely", n=len(unlikely))
        self._count(placed, reads, judged)
        for revision, _, readout in as_read:
            if readout.fingerprint:
                named = replace(readout.fingerprint, article=revision.article, outlet=revision.outlet)
                self._prints[revision.article] = named, revision.revision
        if len(self._prints) >= CLUSTER_BATCH:
            self.place_copies()

    def place_copies(self) -> None:
        """Find the copies of what came in as it was read; ``judge`` does so of the rest, and of what a kill left."""
        if self._prints:
            place_copies(self._run, list(self._prints.values()))
            self._prints.clear()

    def _reads(self, rows: _Rows, standing: dict[str, Standing], entries: dict[str, Entry]) -> Iterator[Read]:
        """Yield what was read: for entries that have no article yet, and for later looks at those that have one."""
        run = self._run
        stored = {name: one.article for name, one in standing.items() if one.status is EntryStatus.STORED}
        articles = run.store.articles.stored(sorted({article for article in stored.values() if article}))
        for name, readout in rows.readouts.items():
            page, place = rows.pages[name], rows.records.get(name)
            article = articles.get(stored.get(name) or "")
            if article is None:
                attempts = standing[name].n_attempts if name in standing else 0
                yield _read(page, readout, place, Wanted(entry=entries[name], n_attempts=attempts))
            elif article.last_looked_at is None or page.fetched_at > article.last_looked_at:
                yield _read(page, readout, place, Wanted(article=article))
            else:
                run.count(KNOWN_BEFORE)

    def _save_judgements(self, as_read: Sequence[AsRead], rows: pa.RecordBatch) -> list[tuple[NewRevision, Judgement]]:
        """Store what was already said of the versions that came in as they were read; ``judge`` says the rest."""
        found = [
            (revision, entry, one)
            for revision, entry, readout in as_read
            for one in readout.judgements
            if (one.topic, revision.article) not in self._decided
        ]
        store = self._run.store
        store.articles.save_matches([(one.article, one.revision, judged.match) for one, _, judged in found])
        for scoring in self._run.scorings:
            scored = [
                (entry, Scored(one.article, one.revision, judged.unscored_reason))
                for one, entry, judged in found
                if judged.topic == scoring.topic.topic and judged.scoring_hash == scoring.hash
            ]
            if scored:
                is_scored = any(one.unscored_reason is None for _, one in scored)
                scorers = scoring.scorers if is_scored else ()
                store.scores.save_columns(scoring.topic.topic, scored, rows, scorers, scoring.hash)
        return [(revision, judged) for revision, _, judged in found]

    def _count(self, placed: Batch, reads: Sequence[Read], judged: Sequence[tuple[NewRevision, Judgement]]) -> None:
        run = self._run
        outlets = {one.wanted.entry.entry: one.wanted.entry.outlet for one in reads if one.wanted.entry}
        for outcome in placed.outcomes:
            for name in ("n_chosen", f"n_{outcome.status.value}"):
                run.count(name, outlets[outcome.entry])
        for revision in placed.revisions:
            run.count("n_articles_new" if revision.revision == 1 else "n_revisions_new", revision.outlet)
        for revision, judgement in judged:
            if judgement.match.is_on_topic:
                run.count("n_on_topic", revision.outlet)
                run.count("n_scored")


def _as_read(placed: Batch, rows: _Rows) -> Iterator[AsRead]:
    """Yield the versions that came in as they were read; one that was filled in on the way is another text."""
    entries = {rows.pages[entry].payload_digest: entry for entry in rows.readouts}
    for revision in placed.revisions:
        entry = entries[revision.payload_digest or ""]
        readout = rows.readouts[entry]
        if revision.content == readout.article:
            yield revision, entry, readout


def _entry(page: ShardPage, via: str) -> Entry:
    return Entry(
        entry=page.entry,
        outlet=page.outlet.outlet,
        url=page.url,
        canonical_url=page.canonical_url,
        first_seen_at=page.fetched_at,
        via=via,
    )


def _skipped(entry: str) -> EntryOutcome:
    return EntryOutcome(entry=entry, status=EntryStatus.SKIPPED, reason=UNLIKELY, is_attempt=False)


def _read(page: ShardPage, readout: Readout, place: tuple[str, int] | None, wanted: Wanted) -> Read:
    """Return a page as a nightly run would have it after reading."""
    file, offset = place or (None, None)
    is_moved = page.final_url != page.url
    outcome = Outcome.MOVED if is_moved and readout.outcome is Outcome.OK else readout.outcome
    response = Response(
        fetch=stable_id(file or page.url, str(offset), page.fetched_at.isoformat()),
        request=Request(url=page.url, entry=page.entry),
        final_url=page.final_url,
        status=200,
        outcome=outcome,
        detail=readout.detail,
        at=page.fetched_at,
        n_bytes=page.n_bytes,
        payload_digest=page.payload_digest,
        warc_file=file,
        warc_offset=offset,
    )
    return Read(wanted=wanted, response=response, article=readout.article, hashes=readout.hashes)
