"""What a reader has narrowed the view to, as SQL conditions with parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TONES = {"headline": "headline_tone", "body": "body_tone", "outlet_voice": "outlet_tone", "quoted_voice": "quoted_tone"}
MIN_MENTIONS = 3  # an article's figure toward somebody rests on at least so many


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """A view: a topic and what of it. Empty tuples and None leave everything in."""

    topic: str
    since: date | None = None  # days in the report's time zone, both ends included
    until: date | None = None
    outlets: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()  # of articles
    outlet_kinds: tuple[str, ...] = ()
    leans: tuple[str, ...] = ()  # of outlets, as their user rates them
    countries: tuple[str, ...] = ()
    with_wire: bool = True
    with_partial: bool = True

    def condition(self, alias: str = "a") -> str:
        """Return a condition over ``coverage`` or ``internal.shown`` under ``alias`` (the caller's constant)."""
        day = f"coalesce({alias}.published_date, {alias}.first_seen_date)"
        return (
            f"{alias}.topic = $topic"  # noqa: S608 - constants
            f" AND ($since IS NULL OR {day} >= $since) AND ($until IS NULL OR {day} <= $until)"
            f" AND (len($outlets) = 0 OR list_contains($outlets, {alias}.outlet))"
            f" AND (len($kinds) = 0 OR list_contains($kinds, {alias}.kind))"
            f" AND (len($outlet_kinds) = 0 OR list_contains($outlet_kinds, {alias}.outlet_kind))"
            f" AND (len($leans) = 0 OR list_contains($leans, {alias}.lean))"
            f" AND (len($countries) = 0 OR {alias}.outlet IN"
            " (SELECT place.outlet FROM outlets place WHERE list_contains($countries, place.country)))"
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
            "leans": list(self.leans),
            "countries": list(self.countries),
            "with_wire": self.with_wire,
            "with_partial": self.with_partial,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrow:
    """The one figure whose articles are asked for, on top of a view. None leaves everything in."""

    day: date | None = None
    is_wire: bool | None = None
    cluster: str | None = None  # wire cluster
    frame: str | None = None  # present in the article
    primary_frame: str | None = None  # leads its pack in the article
    voice: str | None = None  # outlet, quoted, reported; others for the latter two together
    camp: str | None = None
    speaker: str | None = None  # as the text names them, up to the first comma
    term_group: str | None = None
    term: str | None = None
    has_changed_headline: bool = False
    toned: str | None = None  # headline, body, outlet_voice or quoted_voice: has a figure of tone of it
    target: str | None = None  # actor toward whom it has a figure

    def condition(self, alias: str = "a") -> str:
        """Return a condition over ``internal.shown`` under ``alias`` (a constant of the caller) for ``parameters``."""
        here = f"t.topic = {alias}.topic AND t.article = {alias}.article"
        spoken = "($voice IS NULL OR t.voice = $voice OR ($voice = 'others' AND t.voice <> 'outlet'))"
        toned = " ".join(f"WHEN '{part}' THEN {alias}.{column}" for part, column in TONES.items())
        return (
            f"($day IS NULL OR coalesce({alias}.published_date, {alias}.first_seen_date) = $day)"  # noqa: S608 - constants
            f" AND ($is_wire IS NULL OR {alias}.is_wire_copy = $is_wire)"
            f" AND ($cluster IS NULL OR {alias}.wire_cluster = $cluster)"
            f" AND ($frame IS NULL OR EXISTS (SELECT 1 FROM internal.framed t WHERE {here} AND t.frame = $frame))"
            " AND ($primary_frame IS NULL OR EXISTS"
            f" (SELECT 1 FROM internal.framed t WHERE {here} AND t.is_primary AND t.frame = $primary_frame))"
            " AND (($voice IS NULL AND $camp IS NULL AND $speaker IS NULL) OR EXISTS"
            f" (SELECT 1 FROM internal.heard t WHERE {here} AND {spoken}"
            " AND ($camp IS NULL OR t.camp = $camp) AND ($speaker IS NULL OR t.speaker = $speaker)))"
            " AND (($term IS NULL AND $term_group IS NULL) OR EXISTS"
            f" (SELECT 1 FROM internal.named t WHERE {here} AND {spoken}"
            " AND ($term IS NULL OR t.term = $term) AND ($term_group IS NULL OR t.term_group = $term_group)))"
            f" AND ($toned IS NULL OR (($toned = 'headline' OR {alias}.completeness = 'whole')"
            f" AND CASE $toned {toned} END IS NOT NULL))"
            f" AND ($target IS NULL OR ({alias}.completeness = 'whole' AND EXISTS (SELECT 1 FROM internal.toward t"
            f" WHERE {here} AND t.target = $target AND t.n_mentions >= {MIN_MENTIONS})))"
            " AND (NOT $has_changed_headline OR EXISTS (SELECT 1 FROM internal.retitled t"
            f" WHERE {here}))"
        )

    @property
    def parameters(self) -> dict[str, str | date | bool | None]:
        """The values of ``condition``."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
