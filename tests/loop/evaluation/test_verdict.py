"""Verdicts follow the interval, the money and the guards."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.loop.evaluation.displacement import Estimate
from duoshou.loop.evaluation.rules import better_when, spends
from duoshou.loop.evaluation.verdict import Guarded, standing_of, verdict_of
from duoshou.metrics import load_catalogue
from duoshou.model import Verdict

UP, DOWN = Estimate(0.2, 0.1, 0.3), Estimate(-0.2, -0.3, -0.1)
NARROW, WIDE = Estimate(0.01, -0.03, 0.05), Estimate(0.05, -0.2, 0.3)
EARNED, LOST = Estimate(500, 100, 900), Estimate(-500, -900, -100)
UNSURE, LIKELY_LOST = Estimate(200, -300, 700), Estimate(-200, -700, 300)


@pytest.mark.parametrize(
    ("moved", "money", "verdict"),
    [
        (UP, None, Verdict.WORKED),
        (UP, EARNED, Verdict.WORKED),
        (UP, UNSURE, Verdict.WORKED),
        (UP, LIKELY_LOST, Verdict.CANNOT_TELL),
        (UP, LOST, Verdict.HARMED),
        (DOWN, None, Verdict.HARMED),
        (DOWN, LIKELY_LOST, Verdict.HARMED),
        (DOWN, EARNED, Verdict.CANNOT_TELL),
        (NARROW, None, Verdict.DID_NOT),
        (NARROW, UNSURE, Verdict.DID_NOT),
        (NARROW, EARNED, Verdict.WORKED),
        (WIDE, None, Verdict.CANNOT_TELL),
        (WIDE, UNSURE, Verdict.CANNOT_TELL),
        (None, EARNED, Verdict.CANNOT_TELL),
    ],
)
def test_the_interval_decides(moved: Estimate | None, money: Estimate | None, verdict: Verdict) -> None:
    """Certain money decides, else the metric; what points two ways, or is too wide, cannot be told."""
    assert verdict_of(moved, 0.1, money) is verdict


def test_the_metric_asked_besides_the_money_has_half_of_the_error() -> None:
    """What the metric alone shows at the level is no success where money was asked first; surer, or alone, it is."""
    moved, sure, unsure = Estimate(0.2, 0.01, 0.4), Estimate(0.2, 0.001, 0.42), Estimate(0.2, -0.01, 0.43)
    money = Estimate(100, -50, 250)
    assert verdict_of(moved, 0.1, money, (), unsure) is Verdict.CANNOT_TELL
    assert verdict_of(moved, 0.1, money, (), sure) is Verdict.WORKED
    assert verdict_of(moved, 0.1, None, (), unsure) is Verdict.WORKED
    turned, other = (one.scaled(-1) for one in (moved, unsure))
    assert verdict_of(turned, 0.1, money.scaled(-1), (), other) is Verdict.CANNOT_TELL
    assert verdict_of(turned, 0.1, None, (), other) is Verdict.HARMED


def test_what_was_expected_decides_whether_it_did_not_work() -> None:
    """An interval around nothing says that it did not work only where it excludes what was expected."""
    assert verdict_of(NARROW, 0.06, None) is Verdict.DID_NOT
    assert verdict_of(NARROW, 0.04, None) is Verdict.CANNOT_TELL


def test_a_guard_that_fell_forbids_success() -> None:
    """A certain fall by more than was gained harms; by less it cannot be told; an unsure one changes nothing."""
    small, large = Guarded("a", Estimate(-0.1, -0.2, -0.02), "fell"), Guarded("a", Estimate(-0.6, -0.8, -0.4), "fell")
    unsure = Guarded("a", Estimate(-0.1, -0.3, 0.1), "unknown")
    assert verdict_of(UP, 0.1, None, [small]) is Verdict.CANNOT_TELL
    assert verdict_of(UP, 0.1, None, [large]) is Verdict.HARMED
    assert verdict_of(UP, 0.1, EARNED, [large]) is Verdict.CANNOT_TELL
    assert verdict_of(UP, 0.1, None, [unsure]) is Verdict.WORKED


def test_a_guard_holds_where_a_fall_that_matters_is_excluded() -> None:
    """Not inferior within the margin, certainly lower, or neither."""
    assert standing_of(Estimate(-0.02, -0.05, 0.01), 0.1) == "held"
    assert standing_of(Estimate(-0.1, -0.15, -0.05), 0.1) == "fell"
    assert standing_of(Estimate(-0.1, -0.3, 0.1), 0.1) == "unknown"
    assert standing_of(None, 0.1) == "unknown"


ends = st.tuples(*[st.floats(-2, 2)] * 3).map(sorted).map(lambda one: Estimate(one[1], one[0], one[2]))
guards = st.lists(ends.map(lambda one: Guarded("a", one, standing_of(one, 0.1))), max_size=3)


@given(ends, st.floats(0.01, 1), st.none() | ends, guards)
def test_success_is_never_said_against_the_numbers(
    moved: Estimate, expected: float, money: Estimate | None, held: list[Guarded]
) -> None:
    """Worked means: the metric or the money certainly rose, neither fell in the middle, and no guard fell."""
    said = verdict_of(moved, expected, money, held)
    if said is Verdict.WORKED:
        assert moved.low > 0 or (money is not None and money.low > 0)
        assert moved.value > 0
        assert money is None or money.value >= 0
        assert all(one.standing != "fell" for one in held)
    if said is Verdict.DID_NOT:
        assert moved.low <= 0 <= moved.high < expected


def test_metrics_of_which_less_is_better_are_those_of_the_catalogue() -> None:
    """A metric that is named in the rules is one that there is."""
    worse = [name for name in load_catalogue().metrics if better_when(name) < 0]
    assert {"refund_rate", "cost_per_click", "time_to_ship"} <= set(worse)
    assert better_when("pay_amount") == 1
    assert spends("bid")
    assert not spends("title")
