"""What must hold for any period and any split of the synthetic shop."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.metrics.conftest import Ask
from tests.metrics.synthetic import WHOLE

from duoshou.metrics import Additivity, Catalogue, Flag, Unit
from duoshou.model import Comparison, Grain, Period

ADDED = ("pay_amount", "net_pay_amount", "refund_amount", "pay_units", "orders", "ad_cost", "page_views", "freight")
PEOPLE = ("visitors", "pay_buyers", "customers", "new_buyers", "returning_buyers")
SPLITS = ("region", "city", "device", "sku", "product")
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def periods(draw: st.DrawFn) -> Period:
    """Return a period within the synthetic shop's four months."""
    first = draw(st.integers(0, WHOLE.days - 1))
    last = draw(st.integers(first, WHOLE.days - 1))
    return Period(WHOLE.start + timedelta(days=first), WHOLE.start + timedelta(days=last))


@few
@given(period=periods(), grain=st.sampled_from(list(Grain)))
def test_the_buckets_of_additive_metrics_make_the_whole(ask: Ask, period: Period, grain: Grain) -> None:
    """However a period is cut, the parts of what may be added add up to it exactly."""
    (whole,) = ask(*ADDED, period=period).rows
    parts = ask(*ADDED, period=period, grain=grain).rows
    assert len(parts) == len(period.buckets(grain))
    for metric in ADDED:
        values = [row.values[metric].value or 0 for row in parts]
        assert sum(values) == whole.values[metric].value, metric


@few
@given(period=periods(), by=st.sampled_from(SPLITS))
def test_the_groups_of_additive_metrics_make_the_whole(ask: Ask, period: Period, by: str) -> None:
    """However the order lines are split, amounts and units add up to those of all lines."""
    metrics = ("new_pay_amount", "net_pay_amount", "freight", "refund_amount_by_payment")
    (whole,) = ask(*metrics, period=period).rows
    groups = ask(*metrics, period=period, by=[by]).rows
    for metric in metrics:
        total = sum(Decimal(row.values[metric].value or 0) for row in groups)
        assert total == Decimal(whole.values[metric].value or 0), metric


@few
@given(period=periods())
def test_people_lie_between_the_largest_part_and_the_sum(ask: Ask, period: Period) -> None:
    """Distinct people of a period are no fewer than on any day and no more than the days' sum."""
    (whole,) = ask("customers", period=period).rows
    days = [row.values["customers"].value or 0 for row in ask("customers", period=period, grain=Grain.DAY).rows]
    value = whole.values["customers"].value or 0
    assert max(days) <= value <= sum(days)


@few
@given(period=periods())
def test_new_and_returning_buyers_are_all_buyers(ask: Ask, period: Period) -> None:
    """Whoever paid and is known is either new or returning, never both."""
    names = ("new_buyers", "returning_buyers", "pay_buyers")
    (row,) = ask(*names, period=period, where={"device": "pc"}).rows
    new, returning, everybody = (int(row.values[name].value or 0) for name in names)
    assert new + returning == everybody


@few
@given(period=periods(), grain=st.sampled_from([None, *Grain]))
def test_a_ratio_lies_within_its_days(ask: Ask, period: Period, grain: Grain | None) -> None:
    """Σ ÷ Σ lies between the smallest and the largest daily ratio, whatever the bucket."""
    daily = [float(row.values["roas"].value or 0) for row in ask("roas", period=period, grain=Grain.DAY).rows]
    for row in ask("roas", period=period, grain=grain).rows:
        value = row.values["roas"].value
        assert value is not None
        assert min(daily) - 1e-9 <= float(value) <= max(daily) + 1e-9


@few
@given(period=periods())
def test_the_identities_of_the_trade_hold(ask: Ask, period: Period) -> None:
    """CPM = CTR × CPC × 1000, ACOS = 1 ÷ ROAS, cost per order = CPC ÷ conversion, on any period."""
    names = (
        "cost_per_mille",
        "click_through_rate",
        "cost_per_click",
        "acos",
        "roas",
        "cost_per_order",
        "ad_conversion_rate",
    )
    (row,) = ask(*names, period=period).rows
    mille, clicked, click, acos, roas, order, converted = (float(row.values[name].value or 0) for name in names)
    assert mille == pytest.approx(clicked * click * 1000)
    assert acos == pytest.approx(1 / roas)
    assert order == pytest.approx(click / converted)


@few
@given(
    period=periods(),
    comparison=st.sampled_from(sorted(set(Comparison) - {Comparison.FESTIVAL})),
    grain=st.sampled_from([None, *Grain]),
)
def test_what_is_compared_is_the_value_of_that_period(
    ask: Ask, period: Period, comparison: Comparison, grain: Grain | None
) -> None:
    """The compared value of the whole period is what the compared period itself is worth."""
    (row,) = ask("pay_amount", "orders", period=period, comparison=comparison).rows
    (other,) = ask("pay_amount", "orders", period=period.compared(comparison)).rows
    for metric, value in row.values.items():
        if other.values[metric].source == value.source:
            assert value.compare == other.values[metric].value
    rows = ask("pay_amount", period=period, comparison=comparison, grain=grain).rows
    assert [one.dimensions.get("period") for one in rows] == [
        grain.label(bucket.start) if grain else None for bucket in (period.buckets(grain) if grain else [period])
    ]


@few
@given(period=periods())
def test_a_filter_is_the_group_of_its_split(ask: Ask, period: Period) -> None:
    """`--where region=X` gives what `--by region` shows for X."""
    rows = ask("net_pay_amount", "repeat_buyers", period=period, by=["region"]).rows
    for row in rows[:2]:
        region = row.dimensions["region"] or ""
        (alone,) = ask("net_pay_amount", "repeat_buyers", period=period, where={"region": region}).rows
        assert {key: one.value for key, one in alone.values.items()} == {
            key: one.value for key, one in row.values.items()
        }


def test_shares_make_one(ask: Ask) -> None:
    """The shares of all groups of a bucket add up to 1."""
    rows = ask("pay_amount_share", period=WHOLE, by=["region"], grain=Grain.MONTH).rows
    for month in {row.dimensions["period"] for row in rows}:
        shares = [row.values["pay_amount_share"].value or 0 for row in rows if row.dimensions["period"] == month]
        assert sum(shares) == pytest.approx(1)


def test_people_of_several_days_are_never_exact_without_a_stored_row(ask: Ask, catalogue: Catalogue) -> None:
    """Every metric that rests on people says `approximate` when the platform's days are added."""
    period = Period(date(2026, 9, 5), date(2026, 9, 18))
    for metric in catalogue.metrics.values():
        if metric.additivity is Additivity.SHARE:
            continue
        (row,) = ask(metric.key, period=period).rows
        value = row.values[metric.key]
        people = any(catalogue.metrics[leaf].unit is Unit.PEOPLE for leaf in catalogue.leaves(metric.key))
        is_stock = any(
            catalogue.metrics[leaf].additivity is Additivity.LAST_VALUE for leaf in catalogue.leaves(metric.key)
        )
        is_added = value.source is not None and "_period" in value.source and not is_stock
        if people and is_added and value.value is not None:
            assert Flag.APPROXIMATE in value.flags, metric.key
