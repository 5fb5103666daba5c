from __future__ import annotations

import pandas as pd

from dashboard import charts, palette


def days(n: int) -> pd.DataFrame:
    dates = pd.date_range("2025-05-01", periods=n)
    return pd.DataFrame({"date": dates, "kind": ["local", "wire"] * (n // 2), "n_articles": 1})


EVENTS = pd.DataFrame(
    {"date": ["2025-05-02", "2025-05-03"], "letter": ["A", "B"], "title": ["x", "y"], "is_this_case": [True, False]}
)
GAPS = pd.DataFrame({"date": ["2025-05-02"], "n_outlets": [1], "n_followed": [4], "names": ["Hill Herald"]})
NONE = EVENTS.head(0)


def test_coverage_draws_bars_events_and_gaps() -> None:
    spec = charts.coverage(days(10), "kind", EVENTS, GAPS, palette.assign(["local", "wire"])).to_dict()

    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["rect", "bar", "rule", "text"]
    assert spec["layer"][1]["encoding"]["x"]["timeUnit"] == "yearmonthdate"
    shades = spec["datasets"][spec["layer"][0]["data"]["name"]]
    assert shades[0]["opacity"] == charts.SHADE / 4


def test_coverage_of_months_is_drawn_by_week_and_without_what_is_not_there() -> None:
    spec = charts.coverage(days(120), "kind", NONE, GAPS.head(0), {}).to_dict()

    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["bar"]
    assert spec["layer"][0]["encoding"]["x"]["timeUnit"] == "yearweek"


def test_forest_has_intervals_both_estimates_and_a_colour_per_outlet() -> None:
    rows = pd.DataFrame(
        {"name": ["The Very Long Name of an Outlet"], "outlet": ["b"], "n": [7], "raw": [0.1], "low": [0.0],
         "high": [0.2], "shrunk": [0.05], "href": ["article?outlet=b"]}
    )  # fmt: skip

    spec = charts.forest(rows, "tone", {"a": "#000001", "b": "#000002"}).to_dict()

    data = next(rows for rows in spec["datasets"].values() if "raw" in rows[0])
    assert data[0]["name"] == "The Very Long Name of an Outlet"
    assert (data[0]["low"], data[0]["raw"], data[0]["shrunk"], data[0]["high"]) == (0.0, 0.1, 0.05, 0.2)
    assert spec["layer"][1]["encoding"]["color"]["scale"] == {"domain": ["b"], "range": ["#000002"]}
    assert spec["layer"][1]["encoding"]["href"]["field"] == "href"


def test_stacked_keeps_the_order_of_its_series() -> None:
    rows = pd.DataFrame(
        {"name": ["A", "A", "B"], "series": ["x", "y", "x"], "value": [0.2, 0.8, 1.0], "order": [0.8, 0.8, 0.0],
         "n": 1, "n_articles": 1, "href": ""}
    )  # fmt: skip

    spec = charts.stacked(rows, ["y", "x"], ["#000001", "#000002"], "share", is_share=True).to_dict()

    assert spec["encoding"]["y"]["sort"] == ["A", "B"]
    assert spec["encoding"]["color"]["scale"]["domain"] == ["y", "x"]
    assert [row["place"] for row in next(iter(spec["datasets"].values()))] == [1, 0, 1]
