"""The exceptions of the tracker, one tree.

::

    TrackerError
    ├── ConfigError        a settings, outlets or topic file is wrong: names file, line, key and a suggestion
    ├── LockedError        another run holds the home's lock
    ├── FetchError         one request failed; carries the outcome that goes into ``fetches``
    ├── FeedError          a body that is no feed
    ├── ExtractError       a page from which no article can be read
    ├── ArchiveError       an archived page cannot be read back
    ├── StoreError         the database or a snapshot is missing, damaged or of another version
    │   └── TextsLeftOutError  what is asked needs the texts, which the snapshot leaves out
    ├── QueryError         a query was refused, stopped or is wrong
    ├── DataError          an input file (JSON lines, OPML, list of addresses) cannot be read
    └── DeliveryError      an alert or digest did not arrive: recorded, and tried again by the next run

Every message says what is wrong, where, and what to do about it.
"""

from __future__ import annotations


class TrackerError(Exception):
    """Anything the tracker raises on purpose."""


class ConfigError(TrackerError):
    """A settings, outlets or topic file is wrong."""


class LockedError(TrackerError):
    """Another run holds the home's lock."""


class FetchError(TrackerError):
    """One request failed."""


class FeedError(TrackerError):
    """A body that cannot be read as a feed."""


class ExtractError(TrackerError):
    """A page from which no article can be read."""


class ArchiveError(TrackerError):
    """An archived page cannot be read back."""


class StoreError(TrackerError):
    """The database or a snapshot is missing, damaged or of another version."""


class TextsLeftOutError(StoreError):
    """What is asked needs the texts, which the snapshot leaves out."""


class QueryError(TrackerError):
    """A query was refused, stopped or is wrong."""


class DataError(TrackerError):
    """An input file cannot be read."""


class DeliveryError(TrackerError):
    """An alert or digest did not arrive."""
