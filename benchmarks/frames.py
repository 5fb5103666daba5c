"""What frame tagging costs: against extraction, and with twice the frames. Prints ratios.

    python benchmarks/frames.py PAGES.jsonl [--pages N]

PAGES.jsonl has a folder ``pages/`` beside it (see ``pipelines/evaluate/extraction.py``). Floors: every pack
under 5 % of the extraction of the same articles; twice the frames under 1.2 times the cost. CPU time; each
round measures everything once, tagging as often as it takes to last as long as extraction does, and the figures
are medians over the rounds, of ratios too: what else the machine does falls on both sides.
"""

from __future__ import annotations

import argparse
import dataclasses
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from statistics import median

from pipelines.evaluate.extraction import read_labelled
from tracker.config import bundled_topic
from tracker.errors import ExtractError
from tracker.extract.page import extract_page
from tracker.model import Article, Document, FrameDefinition, Page, Passage
from tracker.score.frames import FrameScorer, load_packs, pack_names
from tracker.score.loaded import LoadedTermScorer
from tracker.score.text import make_document
from tracker.score.voices import find_passages

ROUNDS = 7
REPEATS = 10  # of tagging in a round


def seconds(call: Callable[[], object], times: int = 1) -> float:
    """CPU seconds of one call."""
    started = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - started) / times


def others(frames: tuple[FrameDefinition, ...]) -> tuple[FrameDefinition, ...]:
    """As many frames again with the same number of seeds, none of which is a seed already."""
    return tuple(
        dataclasses.replace(f, id=f"{f.id}-2", pack=f"{f.pack}-2", seeds=tuple(f"x{s}" for s in f.seeds))
        for f in frames
    )


def extracted(pages: list[Page]) -> list[Article]:
    articles = []
    for page in pages:
        with suppress(ExtractError):
            articles.append(extract_page(page))
    return articles


def tagging(scorer: FrameScorer | LoadedTermScorer, texts: list[tuple[Document, tuple[Passage, ...]]]) -> float:
    return seconds(lambda: [scorer.score(document, passages) for document, passages in texts], REPEATS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", type=Path)
    parser.add_argument("--pages", type=int, default=40, dest="n_pages")
    options = parser.parse_args()
    pages = [labelled.page for labelled in islice(read_labelled(options.pages), options.n_pages)]
    articles = extracted(pages)
    documents = [make_document(article.title, article.text, "en") for article in articles]
    texts = [(document, find_passages(document)) for document in documents]

    topic = bundled_topic()
    frames = (*load_packs(pack_names()), *topic.frames)
    same = tuple(dataclasses.replace(frame, pack=f"{frame.pack}-2") for frame in frames)
    scorers = (
        FrameScorer(frames),
        FrameScorer((*frames, *others(frames))),
        FrameScorer((*frames, *same)),
        LoadedTermScorer(topic.loaded_groups),
    )
    rounds = [(seconds(lambda: extracted(pages)), *(tagging(one, texts) for one in scorers)) for _ in range(ROUNDS)]
    extraction, once, twice, again, terms = map(median, zip(*rounds, strict=True))

    def ratio(a: int, b: int) -> float:
        return median(times[a] / times[b] for times in rounds)

    n = len(articles)
    n_words = sum(len(article.text.split()) for article in articles)
    print(f"{n} articles of {n_words / n:.0f} words; {len(frames)} frames, {sum(len(f.seeds) for f in frames)} seeds")
    print(f"extraction              {1000 * extraction / n:6.2f} ms a page")
    print(f"every pack              {1000 * once / n:6.2f} ms  {ratio(1, 0):.3f} of extraction (floor < 0.05)")
    print(f"twice the frames        {1000 * twice / n:6.2f} ms  {ratio(2, 1):.2f} times (floor < 1.2)")
    print(f"the same frames twice   {1000 * again / n:6.2f} ms  {ratio(3, 1):.2f} times (every hit counts twice)")
    print(f"loaded terms            {1000 * terms / n:6.2f} ms  {ratio(4, 0):.3f} of extraction")


if __name__ == "__main__":
    main()
