"""Let go what the rules of ``[retention]`` no longer keep, and write the database without the room that left.

Every rule is off until it is set. What goes is counted in the table ``let_go`` and said. Killed at any moment, the
next run goes on: a WARC file is first written anew under another name, then its rows are moved, then it is removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pipelines.progress import Progress
from pipelines.runs import ALL_WELL, SOME_FAILED, Options, begun, finish
from pipelines.steps.judge import judge
from pipelines.steps.run import Run
from tracker.errors import ArchiveError
from tracker.store.retention import ArchivedPage
from tracker.thinning import Thinned, thin

FILES = 50  # WARC files of which the pages are looked up at a time
MEGABYTE = 1_000_000
USES = ("unused", "off_topic", "on_topic")


def compact(path: Path, options: Options, progress: Progress) -> tuple[int, Run]:
    """Apply the rules of a home, write its database anew and publish; return the exit code and the run.

    The code is 1 where a WARC file is damaged: it is left as it is.
    """
    with begun(path, "compact", options, progress) as run:
        judge(run)  # which pages are of use hangs on the topics as they are now
        master = run.store.path
        before = master.stat().st_size
        thin_archive(run)
        if not run.stop:
            forget_rows(run)
            run.store.rewrite()
            run.count("database bytes freed", n=before - master.stat().st_size)
        return finish(run, code=SOME_FAILED if run.counts["n_files_damaged"] or run.stop else ALL_WELL), run


def said(run: Run) -> Sequence[str]:
    """Return what was let go, in words."""
    counts, rules = run.counts, run.home.settings.retention
    lines = []
    for use in USES:
        days = getattr(rules, f"{use}_page_days")
        name = use.replace("_", "-")
        rule = f" older than {days:g} days: {counts[f'pages.{use}']} let go" if days else ": kept"
        lines.append(f"{name} pages{rule}")
    files = f"{counts['n_files']} WARC files written anew, {counts['archive bytes freed'] / MEGABYTE:.1f} MB freed"
    requests = f"older than {rules.request_days:g} days: {counts['requests']} let go" if rules.request_days else "kept"
    scores = "kept" if rules.old_scores else f"{counts['scores']} rows let go"
    lines += [
        f"{files}; {counts['n_files_damaged']} damaged and left alone",
        f"requests: {requests}",
        f"scores of earlier versions: {scores}",
        f"database: {counts['database bytes freed'] / MEGABYTE:.1f} MB freed",
    ]
    return lines


def thin_archive(run: Run) -> None:
    """Let go the pages that are older than the rule for their use says, file by file."""
    _unlink(run)
    retention, rules = run.store.retention, run.home.settings.retention
    before = {use: _ago(run, days) for use in USES if (days := getattr(rules, f"{use}_page_days"))}
    if not before:
        return
    files = retention.thinned_files(before)
    for start in range(0, len(files), FILES):
        for name, pages in retention.pages_of(files[start : start + FILES], before).items():
            if run.stop:
                return
            _thin_file(run, name, pages, before)


def _thin_file(run: Run, name: str, pages: Sequence[ArchivedPage], before: dict[str, datetime]) -> None:
    gone = [page for page in pages if page.goes]
    keep = {page.offset for page in pages if not page.goes}
    try:
        thinned = thin(run.home.archive, name, keep=keep, drop={page.offset for page in gone} - keep)
    except ArchiveError as error:
        run.count("n_files_damaged")
        run.progress.warn(f"left as it is: {error}")
        return
    _record(run, name, thinned, gone, before)
    _unlink(run)


def _record(run: Run, name: str, thinned: Thinned, gone: Sequence[ArchivedPage], before: dict[str, datetime]) -> None:
    numbers, sizes = Counter(page.use for page in gone), Counter[str]()
    for page in gone:
        sizes[page.use] += page.n_bytes
    retention = run.store.retention
    with run.store.transaction():
        retention.move_pages(name, thinned.name, thinned.offsets, run.now)
        for use, n in numbers.items():
            retention.record(run.id, f"pages.{use}", before[use], n, sizes[use])
        retention.set_files_to_unlink([name])
    run.count("n_files")
    run.count("archive bytes freed", n=thinned.n_bytes_freed)
    for use, n in numbers.items():
        run.count(f"pages.{use}", n=n)


def _unlink(run: Run) -> None:
    """Remove the files whose rows point elsewhere, also those that a killed run did not come to."""
    if files := run.store.retention.files_to_unlink():
        for name in files:
            (run.home.archive / name).unlink(missing_ok=True)
        run.store.retention.set_files_to_unlink([])


def forget_rows(run: Run) -> None:
    """Let go old requests and what earlier versions of the scorers said, where rules say so."""
    retention, rules = run.store.retention, run.home.settings.retention
    with run.store.transaction():
        if rules.request_days:
            cut = _ago(run, rules.request_days)
            run.count("requests", n=(n := retention.forget_requests(cut)))
            if n:
                retention.record(run.id, "requests", cut, n)
        if not rules.old_scores:
            for scoring in run.scorings:
                run.count("scores", n=retention.forget_old_scores(scoring.topic.topic, scoring.hash, scoring.scorers))
            if run.counts["scores"]:
                retention.record(run.id, "scores", None, run.counts["scores"])


def _ago(run: Run, days: float) -> datetime:
    return run.now - timedelta(days=days)
