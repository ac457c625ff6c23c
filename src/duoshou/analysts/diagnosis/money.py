"""The money of a trouble: contribution lost so far, held against what was expected, with its interval."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from duoshou.analysts.diagnosis.reading import Floats, Shop
from duoshou.analysts.diagnosis.reckoning import chance_of_lost, combined, effect_of, moves_order_rates, reckoned, surer
from duoshou.analysts.diagnosis.troubles import Trouble
from duoshou.analysts.diagnosis.watched import WatchedSubject
from duoshou.statistics.expectation import Design, Expectation, Kind, Panel, fit
from duoshou.statistics.shares import shrunken_shares

MARGIN_DAYS = 90
"""Days before a trouble whose margin stands for it."""
NORMAL_90 = 1.6448536269514722
LEAST_COVERAGE = 0.5
"""Part of the sales whose contribution must be known; below it the margin is imputed."""
LEAST_COST = 0.01
REFUNDED = "refunds"
PAID_BACK = "refund_amount"
PRICE = "price"
"""Feature whose move changes what a unit of sales leaves."""
MARGINS = (("contribution", "contributing_income"), ("known_margin", "costed_income"))
"""What is earned and the sales of which it is known, the truer first: where not all costs are known, those that are."""


@dataclass(frozen=True, slots=True)
class Margin:
    """What one unit of sales leaves.

    Attributes:
        rate: Contribution ÷ what is paid, refunds taken off; a stated rate is taken as that.
        imputed: Whether it is the stated rate of the settings, because costs are not known.
        daily: Standard deviation of the rate of one day.
        days: Days that it was learnt from.
        profit: Metric that told what is earned.
        returned: Part of what is paid that buyers get back; 0 where the rate is stated.
    """

    rate: float
    imputed: bool
    daily: float = 0.0
    days: int = 1
    profit: str = MARGINS[0][0]
    returned: float = 0.0

    @property
    def of_kept(self) -> float:
        """Contribution ÷ what is paid and not paid back."""
        return self.rate / max(1.0 - self.returned, LEAST_COST)

    @property
    def partial(self) -> bool:
        """Whether some costs are known and some are not, so that the true margin is lower."""
        return not self.imputed and self.profit != MARGINS[0][0]

    def deviation(self, days: int) -> float:
        """Return by how much the rate of so many other days may differ from this one."""
        return self.daily * float(np.sqrt(1 / days + 1 / self.days))


@dataclass(frozen=True, slots=True)
class Loss:
    """Contribution lost from `start` to `end`; negative where more was earned than expected.

    Attributes:
        start: First day.
        end: Last day.
        amount: The estimate.
        low: Lower end of the 90 % interval.
        high: Upper end.
        margin: The margin that turned sales into contribution.
        direct: Whether sales and costs of the subject itself tell it; else it is reckoned from a rate of buyers.
        known: Days whose money is known and counted; None: all of them.
    """

    start: date
    end: date
    amount: float
    low: float
    high: float
    margin: Margin
    direct: bool = True
    known: int | None = None

    @property
    def is_told(self) -> bool:
        """Whether it is money to speak of: reckoned from a rate, it must differ from nothing beyond chance."""
        return self.direct or not self.holds_nothing

    @property
    def holds_nothing(self) -> bool:
        """Whether the interval holds 0: nobody can tell yet whether it costs or earns."""
        return self.low <= 0 <= self.high

    @property
    def per_day(self) -> float:
        """Mean loss of a day whose money is known."""
        return self.amount / self.days

    @property
    def days(self) -> int:
        """Days whose money is counted."""
        return self.known or (self.end - self.start).days + 1


class Books:
    """What the subjects of one kind sell, cost and pay back, day by day, and what is expected of it."""

    def __init__(
        self, shop: Shop, subject: WatchedSubject, design: Design, *, margin_rate: float, train_until: int | None = None
    ) -> None:
        """Read lazily; `margin_rate` is used where the contribution of the sales is not known."""
        self._shop, self._subject, self._design = shop, subject, design
        self._margin_rate, self._train_until = margin_rate, train_until

    @cached_property
    def _by(self) -> tuple[str, ...]:
        return () if self._subject.dimension is None else (self._subject.dimension,)

    def _rows(self, metric: str | None, by: tuple[str, ...]) -> dict[str, Floats]:
        """Return a metric of each subject by day; nothing where no file tells it."""
        panel = self._shop.panel(metric, by) if metric else None
        if panel is None or metric is None:
            return {}
        names = [split[0] if by else "" for split in panel.splits]
        return {name: row for name, row in zip(names, panel.values[metric], strict=True) if name is not None}

    @cached_property
    def _flows(self) -> list[tuple[str, dict[str, int], Expectation]]:
        """Return for each metric the row of each subject and what is expected."""
        flows = []
        for flow in ("sales", "cost", REFUNDED):
            rows = self._rows(getattr(self._subject, flow), self._by)
            if rows:
                values = np.maximum(np.stack(list(rows.values())), 0.0)
                panel = Panel(values, np.full(len(rows), Kind.AMOUNT, dtype=np.int64))
                fitted = fit(panel, self._design, train_until=self._train_until, detectable=False)
                flows.append((flow, {name: place for place, name in enumerate(rows)}, fitted))
        return flows

    def margin(self, name: str, until: int) -> Margin:
        """Return the margin of a subject over the days before day `until` (its number)."""
        days = slice(max(until - MARGIN_DAYS, 0), max(until, 1))
        for by, key in ((self._by, name), ((), "")):
            sold = self._sum("pay_amount", by, key, days)
            for profit, income in MARGINS:
                known = self._sum(income, by, key, days)
                if sold > 0 and known >= LEAST_COVERAGE * sold:
                    rate = float(np.clip(self._sum(profit, by, key, days) / known, 0.0, 1.0))
                    daily = scatter_of_rate(self._row(profit, by, key)[days], self._row(income, by, key)[days])
                    returned, scatter = self._returned(by, key, days)
                    daily = math.hypot(daily * (1 - returned), scatter * rate)
                    return Margin(rate * (1 - returned), False, daily, days.stop - days.start, profit, returned)
        return Margin(self._margin_rate, True)

    def _returned(self, by: tuple[str, ...], name: str, days: slice) -> tuple[float, float]:
        """Return the part of what was paid that is paid back, and how much it scatters from day to day.

        A subject's own part is drawn towards that of all: few orders may have been paid back by chance.
        """
        refunds, sold = (self._rows(metric, by) for metric in (PAID_BACK, "pay_amount"))
        names = [one for one in sold if one in refunds]
        if name not in names:
            return 0.0, 0.0
        parts, wholes = (np.stack([rows[one][days] for one in names]) for rows in (refunds, sold))
        place = names.index(name)
        return float(shrunken_shares(parts, wholes)[place]), scatter_of_rate(parts[place], wholes[place])

    def _kept(self, trouble: Trouble, days: slice, usual: Margin) -> float:
        """Return what a unit of the sales of a trouble's days leaves, before refunds.

        The accounts of the days tell it, though refunds of recent sales are still to come. Where their costs are not
        known, goods cost what they did, so that the move of the price tells it. Costs are those of the usual margin:
        fees are told late, and without them the same sale would seem to leave more.
        """
        sold = self._sum("pay_amount", self._by, trouble.name, days)
        known = self._sum(dict(MARGINS)[usual.profit], self._by, trouble.name, days)
        if not usual.imputed and sold > 0 and known >= LEAST_COVERAGE * sold:
            return float(np.clip(self._sum(usual.profit, self._by, trouble.name, days) / known, -1.0, 1.0))
        return margin_after(usual.of_kept, trouble.moves[PRICE][0]) if PRICE in trouble.moves else usual.of_kept

    def _sum(self, metric: str, by: tuple[str, ...], name: str, days: slice) -> float:
        return float(np.nansum(self._row(metric, by, name)[days]))

    def _row(self, metric: str, by: tuple[str, ...], name: str) -> Floats:
        """Return a metric of a subject by day; nothing where no file tells it."""
        return self._rows(metric, by).get(name, np.zeros(0))

    def loss(self, trouble: Trouble, shares: Mapping[str, float] | None = None) -> Loss | None:
        """Return what a trouble has cost from its first day to the judged one; None where no money is known of it.

        What was expected to be sold would have left the usual margin, and part of it would have been paid back. What
        came left that too, but where the cause moves the price: there it is what these sales really left. Where a cause
        moves the refunds, they are counted themselves.

        Args:
            trouble: The trouble.
            shares: Part of the sales by source and by device, so that they can be reckoned from what the cause moves.
        """
        first = self._shop.period.start
        end, start = (trouble.day - first).days, (trouble.start - first).days
        margin = self.margin(trouble.name, start)
        refunds = REFUNDED in trouble.cause.loads
        stays = 1.0 if refunds else 1.0 - margin.returned
        weights = {"sales": -margin.of_kept * stays, "cost": 1.0} | ({REFUNDED: 1.0} if refunds else {})
        moved = PRICE in trouble.cause.loads
        kept = self._kept(trouble, slice(start, end + 1), margin) if moved else margin.of_kept
        amount, low, high = 0.0, 0.0, 0.0
        known = 0
        for flow, places, expectation in self._flows:
            if flow not in weights or trouble.name not in places:
                continue
            window = expectation.window(end, end - start + 1)
            row = places[trouble.name]
            actual, expected, days = window.actual[row, 0], window.expected[row, 0], int(window.days[row, 0])
            if not days or not np.isfinite(actual) or not np.isfinite(expected):
                continue
            known, weight = max(known, days), weights[flow]
            bounds = window.low[row, 0], window.high[row, 0]
            if flow == "sales" and shares is not None:
                order = self._order_value(trouble.name, start)
                actual, bounds = _surer(trouble, shares, actual, expected, bounds, order)
            ends = sorted(weight * (expected - bound) for bound in bounds)
            low += ends[0] ** 2
            high += ends[1] ** 2
            amount += weight * (actual - expected)
            if flow == "sales":
                amount += (margin.of_kept - kept) * stays * actual
                cheaper = (1 - kept) / max(1 - margin.of_kept, LEAST_COST)
                unsure = NORMAL_90 * margin.deviation(known) * (expected - actual * cheaper)
                low, high = low + unsure**2, high + unsure**2
        if not known:
            return self._by_conversion(trouble, margin)
        spread = (float(np.sqrt(low)), float(np.sqrt(high)))
        ends_of = (float(amount - spread[0]), float(amount + spread[1]))
        return Loss(trouble.start, trouble.day, float(amount), *ends_of, margin, known=known)

    def _by_conversion(self, trouble: Trouble, margin: Margin) -> Loss | None:
        """Return the loss by buyers who were lost, where only a rate of buyers is known of a subject."""
        converts = self._subject.converts
        moved = effect_of(trouble.cause, trouble.moves, trouble.noise).of(converts.feature) if converts else None
        if converts is None or moved is None:
            return None
        first = self._shop.period.start
        days = slice((trouble.start - first).days, (trouble.day - first).days + 1)
        buyers = self._sum(converts.buyers, self._by, trouble.name, days)
        before = slice(max(days.start - MARGIN_DAYS, 0), max(days.start, 1))
        orders = self._sum("pay_orders", (), "", before)
        if buyers <= 0 or orders <= 0:
            return None
        value = self._sum("pay_amount", (), "", before) / orders * margin.rate
        amount = buyers * float(np.expm1(-moved[0])) * value
        spread = NORMAL_90 * buyers * math.exp(-moved[0]) * moved[1] * value
        return Loss(trouble.start, trouble.day, amount, amount - spread, amount + spread, margin, direct=False)

    def _order_value(self, name: str, until: int) -> float:
        """Return the money of one order of a subject before a day, else of the shop; 0 where no orders are known."""
        days = slice(max(until - MARGIN_DAYS, 0), max(until, 1))
        for by, key in ((self._by, name), ((), "")):
            orders = self._sum("pay_orders", by, key, days)
            if orders > 0:
                return self._sum("pay_amount", by, key, days) / orders
        return 0.0

    def daily_contribution(self, until: int) -> float:
        """Return what the whole shop earned on a day, in the mean of the days before day `until` (its number)."""
        days = slice(max(until - MARGIN_DAYS, 0), max(until, 1))
        number = max(days.stop - days.start, 1)
        return self.margin("", until).rate * self._sum("pay_amount", (), "", days) / number


def scatter_of_rate(profit: Floats, income: Floats) -> float:
    """Return the standard deviation of profit ÷ income of one day, as that of a ratio of sums (Cochran 1977)."""
    known = np.isfinite(profit) & np.isfinite(income)
    earned, sold = profit[known], income[known]
    if len(sold) < 2 or sold.sum() <= 0:
        return 0.0
    apart = earned - earned.sum() / sold.sum() * sold
    return float(np.sqrt((apart**2).sum() / (len(sold) - 1)) / sold.mean())


def margin_after(rate: float, move: float) -> float:
    """Return the margin of sales whose price moved by a logarithm while a piece cost what it did, −1 at least."""
    return max(1.0 - (1.0 - rate) * float(np.exp(-move)), -1.0)


def _surer(
    trouble: Trouble,
    shares: Mapping[str, float],
    actual: float,
    expected: float,
    bounds: tuple[float, float],
    order: float,
) -> tuple[float, tuple[float, float]]:
    """Return sales and what they may be by chance, with what the moved features tell of them."""
    other = reckoned(trouble.cause, effect_of(trouble.cause, trouble.moves, trouble.noise), shares)
    if other is None or expected <= 0 or bounds[1] <= bounds[0]:
        return actual, bounds
    spread = (bounds[1] - bounds[0]) / (2 * NORMAL_90)
    chance, shared = chance_of_lost(spread, order * expected, other.change)
    direct = actual, spread
    by_moves = expected * (1 + other.change), math.hypot(expected * other.deviation, chance)
    free = moves_order_rates(trouble.cause)
    mean, deviation = surer(direct, by_moves) if free else combined(direct, by_moves, shared)
    narrowed = deviation / spread
    return mean, (expected - (expected - bounds[0]) * narrowed, expected + (bounds[1] - expected) * narrowed)
