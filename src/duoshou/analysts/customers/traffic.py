"""Where the traffic does not fit the shop: sources that bring more visitors, of whom a smaller part buys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.customers.question import CustomerQuestion
from duoshou.metrics import MetricError, query
from duoshou.model import Grain, Period
from duoshou.statistics import benjamini_hochberg

NOW, BEFORE = 4, 12
"""Weeks that are set against the weeks before them."""
LEAST_BEFORE = 4
LEAST_BUYERS = 30
WEEK = 7
LEVEL = 0.95
FALSE_RATE = 0.1
DIMENSION = "channel"
Floats = NDArray[np.float64]


class Fit(StrEnum):
    """Whether the visitors of a source fit the shop.

    MISFIT: More visitors, and a smaller part of them buys, both beyond chance and beyond what the other sources did.
    NO_SIGN: Not both.
    CANNOT_TELL: Too few weeks or buyers.
    """

    MISFIT = "misfit"
    NO_SIGN = "no_sign"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Change:
    """A change against all other sources: −0.2 is a fifth less than they did.

    Attributes:
        value: The change.
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Source:
    """The visitors of a source, the last four weeks against up to twelve before them.

    Attributes:
        channel: Key of the channel.
        fit: Whether its visitors fit the shop.
        visitors: Visits of a day in the last four weeks.
        visitors_before: Those of a day before.
        conversion: Part of them that bought.
        conversion_before: The part before; None where nobody came.
        more: Change of the visitors against the other sources; None where it cannot be told.
        converting: Change of the conversion against theirs; None where it cannot be told.
        weeks_before: Weeks before that were looked at.
    """

    channel: str
    fit: Fit
    visitors: float
    visitors_before: float
    conversion: float | None
    conversion_before: float | None
    more: Change | None
    converting: Change | None
    weeks_before: int


def sources(question: CustomerQuestion) -> tuple[Source, ...]:
    """Return the channels, those that do not fit first, then by visitors; none where no report tells their visitors.

    Weeks are compared by the logarithm of visitors, and of the part that buys, each less that of all other channels
    together: a festival moves both. A channel does not fit where its visitors rose and its conversion fell, both as
    they are and against the others: what one channel loses is no fault of the rest. The largest of the four one-sided
    p-values counts (Berger 1982), Benjamini and Hochberg at 10 % over all channels.
    """
    weekly = _weekly(question)
    if weekly is None:
        return ()
    names, visitors, bought = weekly
    found = [_source(name, row, visitors, bought) for row, name in enumerate(names)]
    known = [place for place, (_, p_value) in enumerate(found) if p_value is not None]
    p_values = [float(p_value) for _, p_value in found if p_value is not None]
    misfits = {
        place
        for place, is_told in zip(known, benjamini_hochberg(p_values, FALSE_RATE) if known else [], strict=True)
        if is_told
    }
    rows = [
        one if p_value is None else replace(one, fit=Fit.MISFIT if place in misfits else Fit.NO_SIGN)
        for place, (one, p_value) in enumerate(found)
    ]
    return tuple(sorted(rows, key=lambda one: (one.fit is not Fit.MISFIT, -one.visitors, one.channel)))


def _weekly(question: CustomerQuestion) -> tuple[list[str], Floats, Floats] | None:
    """Return channels, and of each and every week visitors and those of them who bought; None without a report.

    Weeks end with the last day; those before the first day on which any channel had visitors are not there.
    """
    if question.catalogue is None:
        return None
    days = WEEK * (NOW + BEFORE)
    first = question.as_of - timedelta(days=days - 1)
    try:
        told = query(
            question.backend,
            question.catalogue,
            ["visitors", "pay_conversion_rate"],
            period=Period(first, question.as_of),
            by=[DIMENSION],
            grain=Grain.DAY,
            shop=question.shop,
            as_of=question.today or question.as_of,
        )
    except MetricError:
        return None
    names = sorted({str(row.dimensions[DIMENSION]) for row in told.rows if row.dimensions[DIMENSION] is not None})
    place = {name: row for row, name in enumerate(names)}
    visitors, bought = np.full((2, len(names), days), np.nan)
    for row in told.rows:
        name, values = row.dimensions[DIMENSION], row.values
        came, rate = values["visitors"].value, values["pay_conversion_rate"].value
        if name is None or came is None or (rate is None and came):
            continue
        at = place[str(name)], (date.fromisoformat(str(row.dimensions["period"])) - first).days
        visitors[at], bought[at] = float(came), float(came) * float(rate or 0)
    seen = np.flatnonzero(np.isfinite(visitors).any(axis=0))
    if not seen.size:
        return None
    weeks = (days - int(seen[0])) // WEEK
    if not weeks:
        return None
    shape = len(names), weeks, WEEK
    kept = slice(days - weeks * WEEK, days)
    return names, *(np.nansum(one[:, kept].reshape(shape), axis=2) for one in (visitors, bought))


def _source(name: str, row: int, visitors: Floats, bought: Floats) -> tuple[Source, float | None]:
    own, buyers = visitors[row], bought[row]
    others, other_buyers = visitors.sum(axis=0) - own, bought.sum(axis=0) - buyers
    weeks = own.size - NOW
    now, before = slice(-NOW, None), slice(0, max(weeks, 0))
    plain = Source(
        name,
        Fit.CANNOT_TELL,
        float(own[now].sum()) / (WEEK * min(NOW, own.size)),
        float(own[before].sum()) / (WEEK * weeks) if weeks > 0 else 0.0,
        _part(buyers[now], own[now]),
        _part(buyers[before], own[before]),
        None,
        None,
        max(weeks, 0),
    )
    enough = min(buyers[now].sum(), buyers[before].sum(), other_buyers[now].sum(), other_buyers[before].sum())
    if weeks < LEAST_BEFORE or enough < LEAST_BUYERS or not (own > 0).all() or not (others > 0).all():
        return plain, None
    came = np.log(own) - np.log(others)
    converted = np.log((buyers + 0.5) / (own + 1)) - np.log((other_buyers + 0.5) / (others + 1))
    more, rose = _change(came, 1 / own + 1 / others)
    converting, stayed = _change(converted, 1 / (buyers + 0.5) + 1 / (other_buyers + 0.5))
    _, rose_itself = _change(np.log(own), 1 / own)
    _, stayed_itself = _change(np.log((buyers + 0.5) / (own + 1)), 1 / (buyers + 0.5))
    p_value = max(1 - rose, stayed, 1 - rose_itself, stayed_itself)
    return replace(plain, more=more, converting=converting), p_value


def _part(bought: Floats, visitors: Floats) -> float | None:
    return float(bought.sum() / visitors.sum()) if visitors.sum() > 0 else None


def _change(weekly: Floats, chance: Floats) -> tuple[Change, float]:
    """Return the change of the mean of logarithms with its interval, and the chance of no larger one by t.

    The scatter of the weeks about their mean counts, at least that of counts alone.
    """
    parts = weekly[-NOW:], weekly[:-NOW]
    free = weekly.size - 2
    scatter = sum(float(((one - one.mean()) ** 2).sum()) for one in parts) / free
    error = float(np.sqrt(max(scatter, float(chance.mean())) * sum(1 / one.size for one in parts)))
    value = float(parts[0].mean() - parts[1].mean())
    half = float(stats.t.ppf((1 + LEVEL) / 2, free)) * error
    low, middle, high = (float(np.expm1(one)) for one in (value - half, value, value + half))
    return Change(middle, low, high), float(stats.t.cdf(value / error, free))
