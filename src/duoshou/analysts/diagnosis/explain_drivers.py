"""What the factors of a metric did to it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from duoshou.analysts.diagnosis.explain_formulas import Formula, formulas_of
from duoshou.analysts.diagnosis.explain_values import Pair, Values
from duoshou.metrics import Unit
from duoshou.statistics.decomposition import product_effects, settled

DEEPEST = 3
CLOSE = 1e-9
"""Relative difference up to which a product of factors is the metric itself, computed in another order."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One factor or term.

    Attributes:
        key: Metric.
        pair: Its values.
        contribution: What its change did to the explained metric, in that metric's unit.
        drivers: What drove it in turn; with `residual` they sum to the contribution.
        residual: What is between the factor and the product of its own drivers, where sources differ.
    """

    key: str
    pair: Pair
    contribution: float
    drivers: tuple[Driver, ...] = ()
    residual: float = 0.0


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A change and its drivers.

    Attributes:
        drivers: They and `residual` sum to the change.
        residual: What the drivers' sources and the metric's own source do not agree on.
        by_shapley: Whether a factor was zero or changed its sign, so that Shapley values took the logarithms' place.
    """

    drivers: tuple[Driver, ...] = ()
    residual: float = 0.0
    by_shapley: bool = False


@dataclass(frozen=True, slots=True)
class _Effects:
    contributions: list[float]
    multipliers: list[float]
    residual: float
    by_shapley: bool

    @property
    def is_mostly_residual(self) -> bool:
        """Whether the drivers move less than what they do not explain."""
        return abs(self.residual) > math.fsum(map(abs, self.contributions))


def break_down(values: Values, key: str, whole: Pair) -> Breakdown:
    """Return the drivers of a metric; none for a metric that is simply measured.

    Args:
        values: Where values come from.
        key: Metric.
        whole: Its values, both known.
    """
    known = {key: whole} | values.answerable(_all_keys(values, key))
    return _Tree(values, known).breakdown(key, whole, 1.0, (key,))


def _all_keys(values: Values, key: str) -> list[str]:
    """Return every metric that may be needed, each once, so that one question fetches them all."""
    found: dict[str, None] = {}
    level = [key]
    for depth in range(DEEPEST):
        formulas = [one for each in level for one in formulas_of(values.catalogue, each, within=depth > 0)]
        level = [one for formula in formulas for one in formula.keys if one not in found and one != key]
        found |= dict.fromkeys(level)
    return list(found)


class _Tree:
    """Takes a metric apart, then its drivers, each metric in one place only."""

    def __init__(self, values: Values, known: Mapping[str, Pair]) -> None:
        self._values = values
        self._known = known
        self._opened: set[str] = set()

    def breakdown(self, key: str, whole: Pair, multiplier: float, above: tuple[str, ...]) -> Breakdown:
        """Return the drivers of a metric that stands under the metrics `above`, itself included."""
        inside = len(above) > 1
        days = (self._values.baseline.days, self._values.period.days)
        for formula in formulas_of(self._values.catalogue, key, within=inside):
            if set(formula.keys) & set(above) or not self._knows(formula):
                continue
            per_day = days if formula.per_day else (1, 1)
            parts = self._of_one_source(formula, whole, per_day)
            effects = _effects(formula, parts, whole.floats, per_day)
            if effects is None or (inside and effects.is_mostly_residual):
                continue
            self._opened.add(key)
            return self._opened_up(formula, parts, effects, multiplier, above)
        return Breakdown()

    def _knows(self, formula: Formula) -> bool:
        return all(one in self._known and self._known[one].is_known for one in formula.keys)

    def _opened_up(
        self,
        formula: Formula,
        parts: Mapping[str, Pair],
        effects: _Effects,
        multiplier: float,
        above: tuple[str, ...],
    ) -> Breakdown:
        drivers, shapley = [], effects.by_shapley
        for place, one in enumerate(formula.keys):
            may_open = formula.opens and (formula.signs[place] > 0 or not formula.is_product)
            inner = Breakdown()
            if may_open and len(above) < DEEPEST and one not in self._opened:
                inner = self.breakdown(one, parts[one], effects.multipliers[place] * multiplier, (*above, one))
            drivers.append(_driver(one, parts[one], effects.contributions[place] * multiplier, inner))
            shapley |= inner.by_shapley
        return Breakdown(tuple(drivers), effects.residual * multiplier, shapley)

    def _of_one_source(self, formula: Formula, whole: Pair, days: tuple[int, int]) -> Mapping[str, Pair]:
        """Return the parts, the only one from another source than the whole replaced by what the whole implies."""
        foreign = [one for one in formula.keys if self._known[one].source != whole.source]
        if len(foreign) != 1 or len(formula.keys) == 1 or whole.source is None:
            return self._known
        (odd,) = foreign
        sides = [_implied(formula, self._known, odd, place, whole.floats[place], days[place]) for place in (0, 1)]
        if None in sides:
            return self._known
        is_money = self._values.catalogue.metrics[odd].unit is Unit.MONEY
        before, after = (Decimal(str(one)) if is_money else one for one in sides)
        return {**self._known, odd: Pair(before, after, whole.source, self._known[odd].flags, is_implied=True)}


def _implied(
    formula: Formula, known: Mapping[str, Pair], odd: str, place: int, total: float, days: int
) -> float | None:
    """Return the value of one part that makes the formula true in one of the two states; None where none does."""
    signs = dict(zip(formula.keys, formula.signs, strict=True))
    rest = [(known[one].floats[place], sign) for one, sign in signs.items() if one != odd]
    if not formula.is_product:
        return signs[odd] * (total - math.fsum(value * sign for value, sign in rest))
    scaled = total / formula.scale
    if any(value == 0 for value, _ in rest) or (signs[odd] < 0 and not scaled):
        return None
    quotient = scaled / math.prod(value**sign for value, sign in rest)
    return quotient if signs[odd] > 0 else days / quotient


def _driver(key: str, pair: Pair, contribution: float, inner: Breakdown) -> Driver:
    """Return a driver whose own drivers, settled for rounding, sum to its contribution."""
    if not inner.drivers:
        return Driver(key, pair, contribution)
    parts = [one.contribution for one in inner.drivers]
    scale = max(map(abs, (contribution, *parts)))
    left = contribution - math.fsum((*parts, inner.residual))
    if abs(left) > CLOSE * scale:
        return Driver(key, pair, contribution, inner.drivers, inner.residual + left)
    return Driver(key, pair, contribution, inner.drivers, inner.residual)


def _effects(
    formula: Formula, known: Mapping[str, Pair], ends: tuple[float, float], days: tuple[int, int]
) -> _Effects | None:
    """Return what each factor or term did; None where a divisor is zero."""
    pairs = np.array([known[one].floats for one in formula.keys])
    signs = np.array(formula.signs)
    change = ends[1] - ends[0]
    if not formula.is_product:
        contributions = signs * (pairs[:, 1] - pairs[:, 0])
        made = (float(signs @ pairs[:, 0]), float(signs @ pairs[:, 1]))
        multipliers, by_shapley = signs.astype(float), False
    else:
        below = signs < 0
        if (pairs[below] == 0).any():
            return None
        pairs[below] = np.array(days) / pairs[below]
        found = product_effects(pairs[:, 0], pairs[:, 1])
        contributions = found.contributions[:, 0] * formula.scale
        multipliers = found.multipliers[:, 0] * formula.scale
        made = (float(pairs[:, 0].prod()) * formula.scale, float(pairs[:, 1].prod()) * formula.scale)
        by_shapley = bool(found.by_shapley[0])
    rounding = 0.0 if formula.is_product else 1e-12 * float(np.abs(pairs).max())
    closes = all(math.isclose(one, end, rel_tol=CLOSE, abs_tol=rounding) for one, end in zip(made, ends, strict=True))
    if closes:
        contributions = settled(contributions[:, None], np.array([change]))[:, 0]
    residual = 0.0 if closes else change - math.fsum(contributions)
    return _Effects(contributions.tolist(), multipliers.tolist(), residual, by_shapley)
