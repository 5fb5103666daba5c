"""A chart's figures as a file that can be cited: a CSV and a manifest that says what it shows and of which snapshot."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import asdict

import pandas as pd

from tracker.report.filters import Filters
from tracker.report.snapshot_report import SnapshotInfo

CITED_DIGITS = 12  # of a rows' hash: no two snapshots of a newsroom share them
EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP can hold: the same figures give the same bytes


def packed(info: SnapshotInfo, filters: Filters, title: str, rows: pd.DataFrame) -> bytes:
    """Return a ZIP with ``data.csv`` (UTF-8, LF) and ``manifest.json``: snapshot, view, title, columns, rows."""
    manifest = {
        "cite_as": f"Coverage snapshot of {info.as_of:%Y-%m-%d %H:%M} UTC, rows {info.rows_hash[:CITED_DIGITS]}",
        "shows": title,
        "snapshot": asdict(info),
        "view": asdict(filters),
        "n_rows": len(rows),
        "columns": [str(column) for column in rows.columns],
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("data.csv", rows.to_csv(index=False, lineterminator="\n")),
            ("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1, default=str) + "\n"),
        ):
            archive.writestr(zipfile.ZipInfo(name, EPOCH), text)
    return target.getvalue()
