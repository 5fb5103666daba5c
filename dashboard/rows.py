"""Rows of a report's tables, one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Return a frame's rows as named tuples; their fields are the columns that the report's docstring names."""
    return iter(frame.itertuples(index=False))
