"""What do codings teach? ``python -m benchmarks.learning FRAC.jsonl.gz``, half a minute.

FrAC's sentences (``sentence`` and ``label``, as ``tracker evaluate frames`` reads them) go the way of any story: into a
home by ``tracker backfill jsonl``, out as a coder's sheet, back by ``tracker coding import``, and into ``tracker frames
train``, which prints the cross-validated macro-F1 and the learning curve beside the seeds.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
from fnmatch import fnmatchcase
from pathlib import Path

from pipelines.cli import app
from pipelines.evaluate.frames import CODES
from pipelines.evaluate.rows import read_rows, text_of
from tracker.config import init_home
from tracker.report.coding.scheme import FRAME, NO, YES
from tracker.report.coding.workplace import MASK


def told(home: Path, *words: object) -> None:
    """Run a command of the tracker in a home."""
    if code := app(["-q", "--home", str(home), *map(str, words)], standalone_mode=False):
        raise SystemExit(f"tracker {words[0]} {words[1]} ended with {code}")


def coded(sheet: Path, filled: Path, frames: dict[str, str]) -> None:
    """Write a coder's sheet anew with the frame of each sentence; those in none are coded so too."""
    with (
        sheet.open(encoding="utf-8-sig", newline="") as source,
        filled.open("w", encoding="utf-8", newline="") as target,
    ):
        rows = csv.DictReader(source)
        asked = [name for name in rows.fieldnames or () if name.removeprefix(FRAME) in CODES]
        writer = csv.DictWriter(target, rows.fieldnames or ())
        writer.writeheader()
        for row in rows:
            text = key(row["text"])
            code = next(code for sentence, code in frames.items() if is_same(sentence, text))
            writer.writerow(row | {name: YES if name == f"{FRAME}{code}" else NO for name in asked})


def key(text: str) -> str:
    """Return what stays of a sentence on its way through home and sheet: its letters and digits, and what is masked."""
    return "".join(char for char in text if char.isalnum() or char == MASK)


def is_same(sentence: str, text: str) -> bool:
    """Return whether a text of the sheet, which hides outlets' names ("The New York Times"), is this sentence."""
    return fnmatchcase(sentence, re.sub(f"{MASK}+", "*", text))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, metavar="FRAC")
    given = parser.parse_args()
    sentences = {
        text_of(row, "sentence", where): CODES[int(str(row["label"])) - 1] for where, row in read_rows(given.data)
    }
    frames = {key(sentence): code for sentence, code in sentences.items()}
    with tempfile.TemporaryDirectory() as folder:
        home, texts, sheet = Path(folder) / "home", Path(folder) / "texts.jsonl", Path(folder) / "sheet.csv"
        init_home(home, feeds=False)
        lines = [{"outlet": "FrAC", "title": "", "text": text, "date": "2025-06-01"} for text in sentences]
        texts.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        told(home, "backfill", "jsonl", texts)
        told(home, "coding", "export", sheet, "--n", len(sentences))
        coded(sheet, sheet.with_name("filled.csv"), frames)
        told(home, "coding", "import", sheet.with_name("filled.csv"), "--coder", "frac")
        told(home, "frames", "train")


if __name__ == "__main__":
    main()
