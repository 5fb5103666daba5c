"""The demo's truth: what a person would say of each address, worked out from the plan, one JSON line each.

``python -m pipelines.demo_truth`` writes ``tracker/data/demo/truth.jsonl`` anew after the corpus has changed; a
test holds the file to the corpus.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import resources
from itertools import groupby
from pathlib import Path

from pipelines.demo_corpus import Corpus, load_corpus, nights
from pipelines.demo_publications import Publication, Version, publications
from tracker.model import Completeness, OutletKind

FILE_NAME = "truth.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of one address.

    ``n_versions`` were published; ``n_revisions`` are those that a run at each of ``nights`` can see, each once
    however often a desk goes back to it, and ``changes`` says of what kind those after the first are.
    ``headlines`` are in the order in which they stood. An unsure case is neither on topic nor a near miss.
    ``moved_to`` are later addresses of the same article; ``is_gone`` says that it was taken down, ``notice``
    what stands there instead of a story. ``frames`` and ``camps`` (who speaks in the text) are the writer's
    own, given for whole originals alone.
    """

    url: str
    outlet: str
    source: str  # id of the piece or brief
    headlines: tuple[str, ...]
    published_at: str
    kind: str
    language: str
    is_on_topic: bool
    is_near_miss: bool
    is_unsure: bool
    centrality: str | None
    copy_of: str | None
    rule: str | None
    origin: str  # outlet whose text it is
    wire_agency: str | None
    completeness: str
    n_versions: int
    n_revisions: int
    changes: tuple[str, ...]
    moved_to: tuple[str, ...]
    is_gone: bool
    notice: str | None
    frames: tuple[str, ...]
    camps: tuple[str, ...]


def truth(corpus: Corpus, times: Iterable[datetime]) -> tuple[Truth, ...]:
    """Return the truth of every address, in the order of publication, for runs at ``times``."""
    seen_at = tuple(times)
    return tuple(_truth(publication, seen_at) for publication in publications(corpus))


def _truth(publication: Publication, times: tuple[datetime, ...]) -> Truth:
    piece = publication.piece
    on_topic = piece is not None and piece.on_topic
    is_whole_original = publication.copy_of is None and piece is not None
    standing = [version for now in times if (version := publication.version_at(now)) is not None]
    seen = _told_apart(standing)
    is_wire = publication.origin.kind is OutletKind.WIRE
    return Truth(
        url=publication.url,
        outlet=publication.outlet.outlet,
        source=publication.source_id,
        headlines=tuple(headline for headline, _ in groupby(version.headline for version in standing)),
        published_at=publication.published_at.isoformat(),
        kind=publication.kind.value,
        language=publication.language,
        is_on_topic=on_topic,
        is_near_miss=piece is not None and piece.near_miss,
        is_unsure=piece is not None and piece.unsure,
        centrality=piece.centrality.value if piece is not None and piece.centrality else None,
        copy_of=publication.copy_of,
        rule=publication.rule,
        origin=publication.origin.outlet,
        wire_agency=publication.origin.name if is_wire else None,
        completeness=_completeness(publication).value,
        n_versions=len(publication.versions),
        n_revisions=len(seen),
        changes=tuple(str(version.change) for version in seen[1:]),
        moved_to=tuple(url for _, url in publication.moves),
        is_gone=publication.gone_at is not None,
        notice=publication.notice,
        frames=piece.frames if is_whole_original and piece is not None else (),
        camps=piece.camps if is_whole_original and piece is not None else (),
    )


def _told_apart(versions: Iterable[Version]) -> tuple[Version, ...]:
    """Return versions without those that a desk went back to: an earlier text under an earlier headline."""
    found: dict[tuple[str, str], Version] = {}
    for version in versions:
        found.setdefault((version.headline, version.body), version)
    return tuple(found.values())


def _completeness(publication: Publication) -> Completeness:
    if publication.notice is not None:
        return Completeness.BLOCKED if publication.notice == "challenge" else Completeness.EMPTY
    return Completeness.PARTIAL if publication.is_paywalled else Completeness.WHOLE


def as_lines(rows: Iterable[Truth]) -> str:
    """Return rows as JSON lines, keys in the order of ``Truth``."""
    return "".join(f"{json.dumps(asdict(row), ensure_ascii=False)}\n" for row in rows)


def load_truth() -> tuple[Mapping[str, object], ...]:
    """Read the bundled truth file: one mapping a line, keys as in ``Truth``."""
    file = resources.files("tracker").joinpath("data", "demo", FILE_NAME)
    return tuple(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())


def write_truth(path: Path) -> int:
    """Write the truth of the bundled corpus to ``path``; returns the number of lines."""
    rows = truth(load_corpus(), nights())
    path.write_text(as_lines(rows), encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    with resources.as_file(resources.files("tracker").joinpath("data", "demo")) as directory:
        write_truth(directory / FILE_NAME)
