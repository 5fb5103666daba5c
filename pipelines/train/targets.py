"""Train the target model that ships: ``python -m pipelines.train.targets --data FILE --output FILE``.

Multinomial logistic regression (scikit-learn's, L-BFGS) on labelled mentions, classes weighted alike, so
that macro-F1 is what it aims at. Only the learned coefficients are kept, as plain arrays.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from pipelines.train.labelled import LabelledMention, read_mentions
from tracker.errors import ConfigError
from tracker.score.embeddings import Floats
from tracker.score.target_features import N_BUCKETS, Context, bucket_features, dense_features, read_contexts
from tracker.score.targets import TargetModel

INVERSE_PENALTY = 0.5  # by three-fold cross-validation on the training sentences; flat from .25 to 1
_ITERATIONS = 400  # L-BFGS converges in about 200

Matrix: TypeAlias = Any  # a scipy.sparse.csr_matrix: scipy ships no types


def train_targets(mentions: Sequence[LabelledMention]) -> TargetModel:
    """Return the model learned from mentions with a polarity. Raises ConfigError without scikit-learn."""
    contexts = read_contexts([(mention.text, mention.start, mention.end) for mention in mentions])
    return fit(contexts, np.array([mention.polarity for mention in mentions]))


def fit(contexts: Sequence[Context], polarities: NDArray[np.int64], vectors: Floats | None = None) -> TargetModel:
    """Return the model learned from mentions' contexts, and from further features where ``vectors`` gives them."""
    dense = dense_features(contexts)
    if vectors is not None:
        dense = np.hstack([dense, vectors])
    features = sparse.hstack([sparse.csr_matrix(dense), _bucket_rows(contexts)]).tocsr()
    try:
        from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - training alone needs it: an extra
    except ImportError as error:
        raise ConfigError("training targets needs an extra: pip install 'coverage-tracker[dev]'") from error

    learner = LogisticRegression(C=INVERSE_PENALTY, class_weight="balanced", max_iter=_ITERATIONS)
    learner.fit(features, polarities)
    n_dense = features.shape[1] - N_BUCKETS
    return TargetModel(
        bias=learner.intercept_.astype(np.float32),
        dense=learner.coef_[:, :n_dense].T.astype(np.float32),
        bucket=learner.coef_[:, n_dense:].T.astype(np.float32),
    )


def save(path: Path, model: TargetModel) -> None:
    """Write the model as plain arrays; the same model gives the same bytes."""
    np.savez_compressed(path, bias=model.bias, dense=model.dense, bucket=model.bucket.astype(np.float16))


def _bucket_rows(contexts: Sequence[Context]) -> Matrix:
    found = bucket_features(contexts)
    return sparse.csr_matrix((found.weights, (found.rows, found.buckets)), shape=(len(contexts), N_BUCKETS))


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on the file named on the command line and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="mentions: sentence, from, to, polarity")
    parser.add_argument("--output", type=Path, default=Path("tracker/score/models/targets.npz"))
    given = parser.parse_args(arguments)
    given.output.parent.mkdir(parents=True, exist_ok=True)  # before hours of work, not after
    with threadpool_limits(1):  # sums depend on how many threads share them
        save(given.output, train_targets(read_mentions(given.data)))


if __name__ == "__main__":
    main()
