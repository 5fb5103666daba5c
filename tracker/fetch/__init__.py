"""Getting what others publish, politely and safely: ``Fetcher`` is the only way out to the web."""

from tracker.fetch.body import body_hash
from tracker.fetch.client import Fetcher

__all__ = ["Fetcher", "body_hash"]
