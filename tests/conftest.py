"""What holds for all tests."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no failure: how long an example takes is measured in benchmarks/, not judged here.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
