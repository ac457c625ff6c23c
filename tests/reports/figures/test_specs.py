"""What figures say, read from their specs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.figures.conftest import days_from, full_trend

from duoshou.metrics import Unit
from duoshou.reports.figures import (
    DARK,
    LIGHT,
    NARROW,
    WIDE,
    Bars,
    Change,
    Event,
    Figure,
    Look,
    Part,
    Trend,
    Waterfall,
    bars,
    spec_of,
    trend,
    waterfall,
)
from duoshou.reports.figures.canvas import Spec

WATERFALL = Waterfall(
    "支付金额",
    Unit.MONEY,
    1_234_567.8,
    1_098_765.4,
    "上周",
    "本周",
    (Change("访客数", -98_000.0), Change("支付转化率", -61_200.5), Change("客单价", 23_398.1)),
)
BARS = Bars("按商品", Unit.MONEY, tuple(Part(f"商品 {n}", (-1) ** n * 1000.0 * n) for n in range(1, 15)), most=5)
LOOKS = [
    Look(width=width, theme=theme, language=language)
    for width in (NARROW, WIDE)
    for theme in ("light", "dark", "page")
    for language in ("zh", "en")
]


def texts(spec: Spec) -> list[str]:
    """Return every drawn text."""
    return [row["text"] for rows in spec["datasets"].values() for row in rows if "text" in row]


def readings(spec: Spec) -> list[str]:
    """Return the description of every mark that has one."""
    return [row["says"] for rows in spec["datasets"].values() for row in rows if "says" in row]


def layers(spec: Spec, mark: str) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Return (mark, rows) of the layers of a kind."""
    return [
        (one["mark"], spec["datasets"][one["data"]["name"]]) for one in spec["layer"] if one["mark"]["type"] == mark
    ]


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look.width}-{look.theme}-{look.language}")
@pytest.mark.parametrize("figure", [full_trend(), WATERFALL, BARS], ids=["trend", "waterfall", "bars"])
def test_a_spec_is_valid_and_as_wide_as_asked(figure: Figure, look: Look) -> None:
    """Altair's schema accepts each spec, and plot and margins make the width."""
    import altair as alt

    spec = spec_of(figure, look)
    alt.LayerChart.from_dict({name: part for name, part in spec.items() if name != "datasets"})
    assert spec["width"] + spec["padding"]["left"] + spec["padding"]["right"] == pytest.approx(look.width, abs=0.3)
    assert spec["autosize"] == {"type": "none"}
    json.dumps(spec, allow_nan=False)


def test_unknown_days_are_gaps() -> None:
    """A line ends before an unknown day and begins anew after it; the day says that it has no data."""
    spec = trend(full_trend(), Look())
    _, rows = next((mark, rows) for mark, rows in layers(spec, "line") if mark["stroke"] == LIGHT.accent)
    assert {row["run"] for row in rows} == {1, 2, 3}
    assert len(rows) == 28
    assert "没有数据" in readings(spec)[5]
    assert all("没有数据" not in text for place, text in enumerate(readings(spec)) if place not in {5, 9})


def test_a_missing_day_is_a_gap_and_a_month_is_none() -> None:
    """Days that are not in the series break the line; months of unequal length do not."""
    days = (*days_from(date(2026, 11, 1), 3), *days_from(date(2026, 11, 6), 3))
    months = tuple(date(2026, month, 1) for month in range(1, 7))
    runs = []
    for chosen in (days, months):
        spec = trend(Trend("访客数", Unit.PEOPLE, chosen, (1.0, 2.0, 3.0, 4.0, 5.0, 6.0)), Look())
        runs.append(len({row["run"] for row in layers(spec, "line")[0][1]}))
    assert runs == [2, 1]


def test_provisional_days_are_hollow_and_say_so() -> None:
    """Three hollow points, three readings, and a key."""
    spec = trend(full_trend(), Look())
    hollow = [rows for mark, rows in layers(spec, "point") if mark["strokeWidth"] > 0 and len(rows) == 3]
    assert len(hollow) == 1
    assert sum("未定" in text for text in readings(spec)) == 3
    assert "未定" in texts(spec)


def test_a_reading_says_everything_of_its_day() -> None:
    """Value, expectation with its interval, comparison and event, in both languages."""
    series = full_trend()
    assert readings(trend(series, Look()))[12] == (
        "2026-11-07 周六：160,050.00 元，预期 165,000.00 元 (148,500.00 元 至 181,500.00 元)，"
        "上周同期 132,000.00 元，改价"
    )
    english = readings(trend(replace(series, comparison_label="week before"), Look(language="en")))[12]
    assert english == (
        "Sat Nov 7, 2026: 160,050.00 CNY; expected 165,000.00 CNY (148,500.00 CNY to 181,500.00 CNY); "
        "week before 132,000.00 CNY; 改价"
    )


def test_events_are_ruled_or_shaded() -> None:
    """What lasted is a shade behind the data, what happened once a rule; both have their label."""
    spec = trend(full_trend(), Look())
    shade = [row for _, rows in layers(spec, "rect") for row in rows if row["colour"] == LIGHT.shade]
    assert len(shade) == 1
    assert shade[0]["x2"] - shade[0]["x"] == pytest.approx(4 / 30 * spec["width"] - 1, abs=0.2)
    assert {"双11", "改价"} <= set(texts(spec))
    outside = replace(full_trend(), events=(Event(date(2020, 1, 1), "很久以前"),))
    assert "很久以前" not in texts(trend(outside, Look()))


def test_many_events_do_not_lie_on_each_other() -> None:
    """Labels without room are left out of the picture, and are still read on their day."""
    series = full_trend()
    crowd = tuple(Event(day, f"一件事情 {day:%d}") for day in series.days)
    spec = trend(replace(series, events=crowd), Look(width=NARROW))
    assert len([text for text in texts(spec) if text.startswith("一件事情")]) < 16
    assert all("一件事情" in text for text in readings(spec))


def test_the_axis_has_zero_unless_that_would_hide_the_data() -> None:
    """From zero for 50 to 100; from near the data for 90 to 100."""
    days = days_from(date(2026, 11, 1), 3)
    near = texts(trend(Trend("", Unit.COUNT, days, (90.0, 95.0, 100.0)), Look()))
    far = texts(trend(Trend("", Unit.COUNT, days, (50.0, 75.0, 100.0)), Look()))
    assert "0" not in near
    assert "0" in far


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_known_is_said(language: Any) -> None:
    """No empty axes: the figure says that there is nothing."""
    days = days_from(date(2026, 11, 1), 2)
    look = Look(language=language)
    message = {"zh": "这段时间没有数据", "en": "no data in this period"}[language]
    for series in (Trend("x", Unit.COUNT, days, (None, float("nan"))), Trend("x", Unit.COUNT, (), ())):
        assert texts(trend(series, look)) == ["x", message]
    assert len(texts(waterfall(replace(WATERFALL, baseline=None), look))) == 2
    assert len(texts(bars(Bars("x", Unit.COUNT, (Part("a", None),)), look))) == 2


def test_series_that_do_not_fit_are_refused() -> None:
    """Unequal length, days out of order, and an interval with one end are mistakes of the caller."""
    days = days_from(date(2026, 11, 1), 2)
    for wrong in (
        {"actual": (1.0,)},
        {"actual": (1.0, 2.0), "expected": (1.0,)},
        {"actual": (1.0, 2.0), "low": (1.0, 2.0)},
        {"actual": (1.0, 2.0), "days": days[::-1]},
    ):
        with pytest.raises(ValueError, match=r"values for|ascend|two ends"):
            Trend("x", Unit.COUNT, **({"days": days} | wrong))


def test_a_waterfall_ends_where_the_number_is() -> None:
    """Drivers that add up have no rest; those that do not leave one, with the difference."""
    assert readings(waterfall(WATERFALL, Look())) == [
        "上周：1,234,567.80 元",
        "访客数：−98,000.00 元",
        "支付转化率：−61,200.50 元",
        "客单价：+23,398.10 元",
        "本周：1,098,765.40 元",
    ]
    short = replace(WATERFALL, changes=WATERFALL.changes[:2])
    assert readings(waterfall(short, Look()))[3] == "其余（未分解）：+23,398.10 元"
    assert "其余（未分解）" not in texts(waterfall(WATERFALL, Look()))


def test_bars_of_a_waterfall_have_the_length_of_their_change() -> None:
    """Lengths stand to each other as the changes do."""
    spec = waterfall(WATERFALL, Look())
    rows = next(rows for _, rows in layers(spec, "rect"))
    lengths = [row["x2"] - row["x"] for row in rows]
    assert [length / lengths[0] for length in lengths] == pytest.approx(
        [1, 61_200.5 / 98_000, 23_398.1 / 98_000], abs=0.01
    )


INF, NAN = float("inf"), float("nan")
values = st.none() | st.floats() | st.floats(-1e7, 1e7)


@given(
    st.lists(values, min_size=1, max_size=40),
    st.sampled_from(Unit),
    st.sampled_from([NARROW, WIDE]),
    st.text(max_size=40),
)
@settings(max_examples=40, deadline=None)
def test_no_values_break_a_trend(actual: list[float | None], unit: Unit, width: int, name: str) -> None:
    """Whatever comes, there is a spec of finite numbers, with a reading for each day or a word on why there is none."""
    days = days_from(date(2026, 1, 1), len(actual))
    spec = trend(Trend(name, unit, days, tuple(actual), events=(Event(days[0], name, days[-1]),)), Look(width=width))
    json.dumps(spec, allow_nan=False)
    assert len(readings(spec)) in {0, len(days)}
    assert "nan" not in json.dumps(spec["datasets"]) or "nan" in name.lower()


@given(st.lists(st.floats(), max_size=8), values, values, st.sampled_from(Unit))
@settings(max_examples=40, deadline=None)
def test_no_values_break_rows(changes: list[float], baseline: float | None, current: float | None, unit: Unit) -> None:
    """A change that is no number is left to the rest; an end that is none is said."""
    steps = Waterfall("x", unit, baseline, current, "a", "b", tuple(Change("c", value) for value in changes))
    parts = Bars("x", unit, tuple(Part("p", value) for value in [*changes, baseline]), most=3)
    for figure in (steps, parts):
        json.dumps(spec_of(figure, Look()), allow_nan=False)


def test_a_driver_that_is_no_number_is_left_to_the_rest() -> None:
    """The figure still ends where the number is."""
    spec = waterfall(Waterfall("x", Unit.COUNT, 10.0, 15.0, "a", "b", (Change("c", NAN), Change("d", 2.0))), Look())
    assert readings(spec) == ["a：10", "d：+2", "其余（未分解）：+3", "b：15"]
    assert len(texts(waterfall(replace(WATERFALL, current=INF), Look()))) == 2


@pytest.mark.parametrize(("red_up", "falls"), [(True, LIGHT.green), (False, LIGHT.red)])
def test_the_colour_of_a_fall_is_a_setting(red_up: bool, falls: str) -> None:
    """In China a fall is green; elsewhere it is red; nothing but changes has either colour."""
    rows = next(rows for _, rows in layers(waterfall(WATERFALL, Look(red_up=red_up)), "rect"))
    assert rows[0]["colour"] == falls
    assert rows[2]["colour"] == ({LIGHT.red, LIGHT.green} - {falls}).pop()
    plain = json.dumps(trend(full_trend(), Look(red_up=red_up)))
    assert LIGHT.red not in plain
    assert LIGHT.green not in plain


def test_bars_are_sorted_by_size_and_the_rest_is_added_up() -> None:
    """The largest of either sign first; the rest has the sum of the others."""
    said = readings(bars(BARS, Look()))
    assert [text.split("：")[0] for text in said] == [*(f"商品 {n}" for n in (14, 13, 12, 11, 10)), "其余 9 项"]
    assert said[-1].endswith("−5,000.00 元")
    assert said[0].endswith("+14,000.00 元")


def test_a_rest_of_one_keeps_its_name() -> None:
    """Six parts of which five are wanted are all drawn."""
    assert len(readings(bars(replace(BARS, parts=BARS.parts[:6]), Look()))) == 6
    assert not any("其余" in text for text in texts(bars(replace(BARS, parts=BARS.parts[:6]), Look())))


def test_unknown_parts_are_counted() -> None:
    """A part without a value is no bar of zero."""
    spec = bars(replace(BARS, parts=(*BARS.parts[:3], Part("x", None), Part("y", float("nan")))), Look())
    assert readings(spec)[-1] == "2 项没有数据"
    assert texts(spec)[-1] == "—" or "—" in texts(spec)
    assert len(next(rows for mark, rows in layers(spec, "rect"))) == 3


def test_levels_have_no_sign_and_one_colour() -> None:
    """Bars of levels are no changes."""
    spec = bars(Bars("x", Unit.COUNT, (Part("a", 5.0), Part("b", 3.0)), changes=False), Look())
    assert {row["colour"] for row in next(rows for _, rows in layers(spec, "rect"))} == {LIGHT.accent}
    assert {"5", "3"} <= set(texts(spec))


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_told_from_the_ground(palette: Any) -> None:
    """Text has 4.5 to 1 (also on a shade), lines of data have 3 to 1, and each colour is one of its kind."""
    for name in ("ink", "muted", "accent", "red", "green"):
        assert contrast(getattr(palette, name), palette.paper) >= 4.5, name
    assert contrast(palette.muted, palette.shade) >= 4.5
    for name in ("expected", "comparison"):
        assert contrast(getattr(palette, name), palette.paper) >= 3, name
    assert len(palette.named()) == 12
