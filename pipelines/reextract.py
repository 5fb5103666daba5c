"""Read every archived page again with the present extractor, without a request.

What a version of an article says is replaced under its own number; when it was seen, and that it was, stays.
What rested on the old facts is then matched, clustered and scored anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipelines.progress import Progress
from pipelines.runs import ALL_WELL, SOME_FAILED, Options, begun, finish
from pipelines.steps.judge import judge
from pipelines.steps.run import Run
from pipelines.steps.versions import completed
from tracker.archive import read_page
from tracker.errors import ArchiveError, ExtractError
from tracker.extract.page import extract_page
from tracker.extract.version import EXTRACTOR_VERSION
from tracker.model import Article, Completeness, Entry
from tracker.revisions import change_kind, change_note, hashes
from tracker.store.articles import NewRevision

BATCH = 100  # articles a transaction

READ, CHANGED, SAME, REFUSED, MISSING = "n_to_reread", "n_changed", "n_same", "n_refused", "n_missing"
LET_GO = "n_let_go"


def reextract(path: Path, progress: Progress) -> tuple[int, Run]:
    """Bring every version that another extractor read up to date; return the exit code and the run.

    The code is 1 where a page is not in the archive or cannot be read back: its old facts stay.
    """
    with begun(path, "reextract", Options(), progress) as run:
        reread(run)
        judge(run)
        return finish(run, code=SOME_FAILED if run.counts[MISSING] or run.stop else ALL_WELL), run


def reread(run: Run) -> None:
    """Read again what is outdated, batch by batch; killed, it goes on where it was."""
    last = ""
    while not run.stop and (ids := run.store.articles.outdated(EXTRACTOR_VERSION, last, BATCH)):
        last = ids[-1]
        chains = run.store.articles.revisions_of(ids)
        entries = run.store.entries.of([one.entry for chain in chains.values() for one in chain if one.entry])
        digests = {one.payload_digest for chain in chains.values() for one in chain if one.payload_digest}
        places = run.store.runs.archived(sorted(digests))
        let_go = run.store.retention.let_go(sorted(digests - places.keys()))
        changed: list[NewRevision] = []
        for chain in chains.values():
            changed += _told_anew(chain, [_reread(run, one, places, let_go, entries) for one in chain])
        with run.store.transaction():
            run.store.articles.replace_revisions(changed)
            run.store.articles.forget_judgements([one for one in changed if _has_changed(one, chains)])


def said(run: Run) -> Sequence[str]:
    """Return what was done, in words whose numbers add up."""
    counts = run.counts
    ended = f"{counts[CHANGED]} changed + {counts[SAME]} the same + {counts[REFUSED]} no articles by now"
    gone = f"{counts[LET_GO]} whose page retention let go + {counts[MISSING]} not in the archive"
    return (
        f"{counts[READ]} versions read by another extractor = {ended} + {gone}.",
        f"{counts['n_scored']} versions scored anew.",
    )


def _reread(
    run: Run,
    old: NewRevision,
    places: dict[str, tuple[str, int]],
    let_go: frozenset[str],
    entries: dict[str, Entry],
) -> NewRevision:
    """Return a version with what its page says today; as it was where the page is not to be had."""
    if old.content.extractor_version == EXTRACTOR_VERSION or old.payload_digest is None:
        return old
    run.count(READ)
    if old.payload_digest in let_go:
        run.count(LET_GO)
        return old
    try:
        page = read_page(run.home.archive, *places[old.payload_digest])
    except (ArchiveError, KeyError) as error:
        run.count(MISSING)
        run.progress.warn(f"{old.article}, version {old.revision}: its page is not to be had from the archive: {error}")
        return old
    try:
        article = extract_page(page)
    except ExtractError as error:
        run.count(REFUSED)
        return replace(old, content=_refused(old.content, str(error)))
    entry = entries.get(old.entry or "") if old.revision == 1 else None
    article = completed(article, entry) if entry else article
    article = replace(article, published_at=article.published_at or old.content.published_at)
    found = hashes(article.title, article.text)
    new = replace(
        old, content=article, revision_hash=found.revision, substance_hash=found.substance, text_hash=found.text
    )
    run.count(SAME if _facts(new) == _facts(old) else CHANGED)
    return new


def _refused(old: Article, reason: str) -> Article:
    """Mark what was taken for an article and is none: kept, for it was seen, but out of every body score."""
    blocked = reason.startswith("challenge")
    return replace(
        old,
        completeness=Completeness.BLOCKED if blocked else Completeness.EMPTY,
        completeness_reason=reason.partition(":")[0],
        extractor_version=EXTRACTOR_VERSION,
    )


def _told_anew(before: list[NewRevision], after: list[NewRevision]) -> list[NewRevision]:
    """Return the versions that are to be stored, each told by what changed against the one before it."""
    told: list[NewRevision] = []
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if place and (new is not old or after[place - 1] is not before[place - 1]):
            previous = after[place - 1].content
            new = replace(  # noqa: PLW2901 - the same version, told anew
                new,
                change_kind=change_kind(previous, new.content),
                change_note=change_note(previous, new.content),
            )
        if new is not old:
            told.append(new)
    return told


def _has_changed(new: NewRevision, chains: dict[str, list[NewRevision]]) -> bool:
    return _facts(new) != next(_facts(old) for old in chains[new.article] if old.revision == new.revision)


def _facts(one: NewRevision) -> Article:
    """Return what the extractor said, without what it says of itself and what is not stored."""
    return replace(one.content, url="", canonical_url=None, published_offset=None, extractor="", extractor_version="")
