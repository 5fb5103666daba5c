from __future__ import annotations

import asyncio
import contextlib
import io
from pathlib import Path

import pytest
from filelock import FileLock

from pipelines.demo import run_demo
from tests.integration.nights import QUIET


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's home after its eleven nights, made once for all tests and all their workers."""
    shared = tmp_path_factory.getbasetemp()
    if shared.name.startswith("popen-"):  # a worker's: the folder above is common to all
        shared = shared.parent
    home, done = shared / "demo-home", shared / "demo-home.done"
    with FileLock(shared / "demo-home.lock"):
        if not done.exists():
            with contextlib.redirect_stdout(io.StringIO()) as said:
                asyncio.run(run_demo(home, QUIET))
            done.write_text(said.getvalue(), encoding="utf-8")
    return home
