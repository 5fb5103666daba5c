"""What a reader has narrowed the view to, as SQL conditions with parameters."""

from __future__ import annotations

from collections.abc import Iterator
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


# Conditions of single fields of ``Narrow``; a format with the alias of ``internal.shown``.
_WHERE = {
    "day": "coalesce({a}.published_date, {a}.first_seen_date) = $day",
    "is_wire": "{a}.is_wire_copy = $is_wire",
    "cluster": "{a}.wire_cluster = $cluster",
    "frame": "{a}.place IN (SELECT place FROM internal.framed WHERE frame = $frame)",
    "primary_frame": "{a}.place IN (SELECT place FROM internal.framed WHERE is_primary AND frame = $primary_frame)",
    "target": "{a}.completeness = 'whole' AND {a}.place IN"
    " (SELECT place FROM internal.toward WHERE target = $target AND n_mentions >= {least})",
    "has_changed_headline": "{a}.place IN (SELECT place FROM internal.changed WHERE has_new_title)",
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
        """Return a condition over ``internal.shown`` under ``alias`` (a constant of the caller) for ``parameters``.

        Only of what is set: a condition that lets everything through still costs a look at its table.
        """
        return " AND ".join(self._conditions(alias)) or "true"

    def _conditions(self, alias: str) -> Iterator[str]:
        for name, condition in _WHERE.items():
            value = getattr(self, name)
            if value is not None and (value or name == "is_wire"):
                yield condition.format(a=alias, least=MIN_MENTIONS)
        spoken = {"others": "t.voice <> 'outlet'", None: "true"}.get(self.voice, "t.voice = $voice")
        for table, names in (("heard", ("camp", "speaker")), ("named", ("term", "term_group"))):
            asked = [f"t.{name} = ${name}" for name in names if getattr(self, name) is not None]
            if asked or (table == "heard" and self.voice is not None):
                those = " AND ".join([spoken, *asked])
                yield f"{alias}.place IN (SELECT t.place FROM internal.{table} t WHERE {those})"  # noqa: S608 - constants
        if self.toned is not None:
            yield f"{alias}.{TONES[self.toned]} IS NOT NULL" if self.toned in TONES else "false"
            yield f"($toned = 'headline' OR {alias}.completeness = 'whole')"

    @property
    def parameters(self) -> dict[str, str | date | bool]:
        """The values of ``condition``: of what is set."""
        unasked = {"has_changed_headline"} | ({"voice"} if self.voice == "others" else set())
        values = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in unasked}
        return {name: value for name, value in values.items() if value is not None}
