"""The language of a text, and when a page's own word is taken for it."""

from __future__ import annotations

import pytest

from tracker.extract import language
from tracker.extract.language import ENGLISH_SHARE, _has_english_words, find_language

TEXTS = {
    "en": (
        "A federal judge declined on Monday to block a memorandum under which the tax agency shares the addresses of "
        "immigrants with the department that deports them, and the groups that had sued said they would appeal."
    ),
    "nl": (
        "De rechter in Den Haag was het maandag niet eens met de eis van de groepen, die had gevraagd om het akkoord "
        "te stoppen waarin de belastingdienst adressen van migranten deelt, en het kabinet is van plan door te gaan."
    ),
    "de": (
        "Das Gericht in Berlin hat am Montag den Antrag der Verbände abgelehnt, die Vereinbarung zu stoppen, nach der "
        "das Finanzamt Anschriften von Einwanderern an die Behörde weitergibt, was die Kläger scharf kritisierten."
    ),
    "da": (
        "En dommer i København sagde mandag nej til at stoppe aftalen, som gør at skattevæsenet for første gang deler "
        "adresser på indvandrere med politiet, og grupperne bag sagen var skuffede og vil anke dommen til landsretten."
    ),
    "es": (
        "Un juez federal se negó el lunes a bloquear el memorando por el que la agencia tributaria comparte las "
        "direcciones de los inmigrantes con el departamento que los deporta, y los grupos dijeron que apelarán."
    ),
    "fr": (
        "Un juge fédéral a refusé lundi de bloquer le mémorandum par lequel l'administration fiscale transmet les "
        "adresses des immigrés au ministère qui les expulse, et les associations ont annoncé qu'elles feraient appel."
    ),
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_text_says_its_language_whatever_its_page_says(code: str) -> None:
    for stated in (None, "en-US", code):
        assert find_language(TEXTS[code], stated) == code


@pytest.mark.parametrize("code", TEXTS)
def test_only_english_has_the_function_words_that_save_asking(code: str) -> None:
    assert _has_english_words(TEXTS[code]) is (code == "en")


def test_no_other_language_comes_near_the_share() -> None:
    halves = {name: text + " " + TEXTS["en"][: len(text) // 2] for name, text in TEXTS.items() if name != "en"}
    assert [name for name, text in halves.items() if not _has_english_words(text)] == list(halves), ENGLISH_SHARE


def test_where_page_and_words_say_english_nobody_else_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_identifier", lambda: pytest.fail("asked"))
    assert find_language(TEXTS["en"], "en-GB") == "en"


def test_a_short_text_has_the_language_that_its_page_states() -> None:
    assert find_language("Juez niega la orden", "es_MX") == "es"
    assert find_language("Juez niega la orden") is None
