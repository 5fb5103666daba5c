"""How well copies are told from own stories: reprints made by rule from real texts, among their neighbours.

From evenly spread texts four reprints each are made: verbatim, cut to half, retitled with paragraphs
dropped, and with a local paragraph added. All are clustered together with every text of the file. A pair is
right if both are of one family; so a file that holds real copies costs precision, and is worth a look.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from statsmodels.stats.proportion import proportion_confint

from tracker.copies import ClusterRow, cluster_texts
from tracker.errors import DataError
from tracker.model import Measure, stable_id

MAX_ORIGINALS = 80  # the number that the project's own target is stated for
MIN_WORDS = 120  # half of it is still a story
DROP_EVERY = 3  # every third paragraph but the lead
ALPHA = 0.05
MAX_LISTED = 5  # pairs named in a note

_SENTENCE_END = re.compile(r"(?<=[.!?][”\"’)])\s+(?=[A-ZÀ-Þ“\"])|(?<=[.!?])\s+(?=[A-ZÀ-Þ“\"])")
KINDS = ("verbatim", "half", "dropped", "local")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprint:
    """A text under test, the family that it belongs to, and what was done to it (``original`` or a kind)."""

    row: ClusterRow
    family: str
    kind: str


def evaluate(path: Path) -> tuple[Measure, ...]:
    """Return pairwise precision and recall, and recall by kind of reprint, on a file of JSON lines.

    Each line has ``id``, ``title`` and ``text``; ``.gz`` is unpacked. Intervals are Wilson's. Raises
    ``DataError`` where no line has a text long enough to be reprinted.
    """
    rows = _distinct(_read(path))
    if not any(_is_long(row) for row in rows):
        raise DataError(f"{path}: no text of {MIN_WORDS} words or more to make reprints from")
    reprints = make_reprints(rows)
    found = {result.id: result.cluster for result in cluster_texts(reprint.row for reprint in reprints)}
    return _measures(reprints, found)


def make_reprints(rows: list[ClusterRow]) -> list[Reprint]:
    """Return every row with four reprints of up to ``MAX_ORIGINALS`` of them, the same in every run."""
    long = [row for row in rows if _is_long(row)]
    step = max(1, len(long) // MAX_ORIGINALS)
    chosen = long[::step][:MAX_ORIGINALS]
    reprints = [Reprint(row=row, family=row.id, kind="original") for row in rows]
    for place, row in enumerate(chosen):
        draw = random.Random(stable_id(row.id))  # noqa: S311 - reproducible test material, no secret
        local = draw.choice(_paragraphs(long[(place * step + len(long) // 2) % len(long)].text))
        texts = zip(KINDS, _reprinted(_paragraphs(row.text), local, draw), strict=True)
        for kind, text in texts:
            title = row.title if kind == "verbatim" else f"{kind}: {' '.join(row.title.split()[::-1])}"
            reprint = replace(row, id=f"{row.id}/{kind}", title=title, text=text, outlet="")
            reprints.append(Reprint(row=reprint, family=row.id, kind=kind))
    return reprints


def _reprinted(paragraphs: list[str], local: str, draw: random.Random) -> Iterator[str]:
    yield "\n\n".join(paragraphs)
    yield "\n\n".join(_half(paragraphs))
    start = draw.randrange(1, DROP_EVERY + 1)
    yield "\n\n".join(
        text for place, text in enumerate(paragraphs) if not place or place % DROP_EVERY != start % DROP_EVERY
    )
    spot = draw.randrange(1, len(paragraphs) + 1)
    yield "\n\n".join((*paragraphs[:spot], local, *paragraphs[spot:]))


def _half(paragraphs: list[str]) -> list[str]:
    """Return paragraphs from the top with about half of all words: how desks cut."""
    wanted = sum(len(text.split()) for text in paragraphs) / 2
    kept: list[str] = []
    for text in paragraphs:
        if wanted <= 0:
            break
        kept.append(" ".join(text.split()[: max(1, round(wanted))]))
        wanted -= len(text.split())
    return kept


def _paragraphs(text: str) -> list[str]:
    """Split into paragraphs, or into sentences where the text has fewer than three paragraphs."""
    listed = [part.strip() for part in re.split(r"\n+", text) if part.strip()]
    if len(listed) <= DROP_EVERY:
        listed = [part for block in listed for part in _SENTENCE_END.split(block) if part]
    return listed


# ---------------------------------------------------------------- counting


def _measures(reprints: list[Reprint], found: dict[str, str | None]) -> tuple[Measure, ...]:
    families: dict[str, list[Reprint]] = defaultdict(list)
    joined: dict[str, list[Reprint]] = defaultdict(list)
    for reprint in reprints:
        families[reprint.family].append(reprint)
        cluster = found[reprint.row.id]
        if cluster is not None:
            joined[cluster].append(reprint)
    true_pairs = {_ids(pair) for family in families.values() for pair in combinations(family, 2)}
    found_pairs = {_ids(pair) for group in joined.values() for pair in combinations(group, 2)}
    right, wrong, missed = true_pairs & found_pairs, found_pairs - true_pairs, true_pairs - found_pairs
    return (
        _share("pair_precision", len(right), len(found_pairs), _listed("wrong", wrong)),
        _share("pair_recall", len(right), len(true_pairs), _listed("missed", missed)),
        *(_kind_recall(kind, families, found) for kind in KINDS),
        Measure(
            metric="n_texts", value=float(len(reprints)), n=len(reprints), note="originals, neighbours and reprints"
        ),
    )


def _kind_recall(kind: str, families: dict[str, list[Reprint]], found: dict[str, str | None]) -> Measure:
    """Return the share of one kind's reprints that stand in their original's cluster."""
    pairs = [(name, one.row.id) for name, family in families.items() for one in family if one.kind == kind]
    n_right = sum(found[copy] is not None and found[copy] == found[name] for name, copy in pairs)
    return _share(f"recall_{kind}", n_right, len(pairs), "")


def _share(metric: str, n_right: int, n: int, note: str) -> Measure:
    if not n:
        return Measure(metric=metric, value=None, n=0, note=note)
    low, high = proportion_confint(n_right, n, alpha=ALPHA, method="wilson")
    return Measure(metric=metric, value=n_right / n, n=n, low=float(low), high=float(high), note=note)


def _listed(what: str, pairs: set[tuple[str, str]]) -> str:
    shown = "; ".join(f"{a} + {b}" for a, b in sorted(pairs)[:MAX_LISTED])
    more = f" and {len(pairs) - MAX_LISTED} more" if len(pairs) > MAX_LISTED else ""
    return f"{what}: {shown}{more}" if pairs else ""


def _ids(pair: tuple[Reprint, Reprint]) -> tuple[str, str]:
    first, second = sorted((pair[0].row.id, pair[1].row.id))
    return first, second


# ---------------------------------------------------------------- reading


def _read(path: Path) -> Iterator[ClusterRow]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                text, title = row["text"], row.get("title") or ""
                name = row.get("id") or row.get("page") or str(number)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise DataError(
                    f"{path}:{number}: expected a JSON object with id, title and text ({error!r})"
                ) from error
            yield ClusterRow(id=str(name), text=str(text), title=str(title), outlet=str(row.get("outlet") or ""))


def _distinct(rows: Iterator[ClusterRow]) -> list[ClusterRow]:
    """Leave out rows whose id came before: a family has one original."""
    return list({row.id: row for row in rows}.values())


def _is_long(row: ClusterRow) -> bool:
    return len(row.text.split()) >= MIN_WORDS
