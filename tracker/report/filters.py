"""What a reader has narrowed the view to, as SQL conditions with parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

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
    term_group: str | None = None
    term: str | None = None
    has_changed_headline: bool = False
    toned: str | None = None  # headline, body, outlet_voice or quoted_voice: has a figure of tone of it
    target: str | None = None  # actor toward whom it has a figure

    def condition(self, alias: str = "a") -> str:
        """Return a condition over ``coverage`` under ``alias`` (a constant of the caller) for ``parameters``."""
        here = f"t.topic = {alias}.topic AND t.article = {alias}.article AND t.revision = {alias}.n_revisions"
        spoken = "($voice IS NULL OR t.voice = $voice OR ($voice = 'others' AND t.voice <> 'outlet'))"
        scored = f"JOIN snapshot_scorers c USING (scorer, scorer_version) WHERE {here}"
        return (
            f"($day IS NULL OR coalesce({alias}.published_date, {alias}.first_seen_date) = $day)"  # noqa: S608 - constants
            f" AND ($is_wire IS NULL OR {alias}.is_wire_copy = $is_wire)"
            f" AND ($cluster IS NULL OR {alias}.wire_cluster = $cluster)"
            f" AND ($frame IS NULL OR EXISTS (SELECT 1 FROM frames t {scored} AND t.frame = $frame))"
            " AND ($primary_frame IS NULL OR EXISTS"
            f" (SELECT 1 FROM frames t {scored} AND t.is_primary AND t.frame = $primary_frame))"
            " AND (($voice IS NULL AND $camp IS NULL) OR EXISTS"
            f" (SELECT 1 FROM passages t {scored} AND t.part = 'body' AND {spoken}"
            " AND ($camp IS NULL OR t.camp = $camp)))"
            " AND (($term IS NULL AND $term_group IS NULL) OR EXISTS"
            f" (SELECT 1 FROM loaded_terms t {scored} AND {spoken}"
            " AND ($term IS NULL OR t.term = $term) AND ($term_group IS NULL OR t.term_group = $term_group)))"
            f" AND ($toned IS NULL OR (($toned = 'headline' OR {alias}.completeness = 'whole') AND EXISTS"
            f" (SELECT 1 FROM internal.default_sentiment t WHERE {here} AND t.part = $toned AND t.value IS NOT NULL)))"
            f" AND ($target IS NULL OR ({alias}.completeness = 'whole' AND {MIN_MENTIONS} <="
            f" (SELECT count(*) FROM target_sentiment t {scored} AND t.target = $target)))"
            " AND (NOT $has_changed_headline OR EXISTS (SELECT 1 FROM headline_changes t"
            f" WHERE t.topic = {alias}.topic AND t.article = {alias}.article))"
        )

    @property
    def parameters(self) -> dict[str, str | date | bool | None]:
        """The values of ``condition``."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}
