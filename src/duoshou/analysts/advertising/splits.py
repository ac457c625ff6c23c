"""Coefficients of hours, regions and placements: what more or less to bid where a click is surely worth another sum.

What a click is worth is drawn to its plan, as for keywords. Where a plan's bid is right on the whole, the best bid of a
part is the plan's times what a click of the part is worth ÷ what one of the plan is worth: each part is then bid up to
its own worth (Edelman, Ostrovsky and Schwarz 2007). The margin falls out of that ratio.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.advertising.bid_plan import Amount
from duoshou.analysts.advertising.question import Level, Targets
from duoshou.analysts.advertising.worth import worth_of
from duoshou.analysts.margin import Margin
from duoshou.model.numbers import cents
from duoshou.statistics.bidding.curves import CLICKS_PRIOR
from duoshou.statistics.sparse_rates import told_apart

Floats = NDArray[np.float64]
SPLIT = (Level.HOUR, Level.REGION, Level.PLACEMENT)
MONTH = 30
DRAWS, SEED = 1_000, 11
LEAST = 0.05
"""A coefficient is told only where it surely lies this far from one: less is not worth the work."""
FALSE = 0.03
STEP = 0.3
"""Most that a coefficient leaves one in one step; platforms allow far more."""
ROUNDED = 0.05
MOST_CELLS = 20_000_000


@dataclass(frozen=True, slots=True)
class Coefficient:
    """An hour, a region or a placement of a plan.

    Attributes:
        level: What it is.
        campaign: Key of the plan; "-": of the whole account.
        campaign_name: Its name.
        name: Hour, region or placement.
        clicks: Clicks of the settled days.
        ratio: What a click is worth, as a multiple of the plan's.
        ratio_low, ratio_high: 95 % interval.
        coefficient: To bid by; 1 where nothing is surely different.
        gain: What the coefficient earns in 30 days with its 90 % interval; None where nothing is to be changed.
    """

    level: Level
    campaign: str
    campaign_name: str
    name: str
    clicks: int
    ratio: float
    ratio_low: float
    ratio_high: float
    coefficient: float
    gain: Amount | None


def coefficients_of(found: Sequence[Targets], margin: Margin, names: Mapping[str, str]) -> tuple[Coefficient, ...]:
    """Return the parts of the plans, those to change first, by what they earn.

    Args:
        found: The targets of every level; those of other levels are left out.
        margin: What sales leave.
        names: Key of a plan → name.
    """
    told = [one for targets in found if targets.level in SPLIT for one in _of_level(targets, margin, names)]
    return tuple(sorted(told, key=lambda one: (one.gain is None, -_money(one), -one.clicks, one.campaign, one.name)))


def _money(one: Coefficient) -> float:
    return 0.0 if one.gain is None else float(one.gain.value)


def _of_level(found: Targets, margin: Margin, names: Mapping[str, str]) -> list[Coefficient]:
    clicks = found.sums["clicks"]
    plans = sorted({key[0] for key in found.keys})
    place = {plan: number for number, plan in enumerate(plans)}
    group = np.array([place[key[0]] for key in found.keys])
    parts = np.bincount(group[clicks > 0], minlength=len(plans))
    used = (clicks > 0) & (parts[group] > 1)
    if not used.any() or found.sums["ad_orders"].sum() <= 0:
        return []
    worth, ratio = _drawn(found, margin, group, used)
    up = told_apart(np.where(used, (ratio <= 1 + LEAST).mean(axis=0), np.nan), FALSE)
    down = told_apart(np.where(used, (ratio >= 1 - LEAST).mean(axis=0), np.nan), FALSE)
    middle = ratio.mean(axis=0)
    steps = np.clip(np.round(middle / ROUNDED) * ROUNDED, 1 - STEP, 1 + STEP)
    chosen = np.where(up | down, np.round(steps, 2), 1.0)
    gains = _gains(worth, ratio, chosen, clicks / found.period.days * MONTH)
    low, high = np.quantile(ratio, (0.025, 0.975), axis=0)
    return [
        Coefficient(
            level=found.level,
            campaign=found.keys[row][0],
            campaign_name=names.get(found.keys[row][0], found.keys[row][0]),
            name=found.keys[row][1],
            clicks=int(clicks[row]),
            ratio=float(middle[row]),
            ratio_low=float(low[row]),
            ratio_high=float(high[row]),
            coefficient=float(chosen[row]),
            gain=_amount(gains[:, row]) if chosen[row] != 1.0 else None,
        )
        for row in np.flatnonzero(used)
    ]


def _drawn(found: Targets, margin: Margin, group: NDArray[np.int64], used: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Return draws of what a click of the plan is worth, for each part, and of the ratio of the part's to it."""
    worth = worth_of(found, margin)
    random = np.random.default_rng(SEED)
    draws = max(min(DRAWS, MOST_CELLS // max(len(used), 1)), 100)
    own = worth.mean * np.exp(worth.scale * random.standard_normal((draws, len(used))) - worth.scale**2 / 2)
    weight = np.where(used, found.sums["clicks"], 0.0)
    sums = np.stack([np.bincount(group, weights=row * weight) for row in own])
    whole = sums / np.maximum(np.bincount(group, weights=weight), 1e-12)
    of = np.maximum(whole[:, group], 1e-12)
    return of, own / of


def _gains(worth: Floats, ratio: Floats, chosen: Floats, clicks: Floats) -> Floats:
    """Return draws of what the coefficients earn beyond bidding all parts alike.

    Clicks go with the bid to the power of an elasticity, that of auctions of the kind; the further click costs the bid
    that buys it, which is right on the whole.
    """
    random = np.random.default_rng(SEED + 1)
    slope = np.maximum(CLICKS_PRIOR.mean + CLICKS_PRIOR.sd * random.standard_normal((len(ratio), 1)), 0.1)
    added = chosen**slope - 1
    paid = slope / (slope + 1) * (chosen ** (slope + 1) - 1)
    return np.asarray(clicks * worth * (ratio * added - paid))


def _amount(draws: Floats) -> Amount:
    low, high = np.quantile(draws, (0.05, 0.95))
    return Amount(cents(float(draws.mean())), cents(float(low)), cents(float(high)))
