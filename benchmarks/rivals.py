"""What reading a page costs here and elsewhere: ratios to trafilatura alone, on the same pages in one run.

    python -m benchmarks.rivals PAGES.jsonl [--python PYTHON] [--json FILE]

PAGES.jsonl has a folder ``pages/`` beside it (see ``pipelines/evaluate/extraction.py``). newspaper4k, news-please and
Fundus do their own full job, images off, no request let out, in processes of PYTHON's, since Fundus holds lxml below 6:

    python -m venv rivals && rivals/bin/pip install newspaper4k news-please fundus 'curl-cffi<0.16'

One that is not installed there is said to be so and left out. Every page is read by all in turns, so that what else
the machine does falls on all; processor time is counted. Fundus reads its own publishers' pages only and is compared
on those. Our steps are those of ``pipeline.py``, which has trafilatura beside them as well. Text F1 is that of
``tracker evaluate extraction``; of a library's pages those that it raised an error on count as 0.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.pipeline import measure
from pipelines.evaluate.extraction import Labelled, read_labelled
from tracker.errors import ExtractError
from tracker.extract.decode import to_utf8
from tracker.extract.page import extract_page
from tracker.extract.reference import trafilatura_alone
from tracker.extract.words import f1, shingles

RIVALS = ("newspaper4k", "news-please", "fundus")
SCRIPT = Path(__file__).with_name("rival.py")


@dataclass(slots=True)
class Reader:
    """What one way of reading did so far; ``alone`` is what trafilatura took for the same pages."""

    versions: str = ""
    seconds: float = 0.0
    alone: float = 0.0
    texts: list[float] = field(default_factory=list)  # F1 of each page
    n_failed: int = 0

    def note(self, seconds: float, alone: float, text: str, labelled: Labelled) -> None:
        """Count a page."""
        self.seconds += seconds
        self.alone += alone
        self.texts.append(f1(shingles(text), shingles(labelled.text)))

    def figures(self) -> dict[str, object]:
        """Return them as they are printed; speed is that of trafilatura on the same pages as 1."""
        n = len(self.texts)
        if not n:
            return {"version": self.versions, "pages": 0}
        return {
            "version": self.versions,
            "pages": n,
            "failed": self.n_failed,
            "ms_a_page": round(1_000 * self.seconds / n, 2),
            "trafilatura_ms": round(1_000 * self.alone / n, 2),
            "speed": round(self.alone / self.seconds, 3),
            "text_f1": round(sum(self.texts) / n, 3),
        }


@contextmanager
def process(python: str, name: str) -> Iterator[subprocess.Popen[str]]:
    """Start a rival; it is gone when the block is left."""
    command = [python, str(SCRIPT), name]
    one = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    try:
        yield one
    finally:
        one.kill()
        one.communicate()


def _told(one: subprocess.Popen[str]) -> dict[str, object]:
    line = one.stdout.readline() if one.stdout else ""
    return dict(json.loads(line)) if line else {"missing": f"its process ended with {one.wait()}"}


def _asked(one: subprocess.Popen[str], html: str, url: str) -> dict[str, object]:
    assert one.stdin
    one.stdin.write(json.dumps({"html": html, "url": url}) + "\n")
    one.stdin.flush()
    return _told(one)


def _html(one: Labelled) -> str:
    return to_utf8(one.page).decode("utf-8", "replace")


def compare(pages: Sequence[Labelled], python: str) -> dict[str, dict[str, object]]:
    """Return what each reader took and read."""
    own, plain = Reader(), Reader()
    rivals: dict[str, Reader] = {}
    missing: dict[str, dict[str, object]] = {}
    with ExitStack() as opened:
        running = {}
        for name in RIVALS:
            one = opened.enter_context(process(python, name))
            said = _told(one)
            if "missing" in said:
                missing[name] = said
                print(f"{name}: left out, {python} does not have it ({said['missing']}): see --help", flush=True)
                continue
            running[name], rivals[name] = one, Reader(f"{said['version']}, lxml {said['lxml']}")
            _asked(one, _html(pages[0]), pages[0].page.url)  # so that what is loaded late is loaded
        extract_page(pages[0].page)
        for labelled in pages:
            page = labelled.page
            begun = time.process_time()
            text = trafilatura_alone(page).text
            alone = time.process_time() - begun
            plain.note(alone, alone, text, labelled)
            begun, text = time.process_time(), ""
            with suppress(ExtractError):
                text = extract_page(page).text
            own.note(time.process_time() - begun, alone, text, labelled)
            html = _html(labelled)
            for name, one in running.items():
                answer = _asked(one, html, page.url)
                if "missing" in answer:
                    raise SystemExit(f"{name} at {page.url}: {answer['missing']}")
                if answer["text"] is not None:
                    rivals[name].note(float(str(answer["seconds"])), alone, str(answer["text"]), labelled)
                    rivals[name].n_failed += answer["failed"] is not None
    return {
        "trafilatura": plain.figures(),
        "extract": own.figures(),
        **{name: one.figures() for name, one in rivals.items()},
        **missing,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("labelled", type=Path, metavar="PAGES.jsonl")
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pages = list(read_labelled(options.labelled))
    figures: dict[str, object] = {"pages": len(pages), "readers": compare(pages, options.python)}
    bodies = [one.page for one in pages]
    measure(bodies[:10], 10, is_everything_on_topic=True)  # models and patterns are loaded before the clock starts
    scored = measure(bodies, len(bodies), is_everything_on_topic=True)
    usual = measure(bodies, len(bodies), is_everything_on_topic=False)
    figures["extract_and_score"] = round(scored["trafilatura_ms"] / (scored["extract_ms"] + scored["score_ms"]), 3)
    figures["pipeline_topic"], figures["pipeline_all_scored"] = usual, scored
    print(json.dumps(figures, indent=2))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
