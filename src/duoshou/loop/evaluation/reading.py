"""Daily values of a shop as arrays, read once for many cases; every number comes from the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from duoshou.engine import Backend
from duoshou.metrics import Additivity, Catalogue, DailyPanel, Metric, MetricError, Unit, daily_panel, query
from duoshou.model import Period
from duoshou.statistics.effects.panel import Kind

Floats = NDArray[np.float64]
SHOP = "shop"
NOT_JUDGED = frozenset({Additivity.INDEX, Additivity.SHARE})
"""Metrics whose daily values are no amounts of anything."""


@dataclass(frozen=True, slots=True)
class Values:
    """Daily values of one metric for all subjects of a type.

    Attributes:
        names: Key of each subject, in the order of the rows.
        days: First and last day of the columns.
        values: float[subjects, days]; of a rate the successes. NaN: unknown.
        trials: Denominators of a rate, else None.
        kind: How the numbers scatter.
    """

    names: tuple[str, ...]
    days: Period
    values: Floats
    trials: Floats | None
    kind: Kind

    def rows(self, names: Sequence[str]) -> list[int]:
        """Return the rows of the subjects that are there."""
        places = {name: number for number, name in enumerate(self.names)}
        return [places[name] for name in names if name in places]

    def column(self, day: date) -> int:
        """Return the column of a day, which may lie outside."""
        return (day - self.days.start).days


@dataclass(frozen=True, slots=True)
class Reader:
    """What a shop's files tell day by day.

    Attributes:
        backend: Open engine.
        catalogue: Definitions.
        days: Days that are read.
        until: Last day that is over.
        shop: Key of the shop.
        faulty: Days whose data have a fault; they count as unknown.
        read: What has been read, by metric and type.
        panels: The same as the metrics give it.
        facts: What is known of subjects, by the name of the fact.
    """

    backend: Backend
    catalogue: Catalogue
    days: Period
    until: date
    shop: str
    faulty: frozenset[date] = frozenset()
    read: dict[tuple[str, str], Values | None] = field(default_factory=dict, compare=False)
    panels: dict[tuple[str, str], DailyPanel | None] = field(default_factory=dict, compare=False)
    facts: dict[str, dict[str, str]] = field(default_factory=dict, compare=False)

    def metric(self, name: str) -> Metric | None:
        """Return a metric of the catalogue, or None where it is not known."""
        try:
            return self.catalogue.metric(name)
        except MetricError:
            return None

    def values(self, name: str, type_: str) -> Values | None:
        """Return a metric for all subjects of a type; None where the files do not tell it or it cannot be judged."""
        metric = self.metric(name)
        if metric is None or metric.additivity in NOT_JUDGED:
            return None
        if (metric.key, type_) not in self.read:
            self.read[metric.key, type_] = self._values(metric, type_)
        return self.read[metric.key, type_]

    def _values(self, metric: Metric, type_: str) -> Values | None:
        ratio = metric.ratio
        if metric.unit is Unit.RATE and ratio is not None and not ratio.per_day:
            above, below = self._table(ratio.numerator, type_), self._table(ratio.denominator, type_)
            if above is not None and below is not None:
                return _rate(above, below, self.days)
        table = self._table(metric.key, type_)
        if table is None:
            return None
        names = tuple(sorted(table))
        values = np.stack([table[name] for name in names])
        is_count = metric.unit in {Unit.COUNT, Unit.PEOPLE}
        return Values(names, self.days, values, None, "count" if is_count else "amount")

    def _table(self, name: str, type_: str) -> dict[str, Floats] | None:
        panel = self._panel(name, type_)
        if panel is None:
            return None
        unknown = np.array([day in self.faulty for day in self.days])
        rows = {}
        for split, row in zip(panel.splits, panel.values[name], strict=True):
            key = split[0] if split else ""
            if key is not None:
                rows[key] = np.where(unknown, np.nan, row)
        return rows or None

    def _panel(self, name: str, type_: str) -> DailyPanel | None:
        if (name, type_) not in self.panels:
            self.panels[name, type_] = self._ask(name, type_)
        return self.panels[name, type_]

    def _ask(self, name: str, type_: str) -> DailyPanel | None:
        if type_ != SHOP and type_ not in self.catalogue.dimensions:
            return None
        try:
            found = daily_panel(
                self.backend,
                self.catalogue,
                [name],
                period=self.days,
                as_of=self.until,
                by=() if type_ == SHOP else (type_,),
                shop=self.shop,
            )
        except MetricError:
            return None
        return found if found.splits and np.isfinite(found.values[name]).any() else None

    def categories(self) -> dict[str, str]:
        """Return product → category, where files tell it; read once."""
        if "category" not in self.facts:
            self.facts["category"] = self._categories()
        return self.facts["category"]

    def _categories(self) -> dict[str, str]:
        try:
            found = query(
                self.backend,
                self.catalogue,
                ["pay_amount"],
                period=self.days,
                as_of=self.until,
                by=("product", "category"),
                shop=self.shop,
            )
        except MetricError:
            return {}
        pairs = ((row.dimensions.get("product"), row.dimensions.get("category")) for row in found.rows)
        return {product: category for product, category in pairs if product and category}


def _rate(above: dict[str, Floats], below: dict[str, Floats], days: Period) -> Values:
    """Return a rate; a day without trials is unknown, one with trials and no successes told has none."""
    names = tuple(sorted(below))
    trials = np.stack([below[name] for name in names])
    nothing = np.full(days.days, np.nan)
    hits = np.stack([above.get(name, nothing) for name in names])
    known = np.isfinite(trials) & (trials > 0)
    hits = np.where(known, np.clip(np.nan_to_num(hits), 0.0, np.nan_to_num(trials)), np.nan)
    return Values(names, days, hits, np.where(known, trials, np.nan), "rate")
