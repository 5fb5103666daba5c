from __future__ import annotations

import pytest

from tracker.store.writer import Store


@pytest.fixture
def store(tmp_path):
    with Store(tmp_path / "state" / "master.duckdb") as opened:
        yield opened
