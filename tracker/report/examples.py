"""Sentences out of the texts as examples of a figure: of a frame, of somebody quoted, of a name for a thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tracker.model import Part
from tracker.report.filters import Filters
from tracker.report.snapshot_report import FEW_TEXTS, SnapshotReport
from tracker.score.text import make_document

LONGEST = 420  # characters of an example; a longer sentence is cut around what it shows
PER_ARTICLE = 1  # examples, so that one long article does not fill the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A sentence with the span that is meant: ``before``, ``meant`` and ``after`` are the sentence."""

    article: str
    outlet: str
    title: str
    published_at: datetime | None
    before: str
    meant: str
    after: str
    voice: str
    speaker: str | None = None
    camp: str | None = None


def frame_examples(
    report: SnapshotReport, filters: Filters, frame: str, *, voice: str | None = None, most: int = 8
) -> tuple[Example, ...]:
    """Return sentences that hold evidence of a frame, one an article, newest first; of one voice where given."""
    return _examples(
        report,
        filters,
        """
        evidence t JOIN snapshot_scorers c USING (scorer, scorer_version)
            WHERE t.tag = 'frame:' || $frame AND t.part = 'body'
                AND ($voice IS NULL OR t.voice = $voice OR ($voice = 'others' AND t.voice <> 'outlet'))
        """,
        {"frame": frame, "voice": voice, "most": most},
        among="internal.frame_spans f WHERE f.frame = $frame "
        "AND ($voice IS NULL OR f.voice = $voice OR ($voice = 'others' AND f.voice <> 'outlet'))",
        extra="NULL::VARCHAR AS speaker, NULL::VARCHAR AS camp",
    )


def quotations(
    report: SnapshotReport, filters: Filters, *, camp: str | None = None, speaker: str | None = None, most: int = 8
) -> tuple[Example, ...]:
    """Return quoted or reported passages of a camp or a speaker, one an article, newest first."""
    return _examples(
        report,
        filters,
        """
        passages t JOIN snapshot_scorers c USING (scorer, scorer_version)
            WHERE t.voice <> 'outlet' AND t.part = 'body' AND t.n_words >= 4
                AND ($camp IS NULL OR t.camp = $camp)
                AND ($speaker IS NULL OR trim(split_part(t.speaker, ',', 1)) = $speaker)
        """,
        {"camp": camp, "speaker": speaker, "most": most},
        among="internal.heard h WHERE h.voice <> 'outlet' "
        "AND ($camp IS NULL OR h.camp = $camp) AND ($speaker IS NULL OR h.speaker = $speaker)",
        extra="t.speaker, t.camp",
    )


def _examples(
    report: SnapshotReport, filters: Filters, spans: str, parameters: dict[str, object], *, among: str, extra: str
) -> tuple[Example, ...]:
    """Return the first span of the newest articles that have one, in its sentence.

    ``among`` says which articles do, ``spans`` gives the spans: constants of this module.
    """
    rows = report.rows(
        f"""
        WITH newest AS MATERIALIZED (
            SELECT a.article, a.n_revisions AS revision, a.outlet, a.title, a.published_at, a.language
            FROM internal.shown a WHERE {filters.condition()} AND a.place IN (SELECT place FROM {among})
            ORDER BY a.is_wire_copy, a.published_at DESC NULLS LAST, a.article LIMIT $most
        ), spans AS (
            SELECT t.article, t.revision, t.voice, t.start_offset, t.end_offset, {extra} FROM {spans}
                AND t.topic = $topic AND t.article IN (SELECT article FROM newest)
        ), firsts AS (
            SELECT n.*, s.voice, s.start_offset, s.end_offset, s.speaker, s.camp
            FROM newest n JOIN spans s ON s.article = n.article AND s.revision = n.revision
            QUALIFY row_number() OVER (
                PARTITION BY n.article ORDER BY s.camp IS NULL, s.voice <> 'quoted', s.start_offset
            ) <= {PER_ARTICLE}
        ), {FEW_TEXTS.format(few="newest")}
        SELECT f.* EXCLUDE (revision), r.text
        FROM firsts f JOIN texts x ON x.article = f.article AND x.revision = f.revision
        JOIN revisions r ON r.rowid = x.at
        ORDER BY f.published_at DESC NULLS LAST, f.article
        """,  # noqa: S608 - constants with parameters
        {**filters.parameters, **parameters},
    )
    return tuple(_example(**row) for row in rows)


def _from_word(cut: str) -> str:
    """Return a text that was cut in front without the word that was cut; one without spaces stays."""
    return cut.partition(" ")[2] or cut


def _to_word(cut: str) -> str:
    """Return a text that was cut at its end without the word that was cut; one without spaces stays."""
    return cut.rpartition(" ")[0] or cut


def _example(
    *, text: str, language: str | None, start_offset: int, end_offset: int, article: str, outlet: str, title: str,
    published_at: datetime | None, voice: str, speaker: str | None, camp: str | None,
) -> Example:  # fmt: skip
    start, end = _sentence(text, language, start_offset, end_offset)
    meant = text[start_offset : min(end_offset, start_offset + LONGEST)]
    room = max((LONGEST - len(meant)) // 2, 0)
    before, after = text[start:start_offset], text[end_offset:end]
    return Example(
        article=article,
        outlet=outlet,
        title=title,
        published_at=published_at,
        before=before if len(before) <= room else f"… {_from_word(before[len(before) - room :])}",
        meant=meant if end_offset - start_offset <= LONGEST else f"{meant} …",
        after=after if len(after) <= room else f"{_to_word(after[:room])} …",
        voice=voice,
        speaker=speaker,
        camp=camp,
    )


def _sentence(text: str, language: str | None, start: int, end: int) -> tuple[int, int]:
    """Return where the sentences that hold a span begin and end; the span itself where none does."""
    found = [
        one
        for one in make_document("", text, language or "en").sentences
        if one.part is Part.BODY and one.start < end and one.end > start
    ]
    return (min(start, found[0].start), max(end, found[-1].end)) if found else (start, end)
