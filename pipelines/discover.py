"""``tracker feeds discover``: which of the addresses that a site names are feeds, by asking each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urljoin

from pipelines.progress import Progress
from pipelines.steps.in_order import in_order
from tracker.collect.discover import named_feeds, news_sitemaps, usual_places
from tracker.collect.parse import parse_feed
from tracker.config import Settings
from tracker.errors import FeedError, FetchError
from tracker.fetch import Fetcher, body_hash
from tracker.model import FeedKind, Outcome, ParsedFeed, Request, Response

WINDOW = 16  # feeds under way; those of one host are asked one by one all the same
READ = frozenset({Outcome.OK, Outcome.MOVED, Outcome.CUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that answered: its address, what it calls itself, how much it lists and how new that is."""

    url: str
    title: str
    n_items: int
    newest_at: datetime | None


async def discover(site: str, settings: Settings, progress: Progress, *, limit: int) -> tuple[FoundFeed, ...]:
    """Return the feeds of a site, surest first, after asking up to ``limit`` of the addresses that it names.

    A site that names none is asked at the usual places. An address that is a feed itself is its own answer.
    Raises FetchError where the site cannot be read.
    """
    address = site if "://" in site else f"https://{site}"
    async with Fetcher(settings.fetch, clock=lambda: datetime.now(UTC)) as fetcher:
        page = await fetcher.fetch(Request(url=address))
        if page.outcome not in READ:
            raise FetchError(f"{address}: {page.outcome}: {page.detail}".rstrip(": ") + "; check the address")
        if itself := _read(page, address, settings):
            return (_found(itself, address),)
        named = [url for _, url in named_feeds(page.body, page.final_url)]
        robots = await fetcher.fetch(Request(url=urljoin(page.final_url, "/robots.txt"), purpose="robots"))
        named += news_sitemaps(robots.body.decode("utf-8", errors="replace"), page.final_url)
        asked = list(dict.fromkeys(named))
        if len(asked) > limit:
            progress.say(f"{len(asked)} addresses look like feeds: the first {limit} are asked; --limit N asks more")
        found = await _ask(fetcher, asked[:limit], settings, progress)
        return found or await _ask(fetcher, usual_places(page.final_url), settings, progress)


async def _ask(
    fetcher: Fetcher, addresses: Sequence[str], settings: Settings, progress: Progress
) -> tuple[FoundFeed, ...]:
    """Keep the addresses at which there is a feed, each body once."""

    async def ask(url: str) -> Response:
        return await fetcher.fetch(Request(url=url, purpose="feed"))

    found: dict[str, FoundFeed] = {}
    with progress.bar("Asking for feeds", len(addresses)) as advance:
        async with aclosing(in_order(addresses, ask, window=WINDOW)) as answers:
            async for url, response in answers:
                parsed = _read(response, url, settings)
                if parsed is not None:
                    found.setdefault(body_hash(response.body), _found(parsed, url))
                advance()
    return tuple(found.values())


def _read(response: Response, url: str, settings: Settings) -> ParsedFeed | None:
    """Return the feed in a response, or None where there is none, or an empty one."""
    if response.outcome not in READ:
        return None
    try:
        parsed = parse_feed(
            response.body,
            url=url,
            content_type=response.headers.get("content-type"),
            kind=FeedKind.FEED,
            max_items=settings.collect.max_items,
            now=datetime.now(UTC),
        )
    except FeedError:
        return None  # what most of the addresses asked are
    return parsed if any(item.url for item in parsed.items) or parsed.sitemaps else None


def _found(parsed: ParsedFeed, url: str) -> FoundFeed:
    newest = max((item.published_at for item in parsed.items if item.published_at), default=None)
    n_items = sum(bool(item.url) for item in parsed.items)
    return FoundFeed(url=url, title=parsed.title, n_items=n_items, newest_at=newest)
