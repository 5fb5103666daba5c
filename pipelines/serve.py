"""Start the Streamlit app on a home's snapshot."""

from __future__ import annotations

import os
import socket
import sys
from importlib.resources import files
from pathlib import Path

from pipelines.progress import Progress
from tracker.errors import ConfigError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
ALLOWED_HOSTS = "STREAMLIT_SERVER_ALLOWED_HOSTS"  # set by whoever puts a proxy with another name before it


def serve_dashboard(home: Path, *, address: str, port: int, progress: Progress) -> None:
    """Serve until interrupted; this process becomes the server. ``port`` 0 takes a free one.

    Raises ConfigError where the port is taken or the address is not this machine's. What the app looks like
    and how it behaves is in ``dashboard/.streamlit/config.toml``, which Streamlit reads beside the app.
    """
    chosen = _free_port(address, port)
    progress.say(f"Dashboard on http://{_in_url(address)}:{chosen} (stop with Ctrl-C)")
    if address not in LOOPBACK:
        progress.warn(
            "The dashboard is reachable by others: it asks for a login, which [auth] in .streamlit/secrets.toml sets "
            "up (docs/operations.md)."
        )
    is_beyond = "0" if address in LOOPBACK else "1"
    # Each session's thread would keep an arena of memory that it once needed (glibc, mallopt(3)).
    environment = {"MALLOC_ARENA_MAX": "2"} | os.environ
    environment |= {"TRACKER_HOME": str(home.resolve()), "TRACKER_ASKS_LOGIN": is_beyond}
    command = _command(address, chosen, guards_hosts=ALLOWED_HOSTS not in os.environ)
    sys.stdout.flush()
    sys.stderr.flush()
    # A process of its own would outlive a killed parent; so signals reach the server itself.
    os.execve(sys.executable, command, environment)  # noqa: S606 - our own command line, no shell


def _command(address: str, port: int, *, guards_hosts: bool) -> list[str]:
    app = str(files("dashboard") / "app.py")
    command = [
        sys.executable, "-m", "streamlit", "run", app,
        "--server.address", address, "--server.port", str(port), "--server.headless", "true",
        "--browser.gatherUsageStats", "false", "--logger.level", "warning",
    ]  # fmt: skip
    if address in LOOPBACK and guards_hosts:
        # A page elsewhere whose name is made to point here must not reach it (DNS rebinding).
        for host in LOOPBACK:
            command += ["--server.allowedHosts", host]
    return command


def _free_port(address: str, port: int) -> int:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise ConfigError(
                f"{address}:{port}: the dashboard cannot listen there ({error.strerror or error}): choose another port "
                "with --port (0 takes a free one), or another [dashboard] address in tracker.toml"
            ) from error
        return int(probe.getsockname()[1])


def _in_url(address: str) -> str:
    return f"[{address}]" if ":" in address else address
