"""Learned weights as plain arrays: read from the package, never unpickled."""

from __future__ import annotations

import hashlib
import io
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


def load_weights(name: str) -> tuple[dict[str, NDArray[Any]], str]:
    """Return the arrays of ``models/<name>.npz`` and the hex SHA-256 of that file.

    Raises FileNotFoundError where the package is not whole, ValueError where the file holds anything but
    plain arrays.
    """
    content = files("tracker.score").joinpath("models", f"{name}.npz").read_bytes()
    with np.load(io.BytesIO(content), allow_pickle=False) as archive:
        arrays = {key: archive[key] for key in archive.files}
    return arrays, hashlib.sha256(content).hexdigest()
