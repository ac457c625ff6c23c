"""Figures of judgements, on truths made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.judgement.curves import area, curve, early_power, interval
from benchmarks.judgement.days import counted, days_of
from benchmarks.judgement.matching import Reported
from benchmarks.judgement.oracle import alpha_of, power
from benchmarks.judgement.scoring import (
    Judged,
    ShopScore,
    coverage,
    errors,
    false_per_week,
    is_honest,
    is_right,
    is_undecided,
    score_shop,
)
from tests.judgement.hand_made import DAYS, finding, incident, lost_orders, shop

FIRST_JUDGED = 50
STOCK_OUT = incident("stock_out", 60, 69)
EFFECTS = {"stock_out": lost_orders(60, 69, {1: -10})}


def scored(*findings: Reported) -> ShopScore:
    """Return the score of findings about a shop whose product 601 lost ten orders a day for ten days."""
    made = shop([STOCK_OUT], EFFECTS)
    return score_shop(made, findings, FIRST_JUDGED, days_of(made.truth))


def the(score: ShopScore) -> Judged:
    """Return the one incident."""
    (one,) = score.incidents
    return one


def test_a_found_incident() -> None:
    """Delay, size and verdict of an incident found on its third day."""
    score = scored(finding(60, [62, 63]))
    one = the(score)
    assert (one.delay, one.days, one.is_found) == (2, 10, True)
    assert one.size == pytest.approx(100.0, rel=0.05)  # 100 orders at a deviation of one a day
    assert one.early_size == pytest.approx(30.0, rel=0.05)
    assert score.verdicts == {"found": 1}
    assert score.days == DAYS - FIRST_JUDGED


def test_what_its_first_days_show_of_an_incident() -> None:
    """Three days of ten orders at a deviation of one: 30 ÷ √3 deviations of their sum, whatever comes later."""
    one = the(scored())
    assert one.early_separation == pytest.approx(30 / 3**0.5, rel=0.05)
    some = replace(one, early_separation=4.0)
    assert early_power(some, 0.1) == pytest.approx(power(4.0, alpha_of(0.1, 3, some.places)))
    assert early_power(replace(some, days=1), 0.1) < early_power(some, 0.1)


def test_a_missed_incident() -> None:
    """Nobody said anything."""
    one = the(scored())
    assert (one.delay, one.is_found, one.causes, one.money) == (None, False, (), None)
    assert not is_right(one)


def test_false_findings_are_counted_by_week_and_day() -> None:
    """Two false findings in ten weeks; the days on which they were first shown are told."""
    score = scored(finding(75, [80], identity="600", name="a"), finding(90, [91], identity="603", name="b"))
    assert score.verdicts == {"false": 2}
    assert false_per_week([score, scored()]) == pytest.approx(2 / 20)
    assert sum(number for number, _ in score.by_day.values()) == 2
    assert sum(days for _, days in score.by_day.values()) == score.days
    assert {place for _, place, _ in score.false} == {"product 600", "product 603"}


def test_incidents_outside_of_the_judged_days_are_not_asked_for() -> None:
    """What began before them, and what explains itself, can be neither found nor missed."""
    early = incident("rank_lost", 40, 60)
    festival = incident("platform_festival", 80, 82, place={}, names={})
    made = shop([early, festival])
    assert score_shop(made, [finding(52, [52])], FIRST_JUDGED, days_of(made.truth)).incidents == ()


@pytest.mark.parametrize(
    ("kind", "causes", "right", "honest", "undecided"),
    [
        ("stock_out", ["stock_out", "rank_lost"], True, False, False),
        ("stock_out", ["rank_lost", "stock_out"], False, False, False),
        ("stock_out", ["rank_lost"], False, False, False),
        ("rank_lost", ["image_worse", "rank_lost"], False, True, False),
        ("rank_lost", ["image_worse"], False, False, False),
        ("rank_lost", ["cannot_tell", "rank_lost"], False, False, True),
        ("rank_lost", [], False, False, True),
    ],
)
def test_causes(kind: str, causes: list[str], right: bool, honest: bool, undecided: bool) -> None:
    """The first cause is right, or stands in for one that the files cannot tell from it and that is named too."""
    one = replace(the(scored(finding(60, [60], causes))), kind=kind)
    assert (is_right(one), is_honest(one), is_undecided(one)) == (right, honest, undecided)


def test_a_cause_may_be_right_later() -> None:
    """The day of detection decides; the last day is reported by itself."""
    late = finding(60, [60, 61], ["rank_lost"])
    late.causes[61] = ("stock_out",)
    one = the(scored(late))
    assert (is_right(one), is_right(one, at_last=True)) == (False, True)


def test_money_is_compared_on_the_last_day_under_way() -> None:
    """The loss reported on day 64 is that of five days: 5 × 10 orders × 50 yuan; day 75 lies after the end."""
    one = the(scored(finding(60, [62, 64, 75], amount=2000.0, width=400.0)))
    assert one.money is not None
    assert one.money["kind"].true == pytest.approx(2500.0)
    assert errors([one], "kind") == [pytest.approx(0.2)]
    assert coverage([one], "kind") == (0, 1)
    wide = the(scored(finding(60, [62], amount=1400.0, width=150.0)))
    assert errors([wide], "sales") == [pytest.approx(100 / 1500)]
    assert coverage([wide], "kind") == (1, 1)


def test_what_arrives_late_belongs_to_the_incident() -> None:
    """A bad batch is returned after its last day; those refunds are of its size, and its loss is compared with them."""
    change = np.zeros((DAYS, 4), dtype=np.int64)
    change[66:76, 1] = 1
    effects = {"bad_batch": {"product.refund_count": change, "product.refunds": change * 10_000}}
    made = shop([incident("bad_batch", 60, 64)], effects)
    late = finding(60, [70, 75, 90], ["bad_batch"], amount=900.0)
    one = the(score_shop(made, [late], FIRST_JUDGED, days_of(made.truth)))
    assert (one.days, one.delay) == (26, 10)
    assert one.size is not None
    assert one.size > 10
    assert one.money is not None
    assert one.money["kind"].true == pytest.approx(1000.0)


def test_an_interval_that_is_unknown_covers_nothing_and_is_not_counted() -> None:
    """A loss without an interval has an error but no coverage."""
    one = the(scored(finding(60, [62], amount=1500.0, width=float("nan"))))
    assert errors([one], "kind") == [pytest.approx(0.0)]
    assert coverage([one], "kind") == (0, 0)


def judgements(sizes: list[float], found: list[bool]) -> list[Judged]:
    """Return incidents of so many days as their size is: a deviation a day."""
    return [
        Judged(1, str(at), "stock_out", 4, size, size, size / 2, size / 2, 50, 0 if one else None)
        for at, (size, one) in enumerate(zip(sizes, found, strict=True))
    ]


def test_the_power_curve_groups_by_doubling_sizes() -> None:
    """Empty bins are left out; the oracle's power is the mean of the closed form over the incidents of the bin."""
    bins = curve(judgements([0.2, 5.0, 6.0, 100.0], [False, True, False, True]), 0.2)
    assert [(one.least, one.number, one.found) for one in bins] == [(0.0, 1, 0), (4.0, 2, 1), (64.0, 1, 1)]
    shared, single = 1 - np.exp(-0.2 * 4 / 7 / 50), 1 - np.exp(-0.2 * 4 / 7)
    assert bins[1].shared == pytest.approx((power(2.5, shared) + power(3.0, shared)) / 2)
    assert bins[1].single == pytest.approx((power(2.5, single) + power(3.0, single)) / 2)
    assert area(bins, lambda one: one.power) == pytest.approx((0 + 0.5 + 1) / 3)


def test_no_incident_has_no_curve() -> None:
    """Shops in which nothing happened give an empty curve."""
    assert curve([], 0.2) == []
    assert area([], lambda one: one.power) == 0.0


def test_the_interval_of_a_part_is_wilsons() -> None:
    """Against the published example of 15 of 20, and at the edges."""
    low, high = interval(15, 20)
    assert low == pytest.approx(0.5313, abs=1e-4)
    assert high == pytest.approx(0.8881, abs=1e-4)
    assert interval(0, 10)[0] == pytest.approx(0.0)
    assert interval(10, 10)[1] == pytest.approx(1.0)
    assert interval(0, 0) == (0.0, 1.0)


def test_days_of_the_calendar() -> None:
    """Women's day of 2026 is a festival, a plain Tuesday in late April is usual, a pay-day is neither."""
    made = shop([])
    days = days_of(made.truth)
    at = {day: position for position, day in enumerate(made.truth["days"])}
    assert days.is_festival[at["2026-03-08"]]
    assert days.is_usual[at["2026-04-21"]]
    assert not days.is_usual[at["2026-04-15"]]
    assert not days.is_festival[at["2026-04-15"]]
    assert days.is_weekend[at["2026-04-25"]]


def test_findings_of_days_that_were_not_judged_are_not_counted() -> None:
    """The number of days is that of the judged ones."""
    days = days_of(shop([]).truth)
    by_day = counted([10, 60], days, slice(50, None))
    assert sum(number for number, _ in by_day.values()) == 1
    assert sum(of for _, of in by_day.values()) == DAYS - 50
