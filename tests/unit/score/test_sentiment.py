import logging
from pathlib import Path

import numpy as np
import pytest
import wordllama
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from tracker.model import Part, Passage, Voice
from tracker.score.embeddings import load_embeddings
from tracker.score.neutral import NeutralTerms, load_neutral_terms
from tracker.score.ngrams import hash_ngrams
from tracker.score.pieces import read_words, typewriter
from tracker.score.polynomial import Polynomial
from tracker.score.sentence_vectors import SentenceVectors, load_sentence_vectors
from tracker.score.sentiment import LearnedToneScorer, VaderScorer, read_scorable, score_one
from tracker.score.text import make_document
from tracker.score.tone import load_tone
from tracker.score.voices import find_passages

TEXT = (
    "A judge praised the wonderful agreement on Tuesday. “It is a horrible, cruel disaster,” Holt said. "
    "The critics said that the plan was a great success."
)


def scored(scorer, text=TEXT, title="Families celebrate a happy victory", language="en"):
    document = make_document(title, text, language)
    return score_one(scorer, read_scorable(document, find_passages(document)))


def values(scores):
    return {found.of: (found.value, found.n_sentences) for found in scores.values}


def test_plain_vader_is_the_mean_of_the_librarys_compounds():
    scores = scored(VaderScorer())
    analyzer = SentimentIntensityAnalyzer()
    document = make_document("", TEXT, "en")
    compounds = [analyzer.polarity_scores(sentence.text)["compound"] for sentence in document.sentences]
    assert [s.value for s in scores.sentences if s.part is Part.BODY] == compounds
    assert values(scores)["body"] == (pytest.approx(sum(compounds) / 3, abs=1e-4), 3)


def test_voices_part_the_body_and_reported_speech_is_in_neither():
    found = values(scored(VaderScorer()))
    assert found["outlet_voice"][1] == 1
    assert found["outlet_voice"][0] > 0.5
    assert found["quoted_voice"][1] == 1
    assert found["quoted_voice"][0] < -0.5
    assert found["body"][1] == 3
    assert found["headline"] == (pytest.approx(0.8, abs=0.1), 1)


def test_words_that_bring_somebody_in_are_not_the_outlets():
    text = "The court rose at noon. Assistant Secretary Ann Bell of the department explained its terrible failure."
    scores = scored(VaderScorer(), text, title="")
    assert [sentence.voice for sentence in scores.sentences] == [Voice.OUTLET, Voice.REPORTED]
    assert values(scores)["outlet_voice"][1] == 1


def test_a_headline_never_counts_for_a_voice():
    document = make_document("“Awful, awful disaster”", "The day was calm.", "en")
    passages = (Passage(part=Part.HEADLINE, start=0, end=23, voice=Voice.QUOTED),)
    found = values(score_one(VaderScorer(), read_scorable(document, passages)))
    assert found["quoted_voice"] == (None, 0)
    assert found["outlet_voice"][1] == 1


@pytest.mark.parametrize("scorer", [VaderScorer(), VaderScorer(()), LearnedToneScorer()])
def test_another_language_has_no_values_and_an_unnamed_one_has(scorer):
    assert scored(scorer, language="es").values == ()
    assert scored(scorer, language="es").sentences == ()
    assert scored(scorer, language=None) == scored(scorer, language="en-US")


@pytest.mark.parametrize("text", ["Sign up for our newsletter", "Photo: Jane Doe / AP", "Yes.", "42"])
def test_the_body_is_never_null_where_there_is_a_sentence(text):
    document = make_document("", text, "en")
    assert document.sentences
    for scorer in (VaderScorer(), LearnedToneScorer()):
        assert values(score_one(scorer, read_scorable(document, ())))["body"][0] is not None


def test_nothing_to_score_is_null():
    for scorer in (VaderScorer(), VaderScorer(()), LearnedToneScorer()):
        assert {value for value, _ in values(scored(scorer, text="", title="")).values()} == {None}


def test_label_words_say_nothing_to_the_neutral_scorer_alone():
    text = "Illegal entry is a criminal case for the Justice Department and homeland security."
    assert scored(VaderScorer(), text=text).sentences[-1].value != 0
    assert scored(VaderScorer(()), text=text).sentences[-1].value == 0


def test_topic_terms_join_the_global_list():
    text = "The agency will keep sharing the records."
    assert scored(VaderScorer(()), text=text).sentences[-1].value > 0
    assert scored(VaderScorer(("Sharing",)), text=text).sentences[-1].value == 0


@pytest.mark.parametrize(
    ("terms", "text", "masked"),
    [
        (["illegal alien"], "an illegal alien", {1, 2}),
        (["illegal alien"], "illegal search of an alien", set()),
        (["share*"], "they shared shares and a fair share", {1, 2, 6}),
        (["party"], "the partying party", {2}),
        ([], "the party", set()),
        (["*", " "], "the party", set()),
        (["a.b"], "a.b axb", {0}),
    ],
)
def test_neutral_terms_are_whole_words_phrases_or_prefixes(terms, text, masked):
    words = text.split()
    assert NeutralTerms(terms).mask(words, range(len(words))) == masked


def test_the_global_list_has_no_words_of_violence():
    assert not {"attack", "kill", "killed", "death", "murder", "war", "violence"} & set(load_neutral_terms())
    assert {"illegal", "criminal", "justice", "security"} <= set(load_neutral_terms())


def test_names_versions_and_hashes_tell_scorers_apart():
    scorers = [VaderScorer(), VaderScorer(()), VaderScorer(("sharing",)), LearnedToneScorer()]
    assert [scorer.info.scorer for scorer in scorers] == ["vader", "vader-neutral", "vader-neutral", "tone"]
    assert len({scorer.info.data_hash for scorer in scorers}) == 4
    assert all(len(scorer.info.data_hash) == 64 and scorer.info.languages == {"en"} for scorer in scorers)
    assert VaderScorer(("b", "a")).info == VaderScorer(("A", "b ")).info


def test_tone_reads_typographic_marks_as_typewritten_ones():
    model = load_tone()
    curly, straight = "It wasn’t “good” — it was bad…", 'It wasn\'t "good"  -  it was bad...'
    assert typewriter(curly) == straight
    assert model.predict([curly])[0] == model.predict([straight])[0]


def test_tone_of_one_sentence_does_not_depend_on_the_others():
    model = load_tone()
    texts = ["A heroic rescue saved the whole family.", "", "Dozens were killed in the attack.", "😀"]
    together = model.predict(texts)
    assert together == pytest.approx([float(model.predict([text])[0]) for text in texts], abs=1e-6)
    assert together[0] > 0.15
    assert together[2] < -0.15


def test_sentence_vectors_are_sums_scaled_to_length_one_and_skip_what_is_unknown():
    static = np.ones((len(load_embeddings().table), 64), dtype=np.float32)
    table = np.zeros((2, 64), dtype=np.float32)
    table[0, 0], table[1, 1] = 3, 4
    words = SentenceVectors(static, {"a": 0, "b": 1}, table).embed(read_words(["A b, c", "a a—z “a”", ""]))[1]
    assert words[:, :2] == pytest.approx(np.array([[0.6, 0.8], [1, 0], [0, 0]]))
    assert [part.shape for part in load_sentence_vectors().embed(read_words(["cruel betrayal"]))] == [(1, 64)] * 2


def test_a_polynomial_weighs_dimensions_and_their_products():
    square = np.array([[1.0, 0.5], [0.5, 0.0]], dtype=np.float32)
    polynomial = Polynomial(linear=np.array([2.0, -1.0], dtype=np.float32), square=square)
    assert polynomial.values(np.array([[1.0, 3.0]], dtype=np.float32)).tolist() == [2 - 3 + 1 + 3]


def test_embeddings_are_wordllamas_scaled_to_length_one():
    own = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True)
    texts = ["A judge blocked the deal, officials said.", "“Don’t share it,” she wrote — twice.", "naïve café"]
    assert np.allclose(load_embeddings().embed(texts), own.embed(texts, norm=True), atol=1e-5)
    assert not load_embeddings().embed(["", "  \n"]).any()
    assert load_embeddings().embed([]).shape == (0, 256)


def test_loading_embeddings_leaves_the_root_logger_alone():
    before = list(logging.getLogger().handlers)
    load_embeddings.cache_clear()
    load_embeddings()
    assert logging.getLogger().handlers == before


def test_hashed_ngrams_weigh_one_in_all_and_know_their_order_and_kind():
    found = hash_ngrams([["a", "b"], [], ["b", "a"]], 2**15)
    assert found.rows.tolist() == [0, 0, 2, 2, 0, 2]
    assert np.bincount(found.rows, found.weights**2, minlength=3) == pytest.approx([1, 0, 1])
    assert found.buckets[0] == found.buckets[3]
    assert found.buckets[4] != found.buckets[5]
    kinds = hash_ngrams([["a"], ["a"]], 2**15, n_kinds=2)
    assert kinds.buckets[0] != kinds.buckets[1]
