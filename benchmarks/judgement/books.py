"""The books of a simulated shop as arrays of days × places: as they were, without any incident, and what each did.

Names are `SCOPE.MEASURE`. Scopes: `product`, `product_source`, `product_device` (D×P, D×P×S, D×P×V), `region`,
`keyword`, `agent` (D×R, D×K, D×A) and `shop` (D). Money is in fen. What a run of the shop does not keep (orders by
region and agent need its orders) is absent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from duoshou.demo.simulation import Ads, Daily, Simulation

Array = NDArray[Any]
Books = Mapping[str, Array]

FACT, QUIET, EFFECT = "fact", "quiet", "effect"


@dataclass(frozen=True)
class Ledger:
    """Three views of one shop's days.

    Attributes:
        fact: The books as they were.
        quiet: The same shop, with the same luck, without any incident.
        effects: Key of an incident → fact less the books without it; an array of zeros only is left out.
    """

    fact: Books
    quiet: Books
    effects: Mapping[str, Books]

    def effect(self, key: str, name: str) -> Array | None:
        """Return what the incident `key` did to a book; None where the book is not kept."""
        if name not in self.fact:
            return None
        found = self.effects.get(key, {}).get(name)
        return np.zeros_like(self.fact[name]) if found is None else found

    def save(self, path: Path) -> None:
        """Write everything into one file."""
        views: dict[str, Books] = {FACT: self.fact, QUIET: self.quiet}
        views |= {f"{EFFECT}/{key}": books for key, books in self.effects.items()}
        packed: dict[str, Any] = {f"{view}/{name}": one for view, books in views.items() for name, one in books.items()}
        np.savez_compressed(path, **packed)

    @classmethod
    def load(cls, path: Path) -> Ledger:
        """Return what `save` wrote."""
        views: dict[str, dict[str, Array]] = {FACT: {}, QUIET: {}}
        with np.load(path) as packed:
            for full in packed.files:
                view, _, name = full.rpartition("/")
                views.setdefault(view, {})[name] = packed[full]
        effects = {view.removeprefix(f"{EFFECT}/"): books for view, books in views.items() if view.startswith(EFFECT)}
        return cls(views[FACT], views[QUIET], effects)


def daily_books(daily: Daily, ads: Ads, keyword_product: Array) -> dict[str, Array]:
    """Return the books that every run keeps."""
    by_source = {name: getattr(daily, field) for name, field in MEASURES.items()}
    books: dict[str, Array] = {}
    for name, values in by_source.items():
        books[f"product.{name}"] = values.sum(axis=(2, 3), dtype=np.int64)
        books[f"product_source.{name}"] = values.sum(axis=3, dtype=np.int64)
        books[f"product_device.{name}"] = values.sum(axis=2, dtype=np.int64)
    cost = np.array(ads.display_cost, dtype=np.int64)
    for day_cost, product in zip(ads.keyword_cost.T, keyword_product, strict=True):
        cost[:, product] += day_cost
    books["product.ad_cost"] = cost
    books["product.refunds"] = daily.refunded_amount
    books["product.refund_count"] = daily.refunds.astype(np.int64)
    books["region.visitors"] = daily.visitors_by_region.sum(axis=1, dtype=np.int64)
    books["keyword.clicks"] = ads.keyword_clicks.astype(np.int64)
    books["keyword.cost"] = ads.keyword_cost
    books["keyword.orders"] = (ads.keyword_direct_orders + ads.keyword_indirect_orders).astype(np.int64)
    books["shop.orders"] = daily.shop_paid_orders.astype(np.int64)
    return books


MEASURES = {"visitors": "visitors", "orders": "paid_orders", "units": "paid_units", "revenue": "paid_amount"}


def order_books(simulation: Simulation) -> dict[str, Array]:
    """Return the books that need the orders themselves: paid orders by region and by agent, on the day of the order."""
    world = simulation.world
    widths = {"region": len(world.regions), "agent": len(world.agents.names)}
    books = {
        f"{scope}.{name}": np.zeros((world.days, width), np.int64)
        for scope, width in widths.items()
        for name in ORDER_MEASURES
    }
    for orders in simulation.order_chunks():
        paid = orders.paid > 0
        for scope in widths:
            place = getattr(orders, scope)
            some = paid & (place >= 0) & (orders.day >= 0)
            np.add.at(books[f"{scope}.orders"], (orders.day[some], place[some]), 1)
            np.add.at(books[f"{scope}.revenue"], (orders.day[some], place[some]), orders.paid[some])
    books["agent.reply_seconds"] = np.round(simulation.service.reply_seconds).astype(np.int64)
    return books


ORDER_MEASURES = ("orders", "revenue")


def differences(fact: Books, other: Books) -> dict[str, Array]:
    """Return fact less other for every book of both that differs anywhere."""
    found = {name: fact[name] - values for name, values in other.items() if name in fact}
    return {name: values for name, values in found.items() if values.any()}
