"""DNS on threads of its own.

The loop's default pool has six threads on two cores, and a lookup cannot be cancelled: a handful of dead names
would make everybody else's lookups time out.
"""

from __future__ import annotations

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from aiohttp.abc import AbstractResolver, ResolveResult


class PooledResolver(AbstractResolver):
    """``getaddrinfo`` of the operating system, on up to ``workers`` threads, made when needed."""

    def __init__(self, workers: int) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return a host's addresses; raise OSError where it has none or is no name at all."""
        ask = partial(_lookup, host, port, family)
        return await asyncio.get_running_loop().run_in_executor(self._pool, ask)

    async def close(self) -> None:
        """Let lookups under way end by themselves."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _lookup(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    try:
        infos = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    except UnicodeError as error:  # a label that is empty or too long for the idna codec
        raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error
    return [
        ResolveResult(
            hostname=host,
            host=str(sockaddr[0]),
            port=int(sockaddr[1]),
            family=kind,
            proto=proto,
            flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
        )
        for kind, _, proto, _, sockaddr in infos
    ]
