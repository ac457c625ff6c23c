"""Troubles that were planted are found with their cause; nothing is found where nothing was."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.analysts.diagnosis.planted import DAYS, FIRST, PLANTED, products, scanner

from duoshou.analysts.diagnosis.scan import LEAST_EVIDENCE, least_evidence, shrunken_correlation, weighted_median
from duoshou.analysts.diagnosis.troubles import Known, Trouble, daily_chance, find_troubles

LAST = FIRST + timedelta(days=DAYS - 1)
LEAST = 5.0


def found(**moves: tuple[int, float]) -> list[Trouble]:
    """Return the troubles of the last day."""
    return find_troubles(scanner(products(1, **moves)).at(DAYS - 1), LAST, (), LEAST)


@pytest.mark.parametrize(
    ("cause", "moves"),
    [
        ("rank_lost", {"search": (6, -0.6)}),
        ("page_broken_wireless", {"order_rate_wireless": (7, -1.2)}),
        ("competitor_price_cut", {"order_rate_wireless": (12, -0.9), "order_rate_pc": (12, -0.9)}),
        ("traffic_down", {"search": (5, -0.5), "recommendation": (5, -0.5), "other": (5, -0.5)}),
        ("audience_drift", {"recommendation": (8, 1.0), "order_rate_wireless": (8, -0.6), "order_rate_pc": (8, -0.6)}),
    ],
)
def test_a_planted_trouble_is_found_with_its_place_start_and_cause(
    cause: str, moves: dict[str, tuple[int, float]]
) -> None:
    """The product, the day and the likeliest cause are those that were planted, and no other product is named."""
    (trouble,) = found(**moves)
    days = max(length for length, _ in moves.values())
    assert trouble.name == f"p{PLANTED}"
    assert trouble.cause.key == cause
    assert abs((trouble.start - (LAST - timedelta(days=days - 1))).days) <= 3
    assert sum(weight for _, weight in trouble.causes) == pytest.approx(1)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_quiet_shop_is_left_in_peace(seed: int) -> None:
    """Where nothing was planted nothing is found, on any of a month's days."""
    judge = scanner(products(seed))
    for number in range(DAYS - 28, DAYS, 3):
        assert find_troubles(judge.at(number), FIRST + timedelta(days=number), (), LEAST) == []


def test_a_price_that_the_shop_moves_is_no_trouble_by_itself() -> None:
    """A price trial without consequences is not told."""
    assert found(price=(5, -0.12)) == []


def test_what_moves_all_products_alike_is_no_trouble_of_a_product() -> None:
    """A day on which every product loses a third of its visitors names none of them."""
    series = products()
    for one in series.features:
        if one.feature.kind == "count":
            one.values[:, -3:] = np.round(one.values[:, -3:] * 0.66)
    assert find_troubles(scanner(series).at(DAYS - 1), LAST, (), LEAST) == []


def test_a_launch_is_no_trouble() -> None:
    """A product that is known for some weeks only is not judged: its level is none yet."""
    series = products(search=(6, -1.5))
    for one in series.features:
        target = one.values if one.exposure is None else one.exposure
        target[PLANTED, : DAYS - 60] = np.nan
    assert find_troubles(scanner(series).at(DAYS - 1), LAST, (), LEAST) == []


def test_a_trouble_goes_on_under_its_first_day_and_ends() -> None:
    """What was told before keeps its start while it goes on; once the series is back it is over."""
    series = products(search=(30, -0.7))
    for one in series.features:
        if one.feature.key == "search":
            one.values[PLANTED, -12:] = products().features[0].values[PLANTED, -12:]
    judge = scanner(series)
    begin = FIRST + timedelta(days=DAYS - 30)
    known: list[Known] = []
    starts, days = set(), []
    for number in range(DAYS - 30, DAYS):
        day = FIRST + timedelta(days=number)
        troubles = [one for one in find_troubles(judge.at(number), day, known, LEAST) if one.name == f"p{PLANTED}"]
        known = [Known(one.type, one.name, one.start, day, one.cause.good) for one in troubles] or known
        starts |= {one.start for one in troubles}
        days += [day for _ in troubles]
    assert len(starts) == 1
    assert abs((starts.pop() - begin).days) <= 2
    assert (days[-1] - begin).days < 26


def test_the_evidence_asked_for_follows_the_past_and_markov() -> None:
    """A calm past asks for little, a wild one for more, never for more than the bound that holds without any past."""
    chance = daily_chance(200)
    rng = np.random.default_rng(1)
    calm, wild = rng.exponential(0.3, 5000), rng.exponential(2.0, 5000)
    assert LEAST_EVIDENCE <= least_evidence(calm, chance) < least_evidence(wild, chance)
    assert least_evidence(wild, chance) <= -np.log(chance) + 1e-9
    assert least_evidence(np.zeros(10), chance) == pytest.approx(-np.log(chance))
    # of an exponential tail it is the quantile itself
    assert least_evidence(calm, 1e-3) == pytest.approx(0.3 * np.log(1e3), rel=0.25)


def test_the_weighted_median_is_where_half_of_the_weight_lies() -> None:
    """A heavy value pulls the median to itself, the order of values does not matter."""
    values, weights = np.array([3.0, 1.0, 2.0]), np.array([10.0, 1.0, 1.0])
    assert weighted_median(values, weights) == 3.0
    assert weighted_median(values[::-1], weights[::-1]) == 3.0
    assert weighted_median(values, np.ones(3)) == 2.0


def test_the_correlation_is_positive_definite_and_shrinks_without_data() -> None:
    """Few rows give nearly independence, many give the truth, and any table can be inverted."""
    rng = np.random.default_rng(4)
    truth = np.array([[1.0, 0.7], [0.7, 1.0]])
    many = rng.multivariate_normal([0, 0], truth, 20_000)
    assert shrunken_correlation(many)[0, 1] == pytest.approx(0.7, abs=0.03)
    assert abs(shrunken_correlation(many[:5])[0, 1]) < 0.1
    assert np.linalg.eigvalsh(shrunken_correlation(np.repeat(many[:, :1], 3, axis=1))).min() > 0
