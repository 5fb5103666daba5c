"""The page on performance is made from what the benchmarks wrote."""

from __future__ import annotations

import json

from benchmarks.performance import FOLDER, PAGE, render


def test_the_page_says_what_the_benchmarks_wrote():
    measured = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}
    assert measured
    assert PAGE.read_text(encoding="utf-8") == render(measured), "run 'python -m benchmarks.performance'"


def test_every_figure_is_on_the_page():
    by = {"at": "2026-11-29 11:00 UTC", "commit": "abc1234", "machine": "a machine"}
    page = render({"rivals": {"pages": 208, "readers": {"a": {"speed": 0.5}, "b": {"speed": 1}}, "measured": by}})
    assert "2026-11-29 11:00 UTC, commit `abc1234`, a machine." in page
    assert "| pages | 208 |" in page
    assert "readers:\n\n| | speed |\n|---|---|\n| a | 0.5 |\n| b | 1 |" in page
