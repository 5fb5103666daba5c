"""Compare the rows that the same pages give through nightly, through backfill, and through dask with two workers.

    python benchmarks/same_rows.py FOLDER [--records N] [--files N] [--pages PAGES.jsonl] [--ways nightly local dask]

Makes a set of WARC files (``warc_set.py``) and a server over loopback that answers with the same pages and lists their
bare addresses in a sitemap for each outlet. Each way gets a home of its own in FOLDER, through the command line. Then
every table is compared, row by row, but for ``runs``, ``fetches``, what says which feed listed what, and the columns
``via`` and ``look_again_at``: how it came, and when a night would look again, which depends on when the run was, since
nobody looks again at what is a month old. Last it says which of all columns differ, those included.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import duckdb
from aiohttp import web

sys.path.insert(0, str(Path(__file__).parent))
from warc_set import FAILED_EVERY, FIRST, Maker, write

from tracker.config import init_home

LEFT_OUT = frozenset(
    {"runs", "fetches", "schema_version", "feeds", "entry_feeds", "feed_state", "state", "host_waits", "loaded_shards"}
)
COLUMNS_LEFT_OUT = frozenset({"via", "look_again_at"})
WAYS = {
    "nightly": ["nightly", "--all-entries", "--now", FIRST.isoformat()],
    "local": ["backfill", "warc", "@SET", "--workers", "2"],
    "dask": ["backfill", "warc", "@SET", "--workers", "2", "--engine", "dask"],
}


@contextmanager
def served(maker: Maker, n_records: int) -> Iterator[str]:
    """Serve the pages as an HTTP proxy would; yield its address."""
    by_url: dict[str, int] = {}
    by_host: dict[str, list[str]] = {}
    for number in range(n_records):
        if number % FAILED_EVERY != FAILED_EVERY - 1:
            url = maker.page(number).url
            by_url[url] = number
            by_host.setdefault(urlsplit(url).netloc, []).append(url)

    async def answer(request: web.Request) -> web.Response:
        url = str(request.url) if request.url.is_absolute() else f"http://{request.host}{request.path}"
        if request.path == "/sitemap.xml":
            listed = "".join(f"<url><loc>{one}</loc></url>" for one in by_host[request.host])
            text = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>'
            return web.Response(text=text, content_type="application/xml")
        if url not in by_url:
            return web.Response(status=404)
        return web.Response(body=maker.page(by_url[url]).body, headers={"Content-Type": "text/html; charset=utf-8"})

    with in_thread(answer) as address:
        yield address


@contextmanager
def in_thread(answer: Callable[[web.Request], object]) -> Iterator[str]:
    """Run a server in a thread of its own; yield its address."""
    loop = asyncio.new_event_loop()
    ready: list[str] = []

    async def begin() -> None:
        runner = web.ServerRunner(web.Server(answer))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        ready.append(f"http://127.0.0.1:{runner.addresses[0][1]}")

    loop.run_until_complete(begin())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield ready[0]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def make_home(home: Path, maker: Maker, n_records: int) -> None:
    """Write a home that follows every host of the set by its sitemap."""
    init_home(home, feeds=False)
    hosts = sorted({urlsplit(maker.page(number).url).netloc for number in range(n_records)})
    outlets = [
        f'[[outlets]]\noutlet = "{host.replace(".", "-")}"\nname = "{host}"\nscopes = ["{host}"]\n'
        f'feeds = [{{ url = "http://{host}/sitemap.xml", kind = "sitemap" }}]\n'
        for host in hosts
    ]
    (home / "outlets.toml").write_text("\n".join(outlets), encoding="utf-8")


def run(home: Path, arguments: list[str], proxy: str) -> float:
    """Run one way to its end; return the seconds it took."""
    environment = os.environ | {"HTTP_PROXY": proxy, "TRACKER_FETCH__PER_HOST_DELAY": "0"}
    environment = {name: value for name, value in environment.items() if name.lower() != "no_proxy"}
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "pipelines.cli", "--home", str(home), *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    assert done.returncode in {0, 1}, done.returncode
    return time.monotonic() - begun


def differences(
    one: Path, other: Path, left_out: frozenset[str] = COLUMNS_LEFT_OUT
) -> dict[str, tuple[int, int, int, list[str]]]:
    """Return, by table, the rows of both, how many are in one alone, and the columns that differ as a whole."""
    found = {}
    with duckdb.connect() as connection:
        for name, home in (("a", one), ("b", other)):
            connection.execute(f"ATTACH '{home / 'state' / 'master.duckdb'}' AS {name} (READ_ONLY)")
        tables = connection.execute(
            "SELECT schema_name, table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
            "WHERE database_name = 'a' AND NOT internal GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        views = {row[0] for row in connection.execute("SELECT view_name FROM duckdb_views()").fetchall()}
        for schema, table, columns in tables:
            if table in LEFT_OUT | views:
                continue
            kept = [column for column in columns if column not in left_out]
            counts = [
                connection.execute(f"SELECT count(*) FROM {name}.{schema}.{table}").fetchall()[0][0]  # noqa: S608
                for name in ("a", "b")
            ]
            alone = _alone(connection, f"{schema}.{table}", kept)
            differ = [one for one in kept if alone and _alone(connection, f"{schema}.{table}", [one])]
            found[f"{schema}.{table}"] = (counts[0], counts[1], alone, differ)
    return found


def _alone(connection: duckdb.DuckDBPyConnection, table: str, columns: list[str]) -> int:
    """Return how many rows of a table, as far as these columns go, one of both databases has alone."""
    quoted = ", ".join(f'"{column}"' for column in columns)
    a, b = (f"SELECT {quoted} FROM {name}.{table}" for name in ("a", "b"))  # noqa: S608
    query = f"SELECT count(*) FROM (({a} EXCEPT ALL {b}) UNION ALL ({b} EXCEPT ALL {a}))"  # noqa: S608
    return int(connection.execute(query).fetchall()[0][0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--pages", type=Path)
    parser.add_argument("--ways", nargs="+", default=list(WAYS), choices=list(WAYS))
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    maker = Maker(options.pages, 0.2, 2, scheme="http", step=0)
    warcs = options.folder / "set"
    if not warcs.exists():
        write(warcs, maker, options.records, options.files)
    seconds = {}
    with served(maker, options.records) as proxy:
        for way in options.ways:
            home = options.folder / way
            shutil.rmtree(home, ignore_errors=True)
            make_home(home, maker, options.records)
            seconds[way] = run(home, [str(warcs) if part == "@SET" else part for part in WAYS[way]], proxy)
            print(f"{way}: {seconds[way]:.0f} s", flush=True)
    figures: dict[str, object] = {"records": options.records, "seconds": seconds}
    first = options.ways[0]
    for way in options.ways[1:]:
        found = differences(options.folder / first, options.folder / way)
        for table, (a, b, alone, columns) in found.items():
            print(f"{table:32} {first} {a:>8}  {way} {b:>8}  in one alone {alone} {' '.join(columns)}")
        whole = differences(options.folder / first, options.folder / way, frozenset())
        excepted = {table: columns for table, (_, _, _, columns) in whole.items() if columns}
        n_alone = sum(alone for _, _, alone, _ in found.values())
        figures[f"{first} and {way}"] = {"rows_that_differ": n_alone, "columns_left_out": excepted, "tables": found}
        print(f"{first} and {way}: {n_alone} rows differ; with nothing left out these columns do: {excepted}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
