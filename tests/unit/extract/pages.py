"""Pages made up for the tests of extraction."""

from datetime import UTC, datetime

from tracker.extract.decode import to_utf8
from tracker.extract.markup import parse
from tracker.model import Page

FETCHED_AT = datetime(2025, 5, 14, 6, tzinfo=UTC)
URL = "https://www.harborledger.example/news/2025/05/13/judge-lets-deal-stand"
PROSE = "The judge refused on Tuesday to stop the office from handing over the addresses, and said why. "


def make_page(body, *, url=URL, charset=None):
    data = body if isinstance(body, bytes) else body.encode()
    return Page(url=url, final_url=url, body=data, charset=charset, fetched_at=FETCHED_AT, payload_digest="")


def make_markup(body, *, url=URL):
    return parse(to_utf8(make_page(body, url=url)), url)


def document(*, head="", body="", title="Judge lets deal stand", language="en"):
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body>{body}</body></html>"
    )


def article(n_paragraphs=6, *, head="", before="", after="", title="Judge lets deal stand"):
    prose = "".join(f"<p>{PROSE * 2}Paragraph {number} says no more.</p>" for number in range(n_paragraphs))
    return document(head=head, body=f"<article><h1>{title}</h1>{before}{prose}{after}</article>", title=title)


def json_ld(text):
    return f'<script type="application/ld+json">{text}</script>'
