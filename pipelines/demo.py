"""The demonstration: real nights over loopback on the bundled, invented corpus."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from pipelines.coverage_table import print_coverage
from pipelines.demo_site import DemoSite, nights
from pipelines.home import INVENTED
from pipelines.nightly import nightly
from pipelines.progress import Progress
from pipelines.runs import Options
from pipelines.summary import print_summary
from tracker.config import init_home
from tracker.errors import ConfigError

SETTINGS = """\
# The demo's home: everything in it is invented, and made anew by every 'tracker demo'.
[report]
timezone = "America/New_York"

[fetch]
contact = "demo@localhost.invalid"
per_host_delay = 0.0  # seconds; the demo asks nobody but itself
"""


async def run_demo(home: Path, progress: Progress) -> None:
    """Make the demo's home anew and run every simulated night; print the last night's summary."""
    _make_home(home)
    times = nights()
    with DemoSite(times[0]) as site, _through(site.proxy_url):
        for number, now in enumerate(times, start=1):
            site.set_now(now)
            progress.say(f"Night {number} of {len(times)}: {now:%Y-%m-%d %H:%M} UTC")
            quiet = Progress(log_format=progress.log_format, verbosity=min(progress.verbosity, 0) - 1)
            options = Options(now=now, all_entries=True)
            _, run = await nightly(home, options, progress if progress.verbosity > 0 else quiet)
            if run.stop:
                raise KeyboardInterrupt
    print_summary(run)
    print_coverage(home)


def _make_home(home: Path) -> None:
    if home.exists() and any(home.iterdir()):
        if not (home / INVENTED).exists():
            raise ConfigError(f"{home}: is no demo's home and not empty: choose another with --home")
        shutil.rmtree(home)
    init_home(home, feeds=False)
    (home / INVENTED).write_text("Everything in this directory is invented.\n", encoding="utf-8")
    outlets = files("tracker") / "data" / "demo" / "outlets.toml"
    (home / "outlets.toml").write_text(outlets.read_text(encoding="utf-8"), encoding="utf-8")
    (home / "tracker.toml").write_text(SETTINGS, encoding="utf-8")


@contextmanager
def _through(proxy: str) -> Iterator[None]:
    """Send all requests of this process through the demo's own proxy: no address outside is reached."""
    names = ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
    before = {name: os.environ.pop(name) for name in names if name in os.environ}
    os.environ |= {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy}
    try:
        yield
    finally:
        for name in ("HTTP_PROXY", "HTTPS_PROXY"):
            del os.environ[name]
        os.environ |= before
