"""History that one already holds: texts as JSON lines, through the same steps as pages, with nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BeforeValidator, Field, model_validator

from pipelines.given import Problem, Readable, TextRow, read_rows
from pipelines.progress import Progress
from pipelines.runs import SOME_FAILED, Options, begun, finish
from pipelines.steps.judge import judge
from pipelines.steps.known import MIN_SAME_TITLED_WORDS, Claim, Known
from pipelines.steps.run import Run
from pipelines.steps.versions import first_revision, next_revision, with_revision
from tracker import urls
from tracker.extract.language import find_language
from tracker.model import Article, ArticleKind, Completeness, Entry, EntryStatus, Outlet, stable_id
from tracker.revisions import hashes, known_version
from tracker.store.articles import NewRevision
from tracker.store.entries import EntryOutcome

BATCH = 200  # texts a transaction
VIA = "jsonl"
NOON = time(12)  # of a day that comes without a time: the same day in all zones near the report's
VERSION = "given"  # there was nothing to extract


class GivenStory(TextRow):
    """A line: a text with its outlet (slug or name) and, where known, date, address, id, authors and kind."""

    outlet: Annotated[str, Field(min_length=1, max_length=200)]
    # in this order: a day alone would pass for its midnight
    published_at: Annotated[
        Annotated[date | datetime, Field(union_mode="left_to_right")] | None,
        BeforeValidator(lambda given: given or None),
        Field(default=None, validation_alias=AliasChoices("published_at", "date")),
    ]
    url: str | None = None
    authors: tuple[str, ...] = ()
    kind: ArticleKind = ArticleKind.UNKNOWN
    language: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _named(cls, row: Any) -> Any:
        """Name a line without an id by what it says, so that the same line is the same story."""
        if isinstance(row, dict) and row.get("id") is None:
            return {**row, "id": stable_id(str(row.get("title") or ""), str(row.get("text") or ""))}
        return row


def backfill_texts(path: Path, file: Path, progress: Progress) -> tuple[int, Run]:
    """Store the stories of ``file`` as entries and articles, judge and publish; return the exit code and the run.

    Lines that cannot be read are said and left out (exit code 1). Outlets are found by slug, name or address;
    lean and the rest of what is known of one stays what ``outlets.toml`` says.
    """
    return backfill_stories(path, VIA, file.name, read_rows([str(file)], GivenStory), progress)


def backfill_stories(
    path: Path, via: str, name: str, stories: Iterable[GivenStory | Problem], progress: Progress
) -> tuple[int, Run]:
    """Store stories as ``backfill_texts`` does; ``via`` says how they came, ``name`` what from."""
    given = Readable(stories, progress)
    with begun(path, f"backfill {via} {name}", Options(), progress) as run:
        outlets = _Outlets(run.home.outlets)
        rows = iter(given)
        while not run.stop and (batch := list(islice(rows, BATCH))):
            _store(run, via, [(row, outlets.of(row)) for row in batch])
        judge(run)
        code = finish(run)
        return (code if given.is_well else code or SOME_FAILED), run


class _Outlets:
    """The outlets that stories may name, those met on the way included."""

    def __init__(self, outlets: Iterable[Outlet]) -> None:
        self._all = tuple(outlets)
        self._by_name = {name.casefold(): one for one in self._all for name in (one.name, one.outlet)}

    def of(self, row: GivenStory) -> Outlet:
        """Return the outlet of a line; one that nobody knows is made from its name."""
        name = " ".join(row.outlet.split())
        known = self._by_name.get(name.casefold()) or self._by_name.get(urls.slugify(name))
        if known is None:
            known = (urls.find_outlet(row.url, self._all) if row.url else None) or urls.outlet_from(row.url or "", name)
            self._by_name[name.casefold()] = known
        return known


def _store(run: Run, via: str, rows: Sequence[tuple[GivenStory, Outlet]]) -> None:
    zone = ZoneInfo(run.home.settings.report.timezone)
    stories = [(_entry(run, via, row, outlet, zone), _article(row, via, zone)) for row, outlet in rows]
    claims = [_claim(entry, article) for entry, article in stories]
    known = Known(run.store, claims, ())
    revisions: list[NewRevision] = []
    outcomes = []
    for claim in claims:
        name, revision = _place(run, via, known, claim)
        revisions += [revision] if revision else []
        outcomes.append(
            EntryOutcome(entry=claim.entry.entry, status=EntryStatus.STORED, article=name, is_attempt=False)
        )
    store = run.store
    with store.transaction():
        store.feeds.save_outlets(list({outlet.outlet: outlet for _, outlet in rows}.values()))
        n_new = len(store.entries.save([entry for entry, _ in stories], ()).entries)
        store.articles.save_revisions(revisions)
        store.addresses.save(known.new_addresses)
        store.entries.save_outcomes(outcomes)
    run.count("n_entries_listed", n=len(rows))
    run.count("n_entries_new", n=n_new)
    for one in revisions:
        for name in ("n_chosen", "n_stored", "n_articles_new" if one.revision == 1 else "n_revisions_new"):
            run.count(name, one.outlet)


def _place(run: Run, via: str, known: Known, claim: Claim) -> tuple[str, NewRevision | None]:
    """Return the article that a story is, and what it adds: an article, a version, or nothing."""
    found = known.find(claim)
    if found is None:
        name, canonical = known.identity(claim)
        new = first_revision(
            claim.entry,
            claim.article,
            claim.hashes,
            name=name,
            canonical_url=canonical,
            url=claim.entry.url,
            seen_at=run.clock(),
            digest=None,
        )
        known.add(with_revision(None, new), claim)
        return name, new
    known.add(found, claim)
    if known_version(found.versions, found.standing, claim.hashes.revision, claim.hashes.substance) is not None:
        return found.article, None
    new = replace(next_revision(found, claim.article, claim.hashes, seen_at=run.clock(), digest=None), via=via)
    known.update(with_revision(found, new))
    return found.article, new


def _claim(entry: Entry, article: Article) -> Claim:
    found = hashes(article.title, article.text)
    return Claim(
        entry=entry,
        article=article,
        declared=None,
        own=(entry.canonical_url,),
        hashes=found,
        text=found.text if article.word_count >= MIN_SAME_TITLED_WORDS else None,
    )


def _entry(run: Run, via: str, row: GivenStory, outlet: Outlet, zone: ZoneInfo) -> Entry:
    url = row.url.strip() if row.url and urls.is_http(row.url) else f"urn:given:{outlet.outlet}:{row.id}"
    canonical = urls.canonical_url(url) if urls.is_http(url) else url
    return Entry(
        entry=stable_id(outlet.outlet, canonical),
        outlet=outlet.outlet,
        url=url,
        canonical_url=canonical,
        title=row.title or "",
        authors=row.authors,
        published_at=_moment(row.published_at, zone),
        first_seen_at=run.now,
        via=via,
    )


def _article(row: GivenStory, via: str, zone: ZoneInfo) -> Article:
    text = "\n\n".join(_paragraphs(row.text))
    return Article(
        url=row.url or "",
        title=" ".join((row.title or "").split()),
        text=text,
        authors=row.authors,
        published_at=_moment(row.published_at, zone),
        language=find_language(text, row.language),
        kind=row.kind,
        completeness=Completeness.WHOLE if text else Completeness.EMPTY,
        word_count=len(text.split()),
        extractor=via,
        extractor_version=VERSION,
    )


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text; where blank lines part none, every line is one."""
    parts = text.replace("\r\n", "\n").split("\n\n")
    for part in parts if len(parts) > 1 else text.splitlines():
        if paragraph := part.strip():
            yield paragraph


def _moment(given: date | datetime | None, zone: ZoneInfo) -> datetime | None:
    if given is None:
        return None
    moment = given if isinstance(given, datetime) else datetime.combine(given, NOON)
    return (moment.replace(tzinfo=zone) if moment.tzinfo is None else moment).astimezone(UTC)
