"""Make docs/performance.md from what the benchmarks wrote, so that no figure on it is typed by hand.

    python -m benchmarks.performance [FOLDER]

FOLDER (``benchmarks/measured`` by default) has the JSON files, each named after the script that wrote it. Take one in
by copying it there with its time (``cp -p``): the first time that it is met, the machine, the time at which it was
written and the commit that was checked out then are put into it.
"""

from __future__ import annotations

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "benchmarks" / "measured"
PAGE = ROOT / "docs" / "performance.md"
MOST_COLUMNS = 8
MEASURED = "measured"  # the key under which machine, time and commit stand
HEAD = """# Performance

Made by `python -m benchmarks.performance` from the JSON files in `benchmarks/measured/`, which the scripts named below
wrote: none of these figures was typed. Each script compares within one run and counts processor time where it can;
what is by the clock depends on what else the machine did. What a script does is told at its top; methods and their
speed are in [methods.md](methods.md), polling in [collecting.md](collecting.md), many machines in [scale.md](scale.md).
`make bench PAGES=FOLDER/pages.jsonl` runs those that compare; `stream.py`, `same_rows.py`, `kills.py` and `disk.py` are
run by hand.
"""


def stamp(path: Path) -> dict[str, object]:
    """Return a file's figures, after putting into it by what they were measured where that is missing."""
    figures: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    if MEASURED not in figures:
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        checked_out = ["git", "rev-parse", "--short", f"HEAD@{{{at.isoformat()}}}"]
        commit = subprocess.run(checked_out, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
        machine = f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
        figures[MEASURED] = {"at": f"{at:%Y-%m-%d %H:%M} UTC", "commit": commit, "machine": machine}
        path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return figures


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def render(measured: Mapping[str, Mapping[str, object]]) -> str:
    """Return the page for the figures of scripts, by their names."""
    return "\n".join([HEAD, *(line for name in sorted(measured) for line in _section(name, measured[name]))])


def _section(name: str, figures: Mapping[str, object]) -> Iterator[str]:
    script = ROOT / "benchmarks" / f"{name}.py"
    said = ast.get_docstring(ast.parse(script.read_text(encoding="utf-8"))) or ""
    by = figures[MEASURED]
    assert isinstance(by, dict)
    yield from (f"## {name}", "", said.splitlines()[0], "")
    yield f"`benchmarks/{name}.py`, {by['at']}, commit `{by['commit']}`, {by['machine']}."
    plain = {key: value for key, value in figures.items() if key != MEASURED and not isinstance(value, dict)}
    if plain:
        yield from ("", "| | |", "|---|---|", *(f"| {_words(key)} | {_cell(value)} |" for key, value in plain.items()))
    for key, value in figures.items():
        if key != MEASURED and isinstance(value, dict) and value:
            yield from ("", f"{_words(key)}:", "", *_table(value))
    yield ""


def _table(rows: Mapping[str, object]) -> Iterator[str]:
    """Yield a table: a line for each row, a column for each name that rows have."""
    lines = {name: row if isinstance(row, dict) else {"": row} for name, row in rows.items()}
    columns = list(dict.fromkeys(column for row in lines.values() for column in row))
    if len(columns) > MOST_COLUMNS:  # the other way round
        lines, columns = {one: {name: row.get(one) for name, row in lines.items()} for one in columns}, list(lines)
    yield f"| | {' | '.join(_words(column) for column in columns)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for name, row in lines.items():
        yield f"| {_words(name)} | {' | '.join(_cell(row.get(column)) for column in columns)} |"


def _words(key: str) -> str:
    return key.replace("_", " ")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(_cell(one) for one in value if one != [])
    if isinstance(value, float):
        return str(round(value, 3))
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_cell(one)}" for key, one in value.items()) or "none"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    measured = {path.stem: stamp(path) for path in sorted(folder.glob("*.json"))}
    PAGE.write_text(render(measured), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {', '.join(measured)}")


if __name__ == "__main__":
    main()
