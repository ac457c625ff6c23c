"""The comparison by festival: values of days that need not be in a row."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.metrics.conftest import Ask, Toy

from duoshou.metrics import Catalogue, Flag, QueryResult
from duoshou.metrics.buckets import aligned_frame, current_frame
from duoshou.model import Comparison, Grain, InvalidPeriod, Period, ScatteredDays
from duoshou.settings import Settings
from duoshou.settings.calendar import load_calendar

CALENDAR = load_calendar(Settings())


def compared(
    toy: Toy, *metrics: str, period: Period, grain: Grain | None = None, by: tuple[str, ...] = ()
) -> QueryResult:
    """Return the answer, compared by festival."""
    aligned = CALENDAR.align(period).others
    return toy.ask(*metrics, period=period, grain=grain, by=by, comparison=Comparison.FESTIVAL, aligned=aligned)


def amount_of(day: date) -> int:
    """Return a made-up amount that names its day: no two sums of days are alike by chance."""
    return (day - date(2022, 1, 1)).days ** 2 % 99991 + 1


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Iterator[Toy]:
    """Return a shop with visitors, an amount and buyers on every day of some seasons; tests only read it."""
    toy = Toy(tmp_path_factory.mktemp("festival") / "shop.duckdb", catalogue)
    seasons = (("2022-06-01", "2022-07-10"), ("2023-06-10", "2023-07-05"), ("2024-10-10", "2025-05-01"))
    days = [day for first, last in (*seasons, ("2026-01-01", "2026-04-30")) for day in span(first, last)]
    toy.add("shop_period", *({"period_start": day, **figures(day)} for day in days))
    for month in ("2024-12-01", "2025-01-01", "2025-02-01"):
        toy.add("shop_period", {"grain": "month", "period_start": date.fromisoformat(month), "visitors": 7})
    yield toy
    toy.close()


def span(first: str, last: str) -> Period:
    """Return a period of ISO dates."""
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def figures(day: date) -> dict[str, int]:
    """Return what a made-up day holds."""
    return {"visitors": 100 + day.day, "buyers": day.day, "paid_amount": amount_of(day)}


def test_the_lunar_new_year_faces_the_one_before(shop: Toy) -> None:
    """17 to 23 February 2026 against 29 January to 4 February 2025: one run of days, so no list is given."""
    result = compared(shop, "pay_amount", period=Period(date(2026, 2, 17), date(2026, 2, 23)))
    (row,) = result.rows
    assert row.values["pay_amount"].compare == sum(amount_of(date(2025, 1, 29) + timedelta(step)) for step in range(7))
    assert result.to_dict()["comparison"] == {"from": "2025-01-29", "to": "2025-02-04"}


def test_618_by_day_faces_the_same_days_of_june(shop: Toy) -> None:
    """Each day has the amount of its own counterpart: 18 June faces 18 June, the weekday after it another date."""
    period = Period(date(2023, 6, 16), date(2023, 6, 30))
    rows = compared(shop, "pay_amount", period=period, grain=Grain.DAY).rows
    found = {row.dimensions["period"]: row.values["pay_amount"].compare for row in rows}
    assert found["2023-06-18"] == amount_of(date(2022, 6, 18))
    assert found["2023-06-27"] == amount_of(date(2022, 6, 28))
    assert len(found) == 15


def test_a_normal_week_faces_that_of_52_weeks_before(shop: Toy) -> None:
    """An ordinary week of April: the same weekdays, and a change that is theirs."""
    (row,) = compared(shop, "pay_amount", period=Period(date(2026, 4, 13), date(2026, 4, 19))).rows
    before = sum(amount_of(date(2025, 4, 14) + timedelta(step)) for step in range(7))
    now = sum(amount_of(date(2026, 4, 13) + timedelta(step)) for step in range(7))
    assert row.values["pay_amount"].compare == before
    assert row.values["pay_amount"].change == pytest.approx(now / before - 1)


SCATTERED = Period(date(2026, 1, 10), date(2026, 2, 20))


def test_days_with_gaps_are_listed_and_only_they_count(shop: Toy) -> None:
    """The hull, the runs within it, and the sum of the days in the runs."""
    aligned = CALENDAR.align(SCATTERED).others
    result = compared(shop, "pay_amount", period=SCATTERED)
    assert result.rows[0].values["pay_amount"].compare == sum(amount_of(day) for day in aligned)
    comparison = json.loads(json.dumps(result.to_dict()))["comparison"]
    assert (comparison["from"], comparison["to"]) == (str(min(aligned)), str(max(aligned)))
    runs = [Period(*map(date.fromisoformat, run)) for run in comparison["aligned"]]
    assert len(runs) > 1
    assert [day for run in runs for day in run] == sorted(aligned)


@pytest.mark.parametrize("grain", [Grain.WEEK, Grain.MONTH])
def test_a_bucket_faces_the_days_of_its_days(shop: Toy, grain: Grain) -> None:
    """A week or month of the period is compared with the counterparts of its own days, wherever they lie."""
    facing = dict(zip(SCATTERED, CALENDAR.align(SCATTERED).others, strict=True))
    rows = compared(shop, "pay_amount", period=SCATTERED, grain=grain).rows
    for row, bucket in zip(rows, SCATTERED.buckets(grain), strict=True):
        assert row.values["pay_amount"].compare == sum(amount_of(facing[day]) for day in bucket)


def test_a_ratio_is_recomputed_over_the_days(shop: Toy) -> None:
    """Σ paid amount ÷ Σ visitors of the aligned days, never a mean of days."""
    aligned = CALENDAR.align(SCATTERED).others
    (row,) = compared(shop, "value_per_visitor", period=SCATTERED).rows
    expected = sum(map(amount_of, aligned)) / sum(100 + day.day for day in aligned)
    assert float(row.values["value_per_visitor"].compare or 0) == pytest.approx(expected)


def test_people_of_days_with_gaps_are_approximate(shop: Toy) -> None:
    """Stored visitors are added over the days, flagged, though a stored month lies under the hull."""
    aligned = CALENDAR.align(SCATTERED).others
    (row,) = compared(shop, "visitors", period=SCATTERED).rows
    assert row.values["visitors"].compare == sum(100 + day.day for day in aligned)
    assert Flag.APPROXIMATE in row.values["visitors"].flags


def test_a_missing_day_counts_only_where_it_is_compared(toy: Toy) -> None:
    """A day in a gap may be unknown; one of the aligned days may not."""
    aligned = CALENDAR.align(SCATTERED).others
    hull = Period(min(aligned), max(aligned))
    gap = next(day for day in hull if day not in aligned)
    toy.add("shop_period", *({"period_start": day, "paid_amount": 1} for day in {*hull, *SCATTERED} - {gap}))
    (row,) = compared(toy, "pay_amount", period=SCATTERED).rows
    assert Flag.MISSING_DAYS not in row.values["pay_amount"].flags
    assert row.values["pay_amount"].compare == SCATTERED.days


def test_buyers_in_order_lines_are_counted_once_over_the_runs(toy: Toy) -> None:
    """A buyer of the first and of the last run is one buyer; who bought in a gap is none."""
    aligned = CALENDAR.align(SCATTERED).others
    gap = next(day for day in Period(min(aligned), max(aligned)) if day not in aligned)
    bought = ((min(aligned), "a"), (max(aligned), "a"), (max(aligned), "b"), (gap, "c"), (SCATTERED.start, "a"))
    for number, (day, buyer) in enumerate(bought):
        line = {"order_id": str(number), "buyer_key": buyer, "paid_amount": 10, "quantity": 1}
        toy.add("order_line", line | {"created_on": day, "paid_on": day})
    (row,) = compared(toy, "pay_buyers", "pay_amount", period=SCATTERED).rows
    assert row.values["pay_buyers"].compare == 2
    assert row.values["pay_amount"].compare == Decimal(30)


def test_new_and_returning_buyers_are_approximate_over_gaps(toy: Toy) -> None:
    """Whoever bought in two runs would be new in one and returning in the other: exact only without gaps."""
    for number, day in enumerate((date(2022, 1, 1), date(2025, 1, 29), date(2026, 2, 17))):
        line = {"order_id": str(number), "buyer_key": "a", "paid_amount": 10, "quantity": 1}
        toy.add("order_line", line | {"created_on": day, "paid_on": day})
    new_year = Period(date(2026, 2, 17), date(2026, 2, 23))
    for period, is_exact in ((new_year, True), (SCATTERED, False)):
        rows = compared(toy, "pay_amount", period=period, by=("buyer_type",)).rows
        flags = {flag for row in rows for flag in row.values["pay_amount"].flags}
        assert (Flag.APPROXIMATE not in flags) == is_exact


def test_a_young_day_in_a_gap_makes_nothing_provisional(toy: Toy) -> None:
    """Refunds of a day that is not compared may still come; the compared days have settled."""
    aligned = CALENDAR.align(SCATTERED).others
    gap = next(day for day in Period(min(aligned), max(aligned)) if day not in aligned)
    for day in (gap, max(aligned), SCATTERED.start):
        exported = day + timedelta(days=1 if day == gap else 90)
        line = {"order_id": str(day), "paid_amount": 10, "quantity": 1, "created_on": day, "paid_on": day}
        toy.add("order_line", line | {"refund_amount": 0, "exported_at": f"{exported} 00:00:00"})
    (row,) = compared(toy, "net_pay_amount", period=SCATTERED).rows
    assert row.values["net_pay_amount"].compare == 10
    assert Flag.PROVISIONAL not in row.values["net_pay_amount"].flags


@settings(max_examples=20, deadline=None)
@given(st.dates(date(2026, 6, 1), date(2026, 9, 10)), st.integers(0, 19), st.data())
def test_scattered_days_are_worth_their_sum(ask: Ask, start: date, length: int, data: st.DataObject) -> None:
    """Whatever days are compared, an additive value is the sum of what each day is worth alone."""
    period = Period(start, start + timedelta(days=length))
    pool = [date(2026, 6, 1) + timedelta(days=step) for step in range(120)]
    aligned = data.draw(st.permutations(pool))[: period.days]
    (row,) = ask("pay_amount", period=period, comparison=Comparison.FESTIVAL, aligned=aligned).rows
    days = ask("pay_amount", period=Period(pool[0], pool[-1]), grain=Grain.DAY).rows
    worth = {one.dimensions["period"]: one.values["pay_amount"].value or 0 for one in days}
    assert row.values["pay_amount"].compare == sum(worth[str(day)] for day in aligned)
    by_day = ask("pay_amount", period=period, grain=Grain.DAY, comparison=Comparison.FESTIVAL, aligned=aligned).rows
    assert [one.values["pay_amount"].compare or 0 for one in by_day] == [worth[str(day)] for day in aligned]


def test_a_frame_of_days_in_a_row_needs_no_ranges() -> None:
    """Then it is read like any other period."""
    period = Period(date(2026, 2, 17), date(2026, 2, 23))
    frame = aligned_frame(current_frame(period, None), None, CALENDAR.align(period).others)
    assert (frame.ranges, frame.keys) == ((), (None,))
    assert not isinstance(frame.period, ScatteredDays)


def test_without_a_calendar_nothing_is_compared_by_festival(toy: Toy) -> None:
    """Who asks the metrics alone must bring the days."""
    toy.add("shop_period", {"period_start": date(2026, 1, 2), "paid_amount": 1})
    with pytest.raises(InvalidPeriod):
        toy.ask("pay_amount", period=Period.of_day(date(2026, 1, 2)), comparison=Comparison.FESTIVAL)
