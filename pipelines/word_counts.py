"""Makes ``tracker/score/data/word_counts.txt`` from JSON lines with a ``sentence`` or ``text`` each.

Run as ``python -m pipelines.word_counts FILE… > tracker/score/data/word_counts.txt``. Only counts of words
leave the files; give it texts whose licence allows that.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from tracker.score.row import split_words

#: A word in fewer sentences is left out: it says something about the texts, nothing about the language.
MIN_COUNT = 5


def count_words(sentences: Iterable[str]) -> tuple[int, Counter[str]]:
    """Return the number of distinct sentences, and of each word the sentences it stands in."""
    distinct = sorted(set(sentences))
    counts = Counter(word for sentence in distinct for word in set(split_words(sentence)))
    return len(distinct), counts


def read_sentences(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the sentences of JSON-lines files, plain or gzipped."""
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield str(row.get("sentence") or row.get("text") or "")


def main(arguments: list[str]) -> None:
    """Print the table for the files named."""
    n_sentences, counts = count_words(read_sentences(map(Path, arguments)))
    sys.stdout.write("# word, number of sentences it stands in; the first line counts all sentences\n")
    sys.stdout.write(f"(sentences)\t{n_sentences}\n")
    for word, count in sorted(counts.items()):
        if count >= MIN_COUNT and not word.isdigit():
            sys.stdout.write(f"{word}\t{count}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
