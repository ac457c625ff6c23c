"""What is left of a price, and what a piece costs: the floor of a product."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from duoshou.analysts.margin import DAYS, SETTLED, MarginBasis
from duoshou.analysts.pricing.question import LINES, PricingQuestion
from duoshou.model import Period
from duoshou.statistics.elasticity import floor_price

CONTRIBUTION = "line_contribution"
LEAST_UNITS = 20
"""Pieces with a known margin below which what a single one left says little of the product."""


@dataclass(frozen=True, slots=True)
class UnitCost:
    """What a piece of a product costs.

    Attributes:
        kept: Part of the price that stays after refunds and what platforms charge by price.
        cost: Goods, freight and packaging of a piece that is sold, those of refunded pieces spread over all.
        basis: Whether fees, freight and packaging are wholly known, or goods and what is known of them.
        paid: Part of the price that is paid; 1 where the price is what is paid.
    """

    kept: float
    cost: float
    basis: MarginBasis
    paid: float = 1.0

    @property
    def floor(self) -> float:
        """Price at which a piece leaves nothing."""
        return floor_price(self.kept, self.cost)

    def left(self, price: float) -> float:
        """Return what a piece leaves at a price."""
        return self.kept * price - self.cost

    def of_list(self) -> UnitCost:
        """Return the same by the list price, of which coupons and allowances take a part before anything is paid."""
        return replace(self, kept=self.kept * self.paid)


def unit_costs(question: PricingQuestion, products: Sequence[str]) -> dict[str, UnitCost]:
    """Return what pieces cost, over three settled months: what contribution takes off where all is known, else what is.

    What is kept is a part of what is paid; beside it stands what is paid of the list price, in the same lines.
    Where no order is older than refunds take to settle, the last three months count.
    """
    backend = question.backend
    if not (backend.has_table(CONTRIBUTION) and backend.has_table(LINES)):
        return {}
    end = question.as_of - timedelta(days=SETTLED)
    settled = _summed(question, products, Period(end - timedelta(days=DAYS - 1), end))
    recent = _summed(question, products, question.last(DAYS))
    return recent | settled


def _summed(question: PricingQuestion, products: Sequence[str], period: Period) -> dict[str, UnitCost]:
    rows: Any = question.backend.table(CONTRIBUTION)
    wanted = [rows["paid_on"] >= period.start, rows["paid_on"] <= period.end, rows["quantity"] > 0]
    wanted += [rows["product_id"].isin(list(products))]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    lines: Any = question.backend.table(LINES)
    paid = lines["first_paid_amount"].coalesce(lines["paid_amount"])
    listed = (lines["unit_price"].cast("float64") * lines["quantity"].cast("float64")).nullif(0.0)
    lines = lines.select("shop", "order_id", "line_no", paid=paid, listed=listed)
    rows = rows.filter(*wanted).join(lines, ["shop", "order_id", "line_no"])
    sums = {}
    for name, has in (("whole", rows["contribution"].notnull()), ("goods", rows["gross_margin"].notnull())):
        for column in ("quantity", "paid", "income", "goods_cost", "platform_fees", "freight_cost", "packaging_cost"):
            sums[f"{name}_{column}"] = rows[column].sum(where=has).cast("float64")
        sums[f"{name}_listed"] = rows["listed"].sum(where=has)
        sums[f"{name}_listed_paid"] = rows["paid"].sum(where=has & rows["listed"].notnull()).cast("float64")
    found = {}
    for row in question.backend.execute(rows.group_by("product_id").agg(**sums)).to_pylist():
        one = _of(row, "whole", MarginBasis.CONTRIBUTION) or _of(row, "goods", MarginBasis.GROSS_MARGIN)
        if one is not None:
            found[row["product_id"]] = one
    return found


def _of(row: dict[str, Any], name: str, basis: MarginBasis) -> UnitCost | None:
    def value(column: str) -> float:
        return float(row[f"{name}_{column}"] or 0)

    units, paid = value("quantity"), value("paid")
    if units < LEAST_UNITS or paid <= 0:
        return None
    listed = value("listed")
    part = value("listed_paid") / listed if listed > 0 else 1.0
    cost = value("goods_cost") + value("freight_cost") + value("packaging_cost")
    return UnitCost((value("income") - value("platform_fees")) / paid, cost / units, basis, part)
