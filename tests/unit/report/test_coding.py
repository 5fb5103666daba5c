"""Checked by people: agreement, validity, corrected shares and samples, by hand and by simulation."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import krippendorff
import numpy as np
import pandas as pd
import pytest

from tracker.model import Coding
from tracker.report.coding.agreement import RESAMPLES, agreement, alpha_of, confusion, reading_of, resampled_alphas
from tracker.report.coding.corrected import design_share, matrix_share
from tracker.report.coding.draw import draw
from tracker.report.coding.notes import note, tone_note
from tracker.report.coding.scheme import FRAME, RELEVANCE, TONE, Frame, variables
from tracker.report.coding.texts import DRAWN, frame_of_codings, frame_of_samples, settled, undecided
from tracker.report.coding.validity import check, unchecked
from tracker.report.coding.weighted import Design, Moments, recall_and_f1, weighted_share
from tracker.report.coding.workplace import _mask, _masked
from tracker.report.intervals import SEED, share_estimate

AT = datetime(2025, 6, 1, tzinfo=UTC)
LEGALITY = f"{FRAME}legality"
SCHEME = variables("a ruling", [Frame(pack="policy", frame="legality", definition="Law.")], "policy")
NONE_DRAWN = pd.DataFrame(columns=list(DRAWN))
RUNS = 1_000


def archive(tagged: np.ndarray, kinds: np.ndarray | str = "national") -> pd.DataFrame:
    """Return on-topic texts; the machine finds legality in those that are tagged."""
    n = len(tagged)
    return pd.DataFrame({
        "article": [f"a{number:05}" for number in range(n)], "revision": 1, "is_latest": True, "outlet": "post",
        "outlet_kind": kinds, "month": "2025-05", "is_on_topic": True, "is_unsure": False, "is_near": True,
        "is_scored": True, "frames": [["legality"] if one else [] for one in tagged],
        "leading_frame": np.where(tagged, "legality", "none"), "tone": np.linspace(-0.5, 0.5, n),
    })  # fmt: skip


def codes(rows: list[tuple[str, str, str, str]], *, is_final: bool = False) -> pd.DataFrame:
    """Return codes from article, coder, variable and value."""
    codings = [
        Coding(
            topic="t", article=article, revision=1, coder=coder, at=AT, codes=((variable, value),), is_final=is_final
        )
        for article, coder, variable, value in rows
    ]
    return frame_of_codings(codings, "t")


def two_coders(truth: np.ndarray, articles: list[str], rate: float, generator: np.random.Generator) -> pd.DataFrame:
    """Return what two coders say who each err at a rate, and a third word where they differ, which is the truth."""
    said = [truth ^ (generator.random(len(truth)) < rate) for _ in range(2)]
    rows = [
        (article, coder, LEGALITY, "yes" if value else "no")
        for coder, values in zip(("ana", "bo"), said, strict=True)
        for article, value in zip(articles, values, strict=True)
    ]
    apart = [
        (a, "cy", LEGALITY, "yes" if t else "no") for a, t, x, y in zip(articles, truth, *said, strict=True) if x ^ y
    ]
    return pd.concat([codes(rows), codes(apart, is_final=True)], ignore_index=True)


# ---------------------------------------------------------------- agreement


@pytest.mark.parametrize("level", ["nominal", "ordinal"])
def test_resampled_alphas_are_the_librarys(level):
    generator = np.random.default_rng(3)
    counts = np.vstack([generator.multinomial(2, [0.2, 0.3, 0.5], 40), generator.multinomial(3, [0.2, 0.3, 0.5], 9)])
    found = resampled_alphas(counts.astype(float), is_ordered=level == "ordinal")
    alike, times = np.unique(counts, axis=0, return_counts=True)
    draws = np.random.default_rng(SEED).multinomial(49, times / 49, size=RESAMPLES)
    for number in range(5):
        again = np.repeat(alike, draws[number], axis=0)
        assert found[number] == pytest.approx(krippendorff.alpha(value_counts=again, level_of_measurement=level))


def test_agreement_is_of_first_readings_without_unsure():
    said = {"ana": "yyyyynnnnu", "bo": "yyyynnnnny"}
    words = {"y": "yes", "n": "no", "u": "unsure"}
    rows = [(f"a{i}", who, RELEVANCE, words[one]) for who, line in said.items() for i, one in enumerate(line)]
    every = pd.concat([codes(rows), codes([("a4", "cy", RELEVANCE, "yes")], is_final=True)])
    found = agreement(every, SCHEME[0])
    # 9 texts, 1 apart: o = 2 of 18 codes; yes 9, no 9: expected 2 * 81 / 17; alpha = 1 - 2 / (162 / 17)
    assert found.alpha.estimate == pytest.approx(1 - 2 * 17 / 162)
    assert found.alpha.n == 9
    assert found.alpha.low < found.alpha.estimate < found.alpha.high
    assert found.share_same == pytest.approx(8 / 9)
    assert "tentative" in found.sentence()
    table = confusion(every, RELEVANCE).set_index(["value_a", "value_b"])["n"]
    assert table.to_dict() == {("no", "no"): 4, ("unsure", "yes"): 1, ("yes", "no"): 1, ("yes", "yes"): 4}


def test_alpha_is_read_as_krippendorff_reads_it():
    assert [reading_of(value) for value in (0.8, 0.799, 0.667, 0.66, None)] == [
        "reliable", "tentative", "tentative", "experimental", "unknown",
    ]  # fmt: skip


def test_too_few_and_too_alike_have_no_alpha():
    rows = [(f"a{i}", who, RELEVANCE, "yes") for who in ("ana", "bo") for i in range(20)]
    assert agreement(codes(rows), SCHEME[0]).alpha.estimate is None
    assert agreement(codes(rows[:3]), SCHEME[0]).reading == "unknown"


def test_the_final_word_settles_and_a_tie_is_open():
    rows = [("a1", "ana", TONE, "1"), ("a1", "bo", TONE, "0"), ("a2", "ana", TONE, "2"), ("a2", "bo", TONE, "2")]
    assert settled(codes(rows))["article"].tolist() == ["a2"]
    assert undecided(codes(rows)).to_dict("records") == [
        {"article": "a1", "revision": 1, "variable": TONE, "said": "0, 1"}
    ]
    every = pd.concat([codes(rows), codes([("a1", "cy", TONE, "0")], is_final=True)])
    assert settled(every).set_index("article")["value"].to_dict() == {"a1": "0", "a2": "2"}
    assert undecided(every).empty


# ---------------------------------------------------------------- validity


def test_validity_by_hand_weighted_back():
    tagged = np.array([True] * 20 + [False] * 80)
    texts = archive(tagged)
    drawn = [("s", f"a{i:05}", 1, "tagged", 20, 10, i) for i in range(10)]
    drawn += [("s", f"a{i:05}", 1, "untagged", 80, 10, i) for i in range(20, 30)]
    samples = pd.DataFrame.from_records(drawn, columns=list(DRAWN))
    yes = {f"a{i:05}" for i in (*range(8), 20)}
    coded = codes([(row[1], "ana", LEGALITY, "yes" if row[1] in yes else "no") for row in drawn])
    one = check("t", texts, coded, samples, SCHEME).of(LEGALITY)
    assert one.precision.estimate == pytest.approx(0.8)  # 8 of 10
    assert one.recall.estimate == pytest.approx(16 / (16 + 8))  # 8 at weight 2, one missed at weight 8
    assert one.f1.estimate == pytest.approx(2 * 16 / (20 + 24))
    assert one.share.estimate == pytest.approx(0.2)
    assert one.corrected.estimate == pytest.approx(0.24)  # .2 * .8 + .8 * .1
    assert one.corrected.low < 0.24 < one.corrected.high


def test_a_sample_without_a_miss_does_not_say_that_there_is_none():
    machine = np.repeat([1.0, 0.0], [80, 60])  # of 300 and of 600 texts
    design = Design(weights=np.repeat([300 / 80, 10.0], [80, 60]), strata=np.repeat(["said", "not said"], [80, 60]))
    recall, f1 = recall_and_f1(machine, machine, design)
    assert (recall.estimate, f1.estimate) == (1, 1)
    assert recall.low == pytest.approx(300 / (300 + 600 * 0.06), abs=0.01)  # 0 of 60 leaves up to 6 %
    assert recall.low < f1.low < recall.high == f1.high == 1


def test_an_outlets_share_is_put_right_by_the_error_of_all():
    right = {"variance": 0.001, "degrees": 90.0}
    found = matrix_share(30, 60, Moments(value=0.8, **right), Moments(value=0.9, **right))
    assert found.estimate == pytest.approx((0.5 + 0.9 - 1) / 0.7)  # Rogan and Gladen
    plain = share_estimate(30, 60)
    assert found.high - found.low > plain.high - plain.low
    assert matrix_share(30, 60, Moments(value=0.5, **right), Moments(value=0.6, **right)).estimate is None


def test_nobody_has_checked_is_said():
    found = check("t", pd.DataFrame(), codes([]), NONE_DRAWN, SCHEME)
    assert found == unchecked("t")
    assert note(found, LEGALITY).is_checked is False
    assert "Nobody has checked legality on this topic" in note(found, LEGALITY).sentence()
    assert "Nobody has checked tone" in tone_note(found)


def test_a_note_says_error_agreement_and_correction():
    generator = np.random.default_rng(5)
    texts = archive(generator.random(400) < 0.4)
    samples = frame_of_samples(draw(texts, "t", 120, AT), "t")
    by_article = texts.set_index("article")
    articles = samples["article"].tolist()
    truth = np.array([bool(by_article.loc[name, "frames"]) for name in articles]) ^ (
        generator.random(len(articles)) < 0.1
    )
    said = note(check("t", texts, two_coders(truth, articles, 0.03, generator), samples, SCHEME), LEGALITY).sentence()
    assert "randomly drawn texts: precision 0." in said
    assert "corrected for its errors" in said
    assert "Coders agree by alpha 0." in said


# ---------------------------------------------------------------- samples


def test_a_sample_is_stratified_blind_to_order_and_the_same_again():
    generator = np.random.default_rng(1)
    texts = archive(generator.random(300) < 0.3, np.where(generator.random(300) < 0.5, "national", "local"))
    texts.loc[:59, ["is_on_topic", "is_scored"]] = False  # near misses
    first, again = draw(texts, "t", 100, AT), draw(texts, "t", 100, AT)
    assert first == again
    assert len({one.article for one in first}) == len(first)
    assert abs(len(first) - 100) <= 5
    assert sorted(one.position for one in first) == list(range(len(first)))
    strata = {one.stratum: (one.n_stratum, one.n_drawn) for one in first}
    assert sum(size for size, _ in strata.values()) == 300
    assert Counter(one.stratum for one in first) == {name: taken for name, (_, taken) in strata.items()}
    near = [taken / size for name, (size, taken) in strata.items() if name.startswith("near miss")]
    leads = [taken / size for name, (size, taken) in strata.items() if "lead" in name]
    assert min(near) > 1.5 * max(leads)


# ---------------------------------------------------------------- two coders, a thousand times


def test_two_coders_give_back_alpha_precision_and_recall_and_put_shares_right():
    """Two coders who each err in 5 %, adjudicated; 150 of 400 texts, drawn by what the machine says."""
    n, taken, prevalence, precision, omitted, rate = 400, 75, 0.4, 0.7, 0.1, 0.05
    share = prevalence * precision + (1 - prevalence) * omitted
    recall = prevalence * precision / share
    said_yes = share * (1 - rate) + (1 - share) * rate
    alpha = 1 - 2 * rate * (1 - rate) / (2 * said_yes * (1 - said_yes))
    measured = ("alpha", "precision", "recall", "f1", "corrected")
    held: Counter[str] = Counter()
    generator = np.random.default_rng(10)
    for _ in range(RUNS):
        tagged = generator.random(n) < prevalence
        truth = generator.random(n) < np.where(tagged, precision, omitted)
        strata = [np.flatnonzero(tagged), np.flatnonzero(~tagged)]
        drawn = np.concatenate([generator.permutation(one)[:taken] for one in strata])
        weights = np.repeat([len(one) / taken for one in strata], taken)
        design = Design(weights=weights, strata=np.repeat(["tagged", "untagged"], taken))
        first, second = (truth[drawn] ^ (generator.random(2 * taken) < rate) for _ in range(2))
        said, machine = np.where(first == second, first, truth[drawn]).astype(float), tagged[drawn].astype(float)
        plain = truth[generator.permutation(n)[: 2 * taken]]  # what alpha is depends on how many hold the frame
        n_yes = sum((plain ^ (generator.random(2 * taken) < rate)).astype(float) for _ in range(2))
        found_recall, found_f1 = recall_and_f1(machine, said, design)
        known = {
            "alpha": (alpha_of(np.stack([2 - n_yes, n_yes], axis=1)), alpha),
            "precision": (weighted_share(machine * said, machine, design), precision),
            "recall": (found_recall, recall),
            "f1": (found_f1, 2 * prevalence * precision / (prevalence + share)),
            "corrected": (design_share(tagged.astype(float), machine, said, design), share),
            "naive": (share_estimate(int(tagged.sum()), n), share),
        }
        held.update(name for name, (figure, value) in known.items() if figure.low <= value <= figure.high)
    shares = {name: held[name] / RUNS for name in (*measured, "naive")}
    assert all(0.93 <= shares[name] <= 0.98 for name in measured), shares
    assert shares["naive"] < 0.6, shares


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Time reported it a long time ago, TIME said.", "▒▒▒▒ reported it a long time ago, ▒▒▒▒ said."),
        ("fox news and The Fox News desk", "▒▒▒▒▒▒▒▒ and The ▒▒▒▒▒▒▒▒ desk"),
        ("Timely words on the hill; The Hill asked", "Timely words on the hill; The ▒▒▒▒ asked"),
        ("see hotair-com at www.hotair.com", "see ▒▒▒▒▒▒▒▒▒▒ at ▒▒▒▒▒▒▒▒▒▒▒▒▒▒"),
    ],
)
def test_what_coders_read_names_no_outlet_and_keeps_its_words(text, shown):
    assert _masked(text, _mask(["Time", "Fox News", "The Hill", "hotair-com"])) == shown
