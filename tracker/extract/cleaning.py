"""Paragraphs of the article alone: what the page says around it is taken out where it is clearly that.

A rule here removes a whole paragraph or none of it, and only where its form leaves no doubt. Sentences
that might be the article's stay: a wrongly kept line costs little, a wrongly cut one changes what an
outlet is said to have written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from tracker.extract.words import containment, f1, has_word, tidy, words

MAX_LINE_WORDS = 40  # longer paragraphs are prose: only the rules that name them outright apply
HEAD_PARAGRAPHS = 6  # where a headline, byline or date line repeats what the metadata holds
TITLE_OVERLAP = 0.8  # share of the words of a headline and a paragraph that make them the same
# Where in the article, as a share of its words, lists of other stories begin at the earliest.
TAIL_FROM = 0.4
MAX_HEADING_WORDS = 10
MIN_PROSE_CHARS = 60  # a shorter paragraph may be a caption, a label or a line of a list

_BULLET = re.compile(r"^(?:[-–—•*·▪►]\s+)+")
_TABLE_EDGE = re.compile(r"^\|\s*|\s*\|$")

# Each is matched against a whole paragraph, without case.
_FURNITURE = (
    # advertising and players
    (
        r"(?:story continues|article continues|continues?|continue reading)? ?(?:below|after)? ?(?:this |"
        r"the )?adverti[sz]e?ments?(?: \S+)?(?: story continues below)?"
    ),
    r"(?:story|article|post) continues (?:below|after).{0,40}",
    r"(?:scroll|swipe) (?:down )?(?:to|for) (?:continue|more|read on).{0,60}",
    (
        r"(?:article content|loading\W*|skip (?:past|to).{0,60}|back to top|supported by|"
        r"sponsored(?: content)?|publicidad|anuncio)"
    ),
    (
        r"(?:this (?:video|content|feature|story) (?:is|can|could|has).{0,40}(?:not available|powered by|"
        r"not be (?:played|loaded)).{0,80})"
    ),
    (
        r"(?:recommended|top|related|featured|latest|more) (?:videos?|stories|articles|news|content|topics|"
        r"posts|reading|coverage)\W*"
    ),
    (
        r"(?:recommended|related|trending|most (?:read|popular|viewed)|popular|see also|"
        r"you may (?:also )?like|read next|up next|what to read next|more on this(?: story)?|"
        r"editors?['’]s? picks?)\W*"
    ),
    # pointers to other pieces
    r"(?:read|see|watch|listen|hear) (?:more|also|next|now|here|on)\b\s*[:|>»–—-].{3,250}",
    r"(?:read|see|learn|find out) more(?: (?:about|on|at|from|in|here).{0,120})?\W*",
    (
        r"(?:related|more|see also|also read|also see|recommended|don['’]t miss|must read|watch|listen|"
        r"in pictures|in photos|photos?|video|gallery|lea también|le puede interesar|más información|"
        r"leer más)\s*[:|>»].{3,250}"
    ),
    r"(?:click|tap|go|read|sign up|join) here (?:to|for) .{3,200}",
    # sign-ups, subscriptions, support
    (
        r"(?:sign up|subscribe|register)\b.{0,160}\b(?:newsletters?|inbox|alerts?|e-?mails?|updates|"
        r"briefings?|channel|podcast|today|here|free)\b.{0,120}"
    ),
    r"(?:get|receive|want) .{0,120}\b(?:newsletters?|(?:to|in) your inbox|alerts)\b.{0,120}",
    r".{0,120}\b(?:newsletter)\b.{0,60}\b(?:sign up|subscribe)\b.{0,100}",
    r"(?:by (?:signing up|subscribing|clicking|providing|submitting)).{3,250}",
    (
        r"(?:our journalism needs your support|support (?:our|independent) journalism|please (?:subscribe|"
        r"donate|bookmark)).{0,200}"
    ),
    r"(?:download|get) (?:the|our) .{0,40}\bapp\b.{0,80}",
    (
        r"(?:already (?:a )?(?:subscriber|member|registered)|log ?in|sign in|create (?:an )?account|subscribe|"
        r"subscribe now|sign up|register)\W*"
    ),
    r"(?:subscribe|sign in|log in|register) (?:now )?to (?:continue|keep|read|unlock|access)\b.{0,120}",
    r"already (?:a |an )?(?:subscriber|member)\b.{0,60}",
    r"(?:suscr[ií]bete|suscr[ií]base|reg[ií]strate|inicia sesi[oó]n) (?:a|al|aqu[ií]|para)\b.{0,160}",
    # sharing
    (
        r"(?:share|tweet|print|e-?mail|save|copy link|comments?|facebook|twitter|whatsapp|linkedin|pinterest|"
        r"reddit|x|bookmark|compartir|imprimir)\W*"
    ),
    (
        r"(?:share (?:this|on|via|with)|follow (?:us|me|him|her|the|@)|like us on|join (?:us|the conversation|"
        r"our)|connect with).{0,200}"
    ),
    (
        r"\d[\d.,]*[km]? (?:shares?|comments?|views?|likes?)(?:\W*\d[\d.,]*[km]? (?:shares?|comments?|views?|"
        r"likes?))*\W*"
    ),
    (
        r"(?:leave a (?:comment|reply)|post a comment|view comments|show comments|read comments|"
        r"comments are closed).{0,80}"
    ),
    # photographs
    (
        r"(?:photos?|image|picture|photograph|video|illustration|file photo|foto|crédito)(?: (?:credit|by|"
        r"from|courtesy|source))?s?\s*[:/].{2,120}"
    ),
    (
        r"\W*(?:photo|image|picture|photograph|illustration|video|foto)s? (?:by|courtesy(?: of)?|via|from|"
        r"credit|illustration) .{2,120}"
    ),
    (
        r".{0,80}(?:/|\| ?|via |[-–—] ?|by |\()(?:getty(?: images)?|afp|reuters|ap photo|associated press|"
        r"shutterstock|istock|alamy|epa|pa|pool)\b[^.]{0,40}\)?"
    ),
    (
        r"(?:getty(?: images)?|shutterstock|alamy|istock|file photo|view image in fullscreen|(?:hide|"
        r"show) caption|enlarge this image|toggle caption)\W*"
    ),
    # rights and addresses
    r"(?:copyright|©|\(c\)) ?.{0,40}\d{4}.{0,200}",
    r".{0,120}\ball rights reserved\b.{0,160}",
    r".{0,80}\bthis material may not be published, broadcast, rewritten.{0,80}",
    r"(?:got a (?:news )?tip|do you have a (?:story|tip)|contact us at|send (?:tips|us)).{0,200}",
    r".{0,200}\b(?:can|may) be (?:reached|contacted|followed)\b.{0,30}\b(?:at|on|by)\b.{0,200}",
    r"(?:e-?mail|contact|reach|write to|follow) \S+(?: \S+){0,3} (?:at|on) \S*[@.]\S+.{0,160}",
)
_FURNITURE_LINE = re.compile("|".join(f"(?:{rule})" for rule in _FURNITURE), re.IGNORECASE)
# Pointers set in capitals: case is what tells them from sentences.
_SHOUTED = re.compile(
    r"[^a-z]{0,60}\b(?:CLICK|TAP|GO|SIGN UP|SUBSCRIBE|READ|FOLLOW|JOIN|DOWNLOAD|GET|SEE|WATCH)\b[^a-z]{0,40}"
    r"\b(?:HERE|NOW|MORE|APP|US|NEWSLETTER)\b[^a-z]{0,120}"
)
# What begins a list of other stories below the article: everything after it goes, unless it is prose.
_TAIL = re.compile(
    r"(?:more|latest|top|related|most|other|popular|trending|recommended|further|our|read|keep) "
    r"(?:from|in|on|must-reads?|must reads?|stories|articles|news|read|popular|viewed|coverage|reading|"
    r"like this|for you)\b.{0,60}"
    r"|our coverage of .{0,80}|related|recommended|trending(?: now)?|most read|"
    r"you might (?:also )?(?:like|be interested in).{0,30}|discover stories .{0,80}",
    re.IGNORECASE,
)
_STAMP = re.compile(
    r"(?:published|updated|posted|last updated|first published|modified|publicado|actualizado)?\W*"
    r"(?:on |at )?(?:\w+day,? )?(?:\d{1,2}[./ -]\w{2,9}[./ -]\d{2,4}|\w{3,9}\.? \d{1,2}(?:st|nd|rd|"
    r"th)?,? \d{4}|\d{4}-\d\d-\d\d)\b.{0,60}",
    re.IGNORECASE,
)
_STAMP_WORD = re.compile(
    r"(?:published|updated|posted|last updated|\d+ (?:min|minute|hour|day)s? (?:ago|read))\b.{0,60}", re.IGNORECASE
)
_BYLINE = re.compile(r"(?:by|written by|story by|por)\s+\w.{2,100}", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?", "…", ":", ";", ",")
_CLOSING = "\"'”’»)]"  # may follow them


def paragraphs(text: str) -> list[str]:
    """Return a text's paragraphs: NFC, white space collapsed, without invisible characters and bullets."""
    found = []
    for line in text.splitlines():
        shown = tidy(line)
        if bullet := _BULLET.match(shown):
            shown = shown[bullet.end() :]
        if "|" in shown:  # else its pattern is tried at every space
            shown = _TABLE_EDGE.sub("", shown)
        shown = shown.strip()
        if has_word(shown):
            found.append(shown)
    return found


def clean(blocks: Sequence[str], *, title: str, authors: Sequence[str] = (), section: str | None = None) -> list[str]:
    """Return the article's paragraphs out of an extractor's.

    Taken out: the headline and lines of section, byline and date above the text; furniture such as
    sign-ups, shares, credits, pointers to other pieces; and what follows where a list of other stories
    begins.
    """
    labels = {section.casefold()} if section else set()
    kept = [block for block in blocks if not is_furniture(block)]
    head = [block for block in kept[:HEAD_PARAGRAPHS] if not _is_heading_matter(block, title, authors, labels)]
    return _without_tail(_without_repeats(head + kept[HEAD_PARAGRAPHS:]))


def is_furniture(block: str) -> bool:
    """Whether a paragraph is, by its form, of the page and not of the article."""
    return len(block.split()) <= MAX_LINE_WORDS and (
        _FURNITURE_LINE.fullmatch(block) is not None or _SHOUTED.fullmatch(block) is not None
    )


def is_prose(block: str) -> bool:
    """Whether a paragraph reads as running text: several words that end like a sentence."""
    return len(block) >= MIN_PROSE_CHARS and block.rstrip(_CLOSING).endswith(_SENTENCE_ENDS)


def _is_heading_matter(block: str, title: str, authors: Sequence[str], labels: AbstractSet[str]) -> bool:
    if len(block.split()) > MAX_LINE_WORDS:
        return False
    if block.casefold() in labels or f1(set(words(block)), set(words(title))) >= TITLE_OVERLAP:
        return True
    if _STAMP.fullmatch(block) or _STAMP_WORD.fullmatch(block):
        return True
    named = frozenset(word for author in authors for word in words(author))
    if _BYLINE.fullmatch(block) and not is_prose(block):
        return True
    return bool(named) and containment(frozenset(words(block)), named) == 1.0


def _without_repeats(blocks: Sequence[str]) -> list[str]:
    """Drop a long paragraph that stands in the text already: pull quotes and doubled markup."""
    seen: set[str] = set()
    kept = []
    for block in blocks:
        if len(block) >= MIN_PROSE_CHARS:
            key = " ".join(words(block))
            if len(key) >= MIN_PROSE_CHARS and key in seen:
                continue
            seen.add(key)
        kept.append(block)
    return kept


def _without_tail(blocks: Sequence[str]) -> list[str]:
    """Cut where a list of other stories begins, unless the article goes on after it."""
    sizes = [len(block.split()) for block in blocks]
    total = sum(sizes)
    before = 0
    for index, block in enumerate(blocks):
        rest = blocks[index + 1 :]
        is_late = before >= TAIL_FROM * total and sizes[index] <= MAX_HEADING_WORDS
        if is_late and _TAIL.fullmatch(block.rstrip(" :")) and not _goes_on(rest):
            return list(blocks[:index])
        before += sizes[index]
    return list(blocks)


def _goes_on(rest: Sequence[str]) -> bool:
    n_prose = sum(len(block) for block in rest if is_prose(block))
    return n_prose > 0.5 * sum(map(len, rest)) if rest else False
