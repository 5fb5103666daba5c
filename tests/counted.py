"""Articles as a snapshot counts them, in tables of their own: for tests of sums and figures without a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import duckdb

SCHEMA = """
CREATE SCHEMA internal;
CREATE TABLE internal.shown (place INT, topic TEXT, article TEXT, n_revisions INT, outlet TEXT, wire_cluster TEXT,
    first_seen_at TIMESTAMP, completeness TEXT, is_wire_copy BOOL, is_scored BOOL);
CREATE TABLE internal.named (place INT, term_group TEXT, term TEXT, stance TEXT, voice TEXT, n_uses INT);
CREATE TABLE internal.framed (place INT, pack TEXT, frame TEXT);
CREATE TABLE internal.heard (place INT, voice TEXT, camp TEXT, n_words INT);
CREATE TABLE sentiment (topic TEXT, article TEXT, revision INT, scorer TEXT, scorer_version TEXT, part TEXT,
    value DOUBLE);
CREATE TABLE topics (topic TEXT);
CREATE TABLE snapshot_scorers (scorer TEXT, scorer_version TEXT, is_default BOOL);
INSERT INTO snapshot_scorers VALUES ('tone', '1', true);
"""
MIDNIGHT = datetime(2026, 1, 1)  # noqa: DTZ001 - as the database has it: UTC without saying so
STANCE = {"illegal alien": "restrictive", "illegals": "restrictive", "undocumented": "supportive"}


class Counted(NamedTuple):
    """An article on the topic ``t``."""

    article: str
    outlet: str = "a"
    day: int = 0  # on which it was first seen
    cluster: str | None = None
    is_copy: bool = False
    is_whole: bool = True
    tones: Mapping[str, float] = {}  # by part
    words: Mapping[tuple[str, str | None], int] = {}  # by voice and camp
    names: Mapping[str, int] = {}  # uses of terms of ``STANCE``, in the outlet's voice


def fill(connection: duckdb.DuckDBPyConnection, articles: Sequence[Counted]) -> None:
    """Make the tables and put articles into them, numbered in this order."""
    connection.execute(SCHEMA)
    for place, one in enumerate(articles):
        seen_at = MIDNIGHT + timedelta(days=one.day)
        kept = "whole" if one.is_whole else "partial"
        row = [place, one.article, one.outlet, one.cluster, seen_at, kept, one.is_copy]
        connection.execute("INSERT INTO internal.shown VALUES (?, 't', ?, 1, ?, ?, ?, ?, ?, true)", row)
        for part, value in one.tones.items():
            connection.execute(
                "INSERT INTO sentiment VALUES ('t', ?, 1, 'tone', '1', ?, ?)", [one.article, part, value]
            )
        for (voice, camp), n in one.words.items():
            connection.execute("INSERT INTO internal.heard VALUES (?, ?, ?, ?)", [place, voice, camp, n])
        for term, n in one.names.items():
            use = [place, term, STANCE[term], n]
            connection.execute("INSERT INTO internal.named VALUES (?, 'g', ?, ?, 'outlet', ?)", use)
