"""The language of a text: what the text says before what the page says."""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

MIN_WORDS = 25  # below, the text alone decides nothing
SAMPLE_CHARS = 800  # given to the classifier: more does not change its mind
SURE = 0.95  # normalised probability from which the text overrules the page's own statement

_CODE = re.compile(r"^\s*([a-z]{2})(?:[-_]|\s*$)", re.IGNORECASE)


def find_language(text: str, *stated: str | None) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where nothing is sure.

    ``stated`` are what the page says of itself, best first. A classifier reads texts of ``MIN_WORDS``
    words and more (langid.py: Lui & Baldwin 2012, https://aclanthology.org/P12-3005/); a short text has
    the language that its page states.
    """
    declared = next((found[1].lower() for label in stated if label and (found := _CODE.match(label))), None)
    if len(text.split()) < MIN_WORDS:
        return declared
    code, probability = _identifier().classify(text[:SAMPLE_CHARS])
    if probability >= SURE or code == declared:
        return str(code)
    return declared


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
