"""``tracker.open``: a home or a snapshot file, its questions answered by data frames."""

from __future__ import annotations

import pandas as pd
import pytest

import tracker
from tests.snapshots import TOPIC, HomeBuilder, usual_pieces
from tracker.errors import StoreError
from tracker.report.filters import Filters


def test_a_home_and_a_snapshot_file_give_the_same_frames(tmp_path):
    snapshot = HomeBuilder(tmp_path).build(usual_pieces()[:4])
    with tracker.open(tmp_path) as home, tracker.open(str(snapshot)) as file:
        frame = home.articles(Filters(topic=TOPIC.topic))
        pd.testing.assert_frame_equal(frame, file.articles(Filters(topic=TOPIC.topic)))
        assert len(frame) == 4
        assert home.frame("SELECT count(*) AS n FROM outlets")["n"].tolist() == [3]


def test_where_there_is_no_snapshot_it_says_what_to_do(tmp_path):
    with pytest.raises(StoreError, match="no snapshot yet"):
        tracker.open(tmp_path)
