"""Articles as Nexis Uni and Factiva hand them out: their files to stories, one by one.

Nexis Uni, "Full documents" as Word (.docx), one file or many documents in one: headline, publication, date, copyright,
fields such as ``Byline:``, the line ``Body``, the text, ``Classification`` with more fields, ``End of Document``; what
stands before the first headline is a cover page. Factiva, "Article Format: Full Article/Report plus Indexing", saved as
HTML: a ``div`` of class ``article enArticle`` each, with a table of two-letter fields (HD, BY, PD, SN, LP, TD, AN).
Both as the R packages LexisNexisTools, tm.plugin.lexisnexis and tm.plugin.factiva read them.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import docx
from docx.opc.exceptions import OpcError
from lxml import etree, html

from pipelines.backfill_texts import GivenStory
from pipelines.given import Problem

_D = TypeVar("_D")
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
DAY = re.compile(rf"(?:(?P<m1>{MONTHS}) (?P<d1>\d{{1,2}}),|(?P<d2>\d{{1,2}}) (?P<m2>{MONTHS})) (?P<y>\d{{4}})\b")
FIELD = re.compile(r"^(?P<name>[A-Z][A-Za-z -]{2,24}):[\s\xa0]+(?P<value>.+)$")
BODY, CLASSIFICATION, END = "Body", "Classification", "End of Document"
AFTER_BODY = ("Graphic", "Classification")
FACTIVA_PARTS = ("LP", "TD")  # lead paragraph, text
FACTIVA_ID = re.compile(r"\b(\w{10,})\s*$")  # of "Document NYTF000020250513el5d0002x"


def read_nexis(files: Sequence[Path]) -> Iterator[GivenStory | Problem]:
    """Yield the stories of Nexis Uni's Word files, in order, and a problem for what is none."""
    for path in files:
        try:
            lines = [line for one in docx.Document(str(path)).paragraphs if (line := one.text.strip())]
        except (OSError, OpcError, KeyError, ValueError, zipfile.BadZipFile, etree.XMLSyntaxError) as error:
            yield Problem(where=str(path), what=f"is no Word file that can be read: {error}")
            continue
        number = 0
        for number, document in enumerate(_documents(lines), start=1):
            yield _read(_nexis, document, f"{path}, document {number}")
        if not number:
            yield Problem(
                where=str(path), what="holds no document with a line 'Body': save full documents as Word files"
            )


def _read(reader: Callable[[_D, str], GivenStory | Problem], document: _D, where: str) -> GivenStory | Problem:
    """Return the story of a document; a date that there is not, or a field that no story may have, is its problem."""
    try:
        return reader(document, where)
    except ValueError as error:  # pydantic's is one
        return Problem(where=where, what=f"cannot be read: {error}")


def _documents(lines: Sequence[str]) -> Iterator[list[str]]:
    document: list[str] = []
    for line in lines:
        if line == END:
            yield document
            document = []
        else:
            document.append(line)
    if BODY in document:
        yield document


def _nexis(lines: Sequence[str], where: str) -> GivenStory | Problem:
    """Return the story of one document; its place is told by the date, which the publication and headline precede."""
    if BODY not in lines:
        return Problem(where=where, what="no line 'Body'")
    start = lines.index(BODY)
    head = lines[:start]
    dated = next((at for at in range(len(head) - 1, -1, -1) if DAY.match(head[at])), 0)
    if dated < 2:  # noqa: PLR2004 - a headline and a publication stand before it
        return Problem(where=where, what="headline, publication and date are not above 'Body', one under the other")
    end = next((at for at in range(start + 1, len(lines)) if lines[at] in AFTER_BODY or _field(lines[at], "Load-Date")),
               len(lines))  # fmt: skip
    byline = next((found for line in [*head[dated:], *lines[end:]] if (found := _field(line, "Byline"))), "")
    return GivenStory.model_validate(
        {
            "title": head[dated - 2],
            "outlet": head[dated - 1],
            "published_at": _day(head[dated]),
            "authors": _authors(byline),
            "text": "\n\n".join(lines[start + 1 : end]),
        }
    )


def _field(line: str, name: str) -> str:
    found = FIELD.match(line)
    return found["value"].strip() if found and found["name"] == name else ""


def read_factiva(files: Sequence[Path]) -> Iterator[GivenStory | Problem]:
    """Yield the stories of Factiva's HTML files, in order, and a problem for what is none."""
    for path in files:
        try:
            tree = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding="utf-8"))
        except (OSError, etree.ParserError) as error:
            yield Problem(where=str(path), what=f"is no HTML file that can be read: {error}")
            continue
        articles = [one for one in tree.iter("div") if one.get("class", "").startswith("article ")]
        for number, article in enumerate(articles, start=1):
            yield _read(_factiva, article, f"{path}, article {number}")
        if not articles:
            yield Problem(
                where=str(path), what="holds no article: save them as HTML with 'Full Article/Report plus Indexing'"
            )


def _factiva(article: html.HtmlElement, where: str) -> GivenStory | Problem:
    rows = [row.findall("td") for row in article.iter("tr")]
    fields = {cells[0].text_content().strip(): cells[1] for cells in rows if len(cells) > 1}
    said = {name: " ".join(cell.text_content().split()) for name, cell in fields.items()}
    if missing := [name for name in ("HD", "SN", "PD") if not said.get(name)]:
        return Problem(
            where=where,
            what=f"lacks {', '.join(missing)}: choose 'Full Article/Report plus Indexing', which has the fields' codes",
        )
    known = FACTIVA_ID.search(said.get("AN", ""))
    return GivenStory.model_validate(
        {
            "id": known[1] if known else None,
            "title": said["HD"],
            "outlet": said["SN"],
            "published_at": _moment(said["PD"], said.get("ET", "")),
            "authors": _authors(said.get("BY", "")),
            "language": article.get("class", "").removeprefix("article ")[:2] or None,
            "text": "\n\n".join(part for name in FACTIVA_PARTS if name in fields for part in _paragraphs(fields[name])),
        }
    )


def _paragraphs(cell: html.HtmlElement) -> Iterator[str]:
    for one in cell.iter("p"):
        if words := " ".join(one.text_content().split()):
            yield words


def _authors(byline: str) -> tuple[str, ...]:
    """Return the names of a byline as printed, without "By"."""
    names = re.sub(r"^by\s+", "", byline, flags=re.IGNORECASE)
    return tuple(name.strip(" .") for name in re.split(r",\s+(?:and\s+)?|;\s*|\s+and\s+", names) if name.strip(" ."))


def _day(line: str) -> date | None:
    found = DAY.search(line)
    if found is None:
        return None
    day, month = found["d1"] or found["d2"], found["m1"] or found["m2"]
    return datetime.strptime(f"{day} {month} {found['y']}", "%d %B %Y").replace(tzinfo=UTC).date()


def _moment(day: str, clock: str) -> date | datetime | None:
    """Return the day, with its time (the outlet's own, taken for the report's) where there is one."""
    found, at = _day(day), re.match(r"(\d{1,2}):(\d\d)", clock)
    return datetime(found.year, found.month, found.day, int(at[1]), int(at[2])) if found and at else found  # noqa: DTZ001
