"""Every query of the cookbook runs on the demonstration, and the page shows what it answers."""

from __future__ import annotations

import pytest

from pipelines.cookbook import PAGE, answered, queries
from tracker.store.snapshot import open_snapshot, snapshot_path

TEXT = PAGE.read_text(encoding="utf-8")


def _parts(page: str) -> dict[str, str]:
    """Return the page's sections by heading, so that a failure shows the one that differs."""
    heads = [part.partition("\n") for part in page.split("\n## ")]
    return {head: body for head, _, body in heads}


def test_there_are_25_questions_and_no_two_alike():
    assert len(queries(TEXT)) == len(set(queries(TEXT))) == 25
    assert len(queries(TEXT)) == TEXT.count("\n## ")


@pytest.mark.parametrize("query", queries(TEXT))
def test_every_query_is_ordered_and_answers_something(demo_home, query):
    with open_snapshot(snapshot_path(demo_home)) as snapshot:
        rows = snapshot.execute(query).fetchall()
    assert rows
    assert len(rows) == 1 or "ORDER BY" in query


def test_the_page_shows_what_the_demonstration_answers(demo_home):
    assert _parts(TEXT) == _parts(answered(TEXT, demo_home)), (
        "run 'make demo DASHBOARD=0', then python -m pipelines.cookbook"
    )
