"""Every page, with data and without."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from dashboard import data
from tests.dashboard.conftest import VIEWS, Show, html_of, words_of
from tests.snapshots import HERALD, POST, WIRE, HomeBuilder, Piece, usual_pieces
from tracker.report.open import StoreError

QUESTIONS = {
    "overview": "Who covered it, and how much?",
    "outlets": "How do outlets compare?",
    "frames": "Which aspects does each outlet stress?",
    "tone": "Do outlets differ in tone?",
    "compare": "How did they play it?",
    "voices": "Whose words are these?",
    "words": "Which words for the same thing?",
    "wire": "Who ran whose text?",
    "changes": "What was changed afterwards?",
    "article": "Which articles are these?",
    "ask": "Where does it say so?",
    "setup": "What is followed, and what counts as on the topic?",
    "health": "What was not collected?",
    "coding": "What do people say that the articles are?",
}


@pytest.mark.parametrize("view", VIEWS)
def test_page_answers_its_question_on_data(show: Show, filled: Path, view: str) -> None:
    app = show(filled, view)

    assert not app.exception
    assert [title.value for title in app.title] == [QUESTIONS[view]]
    assert "As of 20 May 2025, 00:00 (America/New_York)" in words_of(app)
    assert "Invented demonstration" in words_of(app)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose snapshot leaves the texts out."""
    home = tmp_path_factory.mktemp("bare")
    HomeBuilder(home, has_text=False).build(usual_pieces())
    return home


@pytest.mark.parametrize("view", ["overview", "frames", "voices", "words", "changes", "ask"])
def test_page_on_a_snapshot_without_texts_says_that_they_are_left_out(show: Show, bare: Path, view: str) -> None:
    app = show(bare, view)

    assert not app.exception
    words = words_of(app)
    assert "The texts are left out of this snapshot" in words
    assert "cannot be read" not in words
    assert "has changed since" not in words
    assert "No sentence is found" not in words


@pytest.mark.parametrize("view", VIEWS)
def test_page_without_snapshot_says_what_to_do(show: Show, tmp_path: Path, view: str) -> None:
    app = show(tmp_path, view)

    assert not app.exception
    assert "No snapshot yet" in words_of(app)
    assert "tracker nightly" in words_of(app)


@pytest.mark.parametrize("view", VIEWS)
def test_page_on_empty_snapshot_points_to_backfill(show: Show, empty: Path, view: str) -> None:
    app = show(empty, view)

    assert not app.exception
    words = words_of(app)
    assert "Invented demonstration" not in words
    if view in {"ask", "setup", "coding"}:
        assert QUESTIONS[view] in words
    elif view == "health":
        assert "1 of 3 feeds did not answer well" in words
    else:
        assert "Nothing on this topic yet" in words
        assert "live feeds no longer carry May 2025" in words
        assert "tracker backfill urls FILE" in words


@pytest.mark.parametrize("view", VIEWS)
def test_page_on_broken_snapshot_says_so(show: Show, tmp_path: Path, view: str) -> None:
    (tmp_path / "coverage.duckdb").write_bytes(b"this is no database" * 1000)

    app = show(tmp_path, view)

    assert not app.exception
    assert "The snapshot cannot be read" in words_of(app)
    assert "tracker doctor" in words_of(app)


def test_snapshot_of_another_schema_is_said_to_be_unreadable(show: Show, tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "coverage.duckdb")) as connection:
        connection.execute("CREATE TABLE snapshot_info (as_of_at TIMESTAMP); INSERT INTO snapshot_info VALUES (now())")

    app = show(tmp_path)

    assert not app.exception
    assert "The snapshot cannot be read" in words_of(app)


# ---------------------------------------------------------------- what pages say


def test_overview_says_the_numbers_and_links_them(show: Show, filled: Path) -> None:
    app = show(filled)

    words = words_of(app)
    assert "From 12 to 17 May 2025, 3 outlets ran 14 articles" in words
    assert "The East Post ( 7 ) covered it most" in words
    assert "2 of 3 feeds answered well when last asked; 1 gap at 1 outlet" in words
    assert "A 12 May 2025: Injunction denied (D. Test)" in words
    assert "Another case decided — outside the picture" in words
    assert 'href="article?copy=yes"' in html_of(app)
    assert 'href="article?outlet=The+East+Post"' in html_of(app)


def test_overview_says_what_is_new_and_where_outlets_differ(show: Show, filled: Path) -> None:
    words = words_of(show(filled))

    assert "This is the first snapshot" in words
    assert "In the seven days to 20 May 2025: 8 articles , after 6 in the seven before." in words
    assert "Nobody has checked relevance on this topic" in words
    assert "A hint, no finding: tone of outlets&#39; own words (tone) of Hill Herald and The East Post differ" in words
    assert "The surest of 1 comparison between the outlets with most stories" in words


def test_overview_counts_what_came_since_the_snapshot_before(show: Show, tmp_path: Path) -> None:
    HomeBuilder(tmp_path).build(usual_pieces())
    extra = Piece(outlet=HERALD, title="One more", at=datetime(2025, 5, 20, 12, tzinfo=UTC))
    HomeBuilder(tmp_path, run="run-2").build([extra], now=datetime(2025, 5, 21, 4, tzinfo=UTC))

    words = words_of(show(tmp_path))

    assert "Since the snapshot before (20 May 2025, 00:00): 1 new article at 1 outlet, 1 of them own work" in words
    assert "Tonight’s headlines, side by side" in words


def test_an_outlet_has_a_page_of_its_own(show: Show, filled: Path) -> None:
    app = show(filled, "outlets", of="east-post", lean="nothing such")

    words = words_of(app)
    assert "The East Post (national) ran 7 articles : 6 its own work, 1 wire copies. By number it is number 1" in words
    assert "Its own words read pleasant more often than not: tone +0.13 (95 % +0.04 to +0.23, n 6)" in words
    assert "Judge Alder" in words
    assert "Post story 0 → Post story 0, corrected" in words
    assert "No such outlet" in words_of(show(filled, "outlets", of="nobody"))


def test_outlets_stand_in_groups_with_small_charts(show: Show, filled: Path) -> None:
    html = html_of(show(filled, "outlets", together="Kinds"))

    assert '<tr class="ct-group"><td class="" data-head="Outlet">Local: 1 outlet</td>' in html
    assert 'aria-label="6 own work, 1 wire copies"' in html
    assert '<i class="ct-dot" style="left:' in html


def test_outlets_withholds_small_samples_and_says_so(show: Show, filled: Path) -> None:
    app = show(filled, "outlets")

    words = words_of(app)
    assert "withheld (n 1)" in words
    assert "2 of 2 outlets differ from neutral: The East Post (+0.13, n 6) and Hill Herald (−0.12, n 6)" in words


def test_outlets_are_sorted_as_the_address_says(show: Show, filled: Path) -> None:
    html = html_of(show(filled, "outlets", sort="First to report"))

    table = html[html.index("ct-table") :]
    assert table.index("North Wire") < table.index("The East Post")


def test_frames_gives_shares_with_n_and_no_share_for_small_samples(show: Show, filled: Path) -> None:
    html = html_of(show(filled, "frames"))

    assert "Legality: in 7 of 7 articles" in html
    cell = '<td class="ct-cell" style="--ink:100%" data-head="Legality">'
    assert f'{cell}<a href="article?outlet=The+East+Post&amp;frame=legality"' in html
    assert '<td class="ct-cell-small" style="--ink:100%" data-head="Legality">' in html
    assert "What legality is." in html


def test_frames_say_whose_they_are_and_give_sentences(show: Show, filled: Path) -> None:
    app = show(filled, "frames", one="Economic", at="Hill Herald")

    html = html_of(app)
    assert "The judge <mark>ruled</mark> on Monday" in html
    assert "the outlet’s own words · Hill Herald" in html
    assert len(app.get("vega_lite_chart")) == 2


def test_voices_say_who_is_quoted_where_and_who_never(show: Show, filled: Path) -> None:
    words = words_of(show(filled, "voices"))

    assert "By name, Judge Alder is quoted most: 100 % of others’ words, in 13 articles at 3 outlets." in words
    assert "Never heard: Government at Hill Herald." in words
    assert "“This order is a terrible mistake,” said Judge Alder in court." in words.replace(" ,”", ",”")


def test_health_says_what_the_disk_holds(show: Show, filled: Path) -> None:
    words = words_of(show(filled, "health"))

    assert "This home takes" in words
    assert "snapshots what readers open: the newest and those before it" in words


def test_voices_counts_words_by_camp(show: Show, filled: Path) -> None:
    app = show(filled, "voices")

    words = words_of(app)
    assert "15 % of the words in 13 whole articles are somebody else’s" in words
    assert "Court (62 % of those words, in 8 articles )" in words
    assert len(app.get("vega_lite_chart")) == 1


def test_words_counts_names_by_voice_and_time_and_tells_groups_apart(show: Show, filled: Path) -> None:
    app = show(filled, "words", words_read="true", when_people="true")

    words = words_of(app)
    assert "illegal alien (restrictive): 14 uses in 14 articles" in words
    assert len(app.get("vega_lite_chart")) == 2
    assert len(show(filled, "words").get("vega_lite_chart")) == 1  # the other is drawn once it is opened
    assert "No word tells The East Post and Hill Herald apart" in words


def test_overview_names_who_did_most_of_it_by_themselves(show: Show, filled: Path) -> None:
    assert "Most own work: The East Post ( 6 ) and Hill Herald ( 6 )." in words_of(show(filled))


def test_wire_shows_copies(show: Show, filled: Path) -> None:
    app = show(filled, "wire")

    words = words_of(app)
    assert "1 text ran more than once, in 1 copy besides the originals" in words
    assert "copy, retitled" in words
    assert "The East Post ran most of them, 1. Their most frequent source is North Wire (1)." in words
    assert "The East Post 1 6 14 %" in words
    assert "Whose texts they are: North Wire (1)" in words


def test_changes_shows_headlines_before_and_after(show: Show, filled: Path) -> None:
    app = show(filled, "changes")

    words = words_of(app)
    assert "1 article changed its headline" in words
    assert "“ Post story 0 ” became “ Post story 0, corrected ”" in words
    assert "No text in this view has changed" in words
    assert "corrected</ins>" in html_of(app)


def test_article_shows_text_with_layers_and_evidence(show: Show, filled: Path) -> None:
    article = usual_pieces()[0].article
    app = show(filled, "article", article=article, layers=["Voices", "Frames", "Loaded names", "Sentence tone"])

    html, words = html_of(app), words_of(app)
    assert app.title[0].value == "What does this article say, and on what evidence?"
    assert 'class="ct-quoted" title="quoted: Judge Alder · Government"' in html
    assert '<span class="ct-frame" title="frame: Legality">ruled</span>' in html
    assert 'title="illegal alien (restrictive; a name for people)">illegal alien</span>' in html
    assert "Post story 0, corrected" in words
    assert "2 versions; the first was seen" in words
    assert 'rel="noopener noreferrer nofollow">at the outlet</a>' in html


def test_article_that_is_not_there(show: Show, filled: Path) -> None:
    app = show(filled, "article", article="0000000000000000")

    assert not app.exception
    assert "No such article" in words_of(app)


@pytest.mark.parametrize(
    ("parameters", "n"),
    [
        ({"frame": "economic"}, 6),
        ({"primary": "legality"}, 8),
        ({"copy": "yes"}, 1),
        ({"changed": "yes"}, 1),
        ({"camp": "government", "voice": "quoted"}, 6),
        ({"term": "illegal alien", "voice": "others"}, 0),
        ({"day": "2025-05-12"}, 4),
        ({"day": "no day"}, 14),
        ({"cluster": "c1"}, 2),
    ],
)
def test_figures_lead_to_the_articles_that_they_count(
    show: Show, filled: Path, parameters: dict[str, str], n: int
) -> None:
    app = show(filled, "article", **parameters)

    lede = next(line for line in html_of(app).splitlines() if "ct-lede" in line)
    assert f">{n} article" in lede
    listed = html_of(app).partition("<caption>")[2].partition("</table>")[0]
    assert listed.count("&amp;article=") + listed.count("?article=") == n


# ---------------------------------------------------------------- filters and snapshots


def test_filters_come_from_the_address_and_are_said(show: Show, filled: Path) -> None:
    app = show(filled, outlet="Hill Herald", wire="false", since="2025-05-13")

    words = words_of(app)
    assert "1 outlet ran 5 articles" in words
    assert "Showing only: Hill Herald; from 13 May 2025; without wire copies" in words
    assert 'href="article?since=2025-05-13&amp;outlet=Hill+Herald&amp;wire=false"' in html_of(app)


def test_filters_that_leave_nothing_offer_everything(show: Show, filled: Path) -> None:
    app = show(filled, since="2025-06-01")

    assert "Nothing in this view" in words_of(app)
    assert "show everything" in words_of(app)


def test_bad_parameters_are_ignored(show: Show, filled: Path) -> None:
    app = show(filled, outlet="No Such Outlet", since="yesterday", topic="nothing", kind="<script>")

    assert not app.exception
    assert "3 outlets ran 14 articles" in words_of(app)


def test_new_snapshot_is_shown_and_filters_stay(show: Show, tmp_path: Path) -> None:
    HomeBuilder(tmp_path).build(usual_pieces())
    app = show(tmp_path, outlet="Hill Herald")
    assert "1 outlet ran 6 articles" in words_of(app)

    extra = Piece(outlet=HERALD, title="One more", at=datetime(2025, 5, 18, 12, tzinfo=UTC))
    HomeBuilder(tmp_path, run="run-2").build([extra])
    app.run()

    assert "1 outlet ran 7 articles" in words_of(app)


def test_snapshot_that_comes_later_is_shown(show: Show, tmp_path: Path) -> None:
    app = show(tmp_path)
    HomeBuilder(tmp_path).build(usual_pieces())

    app.run()

    assert "14 articles" in words_of(app)


def test_old_snapshots_are_let_go(tmp_path: Path) -> None:
    paths = [str(HomeBuilder(tmp_path / str(n)).build()) for n in range(data.OPEN_SNAPSHOTS + 1)]
    first = data._report(paths[0])
    for path in paths[1:]:
        data._report(path)

    with pytest.raises(StoreError):
        first.info()
    assert data.info(paths[-1]).n_articles == 0


def test_outlets_of_one_name_are_told_apart(show: Show, tmp_path: Path) -> None:
    twin = type(POST)(outlet="west-post", name=POST.name, kind=POST.kind, scopes=("west.example",))
    pieces = [Piece(outlet=outlet, title="Same") for outlet in (POST, twin, WIRE)]
    HomeBuilder(tmp_path, outlets=(POST, twin, WIRE)).build(pieces)

    app = show(tmp_path, outlet="The East Post (west-post)")

    assert "1 outlet ran 1 article" in words_of(app)
