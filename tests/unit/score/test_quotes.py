import pytest

from tracker.score.quotes import find_quotes
from tracker.score.text import paragraph_spans


def quotes(text):
    return [
        (text[quote.start : quote.end], quote.is_speech) for quote in find_quotes(text, tuple(paragraph_spans(text)))
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “it is over now” and left.", [("“it is over now”", True)]),
        ('He said "it is over now" and left.', [('"it is over now"', True)]),
        ("''It is over now,'' he said.", [("''It is over now,''", True)]),
        ("„Es ist jetzt vorbei“ und «c’est fini ici»", [("„Es ist jetzt vorbei“", True), ("«c’est fini ici»", True)]),
        ("”Marks the wrong way,“ he said.", [("”Marks the wrong way,“", True)]),
        ("“We told them ‘no more data’ twice,” she said.", [("“We told them ‘no more data’ twice,”", True)]),
        ("“He read “no more data” aloud,” she said.", [("“He read “no more data” aloud,”", True)]),
        ("“It never closes\nNext paragraph.", [("“It never closes", True)]),
        ("Judge: IRS 'may share the data'", [("'may share the data'", True)]),
        ("The plaintiffs' case isn't the groups' last.", []),
        ("In the '90s it wasn't so; rock 'n' roll was.", []),
        ("'It's the plaintiffs' last day,' he said.", [("'It's the plaintiffs' last day,'", True)]),
        ("The so-called “data bridge” stands.", [("“data bridge”", False)]),
        ("It was on “Meet the Press” on Sunday.", [("“Meet the Press”", False)]),
        ("Her book, titled “The Long Way Home,” sold.", [("“The Long Way Home,”", False)]),
        ("He said “Make it great again” twice.", [("“Make it great again”", True)]),
        ('A 6" pipe and a 5\'10" man.', []),
        ("A stray ” closes nothing.", []),
    ],
)
def test_quotations(text, expected):
    assert quotes(text) == expected


def test_a_quotation_goes_on_over_paragraphs_that_open_with_a_mark():
    text = "“The first part is open.\n“The second ends it,” he said.\n“A third one here,” she said."
    found = find_quotes(text, tuple(paragraph_spans(text)))
    assert [(quote.is_open, quote.continues) for quote in found] == [(True, False), (False, True), (False, False)]
