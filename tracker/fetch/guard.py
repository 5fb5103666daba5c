"""Which addresses may be asked: public http(s) ones, checked by name at every hop and by number at connect.

A check before the connection alone is not enough: DNS may answer differently a moment later (rebinding). So
``guarded_socket`` is what makes every socket of a direct connection, and it sees the very address that the
socket will be connected to.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from yarl import URL

from tracker.errors import FetchError

SCHEMES = frozenset({"http", "https"})

# Names that never lead to a public host: RFC 6761 (localhost, invalid), RFC 6762 (local),
# RFC 8375 (home.arpa), ICANN board resolution 2024.07.29.06 (internal).
LOCAL_SUFFIXES = ("localhost", "invalid", "local", "home.arpa", "internal")

# The only block of IPv6 unicast that is routed on the public Internet (IANA IPv6 address space registry).
GLOBAL_UNICAST = IPv6Network("2000::/3")

# Prefixes whose last 32 bits are the IPv4 address that is really reached: IPv4-compatible (RFC 4291, 2.5.5.1)
# and NAT64 (RFC 6052, RFC 8215; the second is for local use, yet is judged by what it embeds all the same).
EMBEDDING_PREFIXES = (IPv6Network("::/96"), IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))

_HOST_NAME = re.compile(r"[a-z0-9._-]+", re.ASCII)

Address = IPv4Address | IPv6Address


class AddressRefusedError(OSError):
    """The address about to be connected to is not public. An ``OSError``, as that is what connectors expect.

    All instances read alike, so that a host with several private addresses gives this error and no mixture.
    """

    def __init__(self, address: str) -> None:
        super().__init__("not a public address")
        self.address = address


def parse_address(text: str, *, base: URL | None = None) -> URL:
    """Return the address to ask for, without credentials and fragment; raise FetchError if there is none.

    ``base`` resolves a relative address (RFC 3986, 5.3). Quoting is made valid and is otherwise left as listed.
    """
    try:
        url = URL(text.strip())
        url = base.join(url) if base is not None else url
        if url.raw_host and "@" in url.raw_authority:
            url = url.with_user(None)
        if url.raw_fragment:
            url = url.with_fragment(None)
    except ValueError as error:
        raise FetchError(f"not an address: {error}") from error
    if url.scheme not in SCHEMES:
        raise FetchError(f"not http or https: {url.scheme or 'no scheme'}")
    host = host_name(url)
    if not host or not (":" in host or _HOST_NAME.fullmatch(host)):
        raise FetchError("not an address: no usable host name")
    return url


def host_name(url: URL) -> str:
    """Return the exact host name in lower case, without a final dot: the key of politeness."""
    return (url.raw_host or "").rstrip(".").lower()


def has_credentials(text: str) -> bool:
    """Say whether an address carries a user name or password, which are never sent."""
    if "@" not in text:
        return False
    try:
        url = URL(text.strip())
    except ValueError:
        return False
    return url.raw_user is not None or url.raw_password is not None


def refusal(url: URL, allowed: frozenset[str]) -> str | None:
    """Return why this address must not be asked, or None. ``allowed`` is from ``exemptions``.

    Names are judged as names: where one leads is checked at connect, and behind a proxy by the proxy.
    """
    if is_exempt(url, allowed):
        return None
    host = host_name(url)
    address = literal_address(host)
    if address is not None:
        return None if is_public(address) else f"not a public address: {address}"
    return f"a local name: {host}" if is_local_name(host) else None


def exemptions(names: Iterable[str]) -> frozenset[str]:
    """Return the exempt hosts of the settings (host or host:port) in the form that the checks compare."""
    return frozenset(name.lower().rstrip(".") for name in names)


def is_exempt(url: URL, allowed: frozenset[str]) -> bool:
    """Say whether the settings exempt this host, with any port or with this one."""
    if not allowed:
        return False
    host = host_name(url)
    if host in allowed:
        return True
    shown = f"[{host}]" if ":" in host else host
    return not allowed.isdisjoint({shown, f"{shown}:{url.port}"})


def is_local_name(host: str) -> bool:
    """Say whether a host name is local by its form: a single label, or under a local suffix."""
    return "." not in host or any(host == end or host.endswith("." + end) for end in LOCAL_SUFFIXES)


def literal_address(host: str) -> Address | None:
    """Return the address that a host spells out, in any form that a C library reads, else None.

    ``inet_aton`` reads ``2130706433``, ``0x7f.1``, ``0177.0.0.1`` and ``127.1`` too, as resolvers do.
    """
    if ":" in host:
        try:
            return ip_address(host.replace("%25", "%"))
        except ValueError:
            return None
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def is_public(address: Address) -> bool:
    """Say whether an address is on the public Internet, looking through what IPv6 embeds.

    Private, loopback, link-local, shared (CGNAT, RFC 6598), multicast, reserved, documentation and benchmark
    ranges are not (IANA special-purpose registries, as ``ipaddress`` holds them).
    """
    if isinstance(address, IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved)
    embedded = _embedded(address)
    if embedded:
        return all(is_public(inner) for inner in embedded)
    return address in GLOBAL_UNICAST and address.is_global and not address.is_multicast


def _embedded(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses that an IPv6 address stands for: mapped, 6to4, Teredo, translated."""
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if any(address in prefix for prefix in EMBEDDING_PREFIXES):
        return (IPv4Address(int(address) & 0xFFFFFFFF),)
    return ()


def guarded_socket(addr_info: tuple[Any, ...]) -> socket.socket:
    """Make the socket for one resolved address (aiohttp's ``socket_factory``), or raise AddressRefusedError."""
    family, kind, proto, _, sockaddr = addr_info
    if not is_public(ip_address(sockaddr[0])):
        raise AddressRefusedError(sockaddr[0])
    return socket.socket(family=family, type=kind, proto=proto)
