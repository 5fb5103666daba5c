"""In which frames, in whose words, and by which names."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from pipelines.report import charts
from pipelines.report.parts import Picture, Section, Table, enumerated, label, number, percent, text
from tracker.report.coding.checked import checked
from tracker.report.coding.notes import note
from tracker.report.coding.scheme import FRAME
from tracker.report.filters import Filters
from tracker.report.intervals import MIN_SAMPLE, share_estimate
from tracker.report.phrases import listed
from tracker.report.snapshot_report import FRAME_PACK, SnapshotReport
from tracker.report.wording import frame_totals, term_totals, voice_shares, voice_summary

FRAMES_SHOWN = 8  # of a pack: those below are in a few articles each
NAMES_SHOWN = 5  # of a group
# Colours of camps in the stacked chart, after Okabe and Ito (2008); the outlet's own words are paper.
CAMP_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa4499", "#b07800", "#3e8fc4", "#7b61c9", "#8c6239")
OWN_WORDS, NOBODY = "the outlet itself", "somebody unnamed"
PAPER, GREY = "#d8d2c4", "#8a8578"
FRAMES_NOTE = (
    "An article may hold several frames. They are found by listed words or a model learned from coded stories: a frame "
    "told in other words is missed. The methods give the measured error."
)
NO_TEXTS = "No whole text of an outlet's own is in this snapshot."


def which_frames(report: SnapshotReport, own: Filters) -> Section:
    """Return which frames the outlets' own work holds; copies would count one text many times."""
    totals = frame_totals(report, own)
    question = "In which frames?"
    if totals.empty:
        return Section(id="frames", question=question, answer=("No article was scored for frames.",))
    n = int(totals["n_articles"].max())
    general, special = (totals[is_one] for is_one in (totals["pack"] == FRAME_PACK, totals["pack"] != FRAME_PACK))
    said = [
        f"Among {listed(n, 'article')} of the outlets' own work that could be scored, {_ranked(general, n)}.",
        *([f"Of this topic's own frames, {_ranked(special, n)}."] if len(special) else []),
        _leaders(special if len(special) else general),
    ]
    shown = pd.concat([special.head(FRAMES_SHOWN), general.head(FRAMES_SHOWN)])
    ends = [share_estimate(int(row), n) for row in shown["n_with"]]
    rows = pd.DataFrame(
        {
            "name": [label(name) for name in shown["frame"]],
            "share": [one / n for one in shown["n_with"]],
            "low": [one.low for one in ends],
            "high": [one.high for one in ends],
        }
    )
    return Section(
        id="frames",
        question=question,
        answer=tuple(filter(None, said)),
        picture=Picture(
            svg=charts.shares(rows, "share of articles in which the frame is present"),
            alt=f"Share of {n} articles by frame. {said[0]}",
            caption=f"Lines: 95 % intervals (Wilson), n = {n}. The topic's own frames first, then the general ones.",
        ),
        tables=(_definitions(shown),),
        notes=(FRAMES_NOTE, *_frames_checked(report, own.topic, list(shown["frame"]))),
    )


def _frames_checked(report: SnapshotReport, topic: str, frames: Sequence[str]) -> list[str]:
    """Return what is known of the error in each frame, and which nobody has checked."""
    found = checked(report, topic)
    notes = {label(frame): note(found, f"{FRAME}{frame}") for frame in frames}
    known = [f"{name[:1].upper()}{name[1:]}: {one.sentence()}" for name, one in notes.items() if one.is_checked]
    unknown = [name for name, one in notes.items() if not one.is_checked]
    which = enumerated(unknown, len(unknown)) if known else "these frames"
    unsaid = f"Nobody has checked {which} on this topic: how often the machine errs is not known."
    return [*known, *([unsaid] if unknown else [])]


def _ranked(frames: pd.DataFrame, n: int) -> str:
    names = [
        f"{label(frame)} is present in {n_with} ({percent(n_with / n)})"
        if place == 0
        else f"{label(frame)} in {n_with}"
        for place, (frame, n_with) in enumerate(zip(frames["frame"], frames["n_with"], strict=True))
    ]
    return enumerated(names[:3])


def _leaders(totals: pd.DataFrame) -> str:
    led = [
        f"{label(frame)} leads in {enumerated(list(outlets))}"
        for frame, outlets in zip(totals["frame"], totals["outlets_led"], strict=True)
        if len(outlets)
    ]
    if not led:
        return f"No outlet has the {MIN_SAMPLE} articles of its own that it takes to say which frame leads there."
    return f"Among outlets with {MIN_SAMPLE} articles of their own or more, {'; '.join(led[:3])}."


def _definitions(frames: pd.DataFrame) -> Table:
    return Table(
        caption="One row is a frame",
        head=("frame", "what it is", "articles with it", "in which it leads"),
        rows=tuple(
            (text(label(row["frame"])), text(row["definition"]), number(row["n_with"]), number(row["n_primary"] or ""))
            for row in frames.to_dict("records")
        ),
    )


def whose_words(report: SnapshotReport, own: Filters) -> Section:
    """Return whose words the outlets' own work is made of."""
    seen, question = voice_summary(report, own), "Whose words?"
    if not seen.n_words:
        return Section(id="words", question=question, answer=(NO_TEXTS,))
    unnamed = seen.n_others - sum(n for _, n, _ in seen.camps)
    camps = enumerated(
        [
            *(f"{label(camp)} {percent(n / seen.n_words)}" for camp, n, _ in seen.camps[:4]),
            *([f"speakers on no known side {percent(unnamed / seen.n_words)}"] if unnamed else []),
        ]
    )
    others = (
        f"{percent(seen.others_share)} of the {listed(seen.n_words, 'word')} in "
        f"{listed(seen.n_articles, 'whole text')} are somebody else's, quoted or reported"
    )
    shares = voice_shares(report, own)
    rows, colours = _voice_rows(shares, [camp for camp, _, _ in seen.camps])
    small = sorted(
        {name for name, enough in zip(shares["outlet_name"], shares["is_reportable"], strict=True) if not enough}
    )
    answer = [f"{others}: {camps}." if camps else f"{others}."]
    if small:
        answer.append(f"With fewer than {MIN_SAMPLE} whole texts of their own, not shown apart: {enumerated(small)}.")
    return Section(
        id="words",
        question=question,
        answer=tuple(answer),
        picture=Picture(
            svg=charts.stacked(rows, "share of words in the body", colours),
            alt=f"Share of words by speaker's camp. {answer[0]}",
            caption="Words of body texts that came whole, by who says them.",
        ),
        notes=("Speakers are put on a side by the topic's file; who cannot be named stays unnamed.",),
    )


def _voice_rows(shares: pd.DataFrame, camps: Sequence[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return shares of words of all together and of each outlet with enough texts, and the parts' colours."""
    colours = {OWN_WORDS: PAPER}
    colours |= {label(camp): colour for camp, colour in zip(camps, CAMP_COLOURS, strict=False)} | {NOBODY: GREY}
    who = [
        OWN_WORDS if voice == "outlet" else label(camp) if label(str(camp)) in colours else NOBODY
        for voice, camp in zip(shares["voice"], shares["camp"].fillna("unknown"), strict=True)
    ]
    rows = shares.assign(what=who, name=shares["outlet_name"])
    everything = rows.assign(name="all together", is_reportable=True)
    both = pd.concat([everything, rows])
    both = both[both["is_reportable"]].groupby(["name", "what"], as_index=False, sort=False).agg({"n_words": "sum"})
    return both.assign(share=both["n_words"] / both.groupby("name")["n_words"].transform("sum")), colours


def which_names(report: SnapshotReport, own: Filters) -> Section:
    """Return which of several names for the same thing the outlets' own work uses, and in whose mouth."""
    totals, question = term_totals(report, own), "Which names for things?"
    if totals.empty:
        return Section(id="names", question=question, answer=("None of the names that this topic lists occurs.",))
    groups = sorted(totals["term_group"].unique(), key=lambda group: -int(_uses(totals, group)["n_uses"].sum()))
    answer = [_group(group, _uses(totals, group)) for group in groups]
    first = next((group for group in groups if "people" in group), groups[0])
    rows = _uses(totals, first)
    order = _by_uses(rows)
    whose = {"own": "in the outlets' own words", "others": "in others' words"}
    drawn = pd.DataFrame(
        [
            {"name": row["term"], "whose": whose[row["whose"]], "n_uses": row["n_uses"]}
            for term in order
            for row in rows[rows["term"] == term].to_dict("records")
        ]
    )
    return Section(
        id="names",
        question=question,
        answer=tuple(answer),
        picture=Picture(
            svg=charts.uses(drawn),
            alt=f"Uses of names for {label(first)}. {_group(first, rows)}",
            caption=f"Names for {label(first)}: uses in the outlets' own work.",
        ),
        tables=(_names(totals, groups),),
        notes=("A name in quotation marks or reported speech is its speaker's, not the outlet's.",),
    )


def _uses(totals: pd.DataFrame, group: str) -> pd.DataFrame:
    return totals.loc[totals["term_group"] == group]


def _by_uses(rows: pd.DataFrame) -> list[str]:
    """Return the names of a group, most used first."""
    sums = rows.groupby("term")["n_uses"].sum()
    return sorted((str(term) for term in sums.index), key=lambda term: (-int(sums[term]), term))


def _group(group: str, rows: pd.DataFrame) -> str:
    own = rows[rows["whose"] == "own"]
    names = [f"“{term}” ({n})" for term, n in zip(own["term"], own["n_uses"], strict=True)][:NAMES_SHOWN]
    others = int(rows.loc[rows["whose"] == "others", "n_uses"].sum())
    said = f"outlets themselves say {enumerated(names)}" if names else "outlets themselves use no listed name"
    return f"For “{label(group)}”, {said}; {listed(others, 'more use')} in others' words."


def _names(totals: pd.DataFrame, groups: Sequence[str]) -> Table:
    rows = []
    for group in groups:
        found = _uses(totals, group)
        for term in _by_uses(found):
            one = found.loc[found["term"] == term]
            own, others = (one.loc[one["whose"] == whose, "n_uses"].sum() for whose in ("own", "others"))
            stance = str(one["stance"].iloc[0])
            rows.append(
                (
                    text(label(group)),
                    text(term),
                    text(label(stance)),
                    number(int(own) or ""),
                    number(int(others) or ""),
                )
            )
    return Table(
        caption="One row is a name, with its uses in the outlets' own work",
        head=("for", "name", "stance that it carries", "in outlets' words", "in others' words"),
        rows=tuple(rows),
    )
