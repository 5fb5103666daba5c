"""History from the Wayback Machine, a sitemap and GDELT, against answers in their documented formats."""

from __future__ import annotations

import asyncio
import json

import pytest
from yarl import URL

from pipelines.backfill import backfill_gdelt, backfill_sitemap
from pipelines.backfill_wayback import backfill_wayback
from pipelines.demo import _through
from tests.integration.little_site import HOST, Answer, LittleSite, follow, page
from tests.integration.nights import QUIET
from tracker.collect.wayback import index_address

WORDS = "The storm reached the coast on Monday and the mayor of the town asked all to stay at home until it passed. "
EARLY, LATE = "20250512080000", "20250513090000"
VIA = "SELECT DISTINCT via FROM entries"


def captured(stamp: str, path: str) -> str:
    return f"http://web.archive.org/web/{stamp}id_/{HOST}{path}"


@pytest.fixture
def site():
    with LittleSite() as one:
        yield one


def test_captures_of_one_page_are_its_versions_as_it_stood_then(site, tmp_path):
    rows = [["timestamp", "original", "digest"], [LATE, f"{HOST}/a", "B"], [EARLY, f"{HOST}/a", "A"]]
    site.pages[str(URL(index_address(f"{HOST}/a", None, None)))] = Answer(json.dumps(rows), kind="application/json")
    site.pages[captured(EARLY, "/a")] = page("The storm is near", WORDS * 3)
    site.pages[captured(LATE, "/a")] = page("The storm has passed", WORDS * 3, "Two roofs were lost.")
    home = follow(tmp_path / "home", site)
    with _through(site.proxy_url):
        code, run, _ = backfill_wayback(home.home, f"{HOST}/a", None, None, QUIET)
        assert (code, run.counts["n_articles_new"], run.counts["n_revisions_new"]) == (0, 1, 1)
        backfill_wayback(home.home, f"{HOST}/a", None, None, QUIET)
    seen = home.master("SELECT revision, title, strftime(seen_at, '%Y%m%d%H%M%S') FROM revisions ORDER BY revision")
    assert seen == [(1, "The storm is near", EARLY), (2, "The storm has passed", LATE)]
    assert home.master("SELECT DISTINCT url, via FROM entries") == [(f"{HOST}/a", "wayback")]
    assert [site.asked[captured(stamp, "/a")] for stamp in (EARLY, LATE)] == [1, 1]


def test_the_sitemaps_of_an_index_are_read_and_what_is_likely_is_fetched(site, tmp_path):
    index = f"<sitemapindex><sitemap><loc>{HOST}/one.xml</loc></sitemap><sitemap><loc>{HOST}/gone.xml</loc></sitemap>"
    site.pages["/sitemap.xml"] = Answer(f"{index}</sitemapindex>", kind="application/xml")
    links = "".join(f"<url><loc>{HOST}/{name}</loc></url>" for name in ("the-storm-is-near", "budget"))
    site.pages["/one.xml"] = Answer(f"<urlset>{links}</urlset>", kind="application/xml")
    site.pages["/the-storm-is-near"] = page("The storm is near", WORDS * 3)
    home = follow(tmp_path / "home", site)
    with _through(site.proxy_url):
        code, run = asyncio.run(backfill_sitemap(home.home, f"{HOST}/sitemap.xml", QUIET))
    assert (code, run.counts["n_lists_failed"]) == (1, 1)
    assert home.master("SELECT status, count(*) FROM entries GROUP BY ALL ORDER BY ALL") == [
        ("skipped", 1),
        ("stored", 1),
    ]
    assert home.master(VIA) == [("sitemap",)]
    assert site.asked["/budget"] == 0


def test_addresses_in_a_file_of_gdelt_are_taken_in(site, tmp_path):
    site.pages["/the-storm"] = page("The storm", WORDS * 3)
    file = tmp_path / "20250512080000.gkg.csv"
    file.write_text("\t".join(["1", "20250512080000", "1", "gazette.example", f"{HOST}/the-storm", *[""] * 22]))
    home = follow(tmp_path / "home", site)
    with _through(site.proxy_url):
        code, run = asyncio.run(backfill_gdelt(home.home, [file], None, QUIET))
    assert (code, run.counts["n_articles_new"]) == (0, 1)
    assert home.master(VIA) == [("gdelt",)]
