"""Pages that hold no article: bot challenges, pages that say "not found" with status 200, consent walls."""

from __future__ import annotations

import re

from tracker.errors import ExtractError
from tracker.extract.cleaning import is_prose
from tracker.extract.markup import Markup, shown_text

MAX_PAGE_CHARS = 20_000  # of all text, menus and all: error pages carry a site's menus, not this much
# Characters of running text of its own that a notice has at most: error pages add a line or two.
MAX_NOTICE_CHARS = 600
HEAD_CHARS = 1_500  # where a notice says what it is

# Titles and lines of the products' own interstitials: Cloudflare, Akamai, DataDome, PerimeterX (HUMAN),
# Imperva, Amazon CloudFront, Google reCAPTCHA.
_CHALLENGE_TITLE = re.compile(
    r"just a moment\b|attention required!|access (?:to this page has been )?denied|are you (?:a )?(?:human|robot)"
    r"|(?:please )?verify(?:ing)? (?:that )?you(?:'re| are)? (?:a )?human|security check|one more step|"
    r"pardon our interruption"
    r"|ddos protection|bot (?:check|verification|detection)|robot check|captcha|403 forbidden|^forbidden$|"
    r"request blocked"
    r"|human verification|checking your browser|client challenge|unusual traffic|error 1020"
    r"|^(?:you(?: have|['’]ve) been )?blocked$",
    re.IGNORECASE,
)
_CHALLENGE_TEXT = re.compile(
    r"checking (?:if the site connection is secure|your browser)|enable javascript and cookies to continue"
    r"|verify(?:ing)? (?:that )?you are (?:a )?(?:human|not a (?:ro)?bot)|performance (?:&|"
    r"and) security by cloudflare"
    r"|press (?:&|and) hold to confirm|unusual (?:activity|traffic) from your|your (?:request|"
    r"access) has been (?:blocked|denied)"
    r"|you don['’]t have permission to access|complete the (?:captcha|security check)|are you a robot\?"
    r"|please enable (?:js|javascript) and disable any ad ?blocker|ray id\W|incident id\W|reference #\d+\.",
    re.IGNORECASE,
)
_MISSING_TITLE = re.compile(
    r"\b404\b|(?:page|story|article|content|url|file|site)\W+(?:(?:could|can)\W?(?:not|n['’]?t) be found|"
    r"(?:is |was )?not found|no longer (?:available|exists)"
    r"|(?:has been|was) removed|(?:is )?(?:unavailable|missing)|does(?: not|n['’]t) exist)|^not found\b|"
    r"^page missing|no encontrad[ao]"
    r"|^oops\b|we can['’]?t find (?:that|the|this) page|^error(?: page)?$",
    re.IGNORECASE,
)
_MISSING_TEXT = re.compile(
    r"(?:the |this |that )?(?:page|story|article|content) (?:that )?(?:you(?:['’]re| are| were|['’]ve)?|"
    r"requested)?.{0,50}?"
    r"(?:(?:could not|cannot|can['’]t|couldn['’]t) be found|was not found|(?:has been|may have been|"
    r"was) (?:moved|removed|deleted)|no longer (?:exists|available)"
    r"|(?:is|are) no longer available|does(?: not|n['’]t) exist)|we (?:couldn['’]?t|can['’]?t|could not|"
    r"cannot) find (?:that|the|this|what|your) ?(?:page|story|article)?"
    r"|error 404|404 error|404 not found|p[aá]gina (?:que buscas? )?no (?:existe|(?:fue|ha sido|"
    r"se ha) encontrad[ao])",
    re.IGNORECASE,
)
_CONSENT_TITLE = re.compile(
    r"^(?:before you continue|your privacy(?: choices| matters)?|we value your privacy|privacy settings|"
    r"cookie (?:consent|settings|notice)|consent)\b",
    re.IGNORECASE,
)
_CONSENT_TEXT = re.compile(
    r"before you continue to|(?:we|and our \d* ?partners).{0,80}(?:use cookies|"
    r"store and/or access information)|accept all.{0,80}reject all"
    r"|is part of the .{0,40} family of brands",
    re.IGNORECASE,
)
_TEXTS = (_CHALLENGE_TEXT, _MISSING_TEXT, _CONSENT_TEXT)


def refuse_notices(markup: Markup, url: str) -> None:
    """Raise ExtractError where the page is a notice instead of an article.

    Reasons: ``challenge`` (a bot check; a consent wall with nothing behind it), ``soft404``. Only pages
    with hardly any running text are judged: an article about a blocked website is an article.
    """
    if markup.n_chars > MAX_PAGE_CHARS or _has_text(markup):
        return
    shown = shown_text(markup.tree)
    titles = [markup.title, *markup.headings[:2]]
    reason = _notice(titles, shown[:HEAD_CHARS], has_article=_declares_article(markup, len(shown)))
    if reason:
        raise ExtractError(f"{reason}: {titles[0][:80] or shown[:80]!r}: {url}")


def _has_text(markup: Markup) -> bool:
    """Whether more stands in paragraphs that read as running text, and say nothing of a notice, than a notice has."""
    n_chars = 0
    for element in markup.tree.iter("p"):
        text = shown_text(element)
        if is_prose(text) and not any(rule.search(text) for rule in _TEXTS):
            n_chars += len(text)
            if n_chars > MAX_NOTICE_CHARS:
                return True
    return False


def _notice(titles: list[str], head: str, *, has_article: bool) -> str | None:
    rules = (
        ("challenge", _CHALLENGE_TITLE, _CHALLENGE_TEXT),
        ("soft404", _MISSING_TITLE, _MISSING_TEXT),
        ("challenge", _CONSENT_TITLE, _CONSENT_TEXT),
    )
    for reason, in_title, in_text in rules:
        is_titled = any(map(in_title.search, titles))
        says_so = in_text.search(head) is not None
        if (is_titled and says_so) or (not has_article and (is_titled or says_so)):
            return reason
    return None


def _declares_article(markup: Markup, n_shown: int) -> bool:
    """Whether the page gives a date of publication, or calls itself an article, and shows some text."""
    is_dated = markup.first("article:published_time", "datepublished", "date", "parsely-pub-date") is not None
    return n_shown > 0 and (is_dated or markup.first("og:type") == "article" or bool(markup.times))
