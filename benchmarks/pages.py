"""How long each page of the dashboard takes: ``python -m benchmarks.pages HOME [--page NAME] [--json FILE]``.

HOME is one that ``benchmarks.synthetic`` made. Each page is drawn by Streamlit's own test runner, without a browser:
cold with nothing kept (a new snapshot's first reader), warm a second time, as the next reader gets it; the same again
without wire copies, which no publication has answered. Then five sessions go through all pages in this one process.
Prints seconds of the clock and of CPU, and the most memory taken.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import resource
import sys
import time
from functools import cache
from importlib.resources import files
from pathlib import Path

import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from tracker.report.samples import forget
from tracker.store.snapshot import open_snapshot, snapshot_path

# A server looks through the installed packages for components once, at its start; the test runner before each draw.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

PAGES = (
    "overview", "outlets", "frames", "tone", "voices", "words", "compare", "wire", "changes", "article", "ask",
    "health", "setup", "coding",
)  # fmt: skip
NARROWED = {"wire": "false"}  # a view that publication has answered nothing of, and still most of the articles
NOTHING = "nothing"  # an app of one title: what the runner itself takes, and is in every figure
COLD, WARM = 2.0, 0.5  # seconds that a page may take on two cores
MEMORY = 700  # MB that five sessions may take
SESSIONS = 5
PATIENCE = 600.0  # seconds before a page is given up
MEBI = 1024


def draw(page: str, *, is_filtered: bool = False) -> tuple[float, float]:
    """Draw a page in a session of its own; return seconds of the clock and of CPU. Raises RuntimeError if it fails."""
    if page == NOTHING:
        app = AppTest.from_string("import streamlit\n\nstreamlit.title('nothing')", default_timeout=PATIENCE)
    else:
        app = AppTest.from_file(str(files("dashboard") / "app.py"), default_timeout=PATIENCE)
        app.switch_page(f"views/{page}.py")
        for name, value in NARROWED.items() if is_filtered else ():
            app.query_params[name] = value
    clock, work = time.perf_counter(), time.process_time()
    app.run()
    spent = time.perf_counter() - clock, time.process_time() - work
    if app.exception:
        raise RuntimeError(f"{page}: {app.exception[0].value}")
    if not app.title:
        raise RuntimeError(f"{page}: nothing was drawn")
    return spent


def peak() -> float:
    """Return the most memory that this process has taken, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBI


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--page", action="append", choices=PAGES, help="only this one")
    parser.add_argument("--json", type=Path, help="write the figures here too")
    given = parser.parse_args()
    with open_snapshot(snapshot_path(given.home)) as snapshot:  # closed again before pages open it in their way
        (n,) = snapshot.execute("SELECT count(*) FROM articles").fetchall()[0]
    os.environ["TRACKER_HOME"] = str(given.home)
    logging.disable(logging.WARNING)  # Streamlit's, of there being no browser
    draw("words")  # what a process loads once: Streamlit, Altair with its schema, DuckDB
    found: dict[str, dict[str, float]] = {}
    for page in (NOTHING, *(given.page or PAGES)):
        found[page] = {}
        for view, is_filtered in (("", False), ("filtered_", True)):
            st.cache_data.clear()
            st.cache_resource.clear()
            forget()
            cold, cold_cpu = draw(page, is_filtered=is_filtered)
            warm, warm_cpu = draw(page, is_filtered=is_filtered)
            times = {"cold": cold, "cold_cpu": cold_cpu, "warm": warm, "warm_cpu": warm_cpu}
            found[page] |= {view + name: seconds for name, seconds in times.items()}
            slow = " SLOW" if cold > COLD or warm > WARM else ""
            sys.stdout.write(
                f"{page:10} {'without wire' if is_filtered else '':12} cold {cold:6.2f} s (cpu {cold_cpu:6.2f})  "
                f"warm {warm:5.2f} s (cpu {warm_cpu:5.2f})  peak {peak():5.0f} MB{slow}\n"
            )
            sys.stdout.flush()
    if not given.page:
        for _ in range(SESSIONS):
            for page in PAGES:
                draw(page)
        sys.stdout.write(f"{SESSIONS} sessions through {len(PAGES)} pages: peak {peak():.0f} of {MEMORY} MB\n")
    if given.json:
        figures = {"articles": n, "peak_mb": round(peak()), "pages": found}
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
