"""How customers buy, learnt by both models, and by which of them the shop's own past was foretold better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.customers.sampling import WEEK, Sample
from duoshou.statistics.lifetime.leaving import (
    LeavingModel,
    curvature_covariance,
    expected_of_new,
    expected_orders,
    fit_leaving,
    probability_staying,
)
from duoshou.statistics.lifetime.purchases import (
    Histories,
    NotFitted,
    PurchaseModel,
    expected_purchases,
    expected_total,
    fit_purchases,
    histories,
    probability_active,
)
from duoshou.statistics.lifetime.seasons import Seasons, learn_seasons

Floats = NDArray[np.float64]
BG_NBD, PARETO_NBD = "bg_nbd", "pareto_nbd"
CUTS = 3
LEAST_TRIED = 2
MOST_HISTORIES = 10_000
"""Different histories from which Pareto/NBD is learnt: of more, every so many in their order, whoever comes first."""
Learn = Callable[[Sample, float], "list[Fitted]"]


def _leaving(data: Histories) -> LeavingModel:
    return fit_leaving(data.thinned(max(-(-data.repeats.size // MOST_HISTORIES), 1)))


WAYS: dict[str, Callable[[Histories], PurchaseModel | LeavingModel]] = {PARETO_NBD: _leaving, BG_NBD: fit_purchases}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model that was learnt.

    Attributes:
        name: `bg_nbd` or `pareto_nbd`.
        model: Its parameters.
        data: What it was learnt from, in the time of its clock.
        end: Last day that it knows, counted from 1970-01-01.
        seasons: Its clock; None: days as they are.
    """

    name: str
    model: PurchaseModel | LeavingModel
    data: Histories
    end: float
    seasons: Seasons | None = None

    def active(self, repeats: Floats, last: Floats, age: Floats, until: Floats | None = None) -> Floats:
        """Return the probability that each customer still buys; times in weeks.

        Args:
            repeats: Purchases after the first.
            last: From the first purchase to the last.
            age: From the first purchase to the end.
            until: From the first purchase to the day of which it is asked; None: the end.
        """
        passed = self._passed(last, age), self._passed(age if until is None else until, age)
        if isinstance(self.model, LeavingModel):
            return probability_staying(self.model, repeats, *passed)
        return probability_active(self.model, repeats, *passed)

    def orders(self, repeats: Floats, last: Floats, age: Floats, days: float) -> Floats:
        """Return the purchases to be expected of each customer in the next days."""
        return _expected(self.model, repeats, self._passed(last, age), self._passed(age, age), self._ahead(days))

    def _passed(self, weeks: Floats, age: Floats) -> Floats:
        """Return how long the weeks after each first purchase are on the clock."""
        if self.seasons is None:
            return weeks
        first = self.end - age * WEEK
        return self.seasons.passed(first, first + weeks * WEEK) / WEEK

    def _ahead(self, days: float) -> float:
        if self.seasons is None:
            return days / WEEK
        return float(self.seasons.passed(np.array([self.end]), np.array([self.end + days]))[0]) / WEEK

    def log_error(self, days: float) -> float:
        """Return the standard error of the logarithm of all purchases, from the parameters' own uncertainty (delta)."""
        data = self.data
        if isinstance(self.model, LeavingModel):
            covariance = curvature_covariance(self.model, data)
        else:
            covariance = self.model.covariance
        if covariance is None:
            return float("nan")
        logs, step, ahead = np.log(self.model.parameters), 1e-3, self._ahead(days)

        def total(moved: Floats) -> float:
            model = _with(self.model, np.exp(moved))
            return float(np.log(data.customers @ _expected(model, data.repeats, data.last, data.age, ahead)))

        unit = np.eye(4) * step
        slope = np.array([(total(logs + one) - total(logs - one)) / (2 * step) for one in unit])
        return float(np.sqrt(max(slope @ covariance @ slope, 0.0)))


@dataclass(frozen=True, slots=True)
class HeldOut:
    """How a model foretold days of the past from those before.

    Attributes:
        model: Its name.
        cut: Last day it knew, counted as in the sample.
        days: How many days it foretold.
        expected: Purchases it expected of the customers of that day.
        actual: Those they made.
        mean_error: Mean absolute error of a customer.
        noise: Standard deviation of the total, relative, from the errors of the customers.
    """

    model: str
    cut: float
    days: float
    expected: float
    actual: float
    mean_error: float
    noise: float

    @property
    def log_error(self) -> float:
        """Logarithm of actual over expected; half a purchase stands for none."""
        return float(np.log(max(self.actual, 0.5) / max(self.expected, 0.5)))


def fit_both(sample: Sample, end: float) -> list[Fitted]:
    """Return the models that can be learnt from what was known at the end of a day.

    Raises:
        NotFitted: If neither can.
    """
    data = sample.histories(end)
    found, why = [], ""
    for name, fit in WAYS.items():
        try:
            found.append(Fitted(name, fit(data), data, end))
        except NotFitted as problem:
            why = str(problem)
    if not found:
        raise NotFitted(why)
    return found


def with_seasons(plain: Fitted, sample: Sample, end: float) -> Fitted | None:
    """Return the same model learnt in the time of the shop's seasons; None where these cannot be told.

    Raises:
        NotFitted: If it cannot be learnt in that time.
    """
    model = plain.model
    first, again = sample.first_and_later()
    known = expected_of_new if isinstance(model, LeavingModel) else expected_total
    seasons = learn_seasons(lambda weeks: known(model, weeks), first, again, end)  # type: ignore[arg-type]
    if seasons is None:
        return None
    repeats, last, _ = sample.summaries(end)
    ends = np.full(first.size, end)
    data = histories(repeats, *(seasons.passed(first, to) / WEEK for to in (first + last * WEEK, ends)))
    return Fitted(plain.name, WAYS[plain.name](data), data, end, seasons)


def chosen(sample: Sample, end: float, days: float) -> tuple[Fitted, list[HeldOut]]:
    """Return the model that foretold the past best, and how it did.

    Of the two models that with the smaller error of a customer; in the time of the seasons where the totals of at least
    two stretches were foretold so, and with a smaller error.

    Raises:
        NotFitted: If nothing can be learnt.
    """
    models = fit_both(sample, end)
    learnt: dict[float, list[Fitted]] = {}

    def plainly(before: Sample, cut: float) -> list[Fitted]:
        learnt[cut] = fit_both(before, cut)
        return learnt[cut]

    both = held_out(sample, end, days, plainly)
    plain = better(models, both)
    own = [one for one in both if one.model == plain.name]

    def seasonal(before: Sample, cut: float) -> list[Fitted]:
        known = [one for one in learnt.get(cut, []) if one.name == plain.name]
        return [found for one in known if (found := with_seasons(one, before, cut)) is not None]

    try:
        now = with_seasons(plain, sample, end)
    except NotFitted:
        now = None
    if now is None:
        return plain, own
    tried = held_out(sample, end, days, seasonal)
    cuts = {one.cut for one in tried}
    without = [one for one in own if one.cut in cuts]
    if len(tried) < LEAST_TRIED or _squares(tried) >= _squares(without):
        return plain, own
    return now, tried


def _squares(tried: list[HeldOut]) -> float:
    return sum(one.log_error**2 for one in tried)


def held_out(sample: Sample, end: float, days: float, learn: Learn) -> list[HeldOut]:
    """Return how models foretold up to three stretches of the past, each from all that lay before it.

    A stretch is as long as the days ahead, or a quarter of the past where that is shorter.
    """
    start = float(sample.day.min())
    length = float(min(days, (end - start) // (CUTS + 1)))
    found: list[HeldOut] = []
    if length < WEEK:
        return found
    for number in range(1, CUTS + 1):
        cut = end - number * length
        before = sample.until(cut)
        try:
            models = learn(before, cut)
        except NotFitted:
            continue
        actual = sample.bought_between(cut, cut + length)
        for one in models:
            expected = one.orders(*before.summaries(cut), length)
            error = expected - actual
            noise = float(np.sqrt((error**2).sum()) / max(expected.sum(), 0.5))
            total, made = float(expected.sum()), float(actual.sum())
            found.append(HeldOut(one.name, cut, length, total, made, float(np.abs(error).mean()), noise))
    return found


def better(models: list[Fitted], tried: list[HeldOut]) -> Fitted:
    """Return the model with the smaller mean error of a customer over the stretches that both foretold."""
    if len(models) == 1:
        return models[0]
    cuts = set.intersection(*({one.cut for one in tried if one.model == each.name} for each in models))
    errors = {
        each.name: sum(one.mean_error for one in tried if one.model == each.name and one.cut in cuts) for each in models
    }
    return min(models, key=lambda each: errors[each.name]) if cuts else models[-1]


def _expected(model: PurchaseModel | LeavingModel, x: Floats, t: Floats, age: Floats, ahead: float) -> Floats:
    known = expected_orders if isinstance(model, LeavingModel) else expected_purchases
    return known(model, x, t, age, ahead)  # type: ignore[arg-type]


def _with(model: PurchaseModel | LeavingModel, parameters: Floats) -> PurchaseModel | LeavingModel:
    values = [float(one) for one in parameters]
    if isinstance(model, LeavingModel):
        return LeavingModel(values[0], values[1], values[2], values[3], 0.0)
    return PurchaseModel(values[0], values[1], values[2], values[3], 0.0, None)
