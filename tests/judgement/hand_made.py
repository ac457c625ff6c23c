"""A shop small enough to reckon by hand: ten orders of 100 yuan a day and product, half of each is contribution."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
from benchmarks.judgement.books import Array, Ledger
from benchmarks.judgement.effects import Shop
from benchmarks.judgement.matching import Loss, Reported
from benchmarks.judgement.subjects import place_of

DAYS = 120
FIRST = date(2026, 1, 5)
PRODUCTS = ("600", "601", "602", "603")
SOURCES = ("search", "recommendation", "zhitongche")
ORDERS, PRICE, COST = 10, 10_000, 5_000


def incident(kind: str, start: int, end: int, key: str = "", **more: Any) -> dict[str, Any]:
    """Return an incident of the truth; `place` and `names` by default those of product 601."""
    return {
        "key": key or kind,
        "kind": kind,
        "start": start,
        "end": end,
        "place": {"product": 1},
        "names": {"product": "601"},
        "is_fault": False,
        "parameters": {},
    } | more


def shop(incidents: Sequence[Mapping[str, Any]], effects: Mapping[str, Mapping[str, Array]] | None = None) -> Shop:
    """Return a shop in which `effects` (incident → book → days × places) happened."""
    effects = effects or {}
    quiet = quiet_books()
    fact = {name: values + sum(one[name] for one in effects.values() if name in one) for name, values in quiet.items()}
    return Shop(truth(incidents), Ledger(fact, quiet, effects))


def truth(incidents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what `truth.json` would hold."""
    return {
        "seed": 1,
        "days": [(FIRST + timedelta(days=day)).isoformat() for day in range(DAYS)],
        "incidents": list(incidents),
        "products": {
            "ids": [int(one) for one in PRODUCTS],
            "unit_cost": [COST] * 4,
            "freight": [0] * 4,
            "category": [0, 0, 0, 1],
        },
        "agents": {"names": ["小满", "阿宁"]},
        "keywords": {"words": ["连衣裙", "裙子"], "product": [0, 1]},
        "axes": {
            "sources": list(SOURCES),
            "devices": ["wireless", "pc"],
            "regions": ["广东", "江苏"],
            "categories": ["dress", "knit"],
        },
        "parameters": {
            "shop": {"payday_days": [10, 15, 25]},
            "festival": {"weight": {"womens_day": 0.4}, "quiet": {"spring_festival": -0.9}},
        },
    }


def quiet_books() -> dict[str, Array]:
    """Return days that are all alike, but for one order more and less by turns."""
    wave = np.where(np.arange(DAYS) % 2, 1, -1)[:, None]
    orders = np.full((DAYS, 4), ORDERS) + wave
    books: dict[str, Array] = {
        "product.visitors": orders * 20,
        "product.orders": orders,
        "product.units": orders.copy(),
        "product.revenue": orders * PRICE,
        "product.refunds": np.zeros((DAYS, 4), dtype=np.int64),
        "product.refund_count": np.zeros((DAYS, 4), dtype=np.int64),
        "product.ad_cost": np.full((DAYS, 4), 1_000),
        "region.orders": orders[:, :2] * 2,
        "region.revenue": orders[:, :2] * 2 * PRICE,
        "agent.orders": orders[:, :2] * 2,
        "keyword.cost": np.full((DAYS, 2), 500) + wave,
    }
    for scope, width in (("product_source", 3), ("product_device", 2)):
        for name in ("visitors", "orders", "units", "revenue"):
            cells = np.zeros((DAYS, 4, width), dtype=np.int64)
            cells[:, :, 0] = books[f"product.{name}"]
            books[f"{scope}.{name}"] = cells
    return books


def lost_orders(start: int, end: int, orders: Mapping[int, int]) -> dict[str, Array]:
    """Return the effect of so many orders a day and product (negative: lost) from `start` to `end`."""
    change = np.zeros((DAYS, 4), dtype=np.int64)
    for product, number in orders.items():
        change[start : end + 1, product] = number
    return {
        "product.visitors": change * 20,
        "product.orders": change,
        "product.units": change.copy(),
        "product.revenue": change * PRICE,
        "product_source.visitors": np.stack([change * 20, change * 0, change * 0], axis=2),
        "product_source.revenue": np.stack([change * PRICE, change * 0, change * 0], axis=2),
        "product_device.orders": np.stack([change, change * 0], axis=2),
    }


def finding(
    start: int,
    shown: Sequence[int],
    causes: Sequence[str] = ("stock_out",),
    *,
    type_: str = "product",
    identity: str = "601",
    amount: float | None = None,
    width: float = 0.0,
    name: str = "f",
) -> Reported:
    """Return a finding about a subject since `start`, shown on some days; `amount` is its loss from `start` on."""
    losses = {} if amount is None else {day: Loss(start, day, amount, amount - width, amount + width) for day in shown}
    return Reported(
        name,
        "diagnosis.shift",
        place_of(type_, identity),
        start,
        max(shown),
        list(shown),
        dict.fromkeys(shown, tuple(causes)),
        losses,
    )
