"""Ask: search and SQL, with what is refused said in words."""

from __future__ import annotations

from pathlib import Path

from tests.dashboard.conftest import Show, html_of, words_of


def test_search_marks_what_was_found_and_leads_to_it(show: Show, filled: Path) -> None:
    app = show(filled, "ask", q='"share data" title:judge')

    assert "2 articles found." in words_of(app)
    assert "<mark>share data</mark>" in html_of(app)
    assert 'href="article?article=' in html_of(app)


def test_search_that_is_none_is_said(show: Show, filled: Path) -> None:
    app = show(filled, "ask", q="(judge")

    assert not app.exception
    assert "No search" in words_of(app)


def test_sql_gives_a_table_and_a_chart(show: Show, filled: Path) -> None:
    app = show(filled, "ask")
    app.text_area[0].set_value("SELECT outlet_name, count(*) AS n FROM coverage GROUP BY ALL ORDER BY n DESC, 1")
    app.button[0].click().run()

    words = words_of(app)
    assert "3 rows." in words
    assert "The East Post 7 Hill Herald 6 North Wire 1" in words
    assert len(app.get("vega_lite_chart")) == 1


def test_sql_starts_from_the_cookbook(show: Show, filled: Path) -> None:
    app = show(filled, "ask")

    examples = next(box for box in app.selectbox if box.label == "Start from").options
    assert len(examples) > 20
    assert app.text_area[0].value.startswith("SELECT outlet_name, outlet_kind AS kind")


def test_sql_reaches_no_file(show: Show, filled: Path) -> None:
    app = show(filled, "ask")
    app.text_area[0].set_value("SELECT * FROM read_csv('/etc/hosts')")
    app.button[0].click().run()

    assert "refused: queries reach no files, network, settings or extensions" in words_of(app)
    app.text_area[0].set_value("SELECT 1; SELECT 2")
    app.button[0].click().run()
    assert "one statement at a time, please: this is 2" in words_of(app)
