"""Where entries come from: feeds, sitemaps, search feeds, discovery, and when to look again.

Nothing here opens a socket or a file: bodies come from ``tracker.fetch``, times from the caller.
"""

from tracker.collect.discover import find_feeds
from tracker.collect.items import listed_outlets, make_entries
from tracker.collect.opml import OpmlFeed, read_opml, write_opml
from tracker.collect.parse import parse_feed
from tracker.collect.schedule import feed_address, feed_request, in_backoff, is_due, is_unchanged, next_state
from tracker.collect.search import search_feeds

__all__ = [
    "OpmlFeed",
    "feed_address",
    "feed_request",
    "find_feeds",
    "in_backoff",
    "is_due",
    "is_unchanged",
    "listed_outlets",
    "make_entries",
    "next_state",
    "parse_feed",
    "read_opml",
    "search_feeds",
    "write_opml",
]
