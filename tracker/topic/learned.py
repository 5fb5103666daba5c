"""A topic's learned relevance: what people coded, on top of what the rules say.

Linear, over what the rules count in a text that fulfils the query: a logistic regression, so that it moves the rules'
thresholds and nothing else (``pipelines/train/relevance.py`` trains it). It is kept as plain numbers in JSON.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import ConfigError

# What is counted: the rules' word (1 on, -1 off, 0 unsure); the share of the query's parts in headline and lead;
# the share of sentences that fulfil half of the query or more; evidence for this case and for another, as logarithms.
FEATURES = ("rules", "headline", "lead", "sentences", "own", "other")
THRESHOLD = 0.5  # from this chance on a text is on the topic


@dataclass(frozen=True, slots=True, kw_only=True)
class RelevanceModel:
    """One weight a feature, in the order of ``FEATURES``, and a bias."""

    weights: tuple[float, ...]
    bias: float
    data_hash: str

    def chance(self, features: tuple[float, ...]) -> float:
        """Return the chance, 0..1, that a text with these features is on the topic."""
        logit = self.bias + sum(map(float.__mul__, self.weights, features))
        return (1 + math.tanh(logit / 2)) / 2  # the logistic, of any size


def load_relevance(path: Path) -> RelevanceModel:
    """Read a model. Raises ConfigError where there is none, or where the file holds anything else."""
    mend = "run 'tracker frames train --relevance', or take 'learned_relevance' out of the topic file"
    try:
        content = path.read_bytes()
        values = json.loads(content)
        names, weights, bias = values["features"], values["weights"], values["bias"]
        numbers = tuple(float(one) for one in (*weights, bias))
    except FileNotFoundError as error:
        raise ConfigError(f"{path}: relevance has not been learned yet: {mend}") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path}: no learned relevance ({error}): {mend}") from error
    if tuple(names) != FEATURES or len(weights) != len(FEATURES) or not all(map(math.isfinite, numbers)):
        raise ConfigError(f"{path}: its weights are not of {', '.join(FEATURES)}: {mend}")
    return RelevanceModel(weights=numbers[:-1], bias=numbers[-1], data_hash=hashlib.sha256(content).hexdigest())
