"""Where a home's snapshot is, and the one error that reading it may raise: what a reader needs to begin."""

from __future__ import annotations

from tracker.errors import StoreError
from tracker.store.snapshot import snapshot_path

__all__ = ["StoreError", "snapshot_path"]
