"""Prices of past and coming days, and how demand answers them, for the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.assortment.question import Floats, PlannedPrice, RangeQuestion
from duoshou.analysts.pricing.answers import Answer, answers
from duoshou.analysts.pricing.question import Priced, PricingQuestion, read_priced, read_sold
from duoshou.model import Period
from duoshou.statistics.demand import Prices
from duoshou.statistics.expectation import Design

NOW_DAYS = 7
"""The middle price of so many last days is that of today, and goes on."""
NEAR_DAYS = 60
"""Days about a phase whose plain days tell what its price is compared with."""


MOST_DAYS_AHEAD = 28
"""Days ahead of which a planned price is told."""


@dataclass(frozen=True, slots=True)
class PriceAhead:
    """A planned price within four weeks.

    Attributes:
        day: First day on which it holds.
        price: The price.
        counted: Whether the forecast counts it: only where the answer of the product's demand to prices is known.
    """

    day: date
    price: Decimal
    counted: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """Products whose prices are known and whose demand is known to answer them.

    Attributes:
        priced: Their days.
        answers: One of each.
    """

    priced: Priced
    answers: tuple[Answer, ...]


def read_answered(question: RangeQuestion, first: date) -> Answered | None:
    """Return how demand answered prices; None where no order tells a price."""
    asked = PricingQuestion(
        *(question.backend, question.catalogue, question.as_of, question.today, question.shop, question.currency),
        *(question.names, question.calendar),
    )
    sold = read_sold(asked, first)
    priced = None if sold is None else read_priced(asked, sold)
    return None if priced is None else Answered(priced, answers(priced)[0])


def prices_of(
    question: RangeQuestion, found: Answered | None, products: Sequence[str], period: Period, design: Design
) -> Prices | None:
    """Return the prices of the days of a design for the forecast; None where demand is known to answer none.

    Compared with the price that is usual on a day: that of today, in a phase of the calendar lower by as much as in the
    same phase of the past, since a phase has the effect of its usual price too. Without a plan that is the price ahead.

    Args:
        question: What is asked.
        found: How demand answered prices.
        products: Ids of the S products that are forecast.
        period: The T known days.
        design: Calendar of T + H days.
    """
    known, days = period.days, design.columns.shape[0]
    logs = np.full((len(products), days), np.nan)
    elasticity, error = np.zeros(len(products)), np.zeros(len(products))
    if found is None:
        return None
    now = np.full(len(products), np.nan)
    places = {name: place for place, name in enumerate(found.priced.products)}
    for row, name in enumerate(products):
        answer = found.answers[places[name]].whole if name in places else None
        if answer is None:
            continue
        path = _within(found.priced, places[name], period)
        recent = path[-NOW_DAYS:]
        if np.isfinite(recent).any():
            now[row] = float(np.nanmedian(recent))
            logs[row, :known] = path - now[row]
            elasticity[row], error[row] = answer.value, answer.sd
    if not elasticity.any():
        return None
    lower = discounts(logs[:, :known], design)
    for plan in sorted(question.plans, key=lambda one: one.first):
        if plan.product in products:
            row = products.index(plan.product)
            begin, end = _span(plan, period.end, days - known)
            logs[row, known + begin : known + end] = np.log(float(plan.price)) - now[row]
    return Prices(_against_today(logs - lower, known), elasticity, error)


def _against_today(logs: Floats, known: int) -> Floats:
    """Return the logs less today's: where today lies in a phase its discount ends with it."""
    recent = logs[:, known - NOW_DAYS : known] if known > NOW_DAYS else logs[:, :known]
    told = np.isfinite(recent).any(axis=1)
    today = np.zeros(len(logs))
    today[told] = _medians(recent[told])
    return np.asarray(logs - today[:, None])


def discounts(logs: Floats, design: Design) -> Floats:
    """Return how much lower prices are to be expected on each day, float[S, T + H], as logarithms.

    In a phase the mean of its past days, each run of them compared with the plain days near it; of a phase that no
    price is known of, and on plain days, nothing.

    Args:
        logs: float[S, T], log prices of the past; NaN where unknown.
        design: Calendar of T + H days.
    """
    known = logs.shape[1]
    columns = design.columns != 0
    plain = ~columns.any(axis=1)
    away = logs - _usual(logs, plain[:known])
    told, past = np.isfinite(away), columns[:known].astype(np.float64)
    days, total = told @ past, np.where(told, away, 0.0) @ past
    seen = days.sum(axis=0) > 0
    of_all = total.sum(axis=0) / np.maximum(days.sum(axis=0), 1)
    mean = np.where(days > 0, total / np.maximum(days, 1), of_all)
    ahead = (columns & seen).T.astype(np.float64)
    return np.asarray(mean @ ahead / np.maximum(ahead.sum(axis=0), 1))


def price_ahead(question: RangeQuestion, product: str, prices: Prices | None, row: int) -> PriceAhead | None:
    """Return the first planned price of a product within four weeks; None where none is planned."""
    last = question.as_of + timedelta(days=MOST_DAYS_AHEAD)
    coming = (one for one in question.plans if one.product == product and one.first <= last)
    plans = sorted(coming, key=lambda one: one.first)
    if not plans:
        return None
    counted = prices is not None and bool(prices.elasticity[row] != 0)
    return PriceAhead(plans[0].first, plans[0].price, counted)


def _within(priced: Priced, place: int, period: Period) -> Floats:
    """Return the log prices of a period, NaN where the prices do not reach."""
    found = np.full(period.days, np.nan)
    start = (priced.first - period.start).days
    path = np.log(priced.price[place])
    begin, end = max(start, 0), min(start + len(path), period.days)
    found[begin:end] = path[begin - start : end - start]
    return found


def _usual(logs: Floats, plain: NDArray[np.bool_]) -> Floats:
    """Return for each day the middle price of the plain days about its run of phases; on plain days their own."""
    usual = logs.copy()
    edges = np.flatnonzero(np.diff(np.concatenate([[True], plain, [True]]).astype(np.int8)))
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        near = plain.copy()
        near[: max(begin - NEAR_DAYS, 0)] = near[end + NEAR_DAYS :] = False
        seen = np.isfinite(logs[:, near]).any(axis=1)
        usual[:, begin:end] = np.nan
        if seen.any():
            usual[np.flatnonzero(seen), begin:end] = _medians(logs[seen][:, near])[:, None]
    return usual


def _medians(values: Floats) -> Floats:
    """Return the median of the known values of each row, each of which has some."""
    ordered, count = np.sort(values, axis=1), np.isfinite(values).sum(axis=1)
    rows = np.arange(len(values))
    return np.asarray((ordered[rows, (count - 1) // 2] + ordered[rows, count // 2]) / 2)


def _span(plan: PlannedPrice, known: date, ahead: int) -> tuple[int, int]:
    """Return the days of a plan among those ahead, from the first to the one behind the last."""
    begin = max((plan.first - known - timedelta(days=1)).days, 0)
    end = ahead if plan.last is None else min((plan.last - known).days, ahead)
    return min(begin, ahead), max(end, min(begin, ahead))
