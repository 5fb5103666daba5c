import pytest

from tests.unit.extract.pages import document, make_markup
from tracker.extract.authors import clean_names, find_authors, find_credit
from tracker.extract.structured import read_statements


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("By Nell Okafor", ["Nell Okafor"]),
        ("Nell Okafor and Tomas Reyes", ["Nell Okafor", "Tomas Reyes"]),
        ("Por Inés Cárdenas y Luis Peña", ["Inés Cárdenas", "Luis Peña"]),
        ("By NELL OKAFOR, Staff Writer", ["Nell Okafor"]),
        ("Nell Okafor, Senior Political Correspondent 13 May 2025 • 3:55pm", ["Nell Okafor"]),
        ("Nell Okafor | nokafor@ledger.example | Harbor Ledger", ["Nell Okafor", "Harbor Ledger"]),
        ("https://ledger.example/staff/nell", []),
        ("nell-okafor", ["Nell Okafor"]),
        ("Ledger Staff", ["Ledger Staff"]),
        ("John Doe, Jr.", ["John Doe, Jr"]),
        ("Associated Press Associated Press", ["Associated Press"]),
        ("admin", []),
        ("May 13, 2025", []),
        ("x" * 300, []),
    ],
)
def test_names(written, wanted):
    assert list(clean_names([written])) == wanted


def test_a_name_is_listed_once():
    assert list(clean_names(["Nell Okafor", "NELL OKAFOR", "Agency Nell Okafor"])) == ["Nell Okafor"]


def test_statements_then_meta_then_print():
    head = '<meta name="author" content="Meta Person">'
    body = '<p class="byline">By Printed Person</p>'
    stated = read_statements(['{"@type":"Article","author":{"name":"Stated Person"}}'])
    assert find_authors(make_markup(document(head=head, body=body)), stated) == ("Stated Person",)
    assert find_authors(make_markup(document(head=head, body=body)), ()) == ("Meta Person",)
    assert find_authors(make_markup(document(body=body)), ()) == ("Printed Person",)
    assert find_authors(make_markup(document(body="<p>x</p>")), ()) == ()


def test_credit_is_as_printed():
    body = '<div class="author-box">Follow</div><p class="byline"><b>By JOHN DOE</b><br>Continental Press</p>'
    assert find_credit(make_markup(document(body=body)), ()) == "By JOHN DOE Continental Press"
    assert find_credit(make_markup(document(body="<p>x</p>")), ("A",)) is None
