"""``tracker evaluate``: one stage's measured error, as a table or JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tracker.config import load_topic
from tracker.errors import ConfigError, DataError
from tracker.model import Measure

BY_TOPIC = ("relevance",)  # stages whose error is that of one topic


def evaluate_stage(stage: str, data: Path, output_format: str, out: TextIO, topic: Path | None = None) -> None:
    """Measure ``stage`` against ``data`` and write the figures; ``topic`` is a topic's file, for relevance.

    Raises DataError where data cannot be read, ConfigError where the topic cannot or the stage needs none.
    """
    if not data.exists():
        raise DataError(f"{data}: no such file")
    if topic and stage not in BY_TOPIC:
        raise ConfigError(f"--topic: {stage} is measured the same for every topic; it is for {', '.join(BY_TOPIC)}")
    module = import_module(f"pipelines.evaluate.{stage}")
    measures: tuple[Measure, ...] = module.evaluate(data, load_topic(topic)) if topic else module.evaluate(data)
    write_measures(measures, output_format, out)


def write_measures(measures: Sequence[Measure], output_format: str, out: TextIO) -> None:
    """Write figures as a table, or as JSON."""
    if output_format == "json":
        out.write(json.dumps([asdict(measure) for measure in measures], ensure_ascii=False) + "\n")
        return
    table = Table()
    for title in ("metric", "value", "95 % interval", "n", "note"):
        table.add_column(title, justify="left" if title in ("metric", "note") else "right")
    for one in measures:
        value = "" if one.value is None else f"{one.value:.3f}"
        interval = "" if one.low is None or one.high is None else f"{one.low:.3f} to {one.high:.3f}"
        table.add_row(one.metric, value, interval, str(one.n), Text(one.note))
    Console(file=out, width=None if out.isatty() else 120).print(table)
