"""The study of launches whose truth is known."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.analysts.launches.conftest import AS_OF, FIRST, NEW, PAST, Studied, item_days, spent

from duoshou.analysts.assortment.worth import classes
from duoshou.analysts.launches import LaunchStudy
from duoshou.analysts.launches.arriving import class_a
from duoshou.analysts.launches.rates import Rate
from duoshou.analysts.launches.study import Candidate
from duoshou.statistics.launches import Pace, Verdict


def candidate(study: LaunchStudy, name: str) -> Candidate:
    """Return a new product of a study."""
    return next(one for one in study.candidates if one.id == name)


def test_hits_pass_and_duds_fail(known: LaunchStudy) -> None:
    """By money per visitor: who sells for three times the price passes at a usual conversion."""
    assert known.launches == PAST + len(NEW)
    assert {one.id for one in known.candidates} == set(NEW)
    assert candidate(known, "hit").verdict is Verdict.PASSED
    assert candidate(known, "dear").verdict is Verdict.PASSED
    assert candidate(known, "dud").verdict is Verdict.FAILED
    dear = candidate(known, "dear").rate(Rate.BUYERS)
    assert dear is not None
    assert dear.judgement.verdict is Verdict.NOT_ENOUGH
    assert known.candidates[0].verdict is Verdict.PASSED


def test_money_per_visitor_is_conversion_times_price(known: LaunchStudy) -> None:
    """A festival on which everybody buys double does not make a product look better than it is."""
    for name, (age, rate, price) in NEW.items():
        one = candidate(known, name)
        assert one.age == age
        assert one.launched == AS_OF - timedelta(days=age - 1)
        money = one.rate(Rate.MONEY)
        assert money is not None
        assert money.judgement.low <= rate * price <= money.judgement.high
        assert money.tries == one.visitors


def test_what_is_open_says_how_many_visitors_are_missing(known: LaunchStudy) -> None:
    """Three days tell nothing yet; the number stands for visitors, not for tries of money."""
    young = candidate(known, "young")
    assert young.verdict is Verdict.NOT_ENOUGH
    assert (young.next_check, candidate(known, "hit").next_check) == (7, 21)
    buyers = young.rate(Rate.BUYERS)
    assert buyers is not None
    assert young.needed is not None
    assert buyers.judgement.needed is not None
    assert 100 < young.needed < 100_000
    assert young.needed == pytest.approx(buyers.judgement.needed, rel=0.5)


def test_leading_rates_are_heard_where_they_foretold_money(known: LaunchStudy) -> None:
    """Favourites and carts went with sales in the past of this shop, so the hit's are a good early sign."""
    interest = candidate(known, "hit").rate(Rate.INTEREST)
    assert interest is not None
    assert interest.foretells is True
    assert candidate(known, "hit").early is Verdict.PASSED
    assert candidate(known, "hit").rate(Rate.SEARCH) is None


def test_a_passing_launch_is_told_with_money_and_a_failing_one_with_its_spend(known: LaunchStudy) -> None:
    """What class A's traffic would leave, and what promotion costs."""
    pushed = [one for one in known.findings if one.kind == "launches.push"]
    assert {one.subject.id for one in pushed} == {"hit", "dear"}
    (stop,) = [one for one in known.findings if one.kind == "launches.stop"]
    assert stop.impact is not None
    # Of 28 days 13 have settled.
    assert stop.impact.high == stop.impact.amount == Decimal(1300)
    assert stop.impact.low <= stop.impact.amount <= stop.impact.high
    assert [row[0] for row in stop.evidence[0].rows] == ["dud"]
    for one in known.findings:
        assert one.impact is not None
        assert 0 < one.impact.amount <= one.impact.high
        assert one.impact.low <= one.impact.amount


def test_promotion_that_earns_its_cost_is_not_told(studied: Studied) -> None:
    """A launch that fails but whose promotion leaves more than it costs may go on; one that claims less is told."""
    items = item_days()
    earning = studied(product_period=items, ad_period=spent("dud", 28, claims="1000"))
    assert not [one for one in earning.findings if one.kind == "launches.stop"]
    (stop,) = [
        one
        for one in studied(product_period=items, ad_period=spent("dud", 28, claims="100")).findings
        if one.kind == "launches.stop"
    ]
    assert stop.impact is not None
    assert 0 < stop.impact.amount < stop.impact.high


def test_a_launch_that_everybody_likes_from_its_first_day_is_judged(studied: Studied) -> None:
    """Where launches are liked late, a young one's tries count for less, but never for fewer than its hits."""
    rows = item_days()
    first: dict[str, int] = {}
    for row in rows:
        day = first.setdefault(row["product_id"], row["period_start"].toordinal())
        row["favourite_buyers"] = 0
        if row["product_id"] == "young":
            row["cart_buyers"] = row["visitors"]
        elif row["period_start"].toordinal() < day + 7:
            row["cart_buyers"] = 0
    interest = candidate(studied(product_period=rows), "young").rate(Rate.INTEREST)
    assert interest is not None
    assert interest.judgement.rate > interest.judgement.bar


def test_launches_come_one_by_one_here(known: LaunchStudy) -> None:
    """Even steps are steady, and young launches do not count for what takes longer."""
    assert known.arrivals is not None
    assert known.arrivals.cadence.pace is Pace.STEADY
    month, _, quarter = known.arrivals.reached
    assert month.of == known.launches - 2
    assert quarter.of < month.of
    assert known.arrivals.between is None


def test_few_launches_give_no_verdict(studied: Studied) -> None:
    """With five comparable ones nothing is said, whatever the rates; without visitors there is no rate."""
    few = [
        one
        for one in item_days()
        if one["product_id"] in {*NEW, *(f"past {number}" for number in range(5)), "old 0", "old 1"}
    ]
    study = studied(product_period=few)
    assert {one.verdict for one in study.candidates} == {Verdict.NOT_ENOUGH}
    assert study.findings == ()
    assert any("没有这些新品的展现" in one.zh for one in study.caveats)


def test_without_amounts_there_is_no_money_per_visitor(studied: Studied) -> None:
    """Visitors and buyers alone tell the other rates; nothing is decided by them."""
    bare = [{name: value for name, value in one.items() if name != "paid_amount"} for one in item_days()]
    study = studied(product_period=bare)
    assert all(one.rate(Rate.MONEY) is None for one in study.candidates)
    assert candidate(study, "hit").rate(Rate.BUYERS) is not None
    assert {one.verdict for one in study.candidates} == {Verdict.NOT_ENOUGH}


def test_a_shop_without_launches_says_so(studied: Studied) -> None:
    """Nothing, or only products that were there from the beginning."""
    assert studied(None).caveats
    old = studied(product_period=[one for one in item_days() if one["product_id"].startswith("old")])
    assert (old.launches, old.candidates, old.arrivals) == (0, (), None)
    early = studied(FIRST, FIRST + timedelta(days=10), product_period=item_days())
    assert early.launches == 0


def test_who_may_not_see_margins_sees_no_finding(known: LaunchStudy) -> None:
    """Findings reckon with what sales leave; rates and verdicts do not."""
    hidden = known.without_costs()
    assert hidden.findings == ()
    assert hidden.candidates == known.candidates
    told = json.loads(json.dumps(hidden.to_dict()))
    assert told["candidates"][0]["verdict"] == "pass"
    assert told["candidates"][0]["rates"][0]["judgement"]["verdict"] in {"pass", "fail", "not_enough_data"}


@given(arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 60)), elements=st.integers(0, 500).map(float)))
def test_class_a_is_that_of_the_range(amount: np.ndarray) -> None:
    """By the sales of four weeks up to each day."""
    found = class_a(amount)
    for day in {0, amount.shape[1] // 2, amount.shape[1] - 1}:
        letters = classes(amount[:, max(day - 27, 0) : day + 1].sum(axis=1))
        assert found[:, day].tolist() == [one == "A" for one in letters]
