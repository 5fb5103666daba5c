"""What the machine says of every text of a topic, and what people said, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeAlias

import numpy as np
import pandas as pd

from tracker.model import Coding, SampledText
from tracker.report.coding.scheme import NONE, UNSURE

Ask: TypeAlias = Callable[[str, dict[str, object]], pd.DataFrame]  # a query with its parameters → its rows

LEADING_PACK = "policy"  # the pack whose frames compare across topics
CODES = ("article", "revision", "coder", "is_final", "variable", "value")
DRAWN = ("sample", "article", "revision", "stratum", "n_stratum", "n_drawn", "position")

# One row is a version of a text that was judged; copies of one text count once, for who wrote it.
_TEXTS = """
WITH judged AS (
    SELECT a.article, a.outlet, coalesce(a.outlet_kind, 'unknown') AS outlet_kind, a.n_revisions,
        strftime(coalesce(a.published_date, a.first_seen_date), '%Y-%m') AS month,
        coalesce(m.is_on_topic, false) AS is_on_topic, m.is_on_topic IS NULL AS is_unsure,
        NOT list_contains(list_transform(m.reasons, lambda r: r LIKE 'query: missing%'), true) AS is_near
    FROM matches m JOIN articles a ON a.article = m.article WHERE m.topic = $topic
    QUALIFY row_number() OVER (
        PARTITION BY coalesce(a.wire_cluster, a.article)
        ORDER BY a.is_wire_copy, a.published_at NULLS LAST, a.article
    ) = 1
), tagged AS (
    SELECT f.article, f.revision, list(DISTINCT f.frame) AS frames,
        max_by(f.frame, f.score) FILTER (f.is_primary AND f.pack = $pack) AS leading
    FROM frames f JOIN snapshot_scorers c USING (scorer, scorer_version) WHERE f.topic = $topic GROUP BY ALL
), toned AS (
    SELECT s.article, s.revision, any_value(s.value) AS tone
    FROM sentiment s JOIN snapshot_scorers c USING (scorer, scorer_version)
    WHERE s.topic = $topic AND c.is_default AND s.part = 'outlet_voice' AND s.value IS NOT NULL GROUP BY ALL
)
SELECT j.*, r.revision, r.revision = j.n_revisions AS is_latest, coalesce(t.frames, []) AS frames,
    coalesce(t.leading, $none) AS leading_frame, o.tone,
    s.article IS NOT NULL AND s.unscored_reason IS NULL AS is_scored
FROM judged j JOIN revisions r USING (article)
LEFT JOIN scored s ON s.topic = $topic AND s.article = r.article AND s.revision = r.revision
LEFT JOIN tagged t ON t.article = r.article AND t.revision = r.revision
LEFT JOIN toned o ON o.article = r.article AND o.revision = r.revision
ORDER BY j.article, r.revision
"""


def texts(ask: Ask, topic: str) -> pd.DataFrame:
    """Return one row a version of each text judged for a topic, with what the machine says of it.

    Columns: article, revision, is_latest, outlet, outlet_kind, month, is_on_topic, is_unsure, is_near (it
    fulfils the query), is_scored, frames (those present), leading_frame (or "none"), tone of the outlet's words.
    """
    return ask(_TEXTS, {"topic": topic, "pack": LEADING_PACK, "none": NONE})


def frame_of_codings(codings: Iterable[Coding], topic: str) -> pd.DataFrame:
    """Return what people coded of a topic, one row a code, in the columns of ``codings``."""
    rows = [
        (one.article, one.revision, one.coder, one.is_final, variable, value)
        for one in codings
        if one.topic == topic
        for variable, value in one.codes
    ]
    return pd.DataFrame.from_records(rows, columns=list(CODES))


def frame_of_samples(samples: Iterable[SampledText], topic: str) -> pd.DataFrame:
    """Return what was drawn to be coded, one row a text, in the columns of ``coding_samples``."""
    rows = [tuple(getattr(one, name) for name in DRAWN) for one in samples if one.topic == topic]
    return pd.DataFrame.from_records(rows, columns=list(DRAWN))


def settled(codes: pd.DataFrame) -> pd.DataFrame:
    """Return article, revision, variable, value: what is held to be true.

    A code that settles holds; else what a majority of the coders said; a tie is left open, and so is "unsure".
    """
    keys = ["article", "revision", "variable"]
    sure = codes[codes["value"] != UNSURE]
    votes = sure.groupby([*keys, "is_final", "value"]).size().rename("n").reset_index()
    final = votes[votes["is_final"].astype(bool)]
    others = votes.merge(final[keys].drop_duplicates(), on=keys, how="left", indicator=True)
    open_to_vote = others[others["_merge"] == "left_only"].drop(columns="_merge")
    return pd.concat([_majority(final, keys), _majority(open_to_vote, keys)], ignore_index=True)


def _majority(votes: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    if votes.empty:
        return pd.DataFrame(columns=[*keys, "value"])
    total = votes.groupby(keys)["n"].transform("sum")
    return votes[votes["n"] * 2 > total][[*keys, "value"]]


def undecided(codes: pd.DataFrame) -> pd.DataFrame:
    """Return article, revision, variable, said: what coders disagree on and nobody has settled."""
    keys = ["article", "revision", "variable"]
    final = codes[codes["is_final"].astype(bool)][keys].drop_duplicates()
    first = codes[~codes["is_final"].astype(bool)].merge(final, on=keys, how="left", indicator=True)
    first = first[first["_merge"] == "left_only"]
    said = first.groupby(keys).agg(
        n_values=("value", "nunique"),
        said=("value", lambda values: ", ".join(sorted(values))),
    )
    return said[said["n_values"] > 1].drop(columns="n_values").reset_index()


def weighted(coded: pd.DataFrame, samples: pd.DataFrame) -> pd.DataFrame:
    """Return the coded texts with stratum and weight; where samples were drawn, those of them alone.

    A stratum's texts share its size among those coded so far: texts are coded in random order. Several
    samples stand for the archive by their sizes. Without any sample each text stands for itself.
    """
    if samples.empty:
        return coded.assign(stratum="given", weight=1.0)
    drawn = samples.drop_duplicates(["sample", "article"]).merge(coded, on=["article", "revision"])
    stratum = drawn["sample"] + " " + drawn["stratum"]
    share = drawn.groupby("sample")["article"].transform("size") / max(len(drawn), 1)
    n_coded = drawn.groupby(["sample", "stratum"])["article"].transform("size")
    weight = share * np.maximum(drawn["n_stratum"], n_coded) / n_coded
    columns = [*coded.columns]
    return drawn[columns].assign(stratum=stratum, weight=weight)
