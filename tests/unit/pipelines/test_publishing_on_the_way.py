"""A long run publishes on the way, as often as configured and no oftener."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from pipelines import nightly


@pytest.fixture
def made(monkeypatch):
    done: list[str] = []
    monkeypatch.setattr(nightly, "judge", lambda run: done.append("judged"))

    def publish(run):
        done.append("published")
        return Path("snap-1.duckdb")

    monkeypatch.setattr(nightly, "publish", publish)
    return done


def _run(every_minutes):
    settings = SimpleNamespace(publish=SimpleNamespace(every_minutes=every_minutes))
    return SimpleNamespace(home=SimpleNamespace(settings=settings), progress=SimpleNamespace(say=lambda text: None))


def test_it_publishes_when_the_time_has_come_and_then_waits_again(made, monkeypatch):
    clock = iter([0.0, 59.0, 60.0, 60.0, 119.0, 121.0, 121.0])
    monkeypatch.setattr(nightly.time, "monotonic", lambda: next(clock))
    between = nightly._now_and_then(_run(1.0))
    between()
    assert made == []
    between()
    assert made == ["judged", "published"]
    between()
    assert len(made) == 2
    between()
    assert made == ["judged", "published"] * 2
