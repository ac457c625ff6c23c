"""Metrics as arrays: many daily series at once, for statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from duoshou.engine import Backend
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.compute import answer
from duoshou.metrics.plan import Plan
from duoshou.metrics.reading import Split
from duoshou.model import Grain, Period

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DailyPanel:
    """Daily values of several metrics for the same groups.

    Attributes:
        period: The days; column `i` of every array is the `i`-th of them.
        by: Dimensions of the split.
        splits: One tuple a group, in alphabetical order: its value of each dimension, None where it is not known.
        values: Metric → array (groups × days); NaN where the value is not known. Money is in units of the currency,
            rates are fractions.
        sources: Metric → the table that answered; None where none knows.
        unsettled: Metric → days of the period whose values may still change.
    """

    period: Period
    by: tuple[str, ...]
    splits: tuple[Split, ...]
    values: Mapping[str, Floats]
    sources: Mapping[str, str | None]
    unsettled: Mapping[str, frozenset[date]] = field(default_factory=dict)

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the columns."""
        return tuple(self.period.start + timedelta(days=number) for number in range(self.period.days))


def daily_panel(
    backend: Backend,
    catalogue: Catalogue,
    metrics: Sequence[str],
    *,
    period: Period,
    as_of: date,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    shop: str | None = None,
) -> DailyPanel:
    """Return metrics day by day as arrays; what they mean is what `query` says, without flags.

    Args:
        backend: Open engine.
        catalogue: Definitions.
        metrics: Keys, names or platform aliases.
        period: Days, both ends included.
        as_of: Last day that is over.
        by: Dimensions of the split.
        where: Dimension → value.
        shop: Shop key; None: all shops.

    Raises:
        UnknownName: For a metric or dimension that nobody defined.
        NotAnswerable: Where an answer would not be true.
    """
    answered = answer(
        backend, catalogue, metrics, period=period, as_of=as_of, grain=Grain.DAY, by=by, where=where, shop=shop
    )
    known = {plan.metric.key: answered.answerer.numbers(plan) for plan in answered.plans}
    splits = answered.answerer.splits
    # Engines return groups in any order; what is drawn or added up over them is to be the same each time.
    order = sorted(range(len(splits)), key=lambda place: tuple(one or "" for one in splits[place]))
    return DailyPanel(
        period,
        answered.request.by,
        tuple(splits[place] for place in order),
        {key: values[order] for key, (values, _) in known.items()},
        {key: source for key, (_, source) in known.items()},
        {plan.metric.key: _unsettled(plan, period, as_of) for plan in answered.plans},
    )


def _unsettled(plan: Plan, period: Period, as_of: date) -> frozenset[date]:
    """Return the days that are younger than the metric takes to settle, or that nobody exported again since."""
    if not plan.settling:
        return frozenset()
    young = {day for day in period if day > as_of - plan.settling}
    return frozenset(young.union(*(one.unsettled_days(plan.metric) for one in plan.assignments())) & set(period))
