"""The watched series of a shop as arrays; every number comes from the metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.watched import Feature, WatchedSubject, role_of
from duoshou.engine import Backend
from duoshou.metrics import Catalogue, DailyPanel, MetricError, daily_panel
from duoshou.model import Period

Floats = NDArray[np.float64]
SOURCE_LEVELS = ("2", "1")
"""Levels of the tree of traffic sources, the more telling one first."""


@dataclass(frozen=True, slots=True)
class Shop:
    """What is asked about: one shop's days.

    Attributes:
        backend: Open engine.
        catalogue: Definitions.
        period: Days of the series; the last is the latest that may be judged.
        as_of: Last day that is over.
        key: Shop, or None for the only one.
        read: What has been read.
    """

    backend: Backend
    catalogue: Catalogue
    period: Period
    as_of: date
    key: str | None
    read: dict[tuple[str, tuple[str, ...]], DailyPanel | None] = field(default_factory=dict, compare=False)

    def panel(self, metric: str, by: tuple[str, ...] = ()) -> DailyPanel | None:
        """Return a metric by day and split, read once; None where the shop's files do not tell it."""
        if (metric, by) not in self.read:
            self.read[metric, by] = self._panel(metric, by)
        return self.read[metric, by]

    def _panel(self, metric: str, by: tuple[str, ...]) -> DailyPanel | None:
        levels = SOURCE_LEVELS if "traffic_source" in by else (None,)
        for level in levels:
            where = {} if level is None else {"source_level": level}
            try:
                found = daily_panel(
                    self.backend,
                    self.catalogue,
                    [metric],
                    period=self.period,
                    as_of=self.as_of,
                    by=by,
                    where=where,
                    shop=self.key,
                )
            except MetricError:
                continue
            if found.splits and any(np.isfinite(values).any() for values in found.values.values()):
                return found
        return None


@dataclass(frozen=True, slots=True)
class FeatureSeries:
    """One feature of all subjects of a kind.

    Attributes:
        feature: What it is.
        values: Subjects × days: successes of a rate, the values of everything else; NaN where unknown.
        exposure: Trials of a rate; None for everything else.
    """

    feature: Feature
    values: Floats
    exposure: Floats | None


@dataclass(frozen=True, slots=True)
class SubjectSeries:
    """All features of all subjects of a kind.

    Attributes:
        subject: The kind.
        names: Key of each subject (the row of the arrays); one empty text for the shop.
        days: The days of the columns.
        features: Those that the shop's files tell.
        families: What each subject is one of, such as its category; None where it is not known.
    """

    subject: WatchedSubject
    names: tuple[str, ...]
    days: tuple[date, ...]
    features: tuple[FeatureSeries, ...]
    families: tuple[str | None, ...] = ()


def read_subject(shop: Shop, subject: WatchedSubject) -> SubjectSeries | None:
    """Return the series of a kind of subject; None where nothing is known of it."""
    own = () if subject.dimension is None else (subject.dimension,)
    read: dict[str, dict[str, tuple[Floats, Floats | None]]] = {}
    for feature in subject.feature:
        if any(name in read for name in feature.unless):
            continue
        values = _read(shop, own, feature)
        if values:
            read[feature.key] = values
    names = tuple(sorted({name for values in read.values() for name in values}))
    if not names:
        return None
    days = tuple(shop.period.start + timedelta(days=number) for number in range(shop.period.days))
    features = [
        _stacked(feature, read[feature.key], names, len(days)) for feature in subject.feature if feature.key in read
    ]
    return SubjectSeries(subject, names, days, tuple(features), families_of(shop, subject, names))


def families_of(shop: Shop, subject: WatchedSubject, names: Sequence[str]) -> tuple[str | None, ...]:
    """Return the family of each subject: that in which most of it was sold."""
    if subject.family is None or subject.dimension is None or subject.sales is None:
        return (None,) * len(names)
    panel = shop.panel(subject.sales, (subject.dimension, subject.family))
    sold: dict[str | None, tuple[float, str]] = {}
    if panel is not None:
        for (name, family, *_), row in zip(panel.splits, panel.values[subject.sales], strict=True):
            amount = float(np.nansum(row))
            if family is not None and (name not in sold or sold[name][0] < amount):
                sold[name] = amount, family
    return tuple(sold[name][1] if name in sold else None for name in names)


def _read(shop: Shop, own: tuple[str, ...], feature: Feature) -> dict[str, tuple[Floats, Floats | None]]:
    """Return subject → values and exposure of one feature."""
    split = (*own, feature.part.dimension) if feature.part else own
    above = shop.panel(feature.metric, split)
    if above is None:
        return {}
    values = _added(above, feature, len(own))
    if feature.over is None:
        return {name: (row, None) for name, row in values.items()}
    below = shop.panel(feature.over, own)
    if below is None:
        return {}
    trials = {_name(key, len(own)): row for key, row in zip(below.splits, below.values[feature.over], strict=True)}
    if feature.absent_is_zero:
        values = {name: np.where(np.isnan(row), 0.0, row) for name, row in values.items()}
    if feature.trailing:
        trials = {name: _trailing(row, feature.trailing) for name, row in trials.items()}
    # A visitor may order twice: where successes exceed the trials, they are the trials.
    return {
        name: (row, np.where(np.isfinite(row), np.fmax(trials[name], row), trials[name]))
        for name, row in values.items()
        if name in trials and name is not None
    }


def _added(panel: DailyPanel, feature: Feature, own: int) -> dict[str, Floats]:
    """Return subject → values, those of the asked role added."""
    found: dict[str, Floats] = {}
    for split, row in zip(panel.splits, panel.values[feature.metric], strict=True):
        name = _name(split, own)
        if name is None or (feature.part and role_of(feature.part.dimension, split[own]) != feature.part.role):
            continue
        found[name] = row if name not in found else _sum(found[name], row)
    return found


def _name(split: Sequence[str | None], own: int) -> str | None:
    return split[0] if own else ""


def _sum(first: Floats, second: Floats) -> Floats:
    """Return the sum of what is known; NaN where neither is."""
    both = np.isnan(first) & np.isnan(second)
    return np.where(both, np.nan, np.nan_to_num(first) + np.nan_to_num(second))


def _trailing(row: Floats, days: int) -> Floats:
    """Return for each day the sum over the days before it; NaN until there are enough of them."""
    summed = np.concatenate([[0.0], np.cumsum(np.nan_to_num(row))])
    result = np.full(len(row), np.nan)
    result[days:] = summed[days:-1] - summed[: -days - 1]
    return result


def _stacked(
    feature: Feature, read: dict[str, tuple[Floats, Floats | None]], names: Sequence[str], days: int
) -> FeatureSeries:
    nothing = np.full(days, np.nan)
    values = np.stack([read[name][0] if name in read else nothing for name in names])
    if feature.kind == "rate":
        exposure = np.stack([_given(read[name][1], nothing) if name in read else nothing for name in names])
        return FeatureSeries(feature, np.where(np.isfinite(exposure), values, np.nan), exposure)
    if feature.kind == "level":
        values = np.log(np.where(values > 0, values, np.nan))
    return FeatureSeries(feature, values, None)


def _given(values: Floats | None, otherwise: Floats) -> Floats:
    return otherwise if values is None else values
