"""The command line as a process of its own, which reaches a scripted host as its proxy."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import duckdb

from tests.faults.scripted import Host

COMMAND = "from pipelines.cli import main; main()"
PATIENCE = 60.0  # seconds, on a busy machine


@asynccontextmanager
async def tracker(
    home: Path, host: Host, *arguments: str, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Start ``tracker --home HOME ARGUMENTS``; it is gone when the block is left."""
    proxy = f"http://127.0.0.1:{host.port}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        COMMAND,
        "--home",
        str(home),
        *arguments,
        env=os.environ | {"HTTP_PROXY": proxy, "TRACKER_FETCH__PER_HOST_DELAY": "0"} | settings,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def asked(host: Host, process: asyncio.subprocess.Process, n: int) -> None:
    """Wait until the host was asked ``n`` times in all, or the process has ended."""
    async with asyncio.timeout(PATIENCE):
        while len(host.requests) < n and process.returncode is None:  # noqa: ASYNC110 - a count has no event
            await asyncio.sleep(0.005)


def snapshot(home: Path, query: str) -> list[tuple[object, ...]]:
    """Ask the published snapshot."""
    with duckdb.connect(str((home / "coverage.duckdb").resolve()), read_only=True) as connection:
        return connection.execute(query).fetchall()
