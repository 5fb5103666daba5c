"""Words as queries see them: folded, so that case, accents and kinds of punctuation make no difference."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters with full stops are one word (I.R.S., D.C.); otherwise a word is a run of letters and digits, so
# hyphens, apostrophes and quotation marks of any kind part words, in query and text alike.
WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+")
REMEMBERED = 200_000  # distinct words, about 20 MB; English news has fewer


def words(text: str) -> list[str]:
    """Return the text's words as written, in order."""
    return WORD.findall(text)


def fold(word: str) -> str:
    """Return the word case-folded, without accents and without the stops of an abbreviation."""
    folded = word.replace(".", "").casefold()
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


_remembered = lru_cache(maxsize=REMEMBERED)(fold)


def folded(text: str) -> str:
    """Return the text's words, folded, with a space between them: what an index of words takes in."""
    return " ".join(map(_remembered, words(text)))
