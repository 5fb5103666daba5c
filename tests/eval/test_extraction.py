"""Extraction on real pages kept outside the project, and the measuring itself on made-up ones."""

import gzip
import json
import os
from pathlib import Path

import pytest

from pipelines.evaluate.extraction import evaluate
from tests.unit.extract.pages import PROSE, article
from tracker.errors import DataError

SHARED = Path(os.environ.get("TRACKER_SHARED", Path(__file__).parents[3] / "shared"))
PAGES = SHARED / "newsroom" / "pages.jsonl"


def write_pages(directory, rows):
    (directory / "pages").mkdir()
    for row, html in rows:
        (directory / "pages" / f"{row['page']}.html.gz").write_bytes(gzip.compress(html.encode()))
    path = directory / "pages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row, _ in rows), encoding="utf-8")
    return path


def row(page, **changed):
    text = "\n\n".join(f"{PROSE * 2}Paragraph {number} says no more." for number in range(6))
    url = "https://a.example/2025/05/13/x"
    return {
        "page": page,
        "url": url,
        "title": "JUDGE lets ‘deal’ stand",
        "text": text,
        "published": "2025-05-13",
    } | changed


def test_right_and_wrong_are_told_apart(tmp_path):
    wrong = row("b", title="Other", text="Nothing of it at all here.", published="2024-01-01")
    html = article(6, title="Judge lets “deal” stand")
    rows = [(row("a"), html), (wrong, html), (row("c"), "no markup")]
    figures = {measure.metric: measure.value for measure in evaluate(write_pages(tmp_path, rows))}
    assert figures["articles_share"] == pytest.approx(2 / 3)
    assert figures["text_f1"] == pytest.approx(1 / 3)
    assert figures["title_share"] == pytest.approx(1 / 3)
    assert figures["date_share"] == pytest.approx(1 / 3)


def test_broken_data_names_its_line(tmp_path):
    path = write_pages(tmp_path, [(row("a"), article(6))])
    path.write_text(path.read_text() + '{"page": "b"}\n', encoding="utf-8")
    with pytest.raises(DataError, match="line 2"):
        evaluate(path)


@pytest.mark.shared
def test_real_pages():
    if not PAGES.exists():
        pytest.skip("no third-party pages: set TRACKER_SHARED to the folder that holds newsroom/")
    figures = {measure.metric: measure.value for measure in evaluate(PAGES)}
    assert figures["articles_share"] >= 0.95
    assert figures["text_f1"] >= max(0.94, figures["text_f1_trafilatura"])
    assert figures["title_share"] >= max(0.91, figures["title_share_trafilatura"] + 0.005)
    assert figures["date_share"] >= max(0.92, figures["date_share_trafilatura"] + 0.005)
