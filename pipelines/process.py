"""How Python and its libraries behave in our processes; to be said before anything heavy is imported."""

import atexit
import gc
import os

YOUNG_OBJECTS = 20_000  # between two collections, a few megabytes; Python's 700 are for programs that make little


def prepare() -> None:
    """Let matrices take one thread, here and in whatever is started from here, and the collector run seldom."""
    # Matrices here are small: by two threads their products take many times the work, and other processes share the
    # cores anyway. Before numpy is imported, or it comes too late.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    gc.set_threshold(YOUNG_OBJECTS)
    atexit.register(gc.freeze)  # what is there at the end goes with the process: nobody need look through it
