"""The page on the data model is the schema's own."""

from __future__ import annotations

from pipelines.data_model import PAGE, render


def test_the_page_says_what_the_schema_says():
    assert PAGE.read_text(encoding="utf-8") == render(), "run 'python -m pipelines.data_model'"
