"""By what a version of an article is known again."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.model import SeenVersion
from tracker.revisions.substance import digest, normal, substance


def revision_hash(title: str, text: str) -> str:
    """Return 32 hex digits that are the same for versions that differ in case, spaces or punctuation only.

    So compares diffengine. Typographic variants of a letter or quote count as one (Unicode NFKC).
    """
    return digest(normal(title), normal(text))


def substance_hash(title: str, text: str) -> str:
    """Return 32 hex digits that are the same for versions that differ trivially: in times, counters and links."""
    return digest(normal(title), substance(text))


def text_hash(text: str) -> str:
    """Return 32 hex digits that name a text whatever its headline, trivial changes left out."""
    return digest(substance(text))


def known_version(seen: Sequence[SeenVersion], standing: int, version: str, news: str) -> int | None:
    """Return the number of the version that a page now shows, or None where it is a new one.

    ``standing`` is the number of the version that stood before; ``version`` and ``news`` are the page's
    ``revision_hash`` and ``substance_hash``. A version seen before is no new one, and neither is an earlier
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
