"""Clicks and their price as curves of the bid, from what a platform tells of each day.

A platform tells neither lost auctions nor others' bids, so the curves are those of a model. Around the bids seen,
clicks grow as bid^e and the price of a click as bid^g. As bids rise e falls, as for a logistic share of auctions.
Where the next rival's bid is paid (Vickrey 1961; Edelman, Ostrovsky and Schwarz 2007 for several places), the click
that a little more bid adds costs that bid: what a further click costs is known better than the elasticities that it
follows from, and is drawn to the bid itself. Days have effects that all targets share, so slopes are told from targets
whose bids moved differently on the same day: a change of all bids at once cannot be told from a change of demand.
Slopes of targets are drawn to the common one, and that to what auctions of the kind have, as far as data are thin.
Older days count less, for rivals come and go.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.bidding.slopes import SlopePrior, Slopes, pooled_slopes

Floats = NDArray[np.float64]
CLICKS_PRIOR = SlopePrior(1.0, 0.4, 0.2)
"""Elasticity of clicks: about one, as with a share of auctions that grows evenly with the bid."""
PRICE_PRIOR = SlopePrior(0.7, 0.2, 0.1)
"""Elasticity of the price of a click: between 0 (rivals far below) and 1 (rivals right below)."""
BEND = 1.0
"""How fast the elasticity falls with the logarithm of the bid."""
BEND_SD = 0.5
DRIFT = 0.2
"""Standard deviation to which a target's demand has drifted from its long mean."""
FURTHER_SD = 0.15
"""Standard deviation, in logarithms, of what a further click costs around the bid, before any data."""
HALF_LIFE = 28.0
"""Days after which a day counts half."""
ROUNDS = 4
SWEEPS = 3
LEAST_SLOPE = 0.1


@dataclass(frozen=True, slots=True)
class Curves:
    """What a bid buys in a day, of each target; arrays are float[S].

    Attributes:
        bid: Bid at which the curves are known best.
        clicks: Clicks of a day at that bid, at the demand of the latest seven known days.
        clicks_error: Relative error of that.
        price: Price of a click at that bid.
        elasticity, elasticity_sd: Of clicks to the bid.
        price_elasticity, price_elasticity_sd: Of the price of a click.
        slopes: Of clicks, with what they have in common.
        noise: Standard deviation of a target's day in logarithms, beyond counting.
        further: What a further click costs as a part of the bid that buys it.
        further_sd: Standard deviation of its logarithm.
    """

    bid: Floats
    clicks: Floats
    clicks_error: Floats
    price: Floats
    elasticity: Floats
    elasticity_sd: Floats
    price_elasticity: Floats
    price_elasticity_sd: Floats
    slopes: Slopes
    noise: float
    further: float
    further_sd: float

    def clicks_at(self, bids: Floats, elasticity: Floats | None = None, bend: float = BEND) -> Floats:
        """Return the clicks of a day at bids of shape [..., S]."""
        slope = self.elasticity if elasticity is None else elasticity
        return np.asarray(self.clicks * np.exp(slope * bent(np.log(bids / self.bid), bend)))

    def price_at(self, bids: Floats, elasticity: Floats | None = None) -> Floats:
        """Return the price of a click at bids of shape [..., S]."""
        slope = self.price_elasticity if elasticity is None else elasticity
        return np.asarray(self.price * np.exp(slope * np.log(bids / self.bid)))

    def cost_at(self, bids: Floats, now: Floats) -> Floats:
        """Return the cost of a day at bids of shape [P, S], rising: that at `now`, and of each further click its own.

        By trapezoids.
        """
        start = self.clicks_at(now)
        clicks = self.clicks_at(bids)
        steps = np.diff(clicks, axis=0) * self.further * (bids[1:] + bids[:-1]) / 2
        whole = np.concatenate([np.zeros((1, bids.shape[1])), np.cumsum(steps, axis=0)])
        place = np.argmin(np.abs(np.log(bids / now)), axis=0)
        base = start * self.price_at(now)
        return np.asarray(np.maximum(base + whole - whole[place, np.arange(bids.shape[1])], 0.0))


def bent(log_ratio: Floats, bend: float = BEND) -> Floats:
    """Return the rise of log clicks for a slope of one: less than the bid's, the higher it is."""
    return np.asarray(-np.expm1(-bend * log_ratio) / bend)


def fit_curves(clicks: Floats, cost: Floats, bids: Floats, *, half_life: float = HALF_LIFE) -> Curves:
    """Return the curves of targets.

    Args:
        clicks: float[S, T] of each day; NaN where nothing is known.
        cost: float[S, T], likewise.
        bids: float[S, T], bids of the day; NaN or 0 where a target was not bid on.
        half_life: Days after which a day counts half.
    """
    days = clicks.shape[1]
    seen = np.isfinite(bids) & (bids > 0) & np.isfinite(clicks)
    weight = seen * 0.5 ** (np.arange(days - 1, -1, -1.0) / half_life)
    count, spent = np.where(seen, clicks, 0.0), np.where(seen & np.isfinite(cost), cost, 0.0)
    logs = np.log(np.where(seen, bids, 1.0))
    middle = (weight * logs).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12)
    moved = np.where(seen, logs - middle[:, None], 0.0)
    latest = np.flatnonzero(seen.any(axis=0))[-7:]
    level, error, slopes, noise = _clicks(count, moved, weight, latest)
    price, prices = _prices(count, spent, moved, weight)
    share = float(spent.sum() / max(float((np.where(spent > 0, count, 0.0) * np.exp(logs)).sum()), 1e-12))
    further, further_sd = _further(share, slopes, prices)
    curves = Curves(
        np.exp(middle),
        level,
        error,
        price,
        np.maximum(slopes.mean, LEAST_SLOPE),
        slopes.sd,
        np.clip(prices.mean, 0.0, 1.5),
        prices.sd,
        slopes,
        noise,
        further,
        further_sd,
    )
    return _met(curves, bids[:, latest], (spent * seen)[:, latest])


def _met(curves: Curves, bids: Floats, spent: Floats) -> Curves:
    """Return the curves so scaled that they meet what the latest week of which anything is known spent in all."""
    known = np.where(np.isfinite(bids) & (bids > 0), bids, np.nan).T
    foreseen = float(np.nansum(curves.clicks_at(known) * curves.price_at(known)))
    paid = float(spent.sum())
    if foreseen <= 0 or paid <= 0:
        return curves
    return replace(curves, clicks=curves.clicks * (paid / foreseen))


def _clicks(
    count: Floats, moved: Floats, weight: Floats, latest: NDArray[np.int64]
) -> tuple[Floats, Floats, Slopes, float]:
    """Return clicks of a day now, their relative error, the slopes and the noise, by scoring (two-way Poisson)."""
    slope = np.full(len(count), CLICKS_PRIOR.mean)
    day, noise = np.zeros(count.shape[1]), 0.0
    rise = bent(moved)
    slopes = pooled_slopes(slope, np.zeros(len(count)), CLICKS_PRIOR)
    for _ in range(ROUNDS):
        shape = np.exp(slope[:, None] * rise)
        for _ in range(SWEEPS):
            # Half a click more keeps a target without any off nothing.
            level = ((weight * count).sum(axis=1) + 0.5) / ((weight * shape * np.exp(day)).sum(axis=1) + 0.5)
            expected = (level[:, None] * shape * (weight > 0)).sum(axis=0)
            day = np.log((np.where(weight > 0, count, 0.0).sum(axis=0) + 0.5) / (expected + 0.5))
        mean = level[:, None] * shape * np.exp(day)
        off = count - mean
        noise = float(max((weight * (off**2 - mean)).sum() / max((weight * mean**2).sum(), 1e-12), 0.0))
        sure = weight / (1 + noise * mean)
        apart = _residual(rise, sure * mean)
        information = (sure * mean * apart**2).sum(axis=1)
        own = slope + (sure * off * apart).sum(axis=1) / np.maximum(information, 1e-12)
        slopes = pooled_slopes(own, information, CLICKS_PRIOR)
        slope = np.maximum(slopes.mean, LEAST_SLOPE)
    drift, seen = _drift(count[:, latest], (mean * (weight > 0))[:, latest]), (weight > 0).any(axis=1)
    error = 1 / np.sqrt((sure * mean).sum(axis=1) + 0.5)
    now = float(np.exp(day[latest]).mean()) if len(latest) else 1.0
    return level * drift * now * seen, error, slopes, noise**0.5


def _prices(count: Floats, spent: Floats, moved: Floats, weight: Floats) -> tuple[Floats, Slopes]:
    """Return the price of a click and its slopes: least squares of its logarithm, a day counting by its clicks."""
    paid = (count > 0) & (spent > 0)
    logs = np.log(np.where(paid, spent, 1.0) / np.where(paid, count, 1.0))
    sure = np.where(paid, weight * count, 0.0)
    whole = sure.sum(axis=1)
    total = float((sure * logs).sum() / max(float(whole.sum()), 1e-12))
    apart = _residual(moved, sure)
    off = _residual(logs, sure)
    information = (sure * apart**2).sum(axis=1)
    own = (sure * apart * off).sum(axis=1) / np.maximum(information, 1e-12)
    slope = pooled_slopes(own, information, PRICE_PRIOR).mean
    variance = float((sure * (off - slope[:, None] * apart) ** 2).sum() / max(float((sure > 0).sum()), 1.0))
    slopes = pooled_slopes(own, information / max(variance, 1e-6), PRICE_PRIOR)
    level = logs - slopes.mean[:, None] * moved
    return np.exp(((sure * level).sum(axis=1) + total) / (whole + 1.0)), slopes


def _drift(seen: Floats, foreseen: Floats) -> Floats:
    """Return by how much the latest week lies above what was foreseen, drawn to one as far as it is thin."""
    known = DRIFT**-2
    return np.asarray((seen.sum(axis=1) + known) / (foreseen.sum(axis=1) + known))


def _further(share: float, slopes: Slopes, prices: Slopes) -> tuple[float, float]:
    """Return what a further click costs as a part of the bid, and the error of its logarithm.

    The price (1 + g ÷ e) as it was seen, drawn to one: where the next rival's bid is paid, the click that a little more
    bid adds costs just that bid.

    Args:
        share: Price of a click as a part of the bid.
        slopes: Elasticities of clicks.
        prices: Elasticities of the price.
    """
    slope, rise = max(slopes.common_mean, LEAST_SLOPE), max(prices.common_mean, 0.05)
    ratio = rise / slope
    error = ratio / (1 + ratio) * float(np.hypot(slopes.common_sd / slope, prices.common_sd / rise))
    seen, precision = np.log(max(share, 1e-3) * (1 + ratio)), 1 / max(error, 0.05) ** 2
    prior = 1 / FURTHER_SD**2
    return float(np.exp(seen * precision / (precision + prior))), float((precision + prior) ** -0.5)


def _residual(values: Floats, weight: Floats) -> Floats:
    """Return values without what targets and days have in common (alternating projections)."""
    left = np.where(weight > 0, values, 0.0)
    for _ in range(SWEEPS):
        left = left - (weight * left).sum(axis=1, keepdims=True) / np.maximum(weight.sum(axis=1)[:, None], 1e-12)
        left = left - (weight * left).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-12)
    return np.where(weight > 0, left, 0.0)
