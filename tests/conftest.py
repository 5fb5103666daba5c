"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

from tracker.store.database import CONFIG

# A busy machine is no failure: how long an example takes is measured in benchmarks/, not judged here.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# The workers of a run share the machine, and homes of tests are too small for DuckDB's own threads, which took a
# quarter of the time for nothing. Processes that tests start have them.
CONFIG["threads"] = 1
