"""Troubles that were planted are found with their cause; nothing is found where nothing was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.analysts.diagnosis.planted import DAYS, FIRST, PLANTED, keywords, products, scanner, unsplit

from duoshou.analysts.diagnosis.moves import as_logarithms
from duoshou.analysts.diagnosis.scan import MARKED, PRIOR_WEIGHT, shrunken_correlation
from duoshou.analysts.diagnosis.troubles import Known, Trouble, daily_chance, find_troubles
from duoshou.analysts.diagnosis.usual import LEAST_PAST, least_evidence, without_troubles

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
        ("cannot_be_bought", {"order_rate_wireless": (4, -3.0), "order_rate_pc": (4, -3.0)}),
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


@pytest.mark.parametrize(
    ("cause", "moves"),
    [
        ("traffic_down", {"search": (6, -0.8), "recommendation": (6, -0.8), "other": (6, -0.8)}),
        ("price_rise", {"price": (10, 0.3), "order_rate_wireless": (10, -0.7), "order_rate_pc": (10, -0.7)}),
        ("competitor_price_cut", {"order_rate_wireless": (12, -0.9), "order_rate_pc": (12, -0.9)}),
        ("cannot_be_bought", {"order_rate_wireless": (4, -3.0), "order_rate_pc": (4, -3.0)}),
    ],
)
def test_a_trouble_is_found_where_files_tell_visitors_and_no_more_of_them(
    cause: str, moves: dict[str, tuple[int, float]]
) -> None:
    """Fewer who come, fewer who buy and a price that rose are told apart without sources and devices."""
    series = unsplit(products(1, **moves))
    (trouble,) = find_troubles(scanner(series).at(DAYS - 1), LAST, (), LEAST)
    assert (trouble.name, trouble.cause.key) == (f"p{PLANTED}", cause)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_quiet_shop_is_left_in_peace(seed: int) -> None:
    """Where nothing was planted nothing is found, on any of a month's days."""
    judge = scanner(products(seed))
    for number in range(DAYS - 28, DAYS, 3):
        assert find_troubles(judge.at(number), FIRST + timedelta(days=number), (), LEAST) == []


def test_a_product_of_which_nothing_is_asked_is_not_told_for_nothing() -> None:
    """Where the past exceeds nothing and most of the sales are at stake, a day without evidence tells of no trouble."""
    scan = scanner(products(1)).at(DAYS - 1)
    silent = replace(scan, log_evidence=np.zeros(len(scan.log_evidence)), log_factors=np.zeros_like(scan.log_factors))
    assert find_troubles(silent, LAST, (), 0.0) == []
    known = [Known("product", name, LAST - timedelta(days=3), LAST - timedelta(days=1), False) for name in ("p1", "p2")]
    assert find_troubles(silent, LAST, known, 0.0) == []


@pytest.mark.parametrize("back", [3, 6, 10])
def test_a_trouble_that_was_mended_before_anybody_looked_is_not_told_as_going_on(back: int) -> None:
    """Search that was gone for two weeks and is back is told in between, and not to whom asks today first."""
    series = products(1)
    (search,) = (one for one in series.features if one.feature.key == "search")
    search.values[PLANTED, DAYS - 20 : DAYS - back] = np.round(search.values[PLANTED, DAYS - 20 : DAYS - back] * 0.3)
    judge = scanner(series)
    (then,) = find_troubles(judge.at(DAYS - 1 - back), LAST - timedelta(days=back), (), LEAST)
    assert then.name == f"p{PLANTED}"
    assert judge.at(DAYS - 1).log_evidence[PLANTED] > LEAST
    assert find_troubles(judge.at(DAYS - 1), LAST, (), LEAST) == []


def test_a_price_that_the_shop_moves_is_no_trouble_by_itself() -> None:
    """A price trial without consequences is not told."""
    assert found(price=(5, -0.12)) == []


def test_paid_visitors_that_the_shop_does_not_buy_are_no_trouble_of_a_product() -> None:
    """Fewer paid visitors alone are what the shop spends: told with the campaign, not with the product."""
    assert found(paid=(5, -1.0)) == []


def test_paid_visitors_that_cease_explain_no_orders_that_cease_as_well() -> None:
    """A product that cannot be bought is told, though its advertising stops and speaks louder than its orders."""
    rates = {"order_rate_wireless": (4, -3.0), "order_rate_pc": (4, -3.0)}
    (trouble,) = found(paid=(4, -3.0), **rates)
    assert trouble.cause.key == "cannot_be_bought"
    scan = scanner(products(1, paid=(4, -3.0), **rates)).at(DAYS - 1)
    factors = dict(zip((one.key for one in scan.causes), scan.log_factors[PLANTED].max(axis=0), strict=True))
    assert factors["paid_visitors_down"] > factors["cannot_be_bought"]


def test_a_keyword_wastes_where_the_new_impressions_are_not_clicked() -> None:
    """More impressions that nobody clicks are a waste; those of a higher bid, clicked as before, are none."""
    wasted = scanner(keywords(1, impressions=(6, 0.9), click_rate=(6, -0.6)))
    (trouble,) = find_troubles(wasted.at(DAYS - 1), LAST, (), LEAST)
    assert trouble.cause.key == "wasteful_keyword"
    bought = scanner(keywords(1, impressions=(6, 0.9), cost_per_click=(6, 0.4)))
    assert find_troubles(bought.at(DAYS - 1), LAST, (), LEAST) == []


def test_marks_that_count_together_need_not_each_be_clear() -> None:
    """A worse picture is told where search and recommendation fell jointly, though one of them did so within chance."""
    moves = {"ad_click_rate": (3, -0.8), "search": (3, -0.5), "recommendation": (3, -0.1)}
    scan = scanner(products(5, **moves)).at(DAYS - 1)
    keys = [one.feature.key for one in scan.series.features]
    score = scan.moves[PLANTED, scan.lengths.index(3)] / scan.deviations[PLANTED, scan.lengths.index(3)]
    assert -MARKED < score[keys.index("recommendation")] < 0
    (trouble,) = find_troubles(scan, LAST, (), LEAST)
    assert trouble.cause.key == "image_worse"
    alone = scanner(products(5, ad_click_rate=(3, -0.8))).at(DAYS - 1)
    assert "image_worse" not in {one.cause.key for one in find_troubles(alone, LAST, (), LEAST)}


def test_a_campaign_brings_visitors_of_any_source() -> None:
    """A price campaign is weighed where search and other visitors rose, though recommendation did so within chance."""
    moves = {"price": (5, -0.3), "order_rate_wireless": (5, 0.8), "order_rate_pc": (5, 0.8), "search": (5, 0.6)}
    scan = scanner(products(1, **moves, other=(5, 0.6))).at(DAYS - 1)
    window, keys = scan.lengths.index(5), [one.feature.key for one in scan.series.features]
    score = scan.moves[PLANTED, window] / scan.deviations[PLANTED, window]
    assert abs(score[keys.index("recommendation")]) < MARKED
    weighed = dict(zip((one.key for one in scan.causes), scan.log_factors[PLANTED, window], strict=True))
    assert weighed["cannibal_campaign"] > LEAST


def test_who_buys_less_may_show_on_phones_computers_or_in_carts() -> None:
    """Cheap visitors are told by all rates jointly, though phones alone fell within chance; growth is no drift."""
    growth, rates = (5, 1.0), {"order_rate_wireless": (5, -0.03), "order_rate_pc": (5, -0.5), "cart_rate": (5, -0.3)}
    scan = scanner(products(2, recommendation=growth, **rates)).at(DAYS - 1)
    window, keys = scan.lengths.index(5), [one.feature.key for one in scan.series.features]
    score = scan.moves[PLANTED, window] / scan.deviations[PLANTED, window]
    assert -MARKED < score[keys.index("order_rate_wireless")] < 0
    drift = [one.key for one in scan.causes].index("audience_drift")
    assert scan.log_factors[PLANTED, window, drift] > LEAST
    grown = scanner(products(2, recommendation=growth)).at(DAYS - 1)
    assert grown.log_factors[PLANTED, window, drift] <= 0


def test_an_accusation_needs_the_square_of_the_odds() -> None:
    """Orders that do not fit are suspected where twice the log evidence that others need is there."""
    scan = scanner(products(1, order_rate_wireless=(6, 1.0))).at(DAYS - 1)
    evidence = float(scan.log_evidence[PLANTED])
    (suspected,) = find_troubles(scan, LAST, (), evidence / 2 - 0.01)
    assert suspected.cause.key == "fake_orders"
    assert find_troubles(scan, LAST, (), evidence / 2 + 0.01) == []


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


@pytest.mark.parametrize(("cause", "start"), [("rank_lost", 20), ("", 20), ("stock_out", 6)])
def test_a_trouble_that_comes_back_is_the_same_one_if_its_cause_may_be(cause: str, start: int) -> None:
    """Search visitors fall again days after a trouble: with one of the rank it is the same, of the stock another."""
    judge = scanner(products(search=(6, -0.9)))
    day = FIRST + timedelta(days=DAYS - 1)
    before = Known("product", f"p{PLANTED}", day - timedelta(days=19), day - timedelta(days=9), good=False, cause=cause)
    found = find_troubles(judge.at(DAYS - 1), day, [before], LEAST)
    (again,) = [one for one in found if one.name == f"p{PLANTED}"]
    assert again.cause.key == "rank_lost"
    assert again.days == pytest.approx(start, abs=1)


def test_the_evidence_asked_for_is_that_of_the_heaviest_tail() -> None:
    """A calm past tells where its tail of 1 / k begins; a wilder one is believed; of a short one the highest counts."""
    chance = daily_chance(200)
    bound = -np.log(chance)
    rng = np.random.default_rng(1)
    calm, wild = rng.exponential(0.3, 5000), rng.exponential(2.0, 5000)
    assert least_evidence(calm, chance) == pytest.approx(bound - 0.7 * np.log(100), rel=0.05)
    assert least_evidence(wild, chance) == pytest.approx(2.0 * bound, rel=0.15)
    assert least_evidence(calm[: LEAST_PAST - 1], chance) == pytest.approx(bound)
    assert least_evidence(wild[: LEAST_PAST - 1], chance) == pytest.approx(max(bound, wild[: LEAST_PAST - 1].max()))
    much, little = least_evidence(calm, np.array([4.0, 0.25]) * chance)
    assert little - much == pytest.approx(np.log(16))


def test_bayes_factors_exceed_what_is_asked_as_rarely_as_it_says() -> None:
    """Of a shift of a normal value the factor's law is known, and its tail is lighter than 1 / k."""
    rng = np.random.default_rng(8)
    past, ahead = (1.5 * rng.normal(size=draws) - 1.125 for draws in (20_000, 1_000_000))
    for chance in (1e-3, 2e-4):
        asked = float(least_evidence(past, chance))
        assert asked < -np.log(chance)
        assert float((ahead > asked).mean()) <= chance


def test_a_total_loss_is_more_than_minus_one() -> None:
    """Moves become logarithms while their scores stay; small ones and those without stay as they are."""
    moves, deviations = np.array([-0.95, 0.2, 1.2, 0.5]), np.array([0.25, 0.25, 0.25, 0.1])
    logarithms = np.array([-3.0, 0.18, np.log1p(1.2), np.nan])
    turned, scatter = as_logarithms(moves, deviations, logarithms)
    assert turned == pytest.approx([-3.0, 0.2, np.log1p(1.2), 0.5])
    assert turned / scatter == pytest.approx(moves / deviations)


def test_troubles_of_the_past_do_not_make_deaf() -> None:
    """A trouble in the past, and what its windows share with it, asks for no more evidence than a past without it."""
    chance = daily_chance(200)
    calm = np.random.default_rng(2).exponential(1.5, (50, 100))
    troubled = calm.copy()
    troubled[20:26, 7], troubled[30, 50] = 25.0, 18.0
    troubled[26:30, 7] = 6.0  # its end
    troubled[10:20, 20] = 30.0
    asked = least_evidence(without_troubles(troubled), chance)
    assert asked == pytest.approx(least_evidence(without_troubles(calm), chance), rel=0.05)
    assert least_evidence(troubled.ravel(), chance) > 1.02 * asked


def test_a_past_that_is_wild_all_over_is_no_past_of_troubles() -> None:
    """Where much of the past is beyond what chance brings, the model does not fit: nothing is left out of it."""
    wild = np.random.default_rng(3).exponential(5.0, (50, 100))
    assert len(without_troubles(wild)) == wild.size


def test_days_that_are_counted_again_and_again_tell_less_of_a_correlation() -> None:
    """Rows that share their days are shrunk as far as a sample of so many fewer rows."""
    rows = np.random.default_rng(2).normal(size=(400, 2)) @ np.array([[1.0, 0.8], [0.0, 0.6]])
    plain, overlapping = shrunken_correlation(rows)[0, 1], shrunken_correlation(rows, shared=4.0)[0, 1]
    assert overlapping / plain == pytest.approx((400 + PRIOR_WEIGHT) / (400 + 4 * PRIOR_WEIGHT))


def test_features_that_wander_together_for_weeks_are_no_surprise_together() -> None:
    """Where search and recommendation share a level that wanders, the longest windows learn it, the shortest less."""
    series = products(4)
    counts = [one for one in series.features if one.feature.kind == "count"]
    steps = np.random.default_rng(9).normal(0.0, 0.05, size=counts[0].values.shape)
    level = np.exp(np.cumsum(steps - steps.mean(axis=1, keepdims=True), axis=1))
    for one in counts:
        one.values[:] = np.random.default_rng(11).poisson(np.maximum(one.values, 0.0) * level)
    judge = scanner(series)
    first, second = (
        number for number, one in enumerate(series.features) if one.feature.key in {"search", "recommendation"}
    )
    together = [judge.correlation[place, first, second] for place in (0, -1)]
    assert together[1] > together[0] + 0.1


def test_the_correlation_is_positive_definite_and_shrinks_without_data() -> None:
    """Few rows give nearly independence, many give the truth, and any table can be inverted."""
    rng = np.random.default_rng(4)
    truth = np.array([[1.0, 0.7], [0.7, 1.0]])
    many = rng.multivariate_normal([0, 0], truth, 20_000)
    assert shrunken_correlation(many)[0, 1] == pytest.approx(0.7, abs=0.03)
    assert abs(shrunken_correlation(many[:5])[0, 1]) < 0.1
    assert np.linalg.eigvalsh(shrunken_correlation(np.repeat(many[:, :1], 3, axis=1))).min() > 0
