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
    expected_orders,
    fit_leaving,
    probability_staying,
)
from duoshou.statistics.lifetime.purchases import (
    Histories,
    NotFitted,
    PurchaseModel,
    expected_purchases,
    fit_purchases,
    histories,
    probability_active,
)

Floats = NDArray[np.float64]
BG_NBD, PARETO_NBD = "bg_nbd", "pareto_nbd"
MOST_HISTORIES = 2_000
"""Different histories from which Pareto/NBD is learnt: its likelihood costs several times that of BG/NBD."""
CUTS = 3


@dataclass(frozen=True, slots=True)
class Fitted:
    """A model that was learnt.

    Attributes:
        name: `bg_nbd` or `pareto_nbd`.
        model: Its parameters.
        data: What it was learnt from.
    """

    name: str
    model: PurchaseModel | LeavingModel
    data: Histories

    def active(self, repeats: Floats, last: Floats, age: Floats) -> Floats:
        """Return the probability that each customer still buys; times in weeks."""
        if isinstance(self.model, LeavingModel):
            return probability_staying(self.model, repeats, last, age)
        return probability_active(self.model, repeats, last, age)

    def orders(self, repeats: Floats, last: Floats, age: Floats, days: float) -> Floats:
        """Return the purchases to be expected of each customer in the next days."""
        return _expected(self.model, repeats, last, age, days / WEEK)

    def log_error(self, days: float) -> float:
        """Return the standard error of the logarithm of all purchases, from the parameters' own uncertainty (delta)."""
        data = self.data
        if isinstance(self.model, LeavingModel):
            covariance = curvature_covariance(self.model, data)
        else:
            covariance = self.model.covariance
        if covariance is None:
            return float("nan")
        logs, step = np.log(self.model.parameters), 1e-3

        def total(moved: Floats) -> float:
            model = _with(self.model, np.exp(moved))
            return float(np.log(data.customers @ _expected(model, data.repeats, data.last, data.age, days / WEEK)))

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
    ways: tuple[tuple[str, Callable[[Histories], PurchaseModel | LeavingModel], Histories], ...] = (
        (PARETO_NBD, fit_leaving, _fewer(sample, end, data)),
        (BG_NBD, fit_purchases, data),
    )
    for name, fit, known in ways:
        try:
            found.append(Fitted(name, fit(known), known))
        except NotFitted as problem:
            why = str(problem)
    if not found:
        raise NotFitted(why)
    return found


def held_out(sample: Sample, end: float, days: float) -> list[HeldOut]:
    """Return how both models foretold up to three stretches of the past, each from all that lay before it.

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
            models = fit_both(before, cut)
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


def _fewer(sample: Sample, end: float, data: Histories) -> Histories:
    """Return the histories of so many customers, the first ones, that they hold about the most that is allowed."""
    if data.repeats.size <= MOST_HISTORIES:
        return data
    size = round(sample.size * MOST_HISTORIES / data.repeats.size)
    return histories(*(one[:size] for one in sample.summaries(end)))


def _expected(model: PurchaseModel | LeavingModel, x: Floats, t: Floats, age: Floats, ahead: float) -> Floats:
    known = expected_orders if isinstance(model, LeavingModel) else expected_purchases
    return known(model, x, t, age, ahead)  # type: ignore[arg-type]


def _with(model: PurchaseModel | LeavingModel, parameters: Floats) -> PurchaseModel | LeavingModel:
    values = [float(one) for one in parameters]
    if isinstance(model, LeavingModel):
        return LeavingModel(values[0], values[1], values[2], values[3], 0.0)
    return PurchaseModel(values[0], values[1], values[2], values[3], 0.0, None)
