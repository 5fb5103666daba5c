"""Hosts on loopback that say exactly the bytes that a test wants said, and remember what they were asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp.abc import AbstractResolver, ResolveResult

from tracker.config import FetchSettings
from tracker.fetch import Fetcher
from tracker.model import Request, Response

NOW = datetime(2026, 1, 7, 12, tzinfo=UTC)


class Host:
    """A server of one scripted answer per request; ``script(path)`` gives bytes, or writes to ``writer``."""

    def __init__(self, script: Callable[[str, asyncio.StreamWriter], bytes | Awaitable[None]]) -> None:
        self.script = script
        self.requests: list[str] = []  # whole request heads
        self.times: list[tuple[float, float]] = []  # begin and end of each, loop time
        self.port = 0
        self.tasks: set[asyncio.Task[None]] = set()

    @property
    def paths(self) -> list[str]:
        return [head.split(" ", 2)[1] for head in self.requests]

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self.serve(reader, writer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            begun = loop.time()
            self.requests.append(head)
            answer = self.script(head.split(" ", 2)[1], writer)
            if isinstance(answer, bytes):
                writer.write(answer)
                await writer.drain()
            else:
                await answer
            self.times.append((begun, loop.time()))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def scripted(
    script: Callable[[str, asyncio.StreamWriter], bytes | Awaitable[None]],
) -> AsyncIterator[Host]:
    host = Host(script)
    server = await asyncio.start_server(host.accept, "127.0.0.1", 0)
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        for task in host.tasks:
            task.cancel()
        await asyncio.gather(*host.tasks, return_exceptions=True)


def http(status: int, body: bytes = b"", *fields: str, length: int | None = None) -> bytes:
    """Write a response by hand, with a Content-Length that may lie."""
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join([*head, "Connection: close", *fields, "", ""]).encode("latin-1") + body


def settings(**changes: object) -> FetchSettings:
    """Small limits, no pause, loopback allowed by its literal address."""
    values: dict[str, object] = {
        "user_agent": "coverage-tracker",
        "contact": "mailto:desk@example.org",
        "per_host_delay": 0.0,
        "connect_timeout": 2.0,
        "total_timeout": 3.0,
        "allow_private_hosts": ("127.0.0.1",),
    }
    return FetchSettings.model_validate(values | changes)


class Names(AbstractResolver):
    """DNS as a test wants it: each lookup of a name takes the next of its answers and stays at the last."""

    def __init__(self, **answers: list[str]) -> None:
        self.answers = {name.replace("_", "."): list(found) for name, found in answers.items()}
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        found = self.answers.get(host)
        if not found:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        address = found.pop(0) if len(found) > 1 else found[0]
        kind = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)]

    async def close(self) -> None:
        return None


async def fetch(url: str, resolver: AbstractResolver | None = None, **changes: object) -> Response:
    """Fetch one feed address with a fetcher of its own."""
    async with Fetcher(settings(**changes), clock=lambda: NOW, resolver=resolver) as fetcher:
        return await fetcher.fetch(Request(url=url, purpose="feed"))
