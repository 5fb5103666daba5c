"""What names the reading of pages, for those who read none."""

from importlib.metadata import version

RULES_VERSION = "3"  # to be raised whenever a rule of this package changes what is read
EXTRACTOR_VERSION = f"{RULES_VERSION}+trafilatura-{version('trafilatura')}"
