"""How much of the article the page gave, and by what that is known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from tracker.extract.markup import Markup
from tracker.extract.structured import Statement
from tracker.model import Completeness

SHORT_WORDS = 80  # less is a teaser or a brief: scores of it would rest on two or three sentences
WHOLE_SHARE = 0.7  # of the declared number of words; outlets count captions and furniture too
UNTRUE_COUNT_WORDS = 20  # declared counts below this are placeholders
PAYWALLED_WORDS = 250  # a text behind a declared paywall that is longer than this came whole more often than not
PAYWALL = "paywall"
END_PARAGRAPHS = 3  # where a text that breaks off says so

_TEASER_END = re.compile(
    r"(?:subscribe|sign in|log in|register|become a (?:member|subscriber)|"
    r"start your (?:free )?trial)\b.{0,80}\b(?:to (?:continue|keep|read|access|unlock)|for (?:full|"
    r"unlimited) access)"
    r"|to (?:continue|keep) reading|(?:read|continue reading|get) (?:the )?(?:full|rest of (?:the|"
    r"this)) (?:story|article)|(?:this|the) (?:story|article|content) is (?:only )?(?:available |"
    r"reserved )?(?:for|to) (?:our )?(?:subscribers|members)"
    r"|(?:already (?:a )?subscriber|subscriber[- ]only|premium (?:content|article)|"
    r"exclusive to subscribers|you(?:['’]ve| have) (?:reached|read) your .{0,40}(?:limit|free articles?))"
    r"|(?:suscr[ií]bete|inicia sesi[oó]n) para (?:seguir|continuar) leyendo|para seguir leyendo",
    re.IGNORECASE,
)
_BROKEN_OFF = re.compile(r"(?:\.\.\.|…|\[\W*\]|\[\+\d+ chars\])\s*$")
_CONSENT = re.compile(
    r"before you continue|we value your privacy|(?:we|our) (?:and )?.{0,20}partners (?:store|use cookies)",
    re.IGNORECASE,
)
_FREE_TIERS = frozenset({"free", "false", "no", "open", "0", "public"})
_PAID_TIERS = frozenset({"locked", "metered", "premium", "paid", "subscription", "subscriber", "true", "yes", "1"})
_TIER_NAMES = ("article:content_tier", "content_tier", "paywall", "premium", "access", "cxenseparse:paywall")
_HOME = frozenset({"", "/", "/index.html", "/index.htm", "/index.php"})


def judge(
    markup: Markup, statements: Sequence[Statement], *, url: str, text: str, raw_blocks: Sequence[str]
) -> tuple[Completeness, str | None]:
    """Return how complete a text is, and the reason where it is not whole.

    ``raw_blocks`` are the paragraphs before cleaning: the line that asks to subscribe is taken out of the
    text, but tells that it breaks off. Partial by: ``teaser`` (the text or the page's end says so),
    ``declared_words`` (much shorter than the page's own count), ``paywall`` (declared not free, and
    short), ``consent``, ``short``. Empty by ``home_page``. A text that is whole although its page is
    declared not free keeps ``paywall`` as a remark: readers may get less than the tracker did.
    """
    n_words = len(text.split())
    is_closed = is_paywalled(markup, statements)
    if urlsplit(url).path.lower() in _HOME and not urlsplit(url).query:
        return Completeness.EMPTY, "home_page"
    for reason, applies in (
        ("teaser", _breaks_off(text, raw_blocks, n_words)),
        ("declared_words", _is_below_declared(statements, n_words)),
        (PAYWALL, is_closed and n_words < PAYWALLED_WORDS),
        ("consent", n_words < SHORT_WORDS and _CONSENT.search(text) is not None),
        ("short", n_words < SHORT_WORDS),
    ):
        if applies:
            return Completeness.PARTIAL, reason
    return Completeness.WHOLE, PAYWALL if is_closed else None


def is_paywalled(markup: Markup, statements: Sequence[Statement]) -> bool:
    """Whether the page declares itself not free to read (isAccessibleForFree, content tier)."""
    if any(statement.is_free is False for statement in statements):
        return True
    tiers = {value.lower() for name in _TIER_NAMES for value in markup.meta.get(name, ())}
    return bool(tiers & _PAID_TIERS) and not tiers & _FREE_TIERS


def _breaks_off(text: str, raw_blocks: Sequence[str], n_words: int) -> bool:
    end = [*raw_blocks[-END_PARAGRAPHS:], *text.split("\n\n")[-1:]]
    asks = any(_TEASER_END.search(block) for block in end if len(block.split()) < SHORT_WORDS)
    return (asks and n_words < 2 * PAYWALLED_WORDS) or (
        _BROKEN_OFF.search(text) is not None and n_words < PAYWALLED_WORDS
    )


def _is_below_declared(statements: Sequence[Statement], n_words: int) -> bool:
    declared = max((statement.word_count or 0 for statement in statements), default=0)
    return declared > UNTRUE_COUNT_WORDS and n_words < WHOLE_SHARE * declared
