"""Whose page it is and what it calls itself: canonical address, site, section."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from tracker.extract.markup import Markup
from tracker.extract.structured import Statement
from tracker.urls import canonical_url, is_http, registrable_domain

MAX_SITE_CHARS = 80
MAX_SECTION_CHARS = 80
_HOME_PATHS = frozenset({"", "/", "/index.html", "/index.htm", "/index.php", "/home", "/amp", "/amp/"})


def declared_url(markup: Markup, final_url: str) -> str | None:
    """Return the canonical form of the address that the page declares, or None where it is not to be believed.

    Believed where it is of the same registrable domain and names more than a home page. Sites that print
    one canonical address on every page name a home page or a section; others name a partner's page.
    """
    for candidate in (markup.canonical, markup.first("og:url"), markup.first("twitter:url")):
        if not candidate:
            continue
        address = _joined(final_url, candidate)
        if address is not None and _is_believable(address, final_url):
            return canonical_url(address)
    return None


def find_site_name(markup: Markup, statements: Sequence[Statement]) -> str | None:
    """Return the site's name as it writes it, or None."""
    stated = markup.first("og:site_name", "application-name", "cxenseparse:recs:publisher")
    publisher = next((statement.publisher for statement in statements if statement.publisher), None)
    name = (stated or publisher or "").lstrip("@").strip()
    return name if 0 < len(name) <= MAX_SITE_CHARS and "://" not in name else None


def find_section(markup: Markup, statements: Sequence[Statement]) -> str | None:
    """Return the section that the page files itself under, or None."""
    stated = next((statement.section for statement in statements if statement.section), None)
    section = stated or markup.first(
        "article:section", "og:article:section", "parsely-section", "section", "cxenseparse:section"
    )
    return section if section and len(section) <= MAX_SECTION_CHARS and "://" not in section else None


def _joined(base: str, candidate: str) -> str | None:
    try:
        address = urljoin(base, candidate)
    except ValueError:
        return None
    return address if is_http(address) else None


def _is_believable(address: str, final_url: str) -> bool:
    if not is_http(final_url) or registrable_domain(address) != registrable_domain(final_url):
        return False
    parts = urlsplit(address)
    return parts.path.lower() not in _HOME_PATHS or bool(parts.query)
