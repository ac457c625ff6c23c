"""What suppliers ask for: lead time, least order and pack of each product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from duoshou.analysts.assortment.question import RangeQuestion

SUPPLY = "supply"
CODED = ("order_line", "stock_day", "product")
"""Tables that tell which seller's codes a product has."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Terms of supply of a product.

    Attributes:
        lead_days: Days from an order until its goods can be sold; the longest of its codes.
        minimum: Least pieces of an order, the least of its codes; 1 where none is asked for.
        pack: Pieces of a case, where all its codes have the same; else 1.
        own: Whether the lead time is the product's own, not that of the settings.
    """

    lead_days: int
    minimum: int = 1
    pack: int = 1
    own: bool = False


def terms_of(question: RangeQuestion, products: Sequence[str]) -> tuple[Terms, ...]:
    """Return the terms of each product as they hold after the day of the question; the settings' where none are told.

    A row is about a seller's code, or about a product whose id stands in its place.
    """
    usual = question.rules.lead_days
    told: dict[str, list[Mapping[str, Any]]] = {}
    if products and question.backend.has_table(SUPPLY):
        for row in _latest(question).values():
            for product in row["products"] & set(products):
                told.setdefault(product, []).append(row)
    return tuple(_terms(told.get(one, []), usual) for one in products)


def _terms(rows: Sequence[Mapping[str, Any]], usual: int) -> Terms:
    leads = [row["lead_days"] for row in rows if row["lead_days"]]
    least = [row["minimum_units"] or 1 for row in rows]
    packs = {row["pack_units"] or 1 for row in rows}
    return Terms(
        max(leads, default=usual),
        min(least, default=1),
        packs.pop() if len(packs) == 1 else 1,
        own=bool(leads),
    )


def _latest(question: RangeQuestion) -> dict[tuple[str, str], dict[str, Any]]:
    """Return (shop, code) → its newest row that holds, with the products that have the code."""
    table: Any = question.backend.table(SUPPLY)
    rows = table.filter(table["valid_from"] <= question.as_of)
    if question.shop is not None:
        rows = rows.filter(rows["shop"] == question.shop)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    wanted = rows.select("shop", "sku", "valid_from", "lead_days", "minimum_units", "pack_units").order_by("valid_from")
    for row in question.backend.execute(wanted).to_pylist():
        found[row["shop"], row["sku"]] = row | {"products": {row["sku"]}}
    codes = sorted({code for _, code in found})
    for name in CODED:
        if codes and question.backend.has_table(name):
            coded: Any = question.backend.table(name)
            coded = coded.filter(coded["sku"].isin(codes), coded["product_id"].notnull())
            pairs = coded.select("shop", "sku", "product_id").distinct()
            for row in question.backend.execute(pairs).to_pylist():
                if (row["shop"], row["sku"]) in found:
                    found[row["shop"], row["sku"]]["products"].add(row["product_id"])
    return found
