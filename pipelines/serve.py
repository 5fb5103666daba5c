"""Start the Streamlit app on a home's snapshot."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

from pipelines.progress import Progress

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve_dashboard(home: Path, *, address: str, port: int, progress: Progress) -> None:
    """Serve until interrupted. ``port`` 0 takes a free one."""
    chosen = port or _free_port(address)
    app = files("dashboard") / "app.py"
    progress.say(f"Dashboard on http://{address}:{chosen} (stop with Ctrl-C)")
    if address not in LOOPBACK:
        progress.warn("The dashboard is reachable by others and asks nobody who they are: put a login before it.")
    command = [
        sys.executable, "-m", "streamlit", "run", str(app),
        "--server.address", address, "--server.port", str(chosen), "--server.headless", "true",
        "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false",
        "--client.toolbarMode", "minimal",
    ]  # fmt: skip
    environment = os.environ | {"TRACKER_HOME": str(home.resolve())}
    try:
        subprocess.run(command, check=False, env=environment)  # noqa: S603 - our own command line
    except KeyboardInterrupt:
        progress.say("Stopped.")


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
