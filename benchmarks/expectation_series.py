"""Daily series for `expectation.py`: made ones whose incidents are known, and real ones with incidents put in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

PHASES = (("warm_up", 10, -0.25), ("peak", 2, 1.3), ("hangover", 6, -0.4))
"""Name, days and typical effect on the logarithm of the phases of a shopping festival."""

FESTIVALS = (40, 105, 170, 235, 290, 350, 420, 480, 520)
"""First day of the warm-up of each festival, within 540 days and beyond."""


@dataclass(frozen=True)
class Incident:
    """Days `start`…`start + length − 1` of a series are multiplied by `factor`, or reach it day by day if it drifts."""

    series: int
    start: int
    length: int
    factor: float
    drift: bool


@dataclass(frozen=True)
class Case:
    """Series and what is known of them.

    Attributes:
        values: float[S, T].
        columns, groups: Calendar of the T days.
        weekdays: int[T].
        test_from: First day of the test, all incidents lie in it.
        incidents: All incidents.
        mean: float[S, T], true mean without incidents (NaN for real data).
        variance: float[S, T], true variance without incidents.
        season: float[S, T], true effects of the calendar and the trend on the logarithm.
        steps: float[S], true variance of the daily step of the level.
    """

    values: Floats
    columns: Floats
    groups: tuple[str, ...]
    weekdays: NDArray[np.int64]
    test_from: int
    incidents: tuple[Incident, ...]
    mean: Floats
    variance: Floats
    season: Floats
    steps: Floats


def calendar(days: int) -> tuple[Floats, tuple[str, ...], Floats]:
    """Return columns, groups and typical effects: one column per phase of each festival, one for pay-days."""
    columns, groups, effects = [], [], []
    random = np.random.default_rng(99)
    for first in FESTIVALS:
        start = first
        size = random.uniform(0.6, 1.4)
        for name, length, effect in PHASES:
            column = np.zeros(days)
            column[start : start + length] = 1
            start += length
            if column.any():
                columns.append(column)
                groups.append(name)
                effects.append(effect * size)
    pay = np.isin(np.arange(days) % 30, (9, 10, 24)).astype(np.float64)
    return np.stack([*columns, pay], axis=1), (*groups, "pay_day"), np.array([*effects, 0.12])


def repeat(columns: Floats, groups: tuple[str, ...]) -> tuple[Floats, tuple[str, ...]]:
    """Return one column for each phase: the calendar of someone who expects all festivals to be alike."""
    names = tuple(dict.fromkeys(groups))
    return np.stack([columns[:, [group == name for group in groups]].sum(axis=1) for name in names], axis=1), names


def make(series: int, days: int, *, seed: int, test: int = 84, share: float = 0.6) -> Case:
    """Return made series: weekday, pay-day, festivals, slow walk and trend, negative binomial noise.

    Of the series a `share` has an incident in the last `test` days; three forms, both directions.
    """
    random = np.random.default_rng(seed)
    columns, groups, effects = calendar(days)
    weekdays = np.arange(days) % 7
    week = random.normal([0.0, 0.0, 0.03, 0.05, 0.12, -0.12, -0.22], 0.04, (series, 7))[:, weekdays]
    festivals = random.normal(effects, 0.15, (series, len(effects))) @ columns.T
    speed = random.choice([0.0, 0.005, 0.015], (series, 1))
    trend = random.normal(0, 0.0008, (series, 1)) * np.arange(days)
    walk = np.cumsum(random.normal(0, 1, (series, days)) * speed, axis=1)
    level = np.log(random.lognormal(3.2, 1.0, (series, 1)))
    mean = np.exp(level + week + festivals + trend + walk)
    kappa = random.gamma(2.0, 0.02, (series, 1))
    incidents = place(random, series, days - test, days, share)
    rate = mean * random.gamma(1 / kappa, kappa, mean.shape) * influence(incidents, mean.shape)
    values = random.poisson(rate).astype(np.float64)
    variance, steps = mean + kappa * mean**2, speed[:, 0] ** 2
    return Case(
        values, columns, groups, weekdays, days - test, incidents, mean, variance, week + festivals + trend, steps
    )


def place(random: np.random.Generator, series: int, first: int, days: int, share: float) -> tuple[Incident, ...]:
    """Return at most one incident per series, none in the first and last days of the test."""
    incidents = []
    for row in range(series):
        if random.random() < share:
            form = random.integers(3)
            length = int((random.integers(1, 3), random.integers(3, 15), random.integers(14, 29))[form])
            start = int(random.integers(first + 5, days - length - 2))
            depth = random.uniform(0.3, 0.85)
            factor = 1 - depth if random.random() < 0.75 else 1 + 1.6 * depth
            incidents.append(Incident(row, start, length, float(factor), form == 2))
    return tuple(incidents)


def influence(incidents: tuple[Incident, ...], shape: tuple[int, int]) -> Floats:
    """Return what the incidents multiply each day by."""
    factor = np.ones(shape)
    for each in incidents:
        grown = np.arange(1, each.length + 1) / each.length if each.drift else np.ones(each.length)
        factor[each.series, each.start : each.start + each.length] = 1 + (each.factor - 1) * grown
    return factor


def real(folder: Path, *, seed: int, test: int = 84, share: float = 0.6) -> Case:
    """Return the busiest 80 products and 12 countries of the Online Retail data with incidents put in.

    Invoices of each, on the days the shop is open. Incidents thin them or add to them; all else is as it was, own
    incidents of the data included, of which nobody knows.
    """
    import duckdb

    source = str(folder / "online_retail.parquet")
    sql = """
        SELECT InvoiceDate::TIMESTAMP::DATE AS day, {key} AS key, {value} AS value FROM read_parquet(?)
        WHERE Quantity > 0 AND UnitPrice > 0 GROUP BY ALL
    """
    products = duckdb.execute(sql.format(key="StockCode", value="count(DISTINCT InvoiceNo)"), [source]).fetchnumpy()
    countries = duckdb.execute(sql.format(key="Country", value="count(DISTINCT InvoiceNo)"), [source]).fetchnumpy()
    open_days = np.unique(products["day"])
    tables = []
    for found, most in ((products, 80), (countries, 12)):
        keys, place_of = np.unique(found["key"].astype(str), return_inverse=True)
        table = np.zeros((len(keys), len(open_days)))
        table[place_of, np.searchsorted(open_days, found["day"])] = found["value"]
        tables.append(table[np.argsort(-table.sum(axis=1), kind="stable")[:most]])
    values = np.concatenate(tables)
    random = np.random.default_rng(seed)
    days = values.shape[1]
    incidents = place(random, len(values), days - test, days, share)
    factor = influence(incidents, values.shape)
    thinned = random.binomial(values.astype(int), np.minimum(factor, 1.0)).astype(np.float64)
    values = thinned + random.poisson(values * np.maximum(factor - 1.0, 0.0))
    weekdays = (open_days.astype("datetime64[D]").astype(np.int64) + 3) % 7
    month = open_days.astype("datetime64[M]").astype(np.int64) % 12
    season = ((month == 10) | (month == 11)).astype(np.float64)[:, None]
    unknown = np.full(values.shape, np.nan)
    known = (values, season, ("before Christmas",), weekdays, days - test, incidents)
    return Case(*known, unknown, unknown, unknown, unknown[:, 0])
