"""What voices, sentiment and targets cost beside extraction on the same pages in the same run.

    python benchmarks/score.py PAGES.jsonl [--rounds N] [--json FILE]

PAGES.jsonl has a folder ``pages/`` beside it (see ``pipelines/evaluate/extraction.py``). Page by page the
article is extracted and then scored, so that what else the machine does falls on all alike; CPU time is
counted. Our extraction reads a page once and so takes less than trafilatura alone (fast, with metadata), which is
timed as well: both ratios are given. Caches of sentences are emptied before each article: no article profits from
the round before.
"""

from __future__ import annotations

import argparse
import json
import time
from itertools import pairwise
from pathlib import Path

from pipelines.evaluate.extraction import read_labelled
from tracker.config import bundled_topic
from tracker.errors import ExtractError
from tracker.extract import extract_page
from tracker.extract.reference import trafilatura_alone
from tracker.model import Page, Topic
from tracker.score import vader
from tracker.score.sentiment import LearnedToneScorer, VaderScorer, read_scorable
from tracker.score.targets import TargetFinder, TargetScorer
from tracker.score.text import make_document
from tracker.score.voices import VoiceScorer

LIMIT = 0.15  # of extraction's time
STAGES = ("trafilatura", "extraction", "voices", "sentiment", "targets")


class Scorers:
    """The scorers of one topic, and their times on one page."""

    def __init__(self, topic: Topic) -> None:
        self._finder = TargetFinder(topic)
        self._voices = VoiceScorer(topic)
        self._sentiment = (VaderScorer(None), VaderScorer(topic.neutral_terms), LearnedToneScorer())
        self._targets = TargetScorer()

    def seconds(self, page: Page) -> tuple[float, ...] | None:
        """Return CPU seconds of each stage, sentences counted with voices; None where there is no article."""
        vader.forget()
        marks = [time.process_time()]
        trafilatura_alone(page)
        marks.append(time.process_time())
        try:
            article = extract_page(page)
        except ExtractError:
            return None
        marks.append(time.process_time())
        document = make_document(article.title, article.text, "en")
        passages = self._voices.score(document)
        marks.append(time.process_time())
        scorable = read_scorable(document, passages)
        for scorer in self._sentiment:
            scorer.score(scorable)
        marks.append(time.process_time())
        self._targets.score(document, self._finder.find(document))
        marks.append(time.process_time())
        return tuple(after - before for before, after in pairwise(marks))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pages = [labelled.page for labelled in read_labelled(options.pages)]
    scorers = Scorers(bundled_topic())
    for page in pages[:3]:  # models and patterns are loaded before the clock starts
        scorers.seconds(page)
    best = None
    for _ in range(options.rounds):
        times = [found for page in pages if (found := scorers.seconds(page)) is not None]
        sums = [sum(stage) for stage in zip(*times, strict=True)]
        best = min(best or sums, sums, key=sum)
    alone, extraction, *scoring = best
    ratios = {stage: seconds / extraction for stage, seconds in zip(STAGES[2:], scoring, strict=True)}
    figures = {
        "articles": len(times),
        **{f"{stage}_ms": round(1_000 * seconds / len(times), 2) for stage, seconds in zip(STAGES, best, strict=True)},
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
