"""A week in the life of pages, replayed night by night through the real run over loopback."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pipelines.nightly import look_again
from tests.integration.little_site import Answer, LittleSite, follow, page
from tracker.revisions import LOOKS

START = datetime(2026, 1, 5, 6, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TITLE = "Storm tears roof off town library"
PARAGRAPHS = (
    "A storm tore the roof off the town library on Sunday night and scattered its card catalogue over three streets.",
    "Nobody was hurt, the fire chief said, because the building had been closed since noon for a children's concert.",
    "The mayor said that repairs would take until summer. The council will meet on Tuesday to find the money.",
    "Volunteers carried some four thousand books to the school gymnasium, where they are drying on badminton nets.",
    "The last storm of that strength was in the winter of 1962, and it took the roof off the same building.",
)
FINES = "The library has said that it will not charge fines on books that were out when the storm came."


@pytest.fixture
def site():
    with LittleSite() as opened:
        yield opened


@pytest.fixture
def followed(site, tmp_path):
    return follow(tmp_path / "home", site)


def _versions(followed):
    return [
        (row["revision"], row["change_kind"], row["title"])
        for row in followed.rows("SELECT revision, change_kind, title FROM revisions ORDER BY revision")
    ]


def test_an_article_edited_eight_times_in_a_week(site, followed):
    """Three trivial edits, a flip-flop there and back, an update, a headline and a retraction."""
    retitled = "Storm tears roof off library; council to meet"
    more = (*PARAGRAPHS, FINES)
    note = "Editor's note: This article has been retracted. No storm passed through the town on Sunday."
    stamp = "Last update at {} on Monday".format
    edits = [
        page(TITLE, *PARAGRAPHS),
        page(
            TITLE, "Updated January 5, 2026, 9:30 a.m. ET", *PARAGRAPHS, "14 comments"
        ),  # trivial: no part of the text
        page(TITLE, *PARAGRAPHS, stamp("11:45 a.m.")),  # trivial: in the text
        page(TITLE, *PARAGRAPHS, stamp("12:10 p.m.")),  # trivial again
        page(TITLE, *more),  # update
        page(TITLE, *PARAGRAPHS, stamp("6:15 p.m.")),  # flip, its clock ticking …
        page(TITLE, *more),  # … flop
        page(retitled, *more),  # headline
        page(retitled, note, *more),  # retraction
    ]
    site.list("/storm", TITLE)
    for number, answer in enumerate(edits):
        site.pages["/storm"] = answer
        followed.night(START + number * 20 * HOUR, publishes=answer is edits[-1])
    assert _versions(followed) == [
        (1, "first", TITLE),
        (2, "trivial", TITLE),
        (3, "update", TITLE),
        (4, "headline", retitled),
        (5, "retraction", retitled),
    ]
    assert followed.rows("SELECT title_before, title_after FROM headline_changes") == [
        {"title_before": TITLE, "title_after": retitled}
    ]
    assert followed.rows("SELECT change_kind, change_note FROM corrections") == [
        {"change_kind": "retraction", "change_note": note}
    ]
    scored = followed.rows("SELECT DISTINCT revision FROM sentiment ORDER BY revision")
    assert [row["revision"] for row in scored] == [1, 2, 3, 4, 5]


def test_what_stands_is_known_when_an_outlet_goes_back(site, followed):
    changed = "Storm spares town library"
    site.list("/storm", TITLE)
    for number, title in enumerate([TITLE, changed, TITLE, changed, TITLE]):
        site.pages["/storm"] = page(title, *PARAGRAPHS)
        followed.night(START + number * DAY, publishes=number == 4)
    assert [row[2] for row in _versions(followed)] == [TITLE, changed]
    assert followed.rows("SELECT n_revisions, standing_revision FROM articles") == [
        {"n_revisions": 2, "standing_revision": 1}
    ]
    site.pages["/storm"] = page(TITLE, *PARAGRAPHS, FINES)
    followed.night(START + 5 * DAY)
    assert _versions(followed)[2] == (3, "update", TITLE)  # against what stood: the headline had not changed


def test_pages_are_looked_at_on_a_falling_schedule(site, followed):
    site.list("/storm", TITLE)
    site.pages["/storm"] = page(TITLE, *PARAGRAPHS)
    hours = [0, 0.1, 0.3, 1, 2.9, 3.2, 4.2, 5, 12, 25, 26, 29, 24 * 8, 24 * 9, 24 * 12, 24 * 29, 24 * 31, 24 * 35]
    asked = []
    for hour in hours:
        before = site.asked["/storm"]
        followed.night(START + hour * HOUR, publishes=False)
        asked.append(site.asked["/storm"] - before)
    assert asked == [1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 1, 0, 0]
    assert LOOKS[-1][0] == timedelta(days=30)


def test_looks_are_budgeted_the_longest_due_first(site, followed, monkeypatch):
    monkeypatch.setattr(look_again, "__defaults__", (2,))
    for number in range(4):
        site.list(f"/storm{number}", f"{TITLE} {number}")
        site.pages[f"/storm{number}"] = page(f"{TITLE} {number}", *PARAGRAPHS[: number + 1], f"{FINES} {number}")
    followed.night(START, publishes=False)
    before = dict(site.asked)
    followed.night(START + DAY, publishes=False)
    looked = [path for path in sorted(site.pages) if site.asked[path] > before[path]]
    assert len(looked) == 2
    followed.night(START + 2 * DAY, publishes=False)
    assert all(site.asked[path] > before[path] for path in site.pages)


def test_deletions_are_noted_and_come_backs_too(site, followed):
    stories = {
        status: page(f"{TITLE} {status}", *PARAGRAPHS[: number + 1], f"{FINES} {status}")
        for number, status in enumerate((404, 410, 451))
    }

    def gone_at(day: float, answer: Callable[[int], Answer]) -> set[object]:
        site.pages |= {f"/storm{status}": answer(status) for status in stories}
        followed.night(START + day * DAY)
        rows = followed.rows("SELECT gone_at FROM articles")
        assert len(rows) == len(stories)
        return {row["gone_at"] for row in rows}

    for status in stories:
        site.list(f"/storm{status}", f"{TITLE} {status}")
    assert gone_at(0, stories.__getitem__) == {None}
    first = (START + DAY).replace(tzinfo=None)
    assert gone_at(1, lambda status: Answer("Gone", status=status)) == {first}
    assert gone_at(2, lambda _: Answer("Trouble", status=500)) == {first}  # says nothing
    assert gone_at(3, lambda status: Answer("Gone", status=status)) == {first}
    assert gone_at(4, stories.__getitem__) == {None}
    assert len(_versions(followed)) == len(stories)


def test_a_page_that_leads_elsewhere_is_gone_not_edited(site, followed):
    site.list("/storm", TITLE)
    site.pages["/storm"] = page(TITLE, *PARAGRAPHS)
    followed.night(START, publishes=False)
    site.pages["/storm"] = Answer(status=301, location="/section/weather")
    site.pages["/section/weather"] = page(
        "Weather", "Rain is expected.", *(f"Bright spells on day {n}." * 9 for n in range(9))
    )
    followed.night(START + DAY)
    assert len(_versions(followed)) == 1
    assert followed.rows("SELECT gone_at IS NOT NULL AS is_gone FROM articles") == [{"is_gone": True}]


def test_a_paywall_that_comes_down_is_no_edit(site, followed):
    site.list("/storm", TITLE)
    site.pages["/storm"] = page(TITLE, *PARAGRAPHS, *PARAGRAPHS[::-1], FINES)
    followed.night(START, publishes=False)
    closed = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
    site.pages["/storm"] = page(TITLE, PARAGRAPHS[0], "Subscribe to continue reading.", extra=closed)
    followed.night(START + DAY)
    assert len(_versions(followed)) == 1
    assert followed.rows("SELECT completeness FROM articles") == [{"completeness": "whole"}]


def test_a_live_blog_that_grows_is_one_article(site, followed):
    title = "Live updates: storm hits town"
    site.list("/live/storm", title)
    told: tuple[str, ...] = PARAGRAPHS
    for number in range(4):
        site.pages["/live/storm"] = page(f"{title} ({number})" if number else title, *told)
        followed.night(START + number * DAY, publishes=number == 3)
        told = (
            f"{number} p.m.: The wind has turned and the river is at {number} metres by now, the chief said.",
            *told,
        )
    assert followed.rows("SELECT kind, n_revisions FROM articles") == [{"kind": "live", "n_revisions": 4}]
