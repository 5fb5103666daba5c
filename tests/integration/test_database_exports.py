"""Articles as Nexis Uni and Factiva export them, in the shape that readers in R document; the texts are invented."""

from __future__ import annotations

import docx
import pytest

from pipelines.backfill_texts import backfill_stories
from pipelines.database_exports import read_factiva, read_nexis
from pipelines.given import Problem
from pipelines.progress import Progress
from tracker.config import init_home
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.snapshot import snapshot_path

QUIET = Progress(verbosity=-1)
LEAD = "A federal judge ruled on Monday that the IRS may share taxpayer data with ICE."
REST = (
    "Body of evidence or not, advocates called the decision a terrible mistake and promised to appeal within days. "
    "The agency said that it would go on as before until a higher court says otherwise."
)
COVER = ("User Name: A Reader", "Date and Time: May 20, 2025", "Job Number: 1", "1. Judge lets IRS share data")
FACTIVA = """<html><body><div id="carryOver">
<div class="article enArticle"><p>&nbsp;</p><table>
<tr><td><b>HD&nbsp;</b></td><td><span class="enHeadline">Judge lets IRS share data</span></td></tr>
<tr><td><b>BY&nbsp;</b></td><td>By Ana López and B. Wu</td></tr>
<tr><td><b>WC&nbsp;</b></td><td>30 words</td></tr>
<tr><td><b>PD&nbsp;</b></td><td>13 May 2025</td></tr>
<tr><td><b>ET&nbsp;</b></td><td>09:15</td></tr>
<tr><td><b>SN&nbsp;</b></td><td>The East Post</td></tr>
<tr><td><b>LA&nbsp;</b></td><td>English</td></tr>
<tr><td><b>LP&nbsp;</b></td><td><p class="articleParagraph enarticleParagraph">{lead}</p></td></tr>
<tr><td><b>TD&nbsp;</b></td><td><p class="articleParagraph enarticleParagraph">{rest}</p></td></tr>
<tr><td><b>NS&nbsp;</b></td><td>gcat : Political/General News</td></tr>
<tr><td><b>AN&nbsp;</b></td><td>Document EPOST00020250513el5d0002x</td></tr>
</table></div>
<div class="article deArticle"><table><tr><td>nothing</td></tr></table></div></div></body></html>"""


def document(headline, publication, day, *, byline="Byline:\u00a0 By Ana López", body=(LEAD, REST)):
    fields = ("Section: NEWS; Pg. 1", "Length:\u00a0 30 words", byline)
    after = ("Graphic", "PHOTO: a court", "Classification", "Language:\u00a0 ENGLISH", "Load-Date:\u00a0 May 14, 2025")
    return (
        headline,
        publication,
        day,
        "Copyright 2025 The East Post All Rights Reserved",
        *fields,
        "Body",
        *body,
        *after,
    )


def word_file(path, *lines):
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
        made.add_paragraph("")
    made.save(str(path))
    return path


@pytest.fixture
def nexis(tmp_path):
    return word_file(
        tmp_path / "nexis.docx",
        *COVER,
        *document("Judge lets IRS share data", "The East Post", "May 13, 2025 Tuesday\u00a0Late Edition - Final"),
        "End of Document",
        *document(
            "A second story", "Daily Telegraph (London)", "14 May 2025", byline="Byline: Ana López, B. Wu and C. Day"
        ),
        "End of Document",
    )


@pytest.fixture
def factiva(tmp_path):
    path = tmp_path / "Factiva.html"
    path.write_text(FACTIVA.format(lead=LEAD, rest=REST), encoding="utf-8")
    return path


def test_nexis_documents_are_told_apart_and_the_cover_is_none(nexis):
    one, two = read_nexis([nexis])
    assert (one.title, one.outlet, str(one.published_at), one.authors) == (
        "Judge lets IRS share data", "The East Post", "2025-05-13", ("Ana López",)
    )  # fmt: skip
    assert one.text == f"{LEAD}\n\n{REST}"
    assert (two.outlet, str(two.published_at)) == ("Daily Telegraph (London)", "2025-05-14")
    assert two.authors == ("Ana López", "B. Wu", "C. Day")


def test_factiva_fields_become_a_story_and_what_has_none_is_said(factiva):
    story, problem = read_factiva([factiva])
    assert (story.id, story.title, story.outlet, story.language) == (
        "EPOST00020250513el5d0002x", "Judge lets IRS share data", "The East Post", "en"
    )  # fmt: skip
    assert (story.authors, str(story.published_at)) == (("Ana López", "B. Wu"), "2025-05-13 09:15:00")
    assert story.text == f"{LEAD}\n\n{REST}"
    assert isinstance(problem, Problem)
    assert problem.where.endswith("article 2")
    assert "lacks HD, SN, PD" in problem.what


def test_files_of_another_kind_are_problems_that_name_them(tmp_path, factiva, nexis):
    missing = tmp_path / "missing.docx"
    whats = [one.what for one in read_nexis([factiva, missing, word_file(tmp_path / "a.docx", "words")])]
    assert ["no Word file" in whats[0], "no Word file" in whats[1], "no document with a line 'Body'" in whats[2]] == [
        True
    ] * 3
    (no_header,) = read_nexis([word_file(tmp_path / "b.docx", "Body", LEAD, "End of Document")])
    assert "not above 'Body'" in no_header.what
    (no_article,) = read_factiva([nexis])
    assert "holds no article" in no_article.what


def test_one_bad_document_does_not_end_the_reading(tmp_path):
    bad, blank = document("A", "B", "February 31, 2025"), document(" ", "B", "May 13, 2025", body=())
    good = document("Judge lets IRS share data", "The East Post", "May 13, 2025")
    path = word_file(tmp_path / "c.docx", *bad, "End of Document", *blank, "End of Document", *good)
    *problems, story = read_nexis([path])
    assert story.title == "Judge lets IRS share data"
    assert [isinstance(one, Problem) for one in problems] == [True, True]
    assert "document 1" in problems[0].where
    assert "cannot be read" in problems[0].what


def test_the_same_story_from_both_is_one_article_with_its_provenance(tmp_path, nexis, factiva):
    home = tmp_path / "home"
    init_home(home, feeds=False)
    code, run = backfill_stories(home, "nexis", "x", read_nexis([nexis]), QUIET)
    assert (code, run.counts["n_articles_new"]) == (0, 2)
    code, run = backfill_stories(home, "factiva", "y", read_factiva([factiva]), QUIET)
    assert (code, run.counts["n_articles_new"]) == (1, 0)  # 1: an article without fields
    with SnapshotReport(snapshot_path(home)) as report:
        rows = report.rows("SELECT outlet_name, via, n_revisions, published_date FROM articles ORDER BY outlet_name")
    assert [(row["outlet_name"], row["via"], row["n_revisions"]) for row in rows] == [
        ("Daily Telegraph (London)", "nexis", 1),
        ("The East Post", "nexis", 1),
    ]
