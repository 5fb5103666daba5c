"""What an index takes in is the text's words as queries fold them."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from tracker.words import fold, folded, words


@given(st.text("aBz1._-’“ §éÉñßǅ½²\u0301Ж\n") | st.text())
@example("𝐀")
@example("The U.S.A. — d.c.based “Niño’s” §9 a.b1 1a.b.c. É.U.")
def test_a_folded_text_has_the_words_folded_one_by_one(text):
    assert words(folded(text)) == words(" ".join(map(fold, words(text))))
