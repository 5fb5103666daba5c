"""All that is done to pages alone: extract, match, fingerprint, score. What needs others is done by the load."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pipelines.scaleout.pages import Given, Judgement, Reading, Readout, ReadPage
from tracker.archive import page_records
from tracker.copies import Agencies, fingerprint_of
from tracker.errors import ExtractError
from tracker.extract.page import extract_page, forget_pages
from tracker.model import Article, Outcome, Page
from tracker.revisions import hashes
from tracker.score.scoring import Scoring, ToScore
from tracker.store.score_rows import ScoreRow, score_rows
from tracker.topic import compile_topic

FORGET_EVERY = 2_000  # pages


class PageReader:
    """Reads, matches and scores pages for some topics."""

    def __init__(self, reading: Reading) -> None:
        self._n_read = 0
        self._agencies = Agencies.among(reading.wires)
        self._topics = [(compile_topic(one), Scoring(one, reading.embeddings)) for one in reading.topics]

    def read(self, pages: Sequence[Given], begins: Callable[[], None]) -> list[ReadPage]:
        """Return what pages hold. ``begins`` is called before each page, and before all are scored together."""
        readouts: list[Readout] = []
        for page, _ in pages:
            begins()
            readouts.append(self._readout(page))
        begins()
        rows: list[dict[str, list[ScoreRow]]] = [{} for _ in pages]
        for number, scoring in enumerate(scoring for _, scoring in self._topics):
            self._score(number, scoring, readouts, [language for _, language in pages], rows)
        records = [page_records(page) for page, _ in pages]
        return [ReadPage(*one) for one in zip(readouts, rows, records, strict=True)]

    def _readout(self, page: Page) -> Readout:
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
            judgements=tuple(self._matched(article)),
        )

    def _matched(self, article: Article) -> Iterator[Judgement]:
        for topic, _ in self._topics:
            match = topic.match(article.title, article.text, url=article.url, published_at=article.published_at)
            yield Judgement(topic=topic.topic.topic, match=match)

    def _score(
        self,
        number: int,
        scoring: Scoring,
        readouts: list[Readout],
        languages: Sequence[str | None],
        rows: Sequence[dict[str, list[ScoreRow]]],
    ) -> None:
        """Score what is on the topic of that number: add its rows, and to its readout by which scorers they are."""
        wanted = [
            (place, one.article)
            for place, one in enumerate(readouts)
            if one.article and one.judgements[number].match.is_on_topic
        ]
        texts = [ToScore(article.title, article.text, article.language or languages[n]) for n, article in wanted]
        for (place, article), scores in zip(wanted, scoring.score_all(texts), strict=True):
            parts = {"headline": article.title, "body": article.text}
            for table, found in score_rows(scoring.topic.topic, scores, parts).items():
                rows[place].setdefault(table, []).extend(found)
            judgements = list(readouts[place].judgements)
            judgements[number] = replace(
                judgements[number], scoring_hash=scoring.hash, unscored_reason=scores.unscored_reason
            )
            readouts[place] = replace(readouts[place], judgements=tuple(judgements))
