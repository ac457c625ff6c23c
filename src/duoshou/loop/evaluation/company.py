"""Who else is touched by what is done to a subject: bought together with it, or pushed by the same campaign."""

from __future__ import annotations

from collections.abc import Collection

from duoshou.engine import Backend
from duoshou.model import Period

PARTNER = 0.05
"""Share of a product's orders that also hold the subject from which on it is a partner: whatever happens to the subject
reaches it by a twentieth, below what can be measured."""


def partners(backend: Backend, shop: str, products: Collection[str], days: Period) -> frozenset[str]:
    """Return the products of whose orders at least `PARTNER` also hold one of `products`."""
    if not backend.has_table("order_line"):
        return frozenset()
    lines = backend.table("order_line")
    lines = lines.filter(lines.shop == shop, lines.created_on.between(days.start, days.end), lines.product_id.notnull())
    lines = lines.select("order_id", "product_id").distinct()
    own = lines.filter(lines.product_id.isin(list(products))).select("order_id").distinct()
    shared = lines.semi_join(own, "order_id").group_by("product_id").aggregate(shared=lambda rows: rows.count())
    whole = lines.group_by("product_id").aggregate(whole=lambda rows: rows.count())
    rows = backend.execute(shared.join(whole, "product_id").select("product_id", "shared", "whole")).to_pylist()
    others = (row for row in rows if row["product_id"] not in products)
    return frozenset(row["product_id"] for row in others if row["shared"] >= PARTNER * row["whole"])


def promoted(backend: Backend, shop: str, days: Period) -> dict[str, frozenset[str]]:
    """Return campaign → the products that it promoted in the period, as far as files of promotion tell."""
    if not backend.has_table("ad_period"):
        return {}
    rows = backend.table("ad_period")
    rows = rows.filter(rows.shop == shop, rows.report_level == "item", rows.day.between(days.start, days.end))
    found = backend.execute(rows.select("campaign", "target").distinct()).to_pylist()
    table: dict[str, set[str]] = {}
    for row in found:
        table.setdefault(row["campaign"], set()).add(row["target"])
    return {campaign: frozenset(products) for campaign, products in table.items()}
