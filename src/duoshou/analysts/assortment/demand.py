"""Demand ahead of each product, when its stock is gone, and what to order for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from duoshou.analysts.assortment.prices import PriceAhead, price_ahead, prices_of, read_answered
from duoshou.analysts.assortment.question import Floats, Range, RangeQuestion
from duoshou.analysts.assortment.supply import Terms
from duoshou.analysts.diagnosis.days import calendar_design
from duoshou.analysts.product_days import product_days
from duoshou.model import Period, Text, Untold
from duoshou.model.numbers import cents
from duoshou.settings.calendar import PHASE_NAMES, Calendar, DayInfo, Phase
from duoshou.statistics.demand import Forecast, Order, forecast, lasts, order, packed, run_out
from duoshou.statistics.demand.law import Law
from duoshou.statistics.expectation import Design, Reason
from duoshou.statistics.expectation.panel import IntArray

SPANS = (7, 14, 28)
"""Days ahead that are told."""
MOST_DAYS = 760
"""Days of the past that are looked at: two years and a month, so that every festival was held once or twice."""
MOST_PRODUCTS = 500
"""Products that are forecast, those that sell most; what sells less has too few pieces to tell a day from another."""
RECENT, LEAST_RECENT = 28, 7
"""Of so many last days demand must be known on so many: what was long out of stock has none to go by."""
STALE_DAYS = 7
"""Age of a stock file from which on nothing is ordered by it."""
WITHIN = 0.9
REASONS: Mapping[int, Untold] = {
    Reason.NO_DATA: Untold.NO_DATA,
    Reason.FEW_DAYS: Untold.SHORT_HISTORY,
    Reason.FEW_EVENTS: Untold.TOO_FEW,
}
Gone = tuple[date | None, date | None, date | None]


@dataclass(frozen=True, slots=True)
class Ahead:
    """Pieces that will be asked for in the next days: mean and 90 % interval."""

    days: int
    units: float
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Reorder:
    """What to order of a product.

    Attributes:
        units: Pieces at hand on the day of the study, by the last stock file less what was sold since.
        inbound: Pieces under way.
        runs_out: Day by which the pieces at hand are gone with even chance; None: beyond the days looked at.
        runs_out_low, runs_out_high: Days by which they are gone with 5 % and 95 %.
        point: Pieces that last through the lead time with the service asked for; with fewer the order is urgent.
        up_to: Pieces that last through lead time and review period, to which is ordered.
        wanted: What is missing to that, at hand and under way.
        pieces: What to order now: that in whole packs; 0 where it is less than the supplier's minimum and can wait.
        lead_days: Days until goods ordered now can be sold.
        minimum, pack: Least pieces of an order, and those of a pack.
        lost_units: Pieces asked for in vain until a later order could arrive, if none is placed now.
        too_late_units: Those of them that come before even an order of today arrives.
        lost, lost_low, lost_high: What buyers would have paid for them, with the 90 % interval.
    """

    units: int
    inbound: int
    runs_out: date | None
    runs_out_low: date | None
    runs_out_high: date | None
    point: int
    up_to: int
    wanted: int
    pieces: int
    lead_days: int
    minimum: int
    pack: int
    lost_units: float
    too_late_units: float
    lost: Decimal
    lost_low: Decimal
    lost_high: Decimal

    @property
    def urgent(self) -> bool:
        """Whether goods ordered today may come too late."""
        return self.units + self.inbound < self.point

    @property
    def waits(self) -> bool:
        """Whether goods are missing that are not ordered yet, since they are less than the supplier's minimum."""
        return self.wanted > 0 and self.pieces == 0


@dataclass(frozen=True, slots=True)
class Lasting:
    """Days for which the pieces at hand last by the forecast; None: without end.

    Attributes:
        days: With even chance.
        low: With 95 %, at least.
        high: With 5 %, at least.
        within: Whether `days` lies within the days of the forecast; beyond them its pace is carried on.
    """

    days: float | None
    low: float | None
    high: float | None
    within: bool


@dataclass(frozen=True, slots=True)
class Demand:
    """Demand for a product.

    Attributes:
        ahead: For the next 7, 14 and 28 days; empty where it cannot be told.
        untold: Why it cannot be told; None: it can.
        price: A price that is planned; None: none is.
        new_phase: Whether a phase of a festival lies within 28 days that the product has not lived through.
        lasting: How long the stock lasts; None where the demand or the stock is not known.
        reorder: What to order; None likewise.
    """

    ahead: tuple[Ahead, ...]
    untold: Untold | None
    new_phase: bool
    price: PriceAhead | None
    lasting: Lasting | None
    reorder: Reorder | None


CANNOT_TELL = Demand((), Untold.TOO_FEW, new_phase=False, price=None, lasting=None, reorder=None)


@dataclass(frozen=True, slots=True)
class FestivalAhead:
    """A phase of a festival within the days that are looked at."""

    period: Period
    festival: Text
    phase: Text
    estimated: bool


@dataclass(frozen=True, slots=True)
class _Past:
    """Pieces, and stock at the end of the day, products × days; NaN where no file tells them."""

    units: Floats
    stock: Floats
    inbound: Floats


def demands(question: RangeQuestion, found: Range, first: date, terms: Sequence[Terms]) -> tuple[Demand, ...]:
    """Return the demand for each product of a range.

    Days that end without stock are no demand: they are left out.

    Args:
        question: What is asked.
        found: The range.
        first: First day of which anything is known.
        terms: Terms of supply of each product.
    """
    begin = max(first, question.as_of - timedelta(days=MOST_DAYS - 1))
    period = Period(begin, question.as_of)
    names = found.products[:MOST_PRODUCTS]
    past = _Past(*(_daily(question, one, period, names) for one in ("pay_units", "stock_units", "inbound_units")))
    known = np.where(past.stock <= 0, np.nan, np.maximum(past.units, 0.0))
    design = _design(question, begin, known.shape[1], horizon(question, terms))
    prices = prices_of(question, read_answered(question, first), names, period, design)
    ahead = forecast(known, design, prices)
    recent = np.isfinite(known[:, -RECENT:]).sum(axis=1) >= LEAST_RECENT
    shelved = _shelved(question, found, ahead.total, past, terms)
    told = [
        replace(
            _demand(ahead, row, bool(recent[row]), shelved[row]), price=price_ahead(question, names[row], prices, row)
        )
        for row in range(len(names))
    ]
    return (*told, *[CANNOT_TELL] * (len(found.products) - len(names)))


def festivals_ahead(question: RangeQuestion, terms: Sequence[Terms]) -> tuple[FestivalAhead, ...]:
    """Return the phases of festivals in the days that are looked at."""
    if question.calendar is None:
        return ()
    first = question.as_of + timedelta(days=1)
    runs: list[tuple[tuple[str, Phase], FestivalAhead]] = []
    for info in question.calendar.days(first, first + timedelta(days=horizon(question, terms) - 1)):
        if not info.festivals:
            continue
        one = info.festivals[0]
        label = one.key, one.phase
        start = info.day
        if runs and runs[-1][0] == label and runs[-1][1].period.end == info.day - timedelta(days=1):
            start = runs.pop()[1].period.start
        phase = FestivalAhead(Period(start, info.day), one.name, PHASE_NAMES[one.phase], one.estimated)
        runs.append((label, phase))
    return tuple(phase for _, phase in runs)


def horizon(question: RangeQuestion, terms: Sequence[Terms]) -> int:
    """Return how many days ahead are looked at: four weeks, or as long as the slowest supplier and a review take."""
    slowest = max((one.lead_days for one in terms[:MOST_PRODUCTS]), default=question.rules.lead_days)
    return max(SPANS[-1], slowest + question.rules.review_days)


def _design(question: RangeQuestion, first: date, known: int, ahead: int) -> Design:
    days = known + ahead
    if question.calendar is None:
        return Design.weekly(days, first_weekday=first.weekday())
    return demand_design(question.calendar, [first + timedelta(days=number) for number in range(days)])


def demand_design(calendar: Calendar, days: Sequence[date]) -> Design:
    """Return the calendar of the diagnosis and, within long sales, the eve of the main day and the day after.

    The last wave of a long sale opens on the evening before its day, and what was left in carts is paid after it. A
    diagnosis may leave such a day out; a forecast of goods may not.
    """
    known = calendar_design(calendar, days)
    beside: dict[tuple[str, str], Floats] = {}
    infos = calendar.days(days[0], days[-1])
    eves = {(_peak(info), info.day) for info in infos if _peak(info) and info.festivals[0].offset == -1}
    for number, info in enumerate(infos):
        for back, group in ((0, "eve"), (2, "day_after")):
            if (_peak(info), info.day - timedelta(days=back)) in eves:
                beside.setdefault((group, _peak(info)), np.zeros(len(days)))[number] = 1.0
    columns = [known.columns, *(beside[label][:, None] for label in sorted(beside))]
    groups = (*known.groups, *(group for group, _ in sorted(beside)))
    return Design(np.concatenate(columns, axis=1), groups, known.weekdays)


def _peak(info: DayInfo) -> str:
    """Return the key of the festival in whose peak a day lies; empty where it lies in none."""
    one = info.festivals[0] if info.festivals else None
    return one.key if one is not None and one.phase is Phase.PEAK else ""


def _daily(question: RangeQuestion, metric: str, period: Period, names: tuple[str, ...]) -> Floats:
    """Return a metric by product and day; NaN where the shop's files do not tell it."""
    days = product_days(question, metric, period)
    unknown = np.full(period.days, np.nan)
    return np.stack([days.get(name, unknown) for name in names]) if names else np.empty((0, period.days))


def _demand(ahead: Forecast, row: int, recent: bool, shelf: tuple[Lasting, Reorder] | None) -> Demand:
    untold = REASONS.get(int(ahead.reason[row]), None if recent else Untold.NO_DATA)
    if untold is not None:
        return replace(CANNOT_TELL, untold=untold)
    spans = []
    for days in SPANS:
        law = Law(ahead.total.mean[row, days - 1], ahead.total.variance[row, days - 1])
        low, high = (int(law.quantile(each)) for each in ((1 - WITHIN) / 2, (1 + WITHIN) / 2))
        spans.append(Ahead(days, round(float(law.mean), 1), low, high))
    lasting, reorder = shelf or (None, None)
    return Demand(tuple(spans), None, bool(ahead.unseen[row, SPANS[-1] - 1]), None, lasting, reorder)


def _shelved(
    question: RangeQuestion, found: Range, total: Law, past: _Past, terms: Sequence[Terms]
) -> list[tuple[Lasting, Reorder] | None]:
    """Return how long the stock lasts and what to order; None where no fresh file tells the stock."""
    count = len(past.units)
    if count == 0 or found.stock_day is None or (question.as_of - found.stock_day).days > STALE_DAYS:
        return [None] * count
    since = (question.as_of - found.stock_day).days
    sold = np.nan_to_num(past.units[:, past.units.shape[1] - since :]).sum(axis=1)
    stock = found.stock[:count]
    hand = np.maximum(np.floor(np.nan_to_num(stock)) - sold, 0.0)
    inbound = np.nan_to_num(past.inbound[:, past.inbound.shape[1] - 1 - since]).clip(0.0)
    lead, minimum, pack = (
        np.array([getattr(one, name) for one in terms[:count]], dtype=np.int64)
        for name in ("lead_days", "minimum", "pack")
    )
    placed = order(total, hand + inbound, lead, question.rules.review_days, question.rules.service)
    pieces = packed(placed.pieces, hand + inbound < placed.point, minimum, pack)
    days = [run_out(total, hand, chance) for chance in (0.5, (1 - WITHIN) / 2, (1 + WITHIN) / 2)]
    lasting = [lasts(total, hand, chance) for chance in (0.5, (1 + WITHIN) / 2, (1 - WITHIN) / 2)]
    price = _prices(found)[:count]
    return [
        (
            _lasting(row, lasting, total.mean.shape[1]),
            _reorder(
                placed,
                row,
                (hand[row], inbound[row], price[row]),
                (pieces[row], terms[row]),
                _days(question.as_of, row, days),
            ),
        )
        if np.isfinite(stock[row])
        else None
        for row in range(count)
    ]


def _lasting(row: int, found: Sequence[Floats], days: int) -> Lasting:
    middle, low, high = (round(float(one[row]), 1) if np.isfinite(one[row]) else None for one in found)
    return Lasting(middle, low, high, within=middle is not None and middle <= days)


def _reorder(
    placed: Order, row: int, shelf: tuple[float, float, float], bought: tuple[float, Terms], gone: Gone
) -> Reorder:
    hand, inbound, price = shelf
    pieces, terms = bought
    return Reorder(
        int(hand),
        int(inbound),
        *gone,
        int(placed.point[row]),
        int(placed.up_to[row]),
        int(placed.pieces[row]),
        int(pieces),
        terms.lead_days,
        terms.minimum,
        terms.pack,
        round(float(placed.lost[row]), 1),
        round(float(placed.too_late[row]), 1),
        cents(placed.lost[row] * price),
        cents(min(placed.lost_low[row], placed.lost[row]) * price),
        cents(max(placed.lost_high[row], placed.lost[row]) * price),
    )


def _prices(found: Range) -> Floats:
    """Return what was paid for a piece of each product: in the last 13 weeks, where it sold in none of them, ever."""
    units, amount = found.units[:, -13:].sum(axis=1), found.amount[:, -13:].sum(axis=1)
    ever_units, ever = found.units.sum(axis=1), found.amount.sum(axis=1)
    recent = amount / np.maximum(units, 1.0)
    return np.asarray(np.where(units > 0, recent, ever / np.maximum(ever_units, 1.0)), dtype=np.float64)


def _days(as_of: date, row: int, ahead: Sequence[IntArray]) -> Gone:
    """Return the days by which the stock of a row is gone; None for 0, beyond the days looked at."""
    middle, low, high = (as_of + timedelta(days=int(each[row])) if each[row] else None for each in ahead)
    return middle, low, high
