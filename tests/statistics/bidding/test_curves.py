"""Curves of clicks and prices against simulated days whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from duoshou.statistics.bidding import Curves, fit_curves, gains_of
from duoshou.statistics.bidding.curves import CLICKS_PRIOR, PRICE_PRIOR, bent
from duoshou.statistics.bidding.slopes import SlopePrior, pooled_slopes

Floats = NDArray[np.float64]


def days(
    seed: int = 1, *, targets: int = 80, number: int = 60, size: float = 0.1, centre: float = 1.5
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return clicks, costs and bids of days, and the true elasticities; a half of the bids moves at a time."""
    random = np.random.default_rng(seed)
    slope = np.maximum(random.normal(centre, 0.3, targets), 0.2)
    bids = np.exp(random.normal(0.5, 0.4, targets))[:, None] * np.exp(
        size * np.where(random.random((targets, number)) < 0.5, 1, -1)
    )
    moved = np.log(bids) - np.log(bids).mean(axis=1, keepdims=True)
    common = np.exp(random.normal(0, 0.2, number))
    level = np.exp(random.normal(np.log(60), 0.8, targets))
    clicks = random.poisson(level[:, None] * common * np.exp(slope[:, None] * bent(moved))).astype(float)
    price = 0.8 * np.exp(np.log(bids).mean(axis=1, keepdims=True) + 0.6 * moved)
    cost = clicks * price * np.exp(random.normal(0, 0.2, clicks.shape) / np.sqrt(np.maximum(clicks, 1)))
    return clicks, cost, bids, slope


def test_slopes_are_found_whatever_the_demand_of_a_day() -> None:
    """The common slope within its error, nine tenths of the targets' within their intervals, prices as simulated."""
    clicks, cost, bids, slope = days()
    found = fit_curves(clicks, cost, bids)
    assert found.slopes.common_mean == pytest.approx(slope.mean(), abs=3 * found.slopes.common_sd)
    sd = np.hypot(found.elasticity_sd, found.slopes.common_sd * found.slopes.weight)
    assert (np.abs(found.elasticity - slope) < 1.645 * sd).mean() == pytest.approx(0.9, abs=0.08)
    assert found.price_elasticity == pytest.approx(np.full(len(slope), 0.6), abs=0.15)
    assert np.mean(np.abs(found.elasticity - slope)) < np.mean(np.abs(slope - CLICKS_PRIOR.mean))


def test_what_was_never_varied_is_as_auctions_of_the_kind_are() -> None:
    """Bids that stood still, or all moved together, tell nothing: the prior with its whole width."""
    clicks, cost, bids, _ = days(size=0.0)
    together = bids * np.where(np.arange(bids.shape[1]) < 30, 1.0, 1.3)
    for one in (bids, together):
        found = fit_curves(clicks, cost, one)
        assert found.elasticity == pytest.approx(np.full(len(bids), CLICKS_PRIOR.mean), abs=0.05)
        assert found.slopes.common_sd == pytest.approx(CLICKS_PRIOR.sd, rel=0.1)
        assert found.price_elasticity == pytest.approx(np.full(len(bids), PRICE_PRIOR.mean), abs=0.05)


def test_the_latest_week_is_met() -> None:
    """What the curves foresee for the latest week's bids is what it spent in all."""
    clicks, cost, bids, _ = days(3)
    clicks[:, -7:] *= 2
    cost[:, -7:] *= 2
    found = fit_curves(clicks, cost, bids)
    foreseen = np.mean([(found.clicks_at(one) * found.price_at(one)).sum() for one in bids[:, -7:].T])
    assert foreseen == pytest.approx(cost[:, -7:].sum() / 7, rel=1e-6)


def test_days_not_known_and_targets_not_bid_on_are_left_out() -> None:
    """A target without a day has the common slope and hardly a click; NaN spoils nothing."""
    clicks, cost, bids, _ = days(4)
    clicks[0], bids[1], bids[2, :20] = np.nan, np.nan, 0.0
    found = fit_curves(clicks, cost, bids)
    for name in ("bid", "clicks", "price", "elasticity", "price_elasticity"):
        assert np.isfinite(getattr(found, name)).all()
    assert found.elasticity[0] == pytest.approx(found.slopes.common_mean)
    assert found.clicks[0] < 1


def test_pooled_slopes_are_the_normal_posterior() -> None:
    """With a scatter that is known to be small, all are one: the precision-weighted mean with the prior."""
    random = np.random.default_rng(2)
    information = random.uniform(5, 50, 40)
    estimate = 0.8 + random.normal(0, 1 / np.sqrt(information))
    prior = SlopePrior(1.0, 0.4, 0.001)
    found = pooled_slopes(estimate, information, prior)
    whole = information.sum() + 1 / 0.4**2
    assert found.common_mean == pytest.approx(((information * estimate).sum() + 1 / 0.4**2) / whole, abs=0.02)
    assert found.common_sd == pytest.approx(whole**-0.5, rel=0.15)
    assert (found.mean <= np.maximum(estimate, found.common_mean) + 1e-9).all()
    assert (found.mean >= np.minimum(estimate, found.common_mean) - 1e-9).all()


def test_nothing_changed_gains_nothing_and_more_is_less_sure_the_farther() -> None:
    """The same bids gain nought; a bid farther from those seen has a wider interval."""
    clicks, cost, bids, _ = days(5)
    found = fit_curves(clicks, cost, bids)
    value, error = np.full(len(bids), 2.0), np.full(len(bids), 0.1)
    same = gains_of(found, value, error, found.bid, found.bid)
    assert np.abs(same.extra).max() < 1e-9
    near, far = (gains_of(found, value, error, found.bid, found.bid * one) for one in (1.1, 1.4))
    assert (far.extra_high - far.extra_low > near.extra_high - near.extra_low).all()
    assert near.total == pytest.approx(near.extra.sum())
    assert near.total_low <= near.total <= near.total_high
    assert (near.cost_low <= near.cost).all()


def test_the_common_slope_errs_for_all_at_once() -> None:
    """The interval of the sum is wider than of targets that err on their own."""
    clicks, cost, bids, _ = days(6, size=0.0)
    found = fit_curves(clicks, cost, bids)
    value, error = np.full(len(bids), 9.0), np.zeros(len(bids))
    whole = gains_of(found, value, error, found.bid, found.bid * 1.2)
    alone = gains_of(_alone(found), value, error, found.bid, found.bid * 1.2)
    assert whole.total_high - whole.total_low > 1.5 * (alone.total_high - alone.total_low)


def _alone(found: Curves) -> Curves:
    slopes = replace(found.slopes, common_sd=0.0)
    return replace(found, slopes=slopes, elasticity_sd=np.full(len(found.bid), 0.4), further_sd=0.0)


def test_latest_days_that_are_not_known_are_passed_over() -> None:
    """Of a target whose bid stands for every day, unknown days are not days without cost."""
    clicks, cost, bids, _ = days(3)
    whole = fit_curves(clicks[:, :-3], cost[:, :-3], bids[:, :-3])
    clicks[:, -3:], cost[:, -3:] = np.nan, np.nan
    found = fit_curves(clicks, cost, bids)
    assert found.clicks == pytest.approx(whole.clicks, rel=0.01)


def test_an_error_that_all_values_share_widens_the_total() -> None:
    """By what it is worth: the total's variance grows by (worth of the added clicks × the scale) squared."""
    random = np.random.default_rng(6)
    bids = np.exp(random.normal(0, 0.3, (40, 1)) + random.normal(0, 0.1, (40, 60)))
    clicks = random.poisson(80 * bids).astype(float)
    found = fit_curves(clicks, clicks * bids * 0.7, bids)
    value, error = np.full(40, 3.0), np.full(40, 0.01)
    given, alike = (
        gains_of(found, value, error, found.bid, found.bid * 1.2, common_scale=scale, draws=4000)
        for scale in (0.0, 0.3)
    )
    assert alike.total == pytest.approx(given.total, rel=0.05)
    added = float((value * (found.clicks_at(found.bid * 1.2) - found.clicks_at(found.bid))).sum())
    wide, narrow = (one.total_high - one.total_low for one in (alike, given))
    assert np.sqrt(wide**2 - narrow**2) == pytest.approx(2 * 1.645 * 0.3 * added, rel=0.15)
