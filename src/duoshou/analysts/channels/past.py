"""Spend on each channel and sales of the shop, period by period, with what else is known to move sales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.channels.question import DIMENSION, MOST_DAYS, ChannelQuestion, daily
from duoshou.metrics import DailyPanel
from duoshou.model import Period, Text
from duoshou.settings.calendar import Calendar
from duoshou.statistics.response import baseline
from duoshou.statistics.response.shapes import Floats

LEAST_DAYS = 56
"""Eight weeks: each weekday eight times, as many as are needed to tell a weekday from chance."""
WEEKS = 60
"""From so many weeks on a year's season can be told, and weeks are quieter than days."""
WEEK = 7
Flags = NDArray[np.bool_]
MOST_UNKNOWN = 0.2
COLUMN_SHARE = 6
"""At most one calendar column for so many periods."""
OF_ADVERTISING = ("ad_cost", "clicks", "ad_orders", "ad_sales")
SOURCES = "traffic_source"
"""Sums over sources lack what no source is known of: they are no sales of the shop."""
DEMAND = ("search", "campaign")
"""Channels whose visitors come by themselves: signs of demand."""


@dataclass(frozen=True, slots=True)
class Daily:
    """Day by day.

    Attributes:
        period: The days.
        channels: Channels that were paid for, by what was spent.
        cost: float[T, C]; a day of which more was given back than spent counts as one without spend.
        clicks: float[T, C].
        orders: float[T, C], as the platform claims them.
        claimed: float[T, C], sales as the platform claims them.
        sales: float[T], paid amount of the shop; NaN where unknown.
        demand: float[T, D], visitors that came unpaid.
    """

    period: Period
    channels: tuple[str, ...]
    cost: Floats
    clicks: Floats
    orders: Floats
    claimed: Floats
    sales: Floats
    demand: Floats

    @property
    def known(self) -> bool:
        """Whether enough days are known for a model."""
        days = len(self.sales)
        return days >= LEAST_DAYS and float(np.isnan(self.sales).mean()) <= MOST_UNKNOWN


@dataclass(frozen=True, slots=True)
class Past:
    """What a response is fitted to.

    Attributes:
        days: Length of a period: 1 or 7.
        spend: float[T, C].
        sales: float[T].
        base: float[T, P], the baseline.
        demand: float[T, D], signs of demand: sales of the period before, unpaid visitors.
    """

    days: int
    spend: Floats
    sales: Floats
    base: Floats
    demand: Floats


def daily_past(question: ChannelQuestion) -> Daily | None:
    """Return what is known day by day; None where sales, or spend by channel, are not known."""
    period = Period(question.as_of - timedelta(days=MOST_DAYS - 1), question.as_of)
    ads = daily(question, OF_ADVERTISING, period, (DIMENSION,))
    shop = daily(question, ("pay_amount",), period)
    if ads is None or shop is None or not shop.splits or (shop.sources["pay_amount"] or "").startswith(SOURCES):
        return None
    sales = shop.values["pay_amount"][0]
    spent = np.nansum(ads.values["ad_cost"], axis=1)
    order = [one for one in np.argsort(-spent) if spent[one] > 0 and ads.splits[one][0] is not None]
    both = ~np.isnan(sales) & (~np.isnan(ads.values["ad_cost"][order])).any(axis=0)
    if not order or not both.any():
        return None
    first = int(np.flatnonzero(both)[0])
    arrays = {key: np.nan_to_num(ads.values[key][order][:, first:].T) for key in OF_ADVERTISING}
    unknown = ~both[first:]
    return Daily(
        Period(period.start + timedelta(days=first), period.end),
        tuple(str(ads.splits[one][0]) for one in order),
        np.maximum(arrays["ad_cost"], 0.0),
        arrays["clicks"],
        arrays["ad_orders"],
        arrays["ad_sales"],
        np.where(unknown, np.nan, sales[first:]),
        _demand(daily(question, ("visitors",), period, (DIMENSION,)), first, len(sales)),
    )


def _demand(panel: DailyPanel | None, first: int, days: int) -> Floats:
    """Return the visitors of the channels that come by themselves; where some days are unknown, nothing."""
    if panel is None:
        return np.zeros((days - first, 0))
    rows = [panel.values["visitors"][one][first:] for one, split in enumerate(panel.splits) if split[0] in DEMAND]
    whole = [one for one in rows if not np.isnan(one).any()]
    return np.stack(whole, axis=1) if whole else np.zeros((days - first, 0))


def past(known: Daily, calendar: Calendar | None) -> Past:
    """Return what a response is fitted to: weeks where there are more than a year of them, else days."""
    days = WEEK if len(known.sales) >= WEEKS * WEEK else 1
    length = len(known.sales) // days * days
    start = len(known.sales) - length
    first = known.period.start + timedelta(days=start)
    gap = np.isnan(known.sales[start:])
    usual = float(np.nanmedian(known.sales[start:]))
    sales = _summed(np.where(gap, usual, known.sales[start:])[:, None], days)[:, 0]
    spend, demand = _summed(known.cost[start:], days), _summed(known.demand[start:], days)
    before = np.concatenate([sales[:1], sales[:-1]])[:, None]
    calendar_columns = _calendar(calendar, first, length, days)
    base = baseline(
        len(sales),
        days=days,
        first_weekday=first.weekday(),
        calendar=np.concatenate([calendar_columns, _gaps(gap, days)], axis=1),
    )
    return Past(days, spend, sales, base, np.concatenate([before, demand], axis=1))


def _summed(rows: Floats, days: int) -> Floats:
    return np.asarray(rows.reshape(rows.shape[0] // days, days, rows.shape[1]).sum(axis=1))


def _gaps(gap: Floats, days: int) -> Floats:
    """Return a column for each period with an unknown day, which takes it out of the regression."""
    periods = np.asarray(gap.reshape(-1, days).any(axis=1))
    return np.eye(periods.size)[:, periods]


def festival_days(calendar: Calendar | None, first: date, length: int) -> Flags:
    """Return bool[length]: days of a festival by which shops compare years."""
    if calendar is None:
        return np.zeros(length, dtype=np.bool_)
    held = [calendar.governing(first + timedelta(days=one)) is not None for one in range(length)]
    return np.array(held, dtype=np.bool_)


def _calendar(calendar: Calendar | None, first: date, length: int, days: int) -> Floats:
    """Return what takes festivals out.

    Days: one column for each day of a festival, which takes the day out of the regression; where too few others are
    left, one for each phase. Weeks: shares of their days in a phase.
    """
    if calendar is None:
        return np.zeros((length // days, 0))
    held = festival_days(calendar, first, length)
    if days == 1 and int((~held).sum()) >= LEAST_DAYS:
        return np.eye(length)[:, held]
    labels = []
    for info in calendar.days(first, first + timedelta(days=length - 1)):
        governing = info.festivals[0] if info.festivals else None
        labels.append(("", "") if governing is None else (governing.key, str(governing.phase)))
    fine = _shares([" ".join(one) for one in labels], days)
    if fine.shape[1] * COLUMN_SHARE <= len(fine):
        return fine
    return _shares([phase or " " for _, phase in labels], days)


def _shares(labels: list[str], days: int) -> Floats:
    names = sorted({one for one in labels if one.strip()})
    flags = np.array([[label == name for name in names] for label in labels], dtype=np.float64)
    return _summed(flags.reshape(len(labels), len(names)), days) / days


def few_days(known: Daily) -> Text:
    """Return why no model is fitted."""
    days = int((~np.isnan(known.sales)).sum())
    return Text(
        f"同时有推广花费和支付金额的只有 {days} 天，不足 {LEAST_DAYS} 天，反应模型不能用，只列平台自报的边际比较",
        f"only {days} days have both spend and sales, fewer than {LEAST_DAYS}: no response model, only comparisons of "
        "what the platform claims",
    )
