import pytest

from tracker.model import Part
from tracker.score.text import MAX_SENTENCE_CHARS, make_document


def body(text):
    return [sentence.text for sentence in make_document("", text, "en").sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Holt spoke. Dr. Paredes left.", ["Mr. Holt spoke.", "Dr. Paredes left."]),
        ("J. Edgar Hoover ruled. He left.", ["J. Edgar Hoover ruled.", "He left."]),
        ("The U.S. District Court sat.", ["The U.S. District Court sat."]),
        ("She left the U.S. The case went on.", ["She left the U.S.", "The case went on."]),
        ("It opens at 3 p.m. Tuesday in D.C. They met.", ["It opens at 3 p.m. Tuesday in D.C.", "They met."]),
        ("It cost $3.5 million. See No. 4 for more.", ["It cost $3.5 million.", "See No. 4 for more."]),
        ("Was it legal? No. She said so.", ["Was it legal?", "No.", "She said so."]),
        ("“It is over.” She left.", ["“It is over.”", "She left."]),
        ("“Why?” Holt asked. He left.", ["“Why?” Holt asked.", "He left."]),
        ("He waited... Then he left. Well . . . yes.", ["He waited...", "Then he left.", "Well . . . yes."]),
        ("WASHINGTON, Nov. 3 (AP) — The court sat. It rose.", ["WASHINGTON, Nov. 3 (AP) — The court sat.", "It rose."]),
        ("1. The first point. It is short.\n2. The second.", ["1. The first point.", "It is short.", "2. The second."]),
        ("No final stop\nNew paragraph", ["No final stop", "New paragraph"]),
        ("a line that is\nwrapped by hand. Next.", ["a line that is\nwrapped by hand.", "Next."]),
        ("Sen. Ron Vale, D-Ore., and Acme Inc. agreed.", ["Sen. Ron Vale, D-Ore., and Acme Inc. agreed."]),
        ("(He did.) She did not.", ["(He did.)", "She did not."]),
        ("It was off.She left.“We lost,” he said.", ["It was off.", "She left.", "“We lost,” he said."]),
        ("He said so.”Bush went on.", ["He said so.”", "Bush went on."]),
        ("Sen.Vale rose 3.5 at example.com and U.S.A.", ["Sen.Vale rose 3.5 at example.com and U.S.A."]),
        ("裁判所は認めた。原告は控訴する。", ["裁判所は認めた。", "原告は控訴する。"]),
        ("", []),
        (" \n\n ", []),
    ],
)
def test_sentences(text, expected):
    assert body(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Read more: the ruling in full",
        "Sign up for our newsletter to get the news in your inbox.",
        "FILE - The courthouse in Washington. (AP Photo/Jane Doe)",
        "Photo: Jane Doe",
        "The courthouse in March. Jane Doe/Getty Images",
        "By Jane Doe",
        "Jane Doe contributed to this report.",
        "Copyright 2025 The Example. All rights reserved.",
        "* * *",
    ],
)
def test_boilerplate_is_kept_but_not_scored(line):
    document = make_document("Ruling", f"The court sat.\n{line}\nIt rose.", "en")
    by_text = {sentence.text: sentence.is_scored for sentence in document.sentences}
    assert by_text.pop("The court sat.")
    assert by_text.pop("It rose.")
    assert by_text.pop("Ruling")
    assert by_text
    assert not any(by_text.values())


@pytest.mark.parametrize(
    "line",
    [
        "Follow the money and you find the agency.",
        "He took photos of the court. They show little.",
        "WASHINGTON (AP) — The court sat on Monday.",
        "More than a million people file with such a number.",
        "Watching the hearing, she wept.",
    ],
)
def test_prose_is_scored(line):
    assert all(sentence.is_scored for sentence in make_document("", line, "en").sentences)


def test_lead_is_the_first_three_scored_sentences_of_the_body():
    document = make_document("Headline", "Advertisement\nOne is. Two is.\nThree is. Four is.", "en")
    assert [s.text for s in document.sentences if s.is_lead] == ["One is.", "Two is.", "Three is."]


@pytest.mark.parametrize(
    ("title", "scored"),
    [
        ("Judge rules for IRS | The Example", ["Judge rules for IRS"]),
        ("Judge rules for IRS - Example News", ["Judge rules for IRS"]),
        ("Judge rules - and critics fume", ["Judge rules - and critics fume"]),
        ("Judge rules: What next? What we know", ["Judge rules: What next?", "What we know"]),
    ],
)
def test_outlets_name_after_the_headline_is_not_scored(title, scored):
    document = make_document(title, "", "en")
    assert [s.text for s in document.sentences if s.is_scored] == scored
    assert {s.part for s in document.sentences} == {Part.HEADLINE}


def test_a_wall_of_text_is_cut():
    spans = body("word " * 5_000)
    assert max(map(len, spans)) <= MAX_SENTENCE_CHARS
    assert "".join(spans).replace(" ", "") == "word" * 5_000
