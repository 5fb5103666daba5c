from __future__ import annotations

import io
import sys
from dataclasses import dataclass

import pytest

from pipelines.cli import main
from tests.snapshots import HomeBuilder, usual_pieces


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def tracker(monkeypatch, capfd, tmp_path):
    """Run the command line in this process: ``tracker("sql", "SELECT 1", stdin=b"…")``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TRACKER_HOME", raising=False)

    def run(*arguments: object, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["tracker", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        code = 0
        try:
            main()
        except SystemExit as error:
            code = error.code if isinstance(error.code, int) else 0 if error.code is None else 1
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture(scope="session")
def home(tmp_path_factory):
    """A home with a small snapshot and nothing configured."""
    path = tmp_path_factory.mktemp("home")
    HomeBuilder(path).build(usual_pieces())
    return path
