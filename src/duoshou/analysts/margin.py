"""What a unit of a shop's sales leaves before advertising: the one break-even that all advice on spend goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from duoshou.engine import Backend
from duoshou.metrics import Catalogue, MetricError, query
from duoshou.model import Period, Text, plain

DAYS = 90
SETTLED = 31
"""Days after which refunds and attributed orders no longer come in."""
LEAST_COVERAGE = 0.5
"""Part of the sales whose margin must be known for it to speak for all."""
LEAST_RATE = 0.01
"""Where sales leave less, or lose, no advertising pays: break-even stays a number that nothing reaches."""


class MarginBasis(StrEnum):
    """What the margin rests on, the truer first."""

    CONTRIBUTION = "contribution"
    GROSS_MARGIN = "gross_margin"
    ASSUMED = "assumed"


BASES: Mapping[MarginBasis, Text] = {
    MarginBasis.CONTRIBUTION: Text("贡献毛利", "contribution"),
    MarginBasis.GROSS_MARGIN: Text("毛利", "gross margin"),
    MarginBasis.ASSUMED: Text("假定毛利率", "the assumed margin"),
}
RATES = (
    (MarginBasis.CONTRIBUTION, "contribution_rate", "contribution_coverage"),
    (MarginBasis.GROSS_MARGIN, "gross_margin_rate", "cost_coverage"),
)


@dataclass(frozen=True, slots=True)
class Margin:
    """What a unit of sales as platforms count them leaves, after refunds, before advertising.

    Attributes:
        rate: Part of it.
        basis: What it rests on.
        refunded: Part of the sales that is refunded.
    """

    rate: float
    basis: MarginBasis
    refunded: float

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
        if self.basis is MarginBasis.ASSUMED:
            return (
                Text(
                    f"成本不全，按设置里的假定毛利率（扣退款后 {self.rate:.0%}）算保本",
                    f"costs are not known: break-even is by the assumed margin, {self.rate:.0%} after refunds",
                ),
            )
        if self.basis is MarginBasis.GROSS_MARGIN:
            return (
                Text(
                    "平台费用和运费不全，按毛利算保本，真实保本线更高",
                    "fees and freight are not known: break-even is by the gross margin, the true one is higher",
                ),
            )
        return ()


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

    def value(metric: str) -> float:
        try:
            rows = query(backend, catalogue, [metric], period=period, as_of=today, shop=shop).rows
        except MetricError:
            return 0.0
        return float(rows[0].values[metric].value or 0) if rows else 0.0

    refunded = value("refund_rate")
    for basis, rate, coverage in RATES:
        if value(coverage) >= LEAST_COVERAGE:
            return Margin(max(LEAST_RATE, value(rate) * (1 - refunded)), basis, refunded)
    return Margin(max(LEAST_RATE, assumed * (1 - refunded)), MarginBasis.ASSUMED, refunded)
