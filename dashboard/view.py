"""A view: the snapshot, what it is narrowed to, and addresses that carry both along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from urllib.parse import urlencode

import streamlit as st

from dashboard import data, palette
from dashboard.markup import href, plain
from tracker.report.choices import Choices, OutletChoice
from tracker.report.filters import Filters, Narrow
from tracker.report.snapshot_report import SnapshotInfo, TopicInfo

# Names of the parameters in the address; widgets with these keys are bound to them.
TOPIC, SINCE, UNTIL, OUTLET, KIND, GROUP, LEAN, COUNTRY, WIRE, PARTIAL = (
    "topic", "since", "until", "outlet", "kind", "group", "lean", "country", "wire", "partial",
)  # fmt: skip
ARTICLE = "article"
MAX_NAME = 80  # characters of an outlet's name: aggregators pass on what strangers write
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)  # what can be picked; the web has no news before


@dataclass(frozen=True, kw_only=True)
class View:
    """What a page shows. A page asks for names and addresses thousands of times: they are worked out once."""

    snapshot: str
    info: SnapshotInfo
    topic: TopicInfo
    choices: Choices
    filters: Filters
    is_first_topic: bool  # the default, which the address need not name

    @cached_property
    def names(self) -> dict[str, str]:
        """The outlets' names by slug, told apart by the slug where two are the same."""
        return outlet_labels(self.choices.outlets)

    def name(self, outlet: str) -> str:
        """Return an outlet's name, as the filter bar has it."""
        return self.names.get(outlet, plain(outlet, MAX_NAME))

    @cached_property
    def colours(self) -> dict[str, str]:
        """The outlets' colours by slug, the same under every filter."""
        return palette.assign(choice.outlet for choice in self.choices.outlets)

    def href(self, page: str, **more: object) -> str:
        """Return the address of a page that shows this view, with ``more`` parameters of it replaced or added.

        None takes a parameter away; ``outlet`` takes a slug.
        """
        asked = {name: self._asked(name, value) for name, value in more.items()}
        query = "&".join(filter(None, (self._query | asked).values()))
        return f"{href(page)}?{query}" if query else href(page)

    def _asked(self, name: str, value: object) -> str:
        text = self.names.get(str(value), str(value)) if name == OUTLET else str(value)
        return "" if value is None else urlencode([(name, text)])

    @cached_property
    def _query(self) -> dict[str, str]:
        """The view's own parameters, each as an address has it; empty where it has none."""
        filters, names = self.filters, self.names
        values: dict[str, list[str]] = {
            TOPIC: [] if self.is_first_topic else [filters.topic],
            SINCE: [filters.since.isoformat()] if filters.since else [],
            UNTIL: [filters.until.isoformat()] if filters.until else [],
            OUTLET: [names[outlet] for outlet in filters.outlets if outlet in names],
            KIND: list(filters.kinds),
            GROUP: list(filters.outlet_kinds),
            LEAN: list(filters.leans),
            COUNTRY: list(filters.countries),
            WIRE: [] if filters.with_wire else ["false"],
            PARTIAL: [] if filters.with_partial else ["false"],
        }
        return {name: urlencode([(name, text) for text in texts]) for name, texts in values.items()}

    def outlet(self, slug: str) -> str:
        """Return the address of one outlet's page."""
        return self.href("outlets", of=slug)

    def article(self, name: str) -> str:
        """Return the address of one article's page."""
        return self.href("article", article=name)


def outlet_labels(outlets: tuple[OutletChoice, ...]) -> dict[str, str]:
    """Return a label for each outlet: its name, with the slug where another has the same name."""
    names = {choice.outlet: plain(choice.name, MAX_NAME) for choice in outlets}
    seen = Counter(names.values())
    return {outlet: name if seen[name] == 1 else f"{name} ({outlet})" for outlet, name in names.items()}


def narrow_from(parameters: Mapping[str, str]) -> Narrow:
    """Return the figure whose articles an address asks for; what cannot be read is left out."""
    texts = {
        name: parameters.get(name)
        for name in ("cluster", "frame", "voice", "camp", "speaker", "term", "toned", "target")
    }
    try:
        day = date.fromisoformat(parameters.get("day", ""))
    except ValueError:
        day = None
    return Narrow(
        day=day,
        is_wire={"yes": True, "no": False}.get(parameters.get("copy", "")),
        primary_frame=parameters.get("primary"),
        term_group=parameters.get("names"),
        has_changed_headline=parameters.get("changed") == "yes",
        **texts,
    )


def current() -> View:
    """Return the view that the sidebar says, for the page that is drawn now."""
    view = st.session_state["view"]
    if not isinstance(view, View):
        raise TypeError("no view: app.py sets it before it runs a page")
    return view


def filter_bar(snapshot: str) -> View | None:
    """Draw the filters and return what they say; None where the snapshot has no topic at all."""
    topics = data.topics(snapshot)
    if not topics:
        return None
    by_name = {topic.topic: topic for topic in topics}
    chosen = st.selectbox(
        "Topic",
        list(by_name),
        key=TOPIC,
        bind="query-params",
        help="As named in the topic file; its title heads each page.",
    )
    topic = by_name[chosen or topics[0].topic]
    choices = data.choices(snapshot, topic.topic)
    return View(
        snapshot=snapshot,
        info=data.info(snapshot),
        topic=topic,
        choices=choices,
        filters=_filters(topic.topic, choices),
        is_first_topic=topic == topics[0],
    )


def _filters(topic: str, choices: Choices) -> Filters:
    since, until = (
        st.date_input(
            label, None, key=key, bind="query-params", format="YYYY-MM-DD", min_value=FIRST_DAY, max_value=LAST_DAY
        )
        for label, key in (("From", SINCE), ("Until", UNTIL))
    )
    labels = outlet_labels(choices.outlets)
    slugs = {label: outlet for outlet, label in labels.items()}
    outlets = st.multiselect("Outlets", sorted(slugs), key=OUTLET, bind="query-params", placeholder="all")
    groups = st.multiselect("Kinds of outlet", choices.outlet_kinds, key=GROUP, bind="query-params", placeholder="all")
    leans = _several("Leans", choices.leans, LEAN)
    countries = _several("Countries", choices.countries, COUNTRY)
    kinds = st.multiselect("Kinds of article", choices.kinds, key=KIND, bind="query-params", placeholder="all")
    with_wire = st.toggle(
        "Count wire copies", value=True, key=WIRE, bind="query-params", help="Off: only what outlets wrote themselves."
    )
    with_partial = st.toggle(
        "Count partial texts",
        value=True,
        key=PARTIAL,
        bind="query-params",
        help="Articles behind a paywall or cut short. They never enter figures about bodies.",
    )
    return Filters(
        topic=topic,
        since=since,
        until=until,
        outlets=tuple(slugs[label] for label in outlets),
        kinds=tuple(kinds),
        outlet_kinds=tuple(groups),
        leans=leans,
        countries=countries,
        with_wire=with_wire,
        with_partial=with_partial,
    )


def _several(label: str, options: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Return what is chosen among the outlets' leans or countries; where all are alike there is nothing to choose."""
    if len(options) < 2:  # noqa: PLR2004 - a choice
        return ()
    return tuple(st.multiselect(label, options, key=key, bind="query-params", placeholder="all"))


def is_narrowed(filters: Filters) -> bool:
    """Return whether a view leaves anything of the topic out."""
    return filters != Filters(topic=filters.topic)


def whole(view: View) -> View:
    """Return the view with nothing left out."""
    return replace(view, filters=Filters(topic=view.filters.topic))
