"""Article: what it says, and on what evidence; without one chosen, the articles behind a figure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st
from markupsafe import Markup

from dashboard import data, heard, layers, listing, login, say, shell, view
from dashboard.markup import Column, link, outside, plain, table, title
from dashboard.rows import each
from dashboard.view import ARTICLE, View
from tracker.errors import TrackerError
from tracker.report.article_report import ArticleReport
from tracker.report.changes import VersionChange
from tracker.report.decisions import MatchDecision, append_decision
from tracker.report.filters import Narrow
from tracker.report.open import StoreError

ALL_FRAMES = "all frames"
EXAMPLES = 6  # sentences under a list
VERDICTS = {True: "On the topic", False: "Off the topic", None: "As the rules say"}


def show() -> None:
    """Draw the page."""
    now = view.current()
    chosen = st.query_params.get(ARTICLE)
    if not chosen:
        shell.head("Which articles are these?")
        if not shell.is_empty(now):
            _list(now, view.narrow_from(st.query_params))
        return
    shell.head("What does this article say, and on what evidence?")
    try:
        found = data.article(now.snapshot, now.filters.topic, chosen)
    except StoreError:
        shell.state(
            "No such article",
            "The address names an article that this snapshot does not hold on this topic: it may have been withdrawn, "
            "or a run may have judged it off topic.",
            link("All articles of this view", now.href("article")),
        )
        return
    _article(now, found)


# ---------------------------------------------------------------- the list


def _list(now: View, narrow: Narrow) -> None:
    n = data.n_articles(now.snapshot, now.filters, narrow)
    rows = data.articles(now.snapshot, now.filters, narrow, most=listing.KEPT)
    what = _what(narrow)
    sentence = Markup("{}{}.").format(say.count(n, "article"), Markup(" {}").format(what) if what else " in this view")
    if what:
        sentence += Markup(" {}").format(link("All articles of this view", now.href("article")))
    shell.said(sentence)
    if len(rows):
        shell.put(listing.articles(now, rows, n))
        shell.download(now, "Articles", rows)
    _sentences(now, narrow)
    _pending(now)
    shell.note("Choose a headline to read the article with its evidence. Tone is withheld where a text was not scored.")


def _sentences(now: View, narrow: Narrow) -> None:
    """Show sentences out of these articles that the figure rests on, where it rests on sentences."""
    frame = narrow.frame or narrow.primary_frame
    if frame:
        found = data.frame_examples(now.snapshot, now.filters, frame, voice=narrow.voice, most=EXAMPLES)
    elif narrow.camp or narrow.speaker:
        found = data.quotations(now.snapshot, now.filters, camp=narrow.camp, speaker=narrow.speaker, most=EXAMPLES)
    else:
        return
    st.header("Sentences out of them", anchor=False)
    shell.put(heard.examples(now, found))


def _pending(now: View) -> None:
    pending = [one for one in data.standing(now.snapshot, now.filters.topic) if one.is_pending]
    if pending:
        named = [
            Markup("{} ({})").format(
                link(title(one.title), now.article(one.decision.article)), VERDICTS[one.decision.is_on_topic].lower()
            )
            for one in pending
        ]
        shell.note(Markup("Decided by people and pending till the next run: {}.").format(say.listing(named, most=12)))


def _what(narrow: Narrow) -> str:
    parts = [
        f"of {say.day(narrow.day)}" if narrow.day else "",
        {True: "that are wire copies", False: "of the outlets’ own work", None: ""}[narrow.is_wire],
        f"in which the frame “{say.label(narrow.frame)}” is present" if narrow.frame else "",
        f"that the frame “{say.label(narrow.primary_frame)}” leads" if narrow.primary_frame else "",
        f"with a figure of tone of the {say.label(narrow.toned).lower()}" if narrow.toned else "",
        f"that name “{narrow.target}” often enough for a figure" if narrow.target else "",
        f"with {narrow.voice} words" if narrow.voice and not narrow.term else "",
        f"with words of “{say.label(narrow.camp)}”" if narrow.camp else "",
        f"with words of {plain(narrow.speaker, 80)}" if narrow.speaker else "",
        f"that use “{narrow.term}”" if narrow.term else "",
        f"that use a name for “{say.label(narrow.term_group)}”" if narrow.term_group and not narrow.term else "",
        "that share one text" if narrow.cluster else "",
        "whose headline changed" if narrow.has_changed_headline else "",
    ]
    return ", ".join(part for part in parts if part)


# ---------------------------------------------------------------- one article


def _article(now: View, found: ArticleReport) -> None:
    switched, frame = _switches(found)
    text, side = st.columns([2, 1], gap="large")
    with text:
        shell.put(_text(now, found, switched, frame))
    with side:
        _facts(now, found)
    _frames(now, found)
    _versions(now, found)
    _copies(now, found)


def _switches(found: ArticleReport) -> tuple[list[str], str | None]:
    names = list(layers.LAYERS.values())
    default = [layers.LAYERS[layers.VOICES], layers.LAYERS[layers.TERMS]]
    chosen = st.pills(
        "Show in the text",
        names,
        selection_mode="multi",
        default=default,
        key="layers",
        bind="query-params",
        wrap=True,
    )
    switched = [key for key, name in layers.LAYERS.items() if name in (chosen or [])]
    frame = None
    if layers.FRAMES in switched and len(found.frames):
        options = {say.label(str(name)): str(name) for name in found.frames["frame"]}
        picked = st.selectbox("Evidence of", [ALL_FRAMES, *options], key="frame_shown", bind="query-params", width=260)
        frame = options.get(picked or "")
    shell.put(_legend(switched))
    return switched, frame


def _legend(switched: list[str]) -> Markup:
    entries = {
        layers.VOICES: (
            ("ct-quoted", "quoted words"),
            ("ct-reported", "reported words"),
            ("", "bare: the outlet’s own"),
        ),
        layers.FRAMES: (("ct-frame", "words that a frame rests on"),),
        layers.TERMS: (("ct-term", "one of several names for a thing"),),
        layers.TONE: (
            ("ct-pleasant-strong ct-pleasant", "pleasant"),
            ("ct-unpleasant-strong ct-unpleasant", "unpleasant"),
        ),
    }
    items = [
        Markup('<li><span class="{}">{}</span></li>').format(kind, words)
        for layer in switched
        for kind, words in entries[layer]
    ]
    return (
        Markup('<ul class="ct-legend" aria-label="Legend">{}</ul>').format(Markup("").join(items))
        if items
        else Markup("")
    )


def _text(now: View, found: ArticleReport, switched: list[str], frame: str | None) -> Markup:
    parts = {
        part: layers.render(text, _marks(found, part, switched, frame))
        for part, text in (("headline", found.facts.title), ("body", found.facts.text))
    }
    none = "No text was read from the page." if now.info.has_text else say.LEFT_OUT
    body = parts["body"] or Markup("<em>{}</em>").format(none)
    return Markup(
        '<article class="ct-article"><h2><bdi>{}</bdi></h2><div class="ct-body" dir="auto">{}</div></article>'
    ).format(parts["headline"] or "(no headline)", body)


def _marks(found: ArticleReport, part: str, switched: list[str], frame: str | None) -> list[layers.Mark]:
    marks: list[layers.Mark] = []
    if layers.VOICES in switched:
        marks += layers.voices(found.passages, part)
    if layers.FRAMES in switched:
        marks += layers.frames(found.evidence, part, frame)
    if layers.TERMS in switched:
        marks += layers.terms(found.loaded_terms, part)
    if layers.TONE in switched:
        marks += layers.tone(found.sentences, part)
    return marks


def _facts(now: View, found: ArticleReport) -> None:
    facts, zone = found.facts, now.info.timezone
    reason = say.known(facts.completeness_reason)
    completeness = facts.completeness + (f" ({plain(reason, 120)})" if reason else "")
    rows: list[tuple[str, object]] = [
        ("Outlet", link(now.name(facts.outlet), now.href("article", outlet=facts.outlet))),
        ("By", say.listing([plain(author, 80) for author in facts.authors]) or "nobody named"),
        ("Published", say.moment(facts.published_at, zone)),
        ("First seen", say.moment(facts.first_seen_at, zone)),
        ("Kind", say.label(facts.kind)),
        ("Text", f"{completeness}, {say.count(int(facts.word_count), 'word')}"),
        ("Wire", _wire(facts)),
        ("On the topic", f"{_verdict(found.match)}, decided by {found.match.decided_by}"),
        ("Original", outside(str(facts.url), "at the outlet")),
        ("Archived", outside(f"https://web.archive.org/web/{facts.url}", "at the Internet Archive")),
    ]
    items = Markup("").join(Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in rows)
    shell.put(Markup('<dl class="ct-facts">{}</dl>').format(items))
    _reasons(found.match)
    _overrule(now, str(facts.article))
    _tones(found.sentiment)


def _verdict(match: pd.Series) -> str:
    if match.is_on_topic is None or pd.isna(match.is_on_topic):
        return "unsure"
    return f"yes, {say.known(match.centrality) or 'somewhere'}" if match.is_on_topic else "no"


def _wire(facts: pd.Series) -> str:
    agency = say.known(facts.wire_agency)
    if facts.is_wire_copy:
        return f"copy of {agency or 'another outlet’s text'}"
    return f"original, by {agency}" if agency else "own work"


def _reasons(match: pd.Series) -> None:
    """Show what set the decision off, by rule: reasons are stored as ``rule: term``."""
    by_rule: dict[str, list[str]] = {}
    for reason in match.reasons:
        rule, _, term = str(reason).partition(": ")
        terms = by_rule.setdefault(rule, [])
        if term not in terms:
            terms.append(term)
    if by_rule:
        st.subheader("Why it is here", anchor=False)
        items = [
            Markup("<dt>{}</dt><dd>{}</dd>").format(say.label(rule), "; ".join(plain(term, 80) for term in terms))
            for rule, terms in by_rule.items()
        ]
        shell.put(Markup('<dl class="ct-facts">{}</dl>').format(Markup("").join(items)))


def _overrule(now: View, article: str) -> None:
    """Let a person say whether it is on the topic; what they say is pending until a run has applied it."""
    st.subheader("Is it on the topic?", anchor=False)
    decided = next(
        (one for one in data.standing(now.snapshot, now.filters.topic) if one.decision.article == article), None
    )
    if decided:
        made = decided.decision
        state = "Pending till the next run" if decided.is_pending else "Applied"
        note = f" “{plain(made.note, 200)}”" if made.note else ""
        when = say.moment(made.at, now.info.timezone)
        shell.note(f"{state}: {VERDICTS[made.is_on_topic].lower()}, says {plain(made.by, 80)}, {when}.{note}")
    if not login.may_write():
        return
    with st.form(f"overrule {article}", border=False):
        words = list(VERDICTS.values())
        verdict = st.radio("Your decision", words, index=None, horizontal=True)
        note = st.text_input("Why", max_chars=500, placeholder="kept with the decision")
        is_made = st.form_submit_button("Decide")
    if is_made and verdict:
        _decide(now, article, verdict, note)


def _decide(now: View, article: str, verdict: str, note: str) -> None:
    decision = MatchDecision(
        topic=now.filters.topic,
        article=article,
        is_on_topic={word: value for value, word in VERDICTS.items()}[verdict],
        by=login.name(),
        at=datetime.now(UTC),
        note=note.strip(),
    )
    try:
        append_decision(data.home(), decision)
    except TrackerError as error:
        shell.state("Not kept", f"{error}")
        return
    st.rerun()


def _tones(sentiment: pd.DataFrame) -> None:
    st.subheader("Tone of its wording", anchor=False)
    if sentiment.empty:
        shell.note("Not scored.")
        return
    scorers = list(dict.fromkeys(sentiment["scorer"]))
    values = {(row.part, row.scorer): row for row in each(sentiment)}
    rows = [
        (say.label(part), *(_tone(values.get((part, scorer))) for scorer in scorers))
        for part in ("headline", "body", "outlet_voice", "quoted_voice")
    ]
    columns = (Column(head="Of"), *(Column(head=scorer, is_figure=True) for scorer in scorers))
    shell.put(table(columns, rows, "Tone by part and scorer, with the number of sentences"))
    shell.note("−1 to 1 by each scorer, n sentences. It is how pleasant the wording is, not the outlet’s stance.")


def _tone(row: Any) -> Markup | str:
    if row is None or pd.isna(row.value):
        return say.NOTHING
    return Markup("{}<br><span class='ct-small'>n {}</span>").format(say.tone(row.value), row.n_sentences)


def _frames(now: View, found: ArticleReport) -> None:
    st.header("Frames found", anchor=False)
    if found.frames.empty:
        shell.note("No frame is present by the rules of its pack, or the article was not scored.")
        return
    counts = found.evidence["tag"].value_counts()
    rows = [
        (
            link(say.label(row.frame), now.href("article", frame=row.frame)),
            "leads" if row.is_primary else "present",
            row.pack,
            f"{row.score:.2f}",
            int(counts.get(f"frame:{row.frame}", 0)),
            say.known(row.definition),
        )
        for row in each(found.frames)
    ]
    columns = (
        Column(head="Frame"),
        Column(head="Role"),
        Column(head="Pack"),
        Column(head="Weight", is_figure=True),
        Column(head="Spans", hint="pieces of evidence in the text", is_figure=True),
        Column(head="Which is", is_wide=True),
    )
    shell.put(table(columns, rows, "Frames found in this article"))


def _versions(now: View, found: ArticleReport) -> None:
    st.header("Versions", anchor=False)
    changes = data.version_changes(now.snapshot, now.filters.topic, str(found.facts.article))
    first = say.moment(found.revisions.iloc[0].seen_at, now.info.timezone)
    shell.note(f"{say.count(len(found.revisions), 'version')}; the first was seen {first}.")
    shell.put(Markup("").join(_change(now, change) for change in changes))


def _change(now: View, change: VersionChange) -> Markup:
    same = "The text is the same." if now.info.has_text else say.LEFT_OUT
    return Markup(
        '<div class="ct-change"><span class="ct-small">Version {} · {} · {}</span>{}{}<p class="ct-diff">{}</p></div>'
    ).format(
        change.revision,
        say.moment(change.seen_at, now.info.timezone),
        change.change_kind,
        Markup("<p>Note: {}</p>").format(plain(change.note)) if change.note else "",
        Markup("<h3>{}</h3>").format(layers.difference(change.headline)) if change.is_retitled else "",
        layers.difference(change.text) if any(one.kind != "same" for one in change.text) else same,
    )


def _copies(now: View, found: ArticleReport) -> None:
    if found.copies.empty:
        return
    st.header("The same text elsewhere", anchor=False)
    rows = [
        (
            link(title(row.title), now.article(row.article)),
            row.outlet_name,
            say.moment(row.published_at, now.info.timezone),
            "original" if row.is_original else "copy",
            f"{row.word_count:,}",
        )
        for row in each(found.copies)
    ]
    columns = (
        Column(head="Headline", is_wide=True),
        Column(head="Outlet"),
        Column(head="Published", is_short=True),
        Column(head="Role"),
        Column(head="Words", is_figure=True),
    )
    shell.put(table(columns, rows, "Articles that are copies of the same text"))


show()
