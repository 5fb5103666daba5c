"""Whole pages of invented outlets against what should be read out of them.

After a change that is meant, regenerate with ``REGENERATE_GOLDENS=1 pytest tests/golden/test_pages.py``
and read the difference.
"""

import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pytest

from tracker.errors import ExtractError
from tracker.extract.page import extract_page
from tracker.model import Page

PAGES = Path(__file__).parent / "pages"
LISTED = json.loads((PAGES / "pages.json").read_text(encoding="utf-8"))
PROVENANCE = {"extractor_version"}


def read(name):
    body = (PAGES / f"{name}.html").read_bytes()
    url = LISTED[name]["url"]
    fetched_at = datetime.fromisoformat(LISTED[name]["fetched_at"])
    page = Page(url=url, final_url=url, body=body, fetched_at=fetched_at, payload_digest="")
    try:
        article = asdict(extract_page(page))
    except ExtractError as error:
        return {"error": str(error)}
    return json.loads(json.dumps({k: v for k, v in article.items() if k not in PROVENANCE}, default=str))


def test_every_page_is_listed():
    assert {path.stem for path in PAGES.glob("*.html")} == set(LISTED)


@pytest.mark.parametrize("name", sorted(LISTED))
def test_page(name):
    golden = PAGES / f"{name}.json"
    found = read(name)
    if os.environ.get("REGENERATE_GOLDENS"):
        golden.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))
