"""All that is done to one page alone: extract, match, fingerprint, score. What needs others is done by the load."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.scaleout.pages import Judgement, Reading, Readout
from tracker.copies import Agencies, fingerprint_of
from tracker.errors import ExtractError
from tracker.extract.page import extract_page, forget_pages
from tracker.model import Article, Outcome, Page
from tracker.revisions import hashes
from tracker.score.scoring import Scoring
from tracker.topic import compile_topic

FORGET_EVERY = 2_000  # pages


class PageReader:
    """Reads, matches and scores pages for some topics."""

    def __init__(self, reading: Reading) -> None:
        self._n_read = 0
        self._agencies = Agencies.among(reading.wires)
        self._topics = [(compile_topic(one), Scoring(one, reading.embeddings)) for one in reading.topics]

    def read(self, page: Page, language: str | None) -> Readout:
        """Return what a page holds; ``language`` is its outlet's, for texts whose own is not told."""
        self._n_read += 1
        if self._n_read % FORGET_EVERY == 0:
            forget_pages()
        try:
            article = extract_page(page)
        except ExtractError as error:
            is_challenge = str(error).startswith("challenge")
            return Readout(outcome=Outcome.CHALLENGE if is_challenge else Outcome.UNPARSABLE, detail=str(error))
        return Readout(
            article=article,
            hashes=hashes(article.title, article.text),
            fingerprint=fingerprint_of(article, self._agencies),
            judgements=tuple(self._judged(article, language)),
        )

    def _judged(self, article: Article, language: str | None) -> Iterator[Judgement]:
        for topic, scoring in self._topics:
            match = topic.match(article.title, article.text, url=article.url, published_at=article.published_at)
            scores = None
            if match.is_on_topic:
                scores = scoring.score(article.title, article.text, article.language or language)
            yield Judgement(topic=topic.topic.topic, match=match, scoring_hash=scoring.hash, scores=scores)
