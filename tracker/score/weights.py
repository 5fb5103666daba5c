"""Learned weights as plain arrays: read from the package, never unpickled."""

from __future__ import annotations

import hashlib
import io
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray


def load_weights(name: str) -> dict[str, NDArray[Any]]:
    """Return the arrays of ``models/<name>.npz``.

    Raises FileNotFoundError where the package is not whole, ValueError where the file holds anything but
    plain arrays.
    """
    with np.load(io.BytesIO(_content(name)), allow_pickle=False) as archive:
        return {key: archive[key] for key in archive.files}


def weights_hash(name: str) -> str:
    """Return the hex SHA-256 of ``models/<name>.npz``: what names a model, at a hundredth of what loading it costs."""
    return hashlib.sha256(_content(name)).hexdigest()


def _content(name: str) -> bytes:
    return files("tracker.score").joinpath("models", f"{name}.npz").read_bytes()
