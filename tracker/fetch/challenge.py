"""Bot challenges told from pages: never stored as an article or a revision.

Known by what vendors document or visibly send. Titles and page markers count only with 401, 403 and 503, as an
article may well speak of "Just a moment…".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SUSPECT_STATUSES: Final = frozenset({401, 403, 503})

HEAD_BYTES: Final = 65_536  # how much of an error page is read and searched for markers

# (vendor, header, part of its value): enough by themselves, whatever the status
_HEADERS: Final = (
    ("Cloudflare", "cf-mitigated", "challenge"),  # Cloudflare's documentation, "Detecting a challenge page"
    ("AWS WAF", "x-amzn-waf-action", ""),  # AWS WAF developer guide: challenge or captcha
)

# (vendor, bytes in lower case): enough with a suspect status
_MARKERS: Final = (
    ("Cloudflare", b"<title>just a moment"),
    ("Cloudflare", b"attention required! | cloudflare"),
    ("Cloudflare", b"/cdn-cgi/challenge-platform/"),
    ("Cloudflare", b"_cf_chl_opt"),
    ("DataDome", b"captcha-delivery.com"),
    ("PerimeterX", b"px-captcha"),
    ("PerimeterX", b"_pxappid"),
    ("Akamai", b"errors.edgesuite.net"),
    ("Akamai", b"/_sec/cp_challenge/"),
    ("Imperva", b"_incapsula_resource"),
)


def find_challenge(status: int, headers: Mapping[str, str], body: bytes = b"") -> str | None:
    """Return the vendor whose challenge this is, or None. ``headers`` have lower-case names."""
    for vendor, name, part in _HEADERS:
        if name in headers and part in headers[name].lower():
            return vendor
    if status not in SUSPECT_STATUSES:
        return None
    if "x-datadome" in headers or "x-dd-b" in headers:
        return "DataDome"
    head = body[:HEAD_BYTES].lower()
    return next((vendor for vendor, marker in _MARKERS if marker in head), None)
