"""Tone and Compare: whether outlets differ, and what each ran on a day."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pandas as pd

from dashboard import data
from tests.dashboard.conftest import Show, html_of, words_of
from tests.snapshots import HERALD, POST, HomeBuilder, Piece
from tracker.report.chart_data import packed
from tracker.report.filters import Filters


def test_tone_says_which_outlets_differ_and_leads_to_what_it_counts(show: Show, filled: Path) -> None:
    app = show(filled, "tone")

    words, html = words_of(app), html_of(app)
    assert "By the tone of outlets’ own words, 1 of 1 pair among the 2 outlets" in words
    assert "The East Post may read more pleasant than Hill Herald, by 0.27, n 5 and 6; a hint, no finding." in words
    assert "own words (tone) of The East Post and Hill Herald differ by +0.265" in words
    assert "not what an outlet thinks" in words
    assert "Withheld, with fewer than 5 such articles: North Wire ( n 1 )." in words
    assert 'href="article?outlet=Hill+Herald&amp;toned=outlet_voice"' in html
    assert len(app.get("vega_lite_chart")) == 1


def test_tone_toward_somebody_counts_articles_that_name_them_often(show: Show, tmp_path: Path) -> None:
    pieces = [
        Piece(outlet=outlet, title=f"{outlet.name} {n}", at=datetime(2025, 5, 12 + n, tzinfo=UTC), toward=score)
        for outlet, score in ((POST, 0.5), (HERALD, -0.5))
        for n in range(6)
    ]
    HomeBuilder(tmp_path).build(pieces)

    app = show(tmp_path, "tone", toward="The Agency")

    html = html_of(app)
    assert 'href="article?outlet=The+East+Post&amp;target=agency">6<' in html.replace(' target="_self" title=""', "")
    assert "+0.50" in html
    followed = show(tmp_path, "article", outlet="The East Post", target="agency")
    assert "6 articles that name “agency” often enough for a figure" in words_of(followed)


def test_compare_puts_headlines_side_by_side(show: Show, filled: Path) -> None:
    app = show(filled, "compare", on="12 May 2025: 4 articles at 3 outlets · Injunction denied", side="Hill Herald")

    words = words_of(app)
    assert "12 May 2025: Hill Herald ran 1 article , 1 of its own." in words
    assert "Herald story 0" in words
    assert "The judge ruled on Monday that the agency may share the data." in words


def test_compare_lists_what_others_ran_and_one_did_not(show: Show, filled: Path) -> None:
    words = words_of(show(filled, "compare", missed="North Wire"))

    assert "North Wire had nothing on 5 days on which others did" in words
    assert "did not run 0 texts" in words
    herald = words_of(show(filled, "compare", missed="Hill Herald"))
    assert "Hill Herald had nothing on 0 days on which others did, and did not run 1 text" in herald


def test_a_gap_is_said_where_an_outlet_has_nothing(show: Show, tmp_path: Path) -> None:
    days = ((POST, "Alone", 14), (HERALD, "Before", 12))
    HomeBuilder(tmp_path).build(
        [Piece(outlet=outlet, title=title, at=datetime(2025, 5, day, 16, tzinfo=UTC)) for outlet, title, day in days]
    )

    words = words_of(show(tmp_path, "compare", on="14 May 2025: 1 article at 1 outlet", missed="Hill Herald"))

    assert "Hill Herald ran nothing, but was not wholly collected then: that may be why" in words
    assert "Hill Herald had nothing on 1 day on which others did, on 1 of which it was not wholly collected" in words


def test_a_charts_data_comes_with_a_manifest(filled: Path) -> None:
    snapshot = str((filled / "coverage.duckdb").resolve())
    filters = Filters(topic="test-ruling", outlets=("east-post",))

    archive = zipfile.ZipFile(BytesIO(packed(data.info(snapshot), filters, "Attention", pd.DataFrame({"n": [1, 2]}))))

    assert archive.read("data.csv") == b"n\n1\n2\n"
    manifest = json.loads(archive.read("manifest.json"))
    assert manifest["shows"] == "Attention"
    assert manifest["view"]["outlets"] == ["east-post"]
    assert manifest["cite_as"].startswith("Coverage snapshot of 2025-05-20 04:00 UTC, rows ")
    assert (manifest["n_rows"], manifest["columns"]) == (2, ["n"])
