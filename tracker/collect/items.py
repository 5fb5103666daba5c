"""Items of a feed to entries of an outlet: each story once, under the outlet that published it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tracker.collect.search import resolved_link
from tracker.model import Entry, Feed, FeedItem, FeedKind, Listing, Outlet, OutletKind, ParsedFeed, stable_id
from tracker.urls import canonical_url, find_outlet, outlet_from, registrable_domain


def make_entries(
    feed: Feed, outlets: Sequence[Outlet], parsed: ParsedFeed, now: datetime
) -> tuple[tuple[Entry, ...], tuple[Listing, ...]]:
    """Return a feed's entries, each once per (outlet, canonical address), and where the feed lists them.

    A story listed twice keeps its first place; an item without an address is no entry. An outlet's own feed
    speaks for the outlet, also where it links to somebody else's site: it listed the story. An aggregator's items
    belong to the outlet that ``<source>`` names (see ``listed_outlets`` for those not known yet); ``via`` is then
    ``search``.
    """
    entries: dict[str, Entry] = {}
    listings: list[Listing] = []
    is_found = _is_aggregated(feed, outlets)
    for position, (outlet, item) in enumerate(_placed(feed, outlets, parsed)):
        entry = _entry(feed, outlet, item, now, is_found=is_found)
        if entry.entry not in entries:
            entries[entry.entry] = entry
            listings.append(Listing(entry=entry.entry, feed=feed.feed, first_seen_at=now, position=position))
    return tuple(entries.values()), tuple(listings)


def listed_outlets(feed: Feed, outlets: Sequence[Outlet], parsed: ParsedFeed) -> tuple[Outlet, ...]:
    """Return the outlets that an aggregator's items belong to and that are not in ``outlets``, each once."""
    known = {outlet.outlet for outlet in outlets}
    found = {outlet.outlet: outlet for outlet, _ in _placed(feed, outlets, parsed) if outlet.outlet not in known}
    found.pop(feed.outlet, None)
    return tuple(found.values())


def _placed(feed: Feed, outlets: Sequence[Outlet], parsed: ParsedFeed) -> Iterator[tuple[Outlet, FeedItem]]:
    own = next((outlet for outlet in outlets if outlet.outlet == feed.outlet), None)
    own = own or Outlet(outlet=feed.outlet, name=feed.outlet)
    is_aggregated = _is_aggregated(feed, outlets)
    for item in parsed.items:
        if not item.url:
            continue  # nobody can be sent there: no entry
        outlet = _publisher(item, own, outlets) if is_aggregated else own
        yield outlet, _without_suffix(item) if is_aggregated else item


def _is_aggregated(feed: Feed, outlets: Sequence[Outlet]) -> bool:
    if feed.kind is FeedKind.SEARCH:
        return True
    return any(outlet.outlet == feed.outlet and outlet.kind is OutletKind.AGGREGATOR for outlet in outlets)


def _publisher(item: FeedItem, aggregator: Outlet, outlets: Sequence[Outlet]) -> Outlet:
    """Return whose an aggregator's item is: by source address, by link, by source name, else the aggregator's.

    A link that stays on the aggregator's own site says nothing about the publisher.
    """
    link = resolved_link(item.url)
    if registrable_domain(link) == registrable_domain(item.url) and find_outlet(link, [aggregator]):
        link = ""
    for address in filter(None, (link, item.source_url)):
        outlet = find_outlet(address, outlets)
        if outlet and outlet.outlet != aggregator.outlet:
            return outlet
    named = _by_name(item.source_name, outlets)
    if named:
        return named
    if item.source_url:
        return outlet_from(item.source_url, item.source_name)
    is_elsewhere = link and registrable_domain(link) != registrable_domain(item.url)
    return outlet_from(link, item.source_name) if is_elsewhere else aggregator


def _by_name(name: str | None, outlets: Sequence[Outlet]) -> Outlet | None:
    wanted = (name or "").casefold().removeprefix("the ").strip()
    if not wanted:
        return None
    return next((outlet for outlet in outlets if outlet.name.casefold().removeprefix("the ") == wanted), None)


def _without_suffix(item: FeedItem) -> FeedItem:
    """Take off the publisher's name that aggregators hang on to titles: ``Judge rules - The Post``."""
    suffix = f" - {item.source_name}" if item.source_name else ""
    if suffix and item.title.endswith(suffix) and len(item.title) > len(suffix):
        return replace(item, title=item.title.removesuffix(suffix))
    return item


def _entry(feed: Feed, outlet: Outlet, item: FeedItem, now: datetime, *, is_found: bool) -> Entry:
    canonical = resolved_link(item.url) if is_found else canonical_url(item.url)
    return Entry(
        entry=stable_id(outlet.outlet, canonical),
        outlet=outlet.outlet,
        url=item.url,
        canonical_url=canonical,
        guid=item.guid,
        title=item.title,
        summary=item.summary,
        content=item.content,
        authors=item.authors,
        published_at=item.published_at,
        first_seen_at=now,
        via="search" if is_found else feed.kind.value,
    )
