"""Measured error of extraction against pages whose headline, text and date are known.

Input: JSON lines with ``page``, ``url``, ``title``, ``text``, ``published``, and beside the file a folder
``pages/`` with the bytes of each as ``PAGE.html.gz``. trafilatura alone is measured in the same run.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from tracker.errors import DataError, ExtractError
from tracker.extract.page import extract_page
from tracker.extract.reference import Reading, trafilatura_alone
from tracker.extract.words import f1, shingles
from tracker.model import Article, Measure, Page

TITLE_CHARS = 40  # letters and digits of the headline that must agree: later ones differ by edition
N_RESAMPLES = 2_000  # of pages, for the intervals
SEED = 20_250_512  # so that a run repeats
INTERVAL = (2.5, 97.5)  # percentiles

_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A page with what a reader should get out of it; ``published`` is an ISO date, with or without a time."""

    page: Page
    title: str
    text: str
    published: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one page was read: F1 of four-word shingles, and whether headline and day are right."""

    is_article: bool
    text: float = 0.0
    title: bool = False
    date: bool = False


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return text F1, and the shares of headlines and days that are right, for the tracker and for trafilatura.

    Pages that do not become articles count as 0 in each. Text F1 is the mean over pages of the F1 of sets
    of four-word shingles. A headline is right when its first ``TITLE_CHARS`` letters and digits are, a
    date when its day is, in UTC or in the offset in which the page states it. Intervals are percentile
    bootstraps over pages. Raises DataError where a line or a page's file cannot be read.
    """
    own, alone = [], []
    for labelled in read_labelled(path):
        own.append(score_article(_article(labelled.page), labelled))
        alone.append(score_reading(trafilatura_alone(labelled.page), labelled))
    return (*_measures(own, ""), *_measures(alone, "_trafilatura"))


def read_labelled(path: Path) -> Iterator[Labelled]:
    """Yield the labelled pages of a file. Raises DataError naming the line that cannot be read."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                row = json.loads(line)
                name = str(row["page"])
                body = gzip.decompress((path.parent / "pages" / f"{name}.html.gz").read_bytes())
                yield Labelled(
                    page=_page(str(row["url"]), body),
                    title=str(row["title"]),
                    text=str(row["text"]),
                    published=str(row["published"]),
                )
            except (ValueError, KeyError, TypeError, OSError, EOFError) as error:
                raise DataError(f"{path}, line {number}: {error!r}; needs page, url, title, text, published") from error


def score_article(article: Article | None, labelled: Labelled) -> Score:
    """Compare an article with what should be read; None is a page that gave none."""
    if article is None:
        return Score(is_article=False)
    return Score(
        is_article=True,
        text=f1(shingles(article.text), shingles(labelled.text)),
        title=_key(article.title) == _key(labelled.title),
        date=labelled.published[:10] in _days(article),
    )


def score_reading(reading: Reading, labelled: Labelled) -> Score:
    """Compare trafilatura's own reading with what should be read."""
    return Score(
        is_article=bool(reading.text),
        text=f1(shingles(reading.text), shingles(labelled.text)),
        title=_key(reading.title) == _key(labelled.title),
        date=reading.date == labelled.published[:10],
    )


def _page(url: str, body: bytes) -> Page:
    return Page(url=url, final_url=url, body=body, fetched_at=datetime.now(UTC), payload_digest="")


def _article(page: Page) -> Article | None:
    try:
        return extract_page(page)
    except ExtractError:
        return None


def _days(article: Article) -> set[str]:
    if article.published_at is None:
        return set()
    own = article.published_at + timedelta(minutes=article.published_offset or 0)
    return {article.published_at.date().isoformat(), own.date().isoformat()}


def _key(title: str) -> str:
    return _NO_LETTER.sub("", unicodedata.normalize("NFKC", title).lower())[:TITLE_CHARS]


def _measures(scores: Sequence[Score], suffix: str) -> tuple[Measure, ...]:
    if not scores:
        return ()
    rows = np.array([(s.is_article, s.text, s.title, s.date) for s in scores], dtype=float)
    picks = np.random.default_rng(SEED).integers(0, len(rows), (N_RESAMPLES, len(rows)))
    low, high = np.percentile(rows[picks].mean(axis=1), INTERVAL, axis=0)
    names = ("articles_share", "text_f1", "title_share", "date_share")
    return tuple(
        Measure(metric=name + suffix, value=float(value), n=len(rows), low=float(low[i]), high=float(high[i]))
        for i, (name, value) in enumerate(zip(names, rows.mean(axis=0), strict=True))
    )
