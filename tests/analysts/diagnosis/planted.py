"""Shops made by hand: daily series with a planted trouble, as the diagnosis reads them."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.reading import FeatureSeries, SubjectSeries
from duoshou.analysts.diagnosis.scan import Scanner
from duoshou.analysts.diagnosis.watched import watched_subjects
from duoshou.statistics.expectation import Design

FIRST = date(2026, 1, 5)
DAYS = 240
SUBJECTS = 30
PLANTED = 3
Floats = NDArray[np.float64]


def products(seed: int = 1, **moves: tuple[int, float]) -> SubjectSeries:
    """Return the series of 30 products, one of which moves.

    Args:
        seed: Of the noise.
        moves: Feature → (days before the end, logarithm of the move) of product `p3`.
    """
    rng = np.random.default_rng(seed)
    (subject,) = (one for one in watched_subjects() if one.type == "product")
    size = rng.uniform(40, 120, SUBJECTS)[:, None]
    week = 1 + 0.1 * np.sin(np.arange(DAYS) * 2 * np.pi / 7)

    def level(key: str, base: Floats) -> Floats:
        expected = np.broadcast_to(base, (SUBJECTS, DAYS)).copy()
        if key in moves:
            days, move = moves[key]
            expected[PLANTED, DAYS - days :] *= np.exp(move)
        return expected

    values: dict[str, tuple[Floats, Floats | None]] = {}
    for key in ("search", "recommendation", "other"):
        values[key] = (rng.poisson(level(key, size * week)).astype(float), None)
    visitors = values["search"][0] + values["recommendation"][0] + values["other"][0]
    for key, rate in (("order_rate_wireless", 0.05), ("order_rate_pc", 0.01), ("cart_rate", 0.1)):
        chance = np.minimum(level(key, np.full((SUBJECTS, DAYS), rate)), 1)
        values[key] = (rng.binomial(visitors.astype(int), chance).astype(float), visitors)
    if "ad_click_rate" in moves:
        shown = np.full((SUBJECTS, DAYS), 800.0)
        clicked = rng.binomial(800, level("ad_click_rate", np.full((SUBJECTS, DAYS), 0.05)))
        values["ad_click_rate"] = (clicked.astype(float), shown)
    if "paid" in moves:
        values["paid"] = (rng.poisson(level("paid", size * week)).astype(float), None)
    price = level("price", np.full((SUBJECTS, DAYS), 100.0))
    values["price"] = (np.log(price) + rng.normal(0, 0.01, price.shape), None)
    features = tuple(FeatureSeries(one, *values[one.key]) for one in subject.feature if one.key in values)
    days = tuple(FIRST + timedelta(days=number) for number in range(DAYS))
    return SubjectSeries(subject, tuple(f"p{number}" for number in range(SUBJECTS)), days, features)


def unsplit(series: SubjectSeries) -> SubjectSeries:
    """Return products as a platform tells them that says neither whence their visitors came nor on what."""
    known = {one.feature.key: one for one in series.features}
    visitors = np.asarray(sum(known[key].values for key in ("search", "recommendation", "other")))
    orders = known["order_rate_wireless"].values + known["order_rate_pc"].values
    told = {"visitors": (visitors, None), "order_rate": (orders, visitors)}
    told |= {key: (known[key].values, known[key].exposure) for key in ("cart_rate", "price")}
    features = tuple(FeatureSeries(one, *told[one.key]) for one in series.subject.feature if one.key in told)
    return SubjectSeries(series.subject, series.names, series.days, features)


def keywords(seed: int = 1, **moves: tuple[int, float]) -> SubjectSeries:
    """Return the series of 30 keywords, one of which moves, as in `products`."""
    rng = np.random.default_rng(seed)
    (subject,) = (one for one in watched_subjects() if one.type == "keyword")

    def level(key: str, base: float) -> Floats:
        expected = np.full((SUBJECTS, DAYS), base)
        if key in moves:
            days, move = moves[key]
            expected[PLANTED, DAYS - days :] *= np.exp(move)
        return expected

    impressions = rng.poisson(level("impressions", 900.0)).astype(float)
    clicks = rng.binomial(impressions.astype(int), level("click_rate", 0.05)).astype(float)
    price = np.log(level("cost_per_click", 1.5)) + rng.normal(0, 0.03, impressions.shape)
    values = {
        "impressions": (impressions, None),
        "click_rate": (clicks, impressions),
        "cost_per_click": (price, None),
    }
    features = tuple(FeatureSeries(one, *values[one.key]) for one in subject.feature if one.key in values)
    days = tuple(FIRST + timedelta(days=number) for number in range(DAYS))
    return SubjectSeries(subject, tuple(f"p{number}" for number in range(SUBJECTS)), days, features)


def few(series: SubjectSeries) -> SubjectSeries:
    """Return a series of its first subjects alone, up to the planted one: too few to tell what moves them all."""
    rows = PLANTED + 1
    features = tuple(
        FeatureSeries(one.feature, one.values[:rows].copy(), None if one.exposure is None else one.exposure[:rows])
        for one in series.features
    )
    return SubjectSeries(series.subject, series.names[:rows], series.days, features)


def scanner(series: SubjectSeries, sales: NDArray[np.bool_] | None = None) -> Scanner:
    """Return the scanner of a series on a calendar that knows weekdays only."""
    return Scanner(series, Design.weekly(len(series.days)), sales=sales)
