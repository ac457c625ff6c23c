"""What a cause did to sales, reckoned from what it moves: far surer than the sales themselves, which scatter more.

A product sells five pieces a day and is seen by five hundred people. When its search visitors fall by a third, the
sales of one week hardly tell it, the visitors do. What a cause does not move is chance and counts for nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.causes import Cause
from duoshou.analysts.diagnosis.reading import Shop, SubjectSeries
from duoshou.analysts.diagnosis.watched import role_of
from duoshou.statistics.signatures import explained

Floats = NDArray[np.float64]

VISITS = ("search", "recommendation", "paid", "other", "visitors")
ORDER_RATES = ("order_rate_wireless", "order_rate_pc", "order_rate")
WHOLES = {"visitors": VISITS, "order_rate": ORDER_RATES}
"""What stands for all of its group where the files do not split it."""
PRICE = "price"
ADVERTISED = ("impressions", "click_rate", "conversion")
"""What is sold by an advertisement is the product of these, whatever a piece is sold at."""
MAIN = 0.5
"""Part of the largest load from which on a move must be known."""
MODEL_ERROR = 0.2
"""Standard deviation of the reckoned change, as a part of it: visitors of one source are not all alike."""
SHARE_DAYS = 28
"""Days before a trouble whose mix of sources and devices stands for it."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A relative change of sales, and its standard deviation."""

    change: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What a cause did to the features of a subject.

    Attributes:
        features: Their keys.
        mean: Move of each, a logarithm.
        covariance: Of these means (features × features).
    """

    features: tuple[str, ...]
    mean: Floats
    covariance: Floats

    def of(self, feature: str) -> tuple[float, float] | None:
        """Return a feature's move and its standard deviation; None where it is not known."""
        if feature not in self.features:
            return None
        place = self.features.index(feature)
        return float(self.mean[place]), math.sqrt(float(self.covariance[place, place]))


def as_seen(moves: Mapping[str, tuple[float, float]]) -> Effect:
    """Return moves as they were seen, each by itself.

    Args:
        moves: Feature → its move (a logarithm) and its score in standard deviations; one without a score is not known.
    """
    known = {name: move for name, move in moves.items() if move[1] != 0}
    deviations = np.array([move / score for move, score in known.values()])
    return Effect(tuple(known), np.array([move for move, _ in known.values()]), np.diag(deviations**2))


def effect_of(cause: Cause, moves: Mapping[str, tuple[float, float]], noise: Floats | None) -> Effect:
    """Return what a cause did to the features that were seen to move.

    A week of orders hardly tells a rate; the hundreds of visitors who came tell the size of the effect, and the size
    what the rate will have done. A price is what it is.

    Args:
        cause: What is at work.
        moves: Feature → its move and its score.
        noise: Covariance of these moves when nothing happened; without it each stands for itself.
    """
    if noise is None:
        return as_seen(moves)
    keys = tuple(moves)
    seen = np.array([move for move, _ in moves.values()])
    found = explained(seen, noise, cause.signature(keys))
    mean, covariance = found.mean, found.covariance
    if PRICE in keys:
        place = keys.index(PRICE)
        mean[place] = seen[place]
        covariance[place] = covariance[:, place] = 0.0
        covariance[place, place] = noise[place, place]
    return Effect(keys, mean, covariance)


def reckoned(cause: Cause, effect: Effect, shares: Mapping[str, float]) -> Reckoned | None:
    """Return the change of sales that the moved features make; None where they do not tell it.

    Sales are visitors times orders per visitor times price: `(1 + Σ share·(e^move − 1)) · e^move · e^move`; those of
    an advertisement impressions times clicks of each times orders of each. Errors are carried by the delta method.

    Args:
        cause: What is at work.
        effect: What it did to the features.
        shares: Feature → its part of the sales, of the sources of visitors and of the devices, each summing to 1.
    """
    moved = {name: load for name, load in cause.loads.items() if name in (*VISITS, *ORDER_RATES, PRICE, *ADVERTISED)}
    moved = {name: load for name, load in moved.items() if _is_told(name, effect.features)}
    if not moved:
        return None
    main = MAIN * max(abs(load) for load in cause.loads.values())
    if any(name not in effect.features for name, load in moved.items() if abs(load) >= main):
        return None
    whole, slope = 1.0, np.zeros(len(effect.features))
    for group in (VISITS, ORDER_RATES, *((name,) for name in (PRICE, *ADVERTISED))):
        places = [place for place, name in enumerate(effect.features) if name in group and name in moved]
        weights = np.array([shares.get(effect.features[one], 0.0) if len(group) > 1 else 1.0 for one in places])
        if places and not weights.any():
            return None
        moves = effect.mean[places]
        factor = float(1.0 + weights @ np.expm1(moves))
        if factor <= 0:
            return None
        whole *= factor
        slope[places] = weights * np.exp(moves) / factor
    change = whole - 1.0
    return Reckoned(change, math.hypot(whole * math.sqrt(slope @ effect.covariance @ slope), MODEL_ERROR * change))


def _is_told(name: str, features: Collection[str]) -> bool:
    """Return whether a feature can be known beside these: of a whole or its parts the files tell one."""
    for whole, group in WHOLES.items():
        if name in group:
            return (name == whole) == (whole in features)
    return True


def combined(direct: tuple[float, float], other: tuple[float, float], shared: float = 0.0) -> tuple[float, float]:
    """Return the mean of two estimates by least variance, wider where they contradict each other (Birge 1932).

    Of estimates that have chance in common it is the best linear unbiased one (Lyons, Gibaut and Clifford 1988), with
    no weight below 0.

    Args:
        direct: An estimate and its standard deviation.
        other: The other one.
        shared: Covariance of their errors.
    """
    first, second = (max(deviation, 1e-12) ** 2 for _, deviation in (direct, other))
    between = max(first + second - 2 * shared, 1e-24)
    weight = min(max((second - shared) / between, 0.0), 1.0)
    variance = weight**2 * first + (1 - weight) ** 2 * second + 2 * weight * (1 - weight) * shared
    apart = abs(direct[0] - other[0]) / math.sqrt(between)
    return weight * direct[0] + (1 - weight) * other[0], math.sqrt(max(variance, 0.0)) * max(1.0, apart)


def surer(direct: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    """Return the surer of two estimates that share their chance, wider where they contradict each other.

    Orders per visitor scatter with the orders, and so do sales: nobody knows how much of the chance is common, and a
    mean by precision would count it twice. Covariance intersection (Julier and Uhlmann 1997) is right whatever the
    correlation, and of two numbers it is the surer one.

    Args:
        direct: An estimate and its standard deviation.
        other: The other one.
    """
    mean, deviation = min(direct, other, key=lambda one: one[1])
    return mean, deviation * max(1.0, abs(direct[0] - other[0]) / math.hypot(direct[1], other[1]))


def moves_order_rates(cause: Cause) -> bool:
    """Return whether a cause moves orders per visitor or click: each then counts alike, whatever a source pays."""
    return not cause.loads.keys().isdisjoint((*ORDER_RATES, "conversion"))


def chance_of_lost(spread: float, counted: float, change: float) -> tuple[float, float]:
    """Return the chance of sales that a cause took, and what of it is in the sales that came as well.

    What a cause takes on average differs from what it took by chance, and so do the sales that came from the expected
    ones. Of orders that come one by one, a cause that takes each alike takes its part of the variance (thinning leaves
    two independent Poisson counts); of days that are all better or worse than expected, the square of it. Orders that
    a cause brings are not among those that were expected.

    Args:
        spread: Standard deviation of the sales when nothing happened, with that of what is expected of them.
        counted: Variance of them that is of single orders: sales × the money of an order; at most all of it.
        change: Relative change of sales on average, −1 at least.

    Returns:
        The standard deviation of what was taken about its average, and the covariance of the errors of both: expected
        less actual sales, and the average, each as an estimate of what was taken.
    """
    single = min(max(counted, 0.0), spread**2)
    days = spread**2 - single
    return math.sqrt(abs(change) * single + change**2 * days), max(-change, 0.0) * single - change * days


def worth_of_sources(shop: Shop) -> dict[str, float]:
    """Return what a visitor of each source pays in the shop, relative to the others; nothing where no file tells it."""
    paid, came = shop.panel("pay_amount", ("traffic_source",)), shop.panel("visitors", ("traffic_source",))
    if paid is None or came is None:
        return {}
    sums: dict[str, list[float]] = {}
    for place, panel in enumerate((paid, came)):
        (values,) = panel.values.values()
        for (source, *_), row in zip(panel.splits, values, strict=True):
            if source is not None:
                role = role_of("traffic_source", source) or source
                sums.setdefault(role, [0.0, 0.0])[place] += float(np.nansum(row))
    return {role: money / visitors for role, (money, visitors) in sums.items() if money > 0 and visitors > 0}


def sales_shares(series: SubjectSeries, name: str, start: int, worth: Mapping[str, float]) -> dict[str, float]:
    """Return the part of a subject's sales that comes from each source, and by each device, before a day.

    Args:
        series: The subjects of its kind.
        name: The subject.
        start: Number of the day.
        worth: What a visitor of each source pays; where it is not known of all, they count alike.
    """
    row, days = series.names.index(name), slice(max(start - SHARE_DAYS, 0), max(start, 1))
    sums = {one.feature.key: float(np.nansum(one.values[row, days])) for one in series.features}
    shares: dict[str, float] = {}
    for group, weights in ((VISITS, worth), (ORDER_RATES, {})):
        known = [key for key in group if key in sums]
        alike = not all(key in weights for key in known)
        parts = {key: sums[key] * (1.0 if alike else weights[key]) for key in known}
        whole = sum(parts.values())
        shares |= {key: part / whole for key, part in parts.items() if whole > 0}
    return shares
