from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_proxy_of_the_tester(monkeypatch):
    """Loopback hosts are reached directly, whatever the tester's environment says."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
