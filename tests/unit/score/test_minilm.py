import hashlib

import numpy as np
import pytest

from pipelines.train.minilm import covariance
from tracker.config import Settings, bundled_topic
from tracker.errors import ConfigError
from tracker.model import Part, TargetSpan
from tracker.score import minilm
from tracker.score.minilm_models import MiniLmTargetScorer, MiniLmToneScorer, centred, load_minilm_tone
from tracker.score.scoring import Scoring
from tracker.score.sentiment import read_scorable, score_one
from tracker.score.text import make_document

extra = pytest.mark.skipif(
    not minilm.is_installed(), reason="the extra is not installed: pip install 'coverage-tracker[minilm]'"
)
PRAISE, BLAME = "A wonderful day for the families.", "A cruel and shameful betrayal of the families."


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    minilm.load_minilm.cache_clear()
    yield
    minilm.load_minilm.cache_clear()


def test_off_by_default_and_on_by_the_environment(monkeypatch):
    assert Settings().score.embeddings == "static"
    monkeypatch.setenv("TRACKER_SCORE__EMBEDDINGS", "minilm")
    assert Settings().score.embeddings == "minilm"


def test_without_the_extra_the_error_says_what_to_do(monkeypatch):
    monkeypatch.setattr(minilm, "is_installed", lambda: False)
    with pytest.raises(ConfigError, match=r"pip install 'coverage-tracker\[minilm\]'"):
        Scoring(bundled_topic(), "minilm")


def test_other_weights_are_refused(tmp_path):
    path = tmp_path / "model.onnx"
    path.write_bytes(b"weights")
    good = hashlib.sha256(b"weights").hexdigest()
    assert minilm.verified(path, good) == b"weights"
    path.write_bytes(b"weightz")
    with pytest.raises(ConfigError, match="is not the pinned"):
        minilm.verified(path, good)


def test_a_package_without_the_file_is_said():
    with pytest.raises(ConfigError, match=r"carries no model\.onnx"):
        minilm.package_file("numpy", "model.onnx")


def test_centred_vectors_have_length_one_around_their_mean():
    vectors = np.array([[[3.0, 1.0]], [[-1.0, 1.0]]], dtype=np.float32)
    found = centred(vectors, np.array([[1.0, 1.0]], dtype=np.float32))
    assert found.tolist() == [[[1.0, 0.0]], [[-1.0, 0.0]]]


def test_a_texts_mean_counts_as_much_again_as_its_sentences():
    precision = np.linalg.inv(covariance(["b", "a", "b", "b"]))
    means = np.array([[1, 0, 1, 1], [0, 3, 0, 0], [1, 0, 1, 1], [1, 0, 1, 1]]) / 3
    assert np.allclose(precision, np.eye(4) + means)


def test_an_output_more_is_added_to_a_model():
    assert (
        minilm.with_outputs(b"model", ["ab"])
        == b"model" + bytes((7 << 3 | 2, 6, 12 << 3 | 2, 4, 1 << 3 | 2, 2)) + b"ab"
    )
    with pytest.raises(ValueError, match="more than one byte"):
        minilm.with_outputs(b"", ["x" * 128])


def test_the_shipped_model_is_plain_and_has_a_polynomial_a_layer():
    model = load_minilm_tone()
    assert model.means.shape == (len(minilm.LAYERS), minilm.DIMENSIONS)
    assert [layer.square.shape for layer in model.layers] == [(minilm.DIMENSIONS, minilm.DIMENSIONS)] * 3


@extra
def test_vectors_depend_on_nothing_but_the_text():
    model = minilm.load_minilm()
    texts = [PRAISE, BLAME, "Short.", "A much longer sentence about the ruling of a judge on Monday, and on taxes."]
    together = model._embed(texts)
    alone = np.vstack([model._embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)
    by_layer = together.reshape(len(texts), len(minilm.LAYERS), minilm.DIMENSIONS)
    assert np.allclose(np.linalg.norm(by_layer, axis=2), 1, atol=1e-5)
    assert model.embed([]).shape == (0, len(minilm.LAYERS) * minilm.DIMENSIONS)


@extra
def test_the_second_time_nothing_is_computed(monkeypatch):
    first = minilm.load_minilm().embed([PRAISE])
    monkeypatch.setattr(minilm.MiniLm, "_embed", lambda *_: pytest.fail("computed again"))
    assert (minilm.load_minilm().embed([PRAISE]) == first).all()


@extra
def test_tone_tells_praise_from_blame_and_reads_english_alone():
    scorer = MiniLmToneScorer()
    documents = [make_document(text, "", "en") for text in (PRAISE, BLAME)]
    values = [score_one(scorer, read_scorable(document, ())).values[0].value for document in documents]
    assert values[0] > 0.1 > -0.1 > values[1]
    assert scorer.info.scorer == "tone-minilm"
    assert score_one(scorer, read_scorable(make_document(PRAISE, "", "es"), ())).values == ()


@extra
def test_what_somebody_is_called_does_not_matter():
    scorer = MiniLmTargetScorer()
    scores = []
    for name in ("Smith", "Trump", "Hitler"):
        document = make_document("", f"Critics said {name} lied to the court.", "en")
        span = TargetSpan(id="x", part=Part.BODY, start=13, end=13 + len(name))
        scores.append(scorer.score(document, [span])[0].score)
    assert len(set(scores)) == 1
    assert scores[0] < 0


@extra
def test_with_the_extra_the_default_tone_is_the_better_one():
    scoring = Scoring(bundled_topic(), "minilm")
    assert scoring.default_sentiment == "tone-minilm"
    assert {"vader", "vader-neutral", "tone", "tone-minilm"} <= {info.scorer for info in scoring.scorers}
    assert scoring.hash != Scoring(bundled_topic()).hash
