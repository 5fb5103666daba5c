"""By what a version of an article is known again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.model import SeenVersion
from tracker.revisions.substance import digest, normal, substance


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashes:
    """By what a version is known again, each 32 hex digits.

    ``revision`` is the same for versions that differ in case, spaces or punctuation only, as diffengine compares;
    typographic variants of a letter or quote count as one (Unicode NFKC). ``substance`` is the same for those that
    differ trivially: in times, counters and links. ``text`` is ``substance`` whatever the headline.
    """

    revision: str
    substance: str
    text: str


def hashes(title: str, text: str) -> Hashes:
    """Return by what this version of an article is known again."""
    headline, news = normal(title), substance(text)
    return Hashes(revision=digest(headline, normal(text)), substance=digest(headline, news), text=digest(news))


def known_version(seen: Sequence[SeenVersion], standing: int, version: str, news: str) -> int | None:
    """Return the number of the version that a page now shows, or None where it is a new one.

    ``standing`` is the number of the version that stood before; ``version`` and ``news`` are the page's
    ``Hashes.revision`` and ``Hashes.substance``. A version seen before is no new one, and neither is an earlier
    one that has changed trivially since: flip-flops do not multiply. A trivial edit of the version that
    stands is new once: after it, what ticks by itself makes no more versions.
    """
    for one in seen:
        if one.revision_hash == version:
            return one.revision
    alike = [one.revision for one in seen if one.substance_hash == news]
    return alike[-1] if len(alike) > 1 or (alike and alike[0] != standing) else None


def is_same_title(a: str, b: str) -> bool:
    """Return whether two headlines differ in case, spaces and punctuation at most."""
    return normal(a) == normal(b)
