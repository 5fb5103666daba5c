"""What is not read would have said nothing: the grammar finds no attribution in what is left out."""

import random

import numpy as np

from tracker.score.clauses import find_attributions
from tracker.score.cues import CUES
from tracker.score.grammar import ADVERBS, PREPOSITIONS, TIMES, WH
from tracker.score.text import make_document
from tracker.score.units import make_units, read_tokens
from tracker.score.worth import worth_reading

N_SENTENCES = 20_000
LINKS = ["that", "to", "for", "of", "as", "by", "is", "was", "will", "he", "they", "the", "a", "had been", "who", "and"]
PLAIN = ["Holt", "Marian Holt", "critics", "officials", "agency’s", "rule", "reported data", "quickly", "IRS", "2025"]
MARKS = ["", "", "", "", "", ",", ",", ";", ":", " —", "?"]


def sentence(rng: random.Random) -> str:
    words = [
        rng.choice(rng.choice((cues, cues, closed, LINKS, LINKS, PLAIN, PLAIN))) for _ in range(rng.randint(2, 16))
    ]
    text = " ".join(word + rng.choice(MARKS) for word in words)
    return f"{text[:1].upper()}{text[1:]}."


cues = sorted(CUES.words)
closed = sorted(ADVERBS | PREPOSITIONS | TIMES | WH)


def test_nothing_is_attributed_in_what_is_not_worth_reading():
    rng = random.Random(4)  # noqa: S311 - the same sentences every time
    n_left_out = n_attributing = 0
    for _ in range(N_SENTENCES // 100):
        document = make_document("", "\n\n".join(sentence(rng) for _ in range(100)), "en")
        is_read = worth_reading(document, ())
        tokens = read_tokens(document, np.ones(len(document.sentences), dtype=np.bool_))
        for unit, is_worth in zip(make_units(document.body, document.sentences, (), tokens), is_read, strict=True):
            found = find_attributions(unit)
            assert is_worth or not found, document.body[unit.start : unit.end]
            n_left_out += not is_worth
            n_attributing += bool(found)
    assert min(n_left_out, n_attributing) > N_SENTENCES / 20
