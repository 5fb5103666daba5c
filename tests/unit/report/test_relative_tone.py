import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.snapshots import HERALD, NOW, POST, TOPIC, WIRE, HomeBuilder, Piece, usual_pieces
from tracker.report.filters import Filters
from tracker.report.relative_tone import relative_to_event, relative_tones
from tracker.report.snapshot_report import SnapshotReport


def rows(*stories):
    return pd.DataFrame(stories, columns=["event", "outlet", "value"])


def test_a_story_is_measured_by_the_other_outlets_means():
    found = relative_to_event(rows(("e", "a", 0.5), ("e", "b", 0.1), ("e", "b", 0.3), ("e", "c", -0.2)))
    assert found["relative"].tolist() == pytest.approx([0.5 - 0.0, 0.1 - 0.15, 0.3 - 0.15, -0.2 - 0.35])


def test_two_outlets_are_no_measure():
    assert relative_to_event(rows(("e", "a", 0.5), ("e", "b", 0.1)))["relative"].isna().all()


@given(st.lists(st.floats(-1, 1), min_size=3, max_size=8), st.floats(-1, 1))
def test_what_an_event_does_to_all_cancels(values, shift):
    calm = rows(*(("e", f"o{i}", value) for i, value in enumerate(values)))
    grim = calm.assign(value=calm["value"] + shift)
    assert relative_to_event(grim)["relative"].tolist() == pytest.approx(
        relative_to_event(calm)["relative"].tolist(), abs=1e-9
    )


def test_few_stories_have_no_figure_and_many_an_interval(tmp_path):
    pieces = [
        Piece(outlet=outlet, title=f"{outlet.outlet} {day}", at=NOW.replace(day=1 + day), tone=tone + 0.01 * day)
        for outlet, tone in ((POST, 0.3), (HERALD, 0.1), (WIRE, -0.1))
        for day in range(6)
    ]
    with SnapshotReport(HomeBuilder(tmp_path).build(pieces)) as report:
        found = {one.outlet: one.tone for one in relative_tones(report, Filters(topic=TOPIC.topic))}
    assert found[POST.outlet].estimate == pytest.approx(0.3)
    assert found[HERALD.outlet].estimate == pytest.approx(0.0)
    assert found[POST.outlet].low <= 0.3 <= found[POST.outlet].high


def test_stories_without_company_are_left_out_and_counted(tmp_path):
    with SnapshotReport(HomeBuilder(tmp_path).build(usual_pieces())) as report:
        found = relative_tones(report, Filters(topic=TOPIC.topic))
    assert sum(one.n_left_out for one in found) > 0
    assert all(one.tone.estimate is None for one in found if one.tone.n < 5)
