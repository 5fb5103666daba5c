"""Draw the texts that people are to code: at random within strata, the doubtful ones more often, weights known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from tracker.errors import DataError
from tracker.model import SampledText, stable_id
from tracker.report.coding.scheme import NONE

MIN_STRATUM = 2  # texts drawn from a stratum: one alone shows no spread
MAX_STRATA_SHARE = 4  # texts drawn for each stratum on average: finer ones are merged
# How much likelier a text of a class is to be drawn than one on the topic with a leading frame.
BOOSTS = {"near miss": 2.0, "unsure": 2.0, "no frame": 1.5, "miss": 0.5}


def draw(texts: pd.DataFrame, topic: str, n: int, at: datetime) -> tuple[SampledText, ...]:
    """Return a stratified random sample of ``n`` texts, in the random order in which they are to be coded.

    Strata are what the machine says (near miss, unsure, miss, or the frame that leads) by kind of outlet and
    month; those too small to be drawn from go together, months first. Each stratum gives at least two texts.
    The same archive at the same time gives the same sample. Raises DataError where there is nothing to draw.
    """
    latest = texts[texts["is_latest"] & (texts["is_scored"] | ~texts["is_on_topic"])]
    if latest.empty:
        raise DataError(f"{topic}: the snapshot holds no article to be coded: run 'tracker nightly' first")
    classes = _classes(latest)
    strata = _strata(latest, classes, n)
    rows = latest[["article", "revision"]].assign(stratum=strata, boost=classes.map(lambda name: BOOSTS.get(name, 1.0)))
    by_stratum = rows.groupby("stratum")
    generator = np.random.default_rng(int(stable_id("sample", topic, at.isoformat()), 16) % 2**32)
    takes = _allocated(by_stratum.agg(size=("article", "size"), mass=("boost", "sum")), n)
    name = stable_id("sample", topic, at.isoformat())[:12]
    articles, revisions = rows["article"].tolist(), rows["revision"].tolist()
    drawn = [
        (int(place), stratum, size, take)
        for stratum, size, take in takes
        for place in generator.choice(by_stratum.indices[stratum], take, replace=False)
    ]
    order = generator.permutation(len(drawn))
    return tuple(
        SampledText(
            topic=topic,
            sample=name,
            article=articles[place],
            revision=revisions[place],
            stratum=stratum,
            n_stratum=size,
            n_drawn=take,
            position=position,
            at=at,
        )
        for position, (place, stratum, size, take) in enumerate(drawn[i] for i in order)
    )


def _classes(texts: pd.DataFrame) -> pd.Series[str]:
    """Return what the machine makes of each text."""
    said = [texts["is_unsure"], ~texts["is_on_topic"] & texts["is_near"], ~texts["is_on_topic"],
            texts["leading_frame"] == NONE]  # fmt: skip
    leads = "leads " + texts["leading_frame"].astype(str)
    return pd.Series(np.select(said, ["unsure", "near miss", "miss", "no frame"], leads), index=texts.index)


def _strata(texts: pd.DataFrame, classes: pd.Series[str], n: int) -> pd.Series[str]:
    """Return each text's stratum: the finest division that leaves four texts to be drawn from each on average."""
    kinds, months = texts["outlet_kind"], texts["month"].fillna("undated")
    coarse = classes.where(~classes.str.startswith("leads"), "a frame leads")
    choices: tuple[pd.Series[str], ...] = (
        classes + ", " + kinds + ", " + months,
        classes + ", " + kinds,
        coarse + ", " + kinds,
        coarse,
    )
    for strata in choices:
        if strata.nunique() * MAX_STRATA_SHARE <= n:
            return strata
    return choices[-1]


def _allocated(strata: pd.DataFrame, n: int) -> Sequence[tuple[str, int, int]]:
    """Return stratum, its size and how many are drawn from it: by its mass, at least two, at most all."""
    wanted = strata["mass"] / strata["mass"].sum() * min(n, int(strata["size"].sum()))
    takes = np.minimum(np.maximum(wanted.round().astype(int), MIN_STRATUM), strata["size"])
    return [
        (str(name), int(size), int(take)) for name, size, take in zip(strata.index, strata["size"], takes, strict=True)
    ]
