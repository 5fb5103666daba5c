"""``tracker evaluate``: one stage's measured error, as a table or JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table

from tracker.errors import DataError
from tracker.model import Measure


def evaluate_stage(stage: str, data: Path, output_format: str, out: TextIO) -> None:
    """Measure ``stage`` against ``data`` and write the figures. Raises DataError where data cannot be read."""
    if not data.exists():
        raise DataError(f"{data}: no such file")
    measures: tuple[Measure, ...] = import_module(f"pipelines.evaluate.{stage}").evaluate(data)
    if output_format == "json":
        out.write(json.dumps([asdict(measure) for measure in measures], ensure_ascii=False) + "\n")
        return
    table = Table()
    for title in ("metric", "value", "95 % interval", "n", "note"):
        table.add_column(title, justify="left" if title in ("metric", "note") else "right")
    for one in measures:
        value = "" if one.value is None else f"{one.value:.3f}"
        interval = "" if one.low is None or one.high is None else f"{one.low:.3f} to {one.high:.3f}"
        table.add_row(one.metric, value, interval, str(one.n), one.note)
    Console(file=out, width=None if out.isatty() else 120).print(table)
