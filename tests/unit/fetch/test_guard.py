from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest
from yarl import URL

from tracker.errors import FetchError
from tracker.fetch.guard import (
    AddressRefusedError,
    exemptions,
    guarded_socket,
    host_name,
    is_exempt,
    is_local_name,
    is_public,
    literal_address,
    parse_address,
    refusal,
)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",  # CGNAT
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",  # IPv4-compatible
        "::ffff:10.0.0.1",  # mapped
        "64:ff9b::a00:1",  # NAT64
        "64:ff9b:1::a00:1",
        "2002:a00:1::1",  # 6to4
        "2001:0:a00:1::",  # Teredo server
        "2001:0:808:808:0:0:f5ff:fffe",  # Teredo client 10.0.0.1
        "2001:db8::1",
        "fc00::1",
        "fe80::1",
        "fe80::1%2",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
        "4000::1",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"],
)
def test_public_addresses(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("::1", "::1"),
        ("fe80::1%25eth0", "fe80::1%eth0"),
        ("example.org", None),
        ("1.2.3.4.example.org", None),
        ("not:an:address", None),
    ],
)
def test_literal_forms(host, address):
    found = literal_address(host)
    assert (str(found) if found else None) == address


@pytest.mark.parametrize(
    "host", ["localhost", "a.localhost", "nas", "x.local", "db.internal", "x.home.arpa", "x.invalid"]
)
def test_local_names(host):
    assert is_local_name(host)


@pytest.mark.parametrize("host", ["example.org", "local.example.org", "internal.com", "chaos.test"])
def test_names_that_are_not_local(host):
    assert not is_local_name(host)


def test_an_address_loses_credentials_and_fragment_and_keeps_the_rest():
    url = parse_address(" http://desk:secret@Example.ORG:8080/a%2Fb?q=1&r=%20#top ")
    assert str(url) == "http://example.org:8080/a%2Fb?q=1&r=%20"
    assert host_name(url) == "example.org"


def test_a_relative_address_is_resolved():
    base = URL("https://example.org/feeds/all.xml?x=1")
    assert str(parse_address("../new", base=base)) == "https://example.org/new"
    assert str(parse_address("//cdn.example.org/a", base=base)) == "https://cdn.example.org/a"


@pytest.mark.parametrize(
    "text", ["mailto:a@example.org", "http://exa mple.org/", "http://a\x00b/", "http://", "/a", "ws://a.b/"]
)
def test_what_is_no_web_address(text):
    with pytest.raises(FetchError, match="not"):
        parse_address(text)


def test_exemptions_are_by_host_or_host_and_port():
    url = URL("http://[::1]:8000/")
    assert is_exempt(url, exemptions(("::1",)))
    assert is_exempt(url, exemptions(("[::1]:8000",)))
    assert not is_exempt(url, exemptions(("[::1]:8001", "127.0.0.1")))
    assert is_exempt(URL("http://nas/"), exemptions(("NAS:80",)))
    assert refusal(url, exemptions(("::1",))) is None
    assert refusal(url, exemptions(())) == "not a public address: ::1"
    assert refusal(URL("http://nas/"), exemptions(())) == "a local name: nas"


def test_the_socket_of_a_private_address_is_never_made(monkeypatch):
    made = []
    monkeypatch.setattr(socket, "socket", lambda **kwargs: made.append(kwargs))
    with pytest.raises(AddressRefusedError) as caught:
        guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80)))
    assert caught.value.address == "10.0.0.1"
    assert made == []
    guarded_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", 80)))
    assert made == [{"family": socket.AF_INET, "type": socket.SOCK_STREAM, "proto": 6}]
