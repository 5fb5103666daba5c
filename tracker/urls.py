"""Addresses: what makes two of them the same story, whose they are, and which are worth asking at all.

Canonical addresses are keys, never fetched: the address as listed is (``DESIGN.md``'s rule). They follow
RFC 3986 section 6 (case, dot segments, percent-encoding, default ports) by way of w3lib, then drop what
is known not to name a story: tracking parameters, AMP and mobile variants, ``www.``, the scheme. The rule
for everything else is that two stories must never merge, so an unknown parameter stays.

Nothing here opens a socket: the suffix list is the copy that ships inside the ``tld`` package.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from tld import get_fld
from w3lib.url import canonicalize_url

from tracker.model import Outlet

MAX_URL_CHARS = 8_192  # longer addresses are left alone: servers refuse them, and work on them is wasted
MAX_STEPS = 32  # addresses wrapped in addresses; each step unwraps one, real ones have one or two
URL_CACHE = 4_096  # addresses remembered: a feed's are checked when it is read and keyed when it is stored
HOST_CACHE = 16_384  # hosts remembered; a year of a hundred outlets' links has fewer

# Parameters that say how a reader came, never what is read. Prefixes first. From the outlets' own links
# and the analytics products' documentation (utm_*: Google; at_*: AT Internet; mc_*: Mailchimp; …).
_TRACKING_PREFIXES = ("utm_", "at_", "mc_", "ns_", "pk_", "mtm_", "hsa_", "vero_", "__twitter")
_TRACKING_NAMES = (
    "_ga _gl _hsenc _hsmi amp_gsa amp_js_v amp_r aoh bxid cmp cmpid cvid dclid fbclid feedname "
    "feedtype ftag gbraid gclid gclsrc giftcopy guccounter guce_referrer guce_referrer_sig icid "
    "igsh igshid intcmp itid ito li_fat_id mbid mkt_tok msclkid ncid nr_email_referer ocid "
    "oly_anon_id oly_enc_id rb_clickid ref_src ref_url referringsource s_cid share_token "
    "sharetype smid smtyp soc_src soc_trk sref taid tpcc traffic_source ttclid twclid "
    "unlocked_article_code usqp wbraid wickedid wpisrc wpmm xtor yclid "
)
_TRACKING = frozenset(_TRACKING_NAMES.split())
# Names that are tracking on one site and meaningful on another: dropped only where the value holds no
# digit, since what names a story by parameter does it with a number.
_TRACKING_IF_WORD = frozenset(
    {"ref", "src", "source", "referrer", "referer", "cid", "campaign", "partner", "via", "mod"}
)
# Aggregators' parameters, meaningless on their own hosts only.
_HOST_TRACKING = {"news.google.com": frozenset({"oc", "hl", "gl", "ceid"})}
_AMP_FLAGS = frozenset({"", "1", "true", "yes", "amp"})
_AMP_PARAMETERS = frozenset({"amp", "_amp", "isamp"})
_VARIANT_LABELS = frozenset({"www", "m", "mobile", "amp"})
_AMP_SUFFIX = re.compile(r"\.amp(\.html?)?$", re.IGNORECASE)
# Redirectors that carry the address in the open: (host without www, path prefix, parameters).
_REDIRECTORS = (
    ("google.com", "/url", ("url", "q")),
    ("bing.com", "/news/apiclick.aspx", ("url",)),
)
_AMP_VIEWER = re.compile(r"^/amp/(s/)?(?=[^/]+\.[^/]+/)")
_AMP_CACHE = ".cdn.ampproject.org"
_AMP_CACHE_PATH = re.compile(r"^/[a-z]/(s/)?(?=[^/]+\.[^/]+/)")
# Labels of hosts that serve feeds or variants of a site, not a site of its own.
_SERVICE_LABELS = frozenset({"www", "m", "mobile", "amp", "feed", "feeds", "rss", "xml", "api", "moxie"})
# Hosts that serve many publishers' feeds: the host says nothing about whose a feed is.
_SHARED_HOSTS = frozenset({"feeds.feedburner.com", "feedproxy.google.com", "rss.app", "feeds.megaphone.fm"})


@lru_cache(maxsize=URL_CACHE)
def canonical_url(url: str, base: str | None = None) -> str:
    """Return the address under which every variant of one story's address is kept.

    ``base`` resolves a relative ``url``. What is no http(s) address, or is malformed or longer than
    ``MAX_URL_CHARS``, comes back stripped of surrounding white space and otherwise as it was. Never
    raises; applying it twice changes nothing.
    """
    address = _join(url, base)
    for _ in range(MAX_STEPS):
        following = _canonical_once(address)
        if following == address:
            break
        address = following
    return address


def unwrapped_url(address: str) -> str:
    """Return the address that a redirector or an AMP cache carries in the open, as it stands, else the address."""
    parts = _split(address)
    if parts is None or not parts.hostname:
        return address
    name = parts.hostname.removeprefix("www.")
    if name == "google.com" and (viewer := _AMP_VIEWER.match(parts.path)):
        return _rest(parts, viewer)
    if name.endswith(_AMP_CACHE) and (cached := _AMP_CACHE_PATH.match(parts.path)):
        return _rest(parts, cached)
    for carrier, prefix, parameters in _REDIRECTORS:
        if name == carrier and parts.path == prefix:
            targets = dict(parse_qsl(parts.query))
            inner = next((targets[key] for key in parameters if key in targets), "").strip()
            return inner if is_http(inner) else address
    return address


def is_http(url: str) -> bool:
    """Return whether the text is an absolute http or https address with a host."""
    parts = _split(url.strip())
    return parts is not None and parts.scheme in {"http", "https"} and bool(parts.hostname)


def host(url: str) -> str:
    """Return the address's host name in lower case without port, or an empty string where it has none."""
    parts = _split(url.strip())
    return ((parts and parts.hostname) or "").rstrip(".")


def registrable_domain(url: str) -> str:
    """Return the part of the host that somebody registered (``bbc.co.uk``), or the host where none is known.

    By the Public Suffix List, private section included, as shipped in ``tld``; hosts under an unlisted
    suffix fall under the list's prevailing rule ``*`` (https://publicsuffix.org/list/), so their last
    two labels; literal addresses are returned whole.
    """
    return _registrable(host(url))


def find_outlet(url: str, outlets: Sequence[Outlet]) -> Outlet | None:
    """Return the outlet whose scope the address falls in, or None.

    A scope is a host, which covers its subdomains, or a host with a path, which covers whole segments
    below it. The longest matching scope wins: first by host, then by path.
    """
    parts = _split(unwrapped_url(url.strip()))
    if parts is None or not parts.hostname:
        return None
    name, path = parts.hostname.rstrip("."), parts.path.lower()
    best: tuple[int, int] = (0, 0)
    found: Outlet | None = None
    for outlet in outlets:
        for scope in outlet.scopes:
            length = _scope_match(scope, name, path)
            if length > best:
                best, found = length, outlet
    return found


def outlet_from(url: str, name: str | None) -> Outlet:
    """Return a new outlet for an address that no known outlet claims.

    Its slug is made from ``name`` (an OPML text, a site's title), else from the registrable domain. Its
    scope is the site behind the host (``feeds.example.org`` counts as ``example.org``); a host that
    serves many publishers' feeds gives none.
    """
    title = " ".join((name or "").split())
    slug = slugify(title)
    domain = registrable_domain(url)
    if not slug:
        title, slug = domain, slugify(domain) or "unknown"
    scope = _site(host(url))
    return Outlet(outlet=slug, name=title, scopes=(scope,) if scope else ())


def slugify(text: str) -> str:
    """Return lower-case ASCII letters and digits joined by hyphens, at most 60 characters."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower())[:60].strip("-")


# ---------------------------------------------------------------- canonical form


def _join(url: str, base: str | None) -> str:
    address = url.strip()
    if base is None:
        return address
    try:
        return urljoin(base.strip(), address)
    except ValueError:
        return address


def _split(url: str) -> SplitResult | None:
    """Split an address, or None where it cannot be: brackets that do not match, a port that is no number."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it is what raises on a bad port
    except ValueError:
        return None
    return parts


def _canonical_once(address: str) -> str:
    if len(address) > MAX_URL_CHARS or not is_http(address):
        return address
    address = unwrapped_url(address)
    try:
        normal = canonicalize_url(address, keep_fragments=True)
    except (ValueError, UnicodeError):
        return address
    parts = _split(normal)
    if parts is None or not parts.hostname:
        return address
    name = _canonical_host(parts.hostname)
    path = _canonical_path(parts.path)
    query = _canonical_query(parts.query, name)
    # "#!" addresses name their page in the fragment; any other fragment is a place within a page
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(("https", _netloc(name, parts.port), path, query, fragment))


def _netloc(name: str, port: int | None) -> str:
    """Return host and port without user, password and the default ports of http and https (RFC 9110, 4.2)."""
    shown = f"[{name}]" if ":" in name else name
    return shown if port in {None, 80, 443} else f"{shown}:{port}"


@lru_cache(maxsize=HOST_CACHE)
def _canonical_host(name: str) -> str:
    """Drop ``www.``, ``m.``, ``mobile.`` and ``amp.`` as long as a registered name is left."""
    name = name.rstrip(".").lower()
    registered = _registrable(name)
    while name != registered and name.partition(".")[0] in _VARIANT_LABELS:
        name = name.partition(".")[2]
    return name


def _canonical_path(path: str) -> str:
    trimmed = _AMP_SUFFIX.sub(r"\1", path.rstrip("/"))
    segments = trimmed.split("/")
    if len(segments) > 2 and segments[-1].lower() == "amp":  # noqa: PLR2004 - "/story/amp" has three
        segments.pop()
    elif len(segments) > 2 and segments[1].lower() == "amp":  # noqa: PLR2004 - "/amp/story"
        del segments[1]
    return "/".join(segments).rstrip("/") or "/"


def _canonical_query(query: str, name: str) -> str:
    if not query:
        return ""
    kept = [pair for pair in parse_qsl(query, keep_blank_values=True) if not _is_noise(pair, name)]
    return urlencode(sorted(kept))


def _is_noise(pair: tuple[str, str], name: str) -> bool:
    key, value = pair[0].lower(), pair[1].lower()
    return (
        key in _TRACKING
        or key.startswith(_TRACKING_PREFIXES)
        or (key in _TRACKING_IF_WORD and not any(char.isdigit() for char in value))
        or (key in _AMP_PARAMETERS and value in _AMP_FLAGS)
        or (key in {"outputtype", "output"} and value == "amp")
        or key in _HOST_TRACKING.get(name, ())
    )


def _rest(parts: SplitResult, prefix: re.Match[str]) -> str:
    query = f"?{parts.query}" if parts.query else ""
    return f"https://{parts.path[prefix.end() :]}{query}"


# ---------------------------------------------------------------- hosts and scopes


@lru_cache(maxsize=HOST_CACHE)
def _registrable(name: str) -> str:
    if not name or _is_literal(name):
        return name
    found = get_fld(f"https://{name}", fail_silently=True)
    return found or ".".join(name.split(".")[-2:])


def _is_literal(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _site(name: str) -> str | None:
    if not name or name in _SHARED_HOSTS:
        return None
    registered = _registrable(name)
    while name != registered and name.partition(".")[0] in _SERVICE_LABELS:
        name = name.partition(".")[2]
    return name


def _scope_match(scope: str, name: str, path: str) -> tuple[int, int]:
    """Return the lengths of the scope's host and path where it covers the address, else (0, 0)."""
    scope_host, _, scope_path = scope.lower().partition("/")
    if name != scope_host and not name.endswith(f".{scope_host}"):
        return (0, 0)
    if scope_path and not f"{path}/".startswith(f"/{scope_path.rstrip('/')}/"):
        return (0, 0)
    return (len(scope_host), len(scope_path))
