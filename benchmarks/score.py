"""What voices, sentiment and targets cost beside extraction on the same pages in the same run.

    python benchmarks/score.py PAGES.jsonl [--rounds N] [--json FILE]

PAGES.jsonl has a folder ``pages/`` beside it (see ``pipelines/evaluate/extraction.py``). A batch of pages is extracted,
then its articles are scored, as a night does it, batch after batch, so that what else the machine does falls on all
alike; CPU time is counted. Our extraction reads a page once and so takes less than trafilatura alone (fast, with
metadata), which is timed as well: both ratios are given. Caches of sentences are emptied before each batch: no article
profits from the round before.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import chain, pairwise
from pathlib import Path

from pipelines.evaluate.extraction import read_labelled
from pipelines.steps.read import BATCH
from tracker.config import bundled_topic
from tracker.errors import ExtractError
from tracker.extract.page import extract_page
from tracker.extract.reference import trafilatura_alone
from tracker.model import Article, Page, Topic
from tracker.score import vader
from tracker.score.scoring import TOGETHER
from tracker.score.sentiment import LearnedToneScorer, VaderScorer, read_scorable, score_sentiment
from tracker.score.targets import TargetFinder, TargetScorer
from tracker.score.text import make_document
from tracker.score.voices import VoiceScorer

LIMIT = 0.15  # of extraction's time
STAGES = ("trafilatura", "extraction", "voices", "sentiment", "targets")


class Scorers:
    """The scorers of one topic, and their times on a batch of pages."""

    def __init__(self, topic: Topic) -> None:
        self._finder = TargetFinder(topic)
        self._voices = VoiceScorer(topic)
        self._sentiment = (VaderScorer(None), VaderScorer(topic.neutral_terms), LearnedToneScorer())
        self._targets = TargetScorer()

    def seconds(self, pages: Sequence[Page]) -> tuple[int, tuple[float, ...]]:
        """Return how many articles the pages hold and CPU seconds of each stage, sentences counted with voices."""
        vader.forget()
        marks = [time.process_time()]
        for page in pages:
            trafilatura_alone(page)
        marks.append(time.process_time())
        articles = list(chain.from_iterable(map(_extracted, pages)))
        marks.append(time.process_time())
        times = [after - before for before, after in pairwise(marks)]
        some = (articles[first : first + TOGETHER] for first in range(0, len(articles), TOGETHER))
        return len(articles), (*times, *map(sum, zip(*map(self._scored, some), strict=True)))

    def _scored(self, articles: Sequence[Article]) -> tuple[float, ...]:
        """Return CPU seconds of voices, sentiment and targets, as ``Scoring.score_all`` does them."""
        marks = [time.process_time()]
        documents = [make_document(one.title, one.text, "en") for one in articles]
        voices = [self._voices.score(document) for document in documents]
        marks.append(time.process_time())
        score_sentiment(self._sentiment, list(map(read_scorable, documents, voices)))
        marks.append(time.process_time())
        for document in documents:
            self._targets.score(document, self._finder.find(document))
        marks.append(time.process_time())
        return tuple(after - before for before, after in pairwise(marks))


def _extracted(page: Page) -> Iterator[Article]:
    with suppress(ExtractError):
        yield extract_page(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pages = [labelled.page for labelled in read_labelled(options.pages)]
    scorers = Scorers(bundled_topic())
    scorers.seconds(pages[:3])  # models and patterns are loaded before the clock starts
    best = None
    for _ in range(options.rounds):
        counts, times = zip(
            *(scorers.seconds(pages[first : first + BATCH]) for first in range(0, len(pages), BATCH)), strict=True
        )
        n = sum(counts)
        sums = [sum(stage) for stage in zip(*times, strict=True)]
        best = min(best or sums, sums, key=sum)
    alone, extraction, *scoring = best
    ratios = {stage: seconds / extraction for stage, seconds in zip(STAGES[2:], scoring, strict=True)}
    figures = {
        "articles": n,
        **{f"{stage}_ms": round(1_000 * seconds / n, 2) for stage, seconds in zip(STAGES, best, strict=True)},
        **{f"{stage}_ratio": round(ratio, 4) for stage, ratio in ratios.items()},
        "together_ratio": round(sum(ratios.values()), 4),
        "together_to_trafilatura": round(sum(scoring) / alone, 4),
        "limit": LIMIT,
    }
    print("\n".join(f"{name:>16}  {value}" for name, value in figures.items()))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
