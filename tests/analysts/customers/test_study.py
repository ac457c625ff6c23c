"""What is told of the customers of a shop, against counts made another way and known truth."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.analysts.customers.conftest import AS_OF, Asked, bought, simulated

from duoshou.analysts.customers import Cuts, study_customers
from duoshou.analysts.customers import outlook as module
from duoshou.analysts.customers.audience import wilson
from duoshou.analysts.customers.cohorts import cohorts
from duoshou.analysts.customers.findings import risk_finding
from duoshou.analysts.customers.intervals import median_interval, repurchases
from duoshou.analysts.customers.listing import COLUMNS, listed
from duoshou.analysts.customers.outlook import MOST_ERROR, learn, outlook
from duoshou.analysts.customers.question import known
from duoshou.analysts.customers.returning import Returned, fall
from duoshou.analysts.customers.segments import cut_offs, segments

HAND = [
    bought("a", AS_OF, "500.00"),
    bought("a", AS_OF - timedelta(40), "100.00"),
    bought("b", AS_OF - timedelta(300), "20.00"),
    bought("c", AS_OF - timedelta(200), "900.00"),
    bought("d", AS_OF - timedelta(5), "30.00", refund_amount="30.00"),
    bought("e", AS_OF - timedelta(9), "40.00", status="closed"),
    bought(None, AS_OF, "70.00"),
    bought("f", AS_OF + timedelta(1), "70.00"),
]


def test_only_kept_purchases_of_known_buyers_up_to_the_day_count(asked: Asked) -> None:
    """Refunded and closed purchases, later ones and those of nobody make no customer; nobody's lines are counted."""
    found = known(asked(HAND))
    assert (found.customers, found.returned, found.unknown_orders) == (3, 1, 1)
    assert found.money == Decimal("1520.00")


def test_segments_follow_the_cut_offs_that_are_set(asked: Asked) -> None:
    """Each customer is in the one segment that the three answers name, and money adds up."""
    question = asked(HAND, cuts=Cuts(100, 2, Decimal(500)))
    cuts = cut_offs(question)
    assert cuts is not None
    found = {one.key: one for one in segments(question, cuts)}
    assert {key: one.customers for key, one in found.items() if one.customers} == {
        "champions": 1,
        "rescue": 1,
        "lost": 1,
    }
    assert found["champions"].money == Decimal("600.00")
    assert sum(one.money for one in found.values()) == Decimal("1520.00")
    assert sum(one.share for one in found.values()) == pytest.approx(1)


def test_a_list_names_everybody_once_by_key(asked: Asked) -> None:
    """The list has a row for each customer, in the segment of the table; what cannot be told stays empty."""
    rows = list(listed(asked(HAND, cuts=Cuts(100, 2, Decimal(500)))))
    assert [row[:2] for row in rows] == [("a", "champions"), ("b", "lost"), ("c", "rescue")]
    assert all(len(row) == len(COLUMNS) and row[-1] is None for row in rows)


def test_cohorts_are_those_of_a_count_by_hand(asked: Asked) -> None:
    """Retention of every cohort and month equals the count over customers one by one."""
    rows = simulated(400)
    by_buyer: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        by_buyer[row["buyer_key"]].add(row["paid_on"].year * 12 + row["paid_on"].month - 1)
    expected: dict[tuple[int, int], int] = defaultdict(int)
    for months in by_buyer.values():
        for month in months:
            expected[min(months), month - min(months)] += 1
    found = {
        (one.month.year * 12 + one.month.month - 1, each.months): each.customers
        for one in cohorts(asked(rows))
        for each in one.months
        if each.customers
    }
    assert found == expected


def test_a_month_that_goes_on_is_told(asked: Asked) -> None:
    """On its last day a month is over; a day later the next one goes on."""
    rows = [bought("a", date(2026, 1, 3))]
    for as_of, over in ((date(2026, 2, 28), [True, True]), (date(2026, 3, 1), [True, True, False])):
        (one,) = cohorts(replace(asked(rows), as_of=as_of))
        assert [each.is_over for each in one.months] == over


def test_what_cohorts_left_adds_up_and_is_unknown_where_a_cost_is(asked: Asked) -> None:
    """The contribution accumulates over the months, and is untold from the first line without costs on."""
    rows = [bought(buyer, date(2026, month, 3)) for buyer in "ab" for month in (1, 2, 4)]
    left = [
        {"shop": "main", "order_id": row["order_id"], "line_no": 1, "contribution": value, "income": "100.00"}
        for row, value in zip(rows, ("40.00", "30.00", "20.00", "10.00", "5.00", None), strict=True)
    ]
    (one,) = cohorts(asked(rows, tables={"line_contribution": left}))
    assert [each.contribution for each in one.months] == [Decimal(50), Decimal(85), Decimal(85), None, None, None]


def test_a_product_is_due_after_the_median_of_its_intervals(asked: Asked) -> None:
    """Forty customers buy every 30 days; those who last did 31 days ago are due, those of yesterday are not."""
    rows = [
        bought(f"{ago}-{number}", AS_OF - timedelta(ago + back))
        for ago, buyers in ((31, 10), (1, 30))
        for number in range(buyers)
        for back in (0, 30 + number % 3)
    ]
    (one,) = repurchases(asked(rows))
    assert (one.median, one.gaps, one.customers, one.due) == (31, 40, 40, 10)
    assert one.low <= one.median <= one.high


@given(st.lists(st.integers(0, 400), min_size=1, max_size=300))
@settings(deadline=None, max_examples=50)
def test_the_median_is_numpys_lower_one(gaps: list[int]) -> None:
    """The median of counted values is the lower median, and lies within its interval."""
    values, numbers = np.unique(np.array(gaps, dtype=np.int64), return_counts=True)
    median, low, high = median_interval(values, numbers)
    assert median == sorted(gaps)[(len(gaps) - 1) // 2]
    assert min(gaps) <= low <= median <= high <= max(gaps)


def test_wilson_is_the_published_interval() -> None:
    """Newcombe (1998), table I: 81 of 263 has .2553 to .3662, 0 of 20 has 0 to .1611."""
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)


def months(*returned: int, customers: int = 400) -> tuple[Returned, ...]:
    """Return months in a row of so many who came back."""
    return tuple(
        Returned(date(2025, 1 + number, 1), customers, one, Decimal(80)) for number, one in enumerate(returned)
    )


def test_a_fall_of_returns_is_told_in_customers_and_money() -> None:
    """Of 400 a tenth comes back where a fifth did: forty are lost, in an interval around it."""
    found = fall(months(80, 78, 82, 79, 81, 40))
    assert found is not None
    assert found.lost == pytest.approx(40)
    assert found.low < 40 < found.high
    assert found.money == Decimal(80)


@pytest.mark.parametrize("returned", [(80, 78, 82, 79, 81, 74), (40, 120, 60, 100, 80, 45), (80, 78, 40)])
def test_chance_wobble_and_too_few_months_are_no_fall(returned: tuple[int, ...]) -> None:
    """A month within chance, within what months differ by anyway, or against too few others is not told."""
    assert fall(months(*returned)) is None


def test_falls_are_seldom_told_of_a_shop_that_stays_the_same() -> None:
    """Of 2,000 shops without any change about one in a hundred is told a fall, whether or not months wobble."""
    random = np.random.default_rng(3)
    for wobble in (0.0, 0.15):
        rates = 0.2 * np.exp(random.normal(0, wobble, (2000, 9)))
        told = sum(fall(months(*map(int, one))) is not None for one in random.binomial(400, rates))
        assert told / 2000 < 0.025


def test_the_future_of_a_model_shop_lies_within_its_interval(asked: Asked) -> None:
    """What customers do after the day is held against what was told on it, and the list adds up to the same."""
    rows = simulated(700)
    day = AS_OF - timedelta(90)
    question = asked(rows, as_of=day)
    before = {row["buyer_key"] for row in rows if row["paid_on"] <= day}
    later = [row for row in rows if row["paid_on"] > day and row["buyer_key"] in before]
    found = outlook(question, known(question), learn(question, known(question)))
    assert found.orders.low < len(later) < found.orders.high
    assert found.money.low < sum(float(row["paid_amount"]) for row in later) < found.money.high
    assert len(found.trials) == 3
    told = list(listed(question))
    assert sum(row[7] for row in told) == pytest.approx(found.orders.value, rel=1e-3)
    assert 0 < found.at_risk == sum(row[9] for row in told) < found.active
    risk = risk_finding(question, found)
    assert risk is not None
    assert risk.impact is not None
    assert risk.impact.low < risk.impact.amount < risk.impact.high


def test_too_few_who_came_back_are_not_foretold(asked: Asked) -> None:
    """With one who came back nothing is foretold, and the study says why."""
    study = study_customers(asked(HAND))
    assert study.outlook is None
    assert any("不能判断" in one.zh for one in study.caveats)
    assert study.findings == ()


def test_what_is_not_known_within_a_factor_of_ten_is_not_told(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    """A forecast of which not even the order of magnitude is known is no forecast: the study says so instead."""
    question = asked(simulated(300))
    assert study_customers(question).outlook is not None
    monkeypatch.setattr(module, "orders_error", lambda *_: 1.01 * MOST_ERROR)
    study = study_customers(question)
    assert study.outlook is None
    assert any("不能判断" in one.zh for one in study.caveats)
    assert not any(one.kind == "customers.at_risk" for one in study.findings)


def test_a_shop_without_orders_or_without_buyers_says_so(asked: Asked) -> None:
    """Nothing is invented for a shop that is empty, or whose platform masks everybody."""
    empty = study_customers(asked([]))
    masked = study_customers(asked([bought(None, AS_OF)]))
    assert (empty.segments, masked.segments) == ((), ())
    assert "打码" in masked.caveats[0].zh
    assert "还没有" in empty.caveats[0].zh


def test_without_the_right_to_costs_no_contribution_is_left(asked: Asked) -> None:
    """What sales leave is taken out of the study for those who may not see it; the rest stays."""
    rows = [bought("a", date(2026, 1, 3))]
    left = [{"shop": "main", "order_id": rows[0]["order_id"], "line_no": 1, "contribution": "4.00", "income": "9.00"}]
    study = study_customers(asked(rows, tables={"line_contribution": left}))
    assert study.cohorts[0].months[0].contribution == Decimal(4)
    assert study.without_costs().cohorts[0].months[0].contribution is None
    assert study.without_costs().segments == study.segments


def test_who_buys_often_and_everywhere_is_no_trait_of_every_province(asked: Asked) -> None:
    """Customers whose provinces say nothing of what they spend: the indices lie about 100, however many each has."""
    random = np.random.default_rng(3)
    provinces = ("浙江", "广东", "四川", "河南")
    rows = [line | {"province": str(random.choice(provinces))} for line in simulated(1200)]
    found = [one for one in study_customers(asked(rows)).indices if one.dimension == "region"]
    assert {one.value for one in found} == set(provinces)
    assert sum(one.customers for one in found) == len({line["buyer_key"] for line in rows})
    share = sum(one.spending for one in found) / sum(one.customers for one in found)
    assert sum(one.index * share * one.customers for one in found) / 100 == pytest.approx(
        sum(one.spending for one in found)
    )
    assert all(one.low <= 100 <= one.high for one in found)


def test_a_customer_counts_where_most_of_the_money_went(asked: Asked) -> None:
    """Two small orders to one province and a large one to another count for the other."""
    day = AS_OF - timedelta(days=100)
    rows = []
    for number in range(100):
        name = f"b{number:03d}"
        rows += [bought(name, day + timedelta(days=one), "10.00", province="浙江") for one in range(2)]
        rows.append(bought(name, day + timedelta(days=5), "500.00" if number < 60 else "15.00", province="广东"))
    told = {one.value: one.customers for one in study_customers(asked(rows)).indices if one.dimension == "region"}
    assert told == {"广东": 60, "浙江": 40}
