"""Where the client must not go, however it is led there."""

from __future__ import annotations

import pytest

from tests.faults.scripted import NOW, Names, fetch, http, scripted, settings
from tracker.errors import ConfigError
from tracker.fetch import Fetcher
from tracker.model import Outcome, Request


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "ftp://example.org/feed",
        "gopher://example.org/",
        "javascript:alert(1)",
        "//example.org/feed",
        "http://",
        "http://[::1",
        "http://a b/",
        "http://example.org:99999/",
        "",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://１２７.0.0.1/",
        "http://localhost/",
        "http://LOCALHOST./",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://intranet/",
    ],
)
async def test_addresses_that_are_refused_unasked(url):
    names = Names()
    response = await fetch(url, resolver=names, allow_private_hosts=())
    assert response.outcome is Outcome.REFUSED
    assert response.detail
    assert names.asked == []


async def test_a_public_name_with_a_private_address_is_refused_at_connect():
    async with scripted(lambda path, writer: http(200, b"secret")) as host:
        names = Names(news_test=["127.0.0.1"])
        response = await fetch(host.url(host="news.test"), resolver=names, allow_private_hosts=())
    assert response.outcome is Outcome.REFUSED
    assert "127.0.0.1" in response.detail
    assert names.asked == ["news.test"]
    assert host.requests == []


async def test_dns_answers_that_change_between_two_lookups_do_not_help():
    """Rebinding: whatever a check before would have seen, the socket is made for the address now resolved."""
    async with scripted(lambda path, writer: http(200, b"secret")) as host:
        names = Names(news_test=["192.0.2.7", "127.0.0.1"])
        await names.resolve("news.test")  # a check before the connection sees one address …
        response = await fetch(host.url(host="news.test"), resolver=names, allow_private_hosts=())
    assert response.outcome is Outcome.REFUSED  # … and the connection would go to the other
    assert host.requests == []


async def test_five_hops_to_a_private_address_end_at_the_last():
    def hop(path, writer):
        n = int(path.strip("/") or 0)
        target = f"/{n + 1}" if n < 4 else "http://10.1.2.3/admin"
        return http(302, b"", f"Location: {target}")

    async with scripted(hop) as host:
        response = await fetch(host.url("/0"))
    assert response.outcome is Outcome.REFUSED
    assert len(host.requests) == len(response.redirects) == 5
    assert response.redirects[-1] == (302, "http://10.1.2.3/admin")
    assert response.body == b""


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://example.org/x", "http://[::1", "data:,x"])
async def test_a_redirect_out_of_http_is_refused(target):
    async with scripted(lambda path, writer: http(301, b"", f"Location: {target}")) as host:
        response = await fetch(host.url())
    assert response.outcome is Outcome.REFUSED
    assert response.status == 301


async def test_only_the_exempt_port_is_exempt():
    async with scripted(lambda path, writer: http(200, b"ok")) as host:
        one = await fetch(host.url(), allow_private_hosts=(f"127.0.0.1:{host.port}",))
        other = await fetch(host.url(), allow_private_hosts=(f"127.0.0.1:{host.port + 1}",))
    assert (one.outcome, other.outcome) == (Outcome.OK, Outcome.REFUSED)


async def test_behind_a_proxy_literals_and_local_names_are_refused_and_public_names_go_through(monkeypatch):
    async with scripted(lambda path, writer: http(200, b"through the proxy")) as proxy:
        monkeypatch.setenv("http_proxy", f"http://desk:secret@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("no_proxy", "direct.test")
        names = Names(direct_test=["127.0.0.1"])
        urls = [
            "http://news.test/feed",
            "http://10.0.0.1/",
            "http://2130706433/",
            "http://localhost/",
            "http://x.internal/",
        ]
        async with Fetcher(settings(allow_private_hosts=()), clock=lambda: NOW, resolver=names) as fetcher:
            outcomes = [(await fetcher.fetch(Request(url=url, purpose="feed"))).outcome for url in urls]
            direct = await fetcher.fetch(Request(url="http://direct.test/", purpose="feed"))
    assert outcomes == [Outcome.OK] + [Outcome.REFUSED] * 4
    assert proxy.paths == ["http://news.test/feed"]
    assert "Proxy-Authorization: Basic" in proxy.requests[0]
    assert names.asked == ["direct.test"]  # NO_PROXY: connected to directly, and guarded
    assert direct.outcome is Outcome.REFUSED


async def test_a_dead_proxy_is_said_to_be_the_proxy_and_does_not_put_hosts_down(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    async with Fetcher(settings(), clock=lambda: NOW) as fetcher:
        for _ in range(3):
            response = await fetcher.fetch(Request(url="http://news.test/feed", purpose="feed"))
            assert (response.outcome, response.detail[:6]) == (Outcome.UNREACHABLE, "proxy:")
        assert fetcher.host_waits == {}


def test_a_proxy_of_no_use_is_a_configuration_error(monkeypatch):
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1080")
    with pytest.raises(ConfigError, match="HTTP_PROXY"):
        Fetcher(settings(), clock=lambda: NOW)


async def test_cookies_and_credentials_are_not_sent_on(tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login desk password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))

    def answer(path, writer):
        return (
            http(302, b"", "Set-Cookie: id=1", "Location: /b") if path == "/a" else http(200, b"ok", "Set-Cookie: id=2")
        )

    # a name, as aiohttp's ordinary jar keeps no cookies of literal addresses anyway
    names = Names(news_test=["127.0.0.1"])
    async with (
        scripted(answer) as host,
        Fetcher(settings(allow_private_hosts=("news.test",)), clock=lambda: NOW, resolver=names) as fetcher,
    ):
        url = host.url("/a", host="news.test").replace("http://", "http://desk:secret@")
        first = await fetcher.fetch(Request(url=url, purpose="feed"))
        await fetcher.fetch(Request(url=host.url("/b", host="news.test"), purpose="feed"))
    heads = "".join(host.requests).lower()
    assert len(host.requests) == 3
    assert "cookie" not in heads
    assert "authorization" not in heads
    assert "secret" not in first.final_url
    assert "credentials" in first.detail
    assert "set-cookie" not in first.headers


async def test_the_user_agent_names_whom_to_write_to():
    async with scripted(lambda path, writer: http(200, b"ok")) as host:
        await fetch(host.url())
    assert "User-Agent: coverage-tracker (+mailto:desk@example.org)\r\n" in host.requests[0]


async def test_odd_validators_cannot_add_header_lines():
    async with (
        scripted(lambda path, writer: http(200, b"ok")) as host,
        Fetcher(settings(), clock=lambda: NOW) as fetcher,
    ):
        await fetcher.fetch(Request(url=host.url(), purpose="feed", etag='"a"\r\nX-Evil: 1', last_modified="x"))
    assert "evil" not in host.requests[0].lower()
    assert "If-Modified-Since: x" in host.requests[0]
