"""The proxy for an address, by the environment's HTTP_PROXY, HTTPS_PROXY and NO_PROXY.

Read here and not by aiohttp, whose ``trust_env`` would also read ``.netrc`` and send what it finds there.
"""

from __future__ import annotations

import urllib.request
from dataclasses import dataclass

import aiohttp
from yarl import URL

from tracker.errors import ConfigError
from tracker.fetch.guard import SCHEMES, host_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """A proxy and the credentials meant for it alone."""

    url: URL
    auth: aiohttp.BasicAuth | None = None


def read_proxies() -> dict[str, Proxy]:
    """Return the environment's proxies by the scheme they serve; raise ConfigError for one of no use."""
    found = urllib.request.getproxies()
    return {scheme: _proxy(scheme, found[scheme]) for scheme in SCHEMES if found.get(scheme)}


def _proxy(scheme: str, text: str) -> Proxy:
    name = f"{scheme.upper()}_PROXY"
    try:
        url = URL(text if "://" in text else f"http://{text}")
    except ValueError as error:
        raise ConfigError(f"{name} is not an address ({error}): set it to http://HOST:PORT or unset it") from error
    if url.scheme not in SCHEMES or not url.host:
        raise ConfigError(f"{name} must be http://HOST:PORT or https://HOST:PORT, not {url.scheme}://…")
    if url.user is None:
        return Proxy(url=url.origin())
    return Proxy(url=url.origin(), auth=aiohttp.BasicAuth(url.user, url.password or ""))


def choose_proxy(url: URL, proxies: dict[str, Proxy]) -> Proxy | None:
    """Return the proxy to ask for this address, or None to connect directly (none set, or NO_PROXY)."""
    proxy = proxies.get(url.scheme) if proxies else None
    if proxy is None or urllib.request.proxy_bypass(f"{host_name(url)}:{url.port}"):
        return None
    return proxy
