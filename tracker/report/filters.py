"""What a reader has narrowed the view to, as SQL conditions with parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """A view: a topic and what of it. Empty tuples and None leave everything in."""

    topic: str
    since: date | None = None  # days in the report's time zone, both ends included
    until: date | None = None
    outlets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # of articles
    outlet_kinds: tuple[str, ...] = ()
    with_wire: bool = True
    with_partial: bool = True

    def condition(self, alias: str = "a") -> str:
        """Return a condition over ``coverage`` under ``alias`` (a constant of the caller) for ``parameters``."""
        day = f"coalesce({alias}.published_date, {alias}.first_seen_date)"
        return (
            f"{alias}.topic = $topic"
            f" AND ($since IS NULL OR {day} >= $since) AND ($until IS NULL OR {day} <= $until)"
            f" AND (len($outlets) = 0 OR list_contains($outlets, {alias}.outlet))"
            f" AND (len($kinds) = 0 OR list_contains($kinds, {alias}.kind))"
            f" AND (len($outlet_kinds) = 0 OR list_contains($outlet_kinds, {alias}.outlet_kind))"
            f" AND ($with_wire OR NOT {alias}.is_wire_copy)"
            f" AND ($with_partial OR {alias}.completeness = 'whole')"
        )

    @property
    def parameters(self) -> dict[str, str | date | bool | list[str] | None]:
        """The values of ``condition``."""
        return {
            "topic": self.topic,
            "since": self.since,
            "until": self.until,
            "outlets": list(self.outlets),
            "kinds": list(self.kinds),
            "outlet_kinds": list(self.outlet_kinds),
            "with_wire": self.with_wire,
            "with_partial": self.with_partial,
        }
