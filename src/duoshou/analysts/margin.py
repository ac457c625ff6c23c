"""What a unit of a shop's sales leaves before advertising: the one break-even that all advice on spend goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duoshou.engine import Backend
from duoshou.metrics import Catalogue, MetricError, daily_panel, query
from duoshou.model import Period, Text, plain

Floats = NDArray[np.float64]
DAYS = 90
SETTLED = 31
"""Days after which refunds and attributed orders no longer come in."""
LEAST_COVERAGE = 0.5
"""Part of the sales whose margin must be known for it to speak for all."""
WEEK, COMING = 7, 4
"""Weeks that are compared, and how many of them are to come: those that advice is for."""
LEAST_WEEKS = 6
"""Weeks with sales without which the error of the margin is not known."""
LEAST_RATE = 0.01
"""Where sales leave less, or lose, no advertising pays: break-even stays a number that nothing reaches."""


class MarginBasis(StrEnum):
    """What the margin rests on, the truer first."""

    CONTRIBUTION = "contribution"
    GROSS_MARGIN = "gross_margin"
    ASSUMED = "assumed"


BASES: Mapping[MarginBasis, Text] = {
    MarginBasis.CONTRIBUTION: Text("贡献毛利", "contribution"),
    MarginBasis.GROSS_MARGIN: Text("已知成本后的毛利", "margin after the costs that are known"),
    MarginBasis.ASSUMED: Text("假定毛利率", "the assumed margin"),
}
RATES = (
    (MarginBasis.CONTRIBUTION, "contribution_rate", "contribution_coverage"),
    (MarginBasis.GROSS_MARGIN, "known_margin_rate", "cost_coverage"),
)


@dataclass(frozen=True, slots=True)
class Margin:
    """What a unit of sales as platforms count them leaves, after refunds, before advertising.

    Attributes:
        rate: Part of it.
        basis: What it rests on.
        refunded: Part of the sales that is refunded; None where no file tells it, and nothing is taken off for it.
        error: Relative standard error of the rate as that of the next four weeks; None where it is not known.
    """

    rate: float
    basis: MarginBasis
    refunded: float | None
    error: float | None = None

    @property
    def scale(self) -> float:
        """Standard deviation of the logarithm; 0 where the error is not known, which `caveats` say."""
        return 0.0 if self.error is None else float(np.sqrt(np.log1p(self.error**2)))

    @property
    def break_even(self) -> float:
        """Sales for a unit of spend at which nothing is earned or lost."""
        return 1.0 / self.rate

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "rate": self.rate,
            "basis": self.basis.value,
            "refunded": self.refunded,
            "error": self.error,
            "break_even_roas": self.break_even,
            "caveats": plain(self.caveats),
        }

    @property
    def caveats(self) -> tuple[Text, ...]:
        """What is to be said of it, to those who may see margins."""
        if self.rate <= LEAST_RATE:
            return (
                Text(
                    "卖出的货在付推广费之前就不剩毛利：先改价格和成本，任何推广都收不回来",
                    "sales leave nothing even before advertising: mend prices and costs first, no spend can pay",
                ),
            )
        return (*self._of_basis, *self._of_refunds, *self._of_error)

    @property
    def _of_basis(self) -> tuple[Text, ...]:
        if self.basis is MarginBasis.ASSUMED:
            zh, en = ("", "") if self.refunded is None else ("扣退款后 ", " after refunds")
            return (
                Text(
                    f"成本不全，按设置里的假定毛利率（{zh}{self.rate:.0%}）算保本",
                    f"costs are not known: break-even is by the assumed margin, {self.rate:.0%}{en}",
                ),
            )
        if self.basis is MarginBasis.GROSS_MARGIN:
            return (
                Text(
                    "平台费用、运费或包装不全：已知的都扣了，真实保本线还要更高",
                    "fees, freight or packaging are not wholly known: what is known is taken off, the rest is not",
                ),
            )
        return ()

    @property
    def _of_refunds(self) -> tuple[Text, ...]:
        if self.refunded is not None:
            return ()
        return (
            Text(
                "没有文件写明退款，退款没有扣：真实保本线还要更高",
                "no file tells refunds and none are taken off: what is really needed to break even is more",
            ),
        )

    @property
    def _of_error(self) -> tuple[Text, ...]:
        if self.error is not None:
            return ()
        return (
            Text(
                "毛利率自己的误差不知道（已结算的周数不够或毛利率是假定的），不在区间里",
                "the margin's own error is not known (too few settled weeks, or the margin is assumed) and not in the "
                "intervals",
            ),
        )


def margin_of(
    backend: Backend, catalogue: Catalogue, as_of: date, *, today: date, shop: str | None, assumed: float
) -> Margin:
    """Return what a unit of sales left over three settled months: contribution, else goods' margin, else `assumed`.

    Rates of margin are of the income that was kept, and platforms count sales before refunds: what is refunded is
    taken off each.

    Args:
        backend: Open engine.
        catalogue: Definitions of the metrics.
        as_of: Last day that counts.
        today: Last day that the clock says is over.
        shop: Key of the shop; None: all.
        assumed: Margin where costs are not known of half of the sales.
    """
    end = as_of - timedelta(days=SETTLED)
    period = Period(end - timedelta(days=DAYS - 1), end)

    def value(metric: str) -> float | None:
        try:
            rows = query(backend, catalogue, [metric], period=period, as_of=today, shop=shop).rows
        except MetricError:
            return None
        found = rows[0].values[metric].value if rows else None
        return None if found is None else float(found)

    refunded = value("refund_rate")
    kept = 1 - (refunded or 0.0)
    for basis, rate, coverage in RATES:
        if (value(coverage) or 0.0) >= LEAST_COVERAGE:
            error = _error(backend, catalogue, rate, period, today, shop)
            return Margin(max(LEAST_RATE, (value(rate) or 0.0) * kept), basis, refunded, error)
    return Margin(max(LEAST_RATE, assumed * kept), MarginBasis.ASSUMED, refunded)


def _error(
    backend: Backend, catalogue: Catalogue, rate: str, period: Period, today: date, shop: str | None
) -> float | None:
    """Return the relative standard error of a margin, that of the weeks to come in it; None where it is not known."""
    of, refunds = catalogue.metrics[rate].ratio, catalogue.metrics["refund_rate"].ratio
    if of is None or refunds is None:
        return None
    keys = (of.numerator, of.denominator, refunds.numerator, refunds.denominator)
    try:
        panel = daily_panel(backend, catalogue, keys, period=period, as_of=today, shop=shop)
    except MetricError:
        return None
    if not panel.splits:
        return None
    latest = period.days // WEEK * WEEK
    left, income, refunded, sold = (np.nansum(panel.values[key][:, -latest:], axis=0) for key in keys)
    return error_of_weeks(left, income, refunded, sold)


def error_of_weeks(left: Floats, income: Floats, refunded: Floats, sold: Floats) -> float | None:
    """Return the relative standard error of (left ÷ income) × (1 - refunded ÷ sold) as that of four further weeks.

    The delta method with weeks as clusters: each week's deviation from both ratios, its variance over weeks, once for
    the weeks that were seen and once for those to come.

    Args:
        left: float[T], what was left of each day's sales, T a multiple of 7.
        income: float[T], the sales that it was left of.
        refunded: float[T], what was refunded of the sales of each day.
        sold: float[T], the sales as they were paid.
    """
    weeks = [np.asarray(one.reshape(-1, WEEK).sum(axis=1)) for one in (left, income, refunded, sold)]
    sold_in = (weeks[1] > 0) & (weeks[3] > 0)
    kept, whole, back, paid = (one[sold_in] for one in weeks)
    number = len(whole)
    if number < LEAST_WEEKS or kept.sum() <= 0 or back.sum() >= paid.sum():
        return None
    rate, part = kept.sum() / whole.sum(), 1 - back.sum() / paid.sum()
    off = (kept - rate * whole) / (rate * whole.mean()) + ((paid - back) - part * paid) / (part * paid.mean())
    variance = float((off**2).sum() / (number - 1))
    return float(np.sqrt(variance * (1 / number + 1 / COMING)))
