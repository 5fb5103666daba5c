"""What a new version of a scorer moved: the same articles by both versions, part by part."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tracker.report.snapshot_report import SnapshotReport

MOST_MOVED = 5  # articles named for each part
_PAIRS = """
SELECT s.scorer, o.scorer_version AS before_version, s.scorer_version AS after_version, s.part, s.topic, s.article,
    a.outlet, a.title, o.value AS before, s.value AS after
FROM sentiment s JOIN snapshot_scorers c USING (scorer, scorer_version)
JOIN sentiment o ON o.topic = s.topic AND o.article = s.article AND o.revision = s.revision AND o.part = s.part
    AND o.scorer = s.scorer AND o.scorer_version <> s.scorer_version
JOIN articles a ON a.article = s.article AND a.n_revisions = s.revision
WHERE s.value IS NOT NULL AND o.value IS NOT NULL AND ($scorer IS NULL OR s.scorer = $scorer)
ORDER BY ALL
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One article by both versions."""

    outlet: str
    title: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """One part of the articles that two versions of a scorer have both scored."""

    scorer: str
    before_version: str
    after_version: str
    part: str
    n: int
    mean_before: float
    mean_after: float
    mean_moved: float  # mean of the absolute differences
    n_sign_changed: int  # articles that were pleasant and are not, or the other way round
    r: float | None  # Pearson's; None where it is not defined
    most: tuple[Moved, ...]


def version_changes(report: SnapshotReport, scorer: str | None = None) -> tuple[VersionChange, ...]:
    """Return what moved from every earlier version to the present one; nothing where there is one version only."""
    pairs = report.frame(_PAIRS, {"scorer": scorer})
    groups = pairs.groupby(["scorer", "before_version", "after_version", "part"], sort=True)
    return tuple(_change(rows) for _, rows in groups)


def _change(rows: pd.DataFrame) -> VersionChange:
    moved = (rows["after"] - rows["before"]).abs()
    does_vary = bool(rows["before"].std() > 0 and rows["after"].std() > 0)
    most = rows.loc[moved.nlargest(MOST_MOVED).index].to_dict("records")
    first = rows.iloc[0]
    return VersionChange(
        scorer=str(first["scorer"]),
        before_version=str(first["before_version"]),
        after_version=str(first["after_version"]),
        part=str(first["part"]),
        n=len(rows),
        mean_before=float(rows["before"].mean()),
        mean_after=float(rows["after"].mean()),
        mean_moved=float(moved.mean()),
        n_sign_changed=int((rows["before"] * rows["after"] < 0).sum()),
        r=float(rows["before"].corr(rows["after"])) if does_vary else None,
        most=tuple(
            Moved(outlet=row["outlet"], title=row["title"], before=row["before"], after=row["after"]) for row in most
        ),
    )


def lines(changes: tuple[VersionChange, ...]) -> tuple[str, ...]:
    """Return the changes in words, a line each, with the article that moved most."""
    if not changes:
        return ("No article has been scored by two versions of one scorer.",)
    found: list[str] = []
    for one in changes:
        r = "" if one.r is None else f", r {one.r:.3f}"
        found.append(
            f"{one.scorer} {one.before_version} → {one.after_version}, {one.part}: {one.n} articles, mean "
            f"{one.mean_before:+.3f} → {one.mean_after:+.3f}, moved by {one.mean_moved:.3f} on average{r}, "
            f"{one.n_sign_changed} changed sign; most: {one.most[0].outlet}, “{one.most[0].title}” "
            f"({one.most[0].before:+.3f} → {one.most[0].after:+.3f})"
        )
    return tuple(found)
