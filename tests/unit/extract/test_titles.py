import pytest

from tests.unit.extract.pages import document, make_markup
from tracker.extract.structured import read_statements
from tracker.extract.titles import find_title


def title(*, head="", body="", title="", site="Harbor Ledger", headline=None):
    script = [f'{{"@type":"NewsArticle","headline":"{headline}"}}'] if headline else []
    return find_title(make_markup(document(head=head, body=body, title=title)), read_statements(script), site)


def og(text):
    return f'<meta property="og:title" content="{text}">'


SHORT = "Judge lets deal stand"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        # the printed headline, not the one rewritten for search
        (
            {"head": og("Court keeps address deal"), "body": "<h1>Judge keeps deal, for now</h1>"},
            "Judge keeps deal, for now",
        ),
        # an h1 that is no headline
        ({"head": og(SHORT), "body": "<h1>Log In</h1>", "title": "x"}, SHORT),
        ({"head": og(SHORT), "body": f"<h1>Log In</h1><h1>{SHORT} on</h1>"}, f"{SHORT} on"),
        # a label that the page itself leaves off elsewhere
        ({"body": f"<h1>Politics | {SHORT}</h1>", "headline": SHORT}, SHORT),
        ({"body": f"<h1>Opinion {SHORT}</h1>", "headline": SHORT}, SHORT),
        # a site's name before or after, a colon or dash that is the headline's own
        ({"title": f"{SHORT} | Harbor Ledger"}, SHORT),
        ({"title": f"Harbor Ledger - {SHORT}"}, SHORT),
        ({"title": f"{SHORT} - and why - Harbor Ledger"}, f"{SHORT} - and why"),
        ({"title": "Watch: a judge dances"}, "Watch: a judge dances"),
        ({"head": og("It&amp;#39;s over")}, "It's over"),
        ({}, ""),
    ],
)
def test_titles(given, wanted):
    assert title(**given) == wanted
