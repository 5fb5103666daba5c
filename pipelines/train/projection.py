"""Make the projection of static embeddings that ships: ``python -m pipelines.train.projection --output FILE``.

The 64 directions, of wordllama's 256, along which its token vectors differ most from nought: the leading
eigenvectors of their second moment. A sentence's tone loses nothing by them (``models/tone.md``), and costs a
quarter. No text and no label is used.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from tracker.score.embeddings import Floats, load_embeddings
from tracker.score.sentence_vectors import STATIC_DIMENSIONS


def leading(vectors: Floats, n: int) -> Floats:
    """Return the ``n`` leading eigenvectors of the vectors' second moment: (dimensions × n)."""
    _, found = np.linalg.eigh(vectors.T.astype(np.float64) @ vectors)
    components = found[:, ::-1][:, :n]
    signs = np.sign(components[np.abs(components).argmax(axis=0), np.arange(n)])  # else either sign would do
    projection: Floats = (components * signs).astype(np.float32)
    return projection


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the projection of the installed wordllama's table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path("tracker/score/models/projection.npz"))
    given = parser.parse_args(arguments)
    given.output.parent.mkdir(parents=True, exist_ok=True)  # before hours of work, not after
    with threadpool_limits(1):  # sums depend on how many threads share them
        projection = leading(load_embeddings().table, STATIC_DIMENSIONS)
    np.savez_compressed(given.output, projection=projection)


if __name__ == "__main__":
    main()
