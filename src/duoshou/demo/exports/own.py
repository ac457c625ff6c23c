"""The sheets that the shop keeps itself: stock, costs, targets, events, and figures of the market."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from duoshou.demo.exports.calendar import day_names, months, quarters
from duoshou.demo.exports.items import sku_stock
from duoshou.demo.exports.press import Press, form, words
from duoshou.demo.exports.tally import Tally
from duoshou.demo.simulation.world import Daily, Incident, World

_DAY = timedelta(days=1)


def write_stock(press: Press, world: World, daily: Daily, inbox: Path) -> list[Path]:
    """Write the stock of every variant at the end of every day from the launch on, one workbook a quarter."""
    names, owner = np.array(day_names(world)), world.skus.product
    written = []
    for quarter in quarters(world):
        units = sku_stock(world, daily.stock[quarter.days])
        on_sale = daily.price[quarter.days] > 0
        day, sku = np.nonzero(on_sale[:, owner])
        frame = {
            "day": names[day + quarter.begin],
            "sku": np.array(world.skus.codes)[sku],
            "product_id": world.products.ids[owner[sku]],
            "title": np.array(world.products.titles)[owner[sku]],
            "units": units[day, sku],
        }
        written.append(press.xlsx(inbox / f"每日库存_{quarter.name}.xlsx", form("stock"), frame))
    return written


def write_costs(press: Press, world: World, inbox: Path) -> Path:
    """Write the unit costs, which hold for the whole time."""
    owner = world.skus.product
    frame = {
        "sku": world.skus.codes,
        "title": np.array(world.products.titles)[owner],
        "cost": world.products.unit_cost[owner],
        "freight": world.products.freight[owner],
    }
    return press.xlsx(inbox / "商品成本.xlsx", form("costs"), frame)


def write_targets(press: Press, world: World, tally: Tally, inbox: Path) -> Path:
    """Write the monthly targets: what a planner expects from the month before, never from the month itself."""
    spans = list(months(world))
    sums = np.array([tally.paid_amount[span.days].mean() for span in spans])
    before = np.concatenate([sums[:1], sums[:-1]])
    amount = np.round(before * 1.08 * [(_month_end(span.first) - span.first).days for span in spans], -6).astype(
        np.int64
    )
    frame = {"month": np.array([span.first.replace(day=1) for span in spans], dtype="datetime64[s]"), "amount": amount}
    return press.xlsx(inbox / "经营目标.xlsx", form("targets"), frame)


def write_events(press: Press, world: World, inbox: Path) -> list[Path]:
    """Write what the shop did itself, with prices before and after; what befell it stands in no log."""
    kinds = words("platform")["events"]
    logged = [one for one in world.incidents if one.kind in kinds]
    if not logged:
        return []
    rows = [_event(world, one, *kinds[one.kind]) for one in sorted(logged, key=lambda one: (one.start, one.key))]
    frame: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    for name in ("started", "ended"):
        frame[name] = np.array(frame[name], dtype="datetime64[s]")
    return [press.xlsx(inbox / f"经营事件_{world.until}.xlsx", form("events"), frame)]


def write_market(press: Press, world: World, inbox: Path) -> Path:
    """Write the market by month: niches by category and attributes, and the sellers of each category."""
    month = np.array([span.first.replace(day=1) for span in months(world)], dtype="datetime64[s]")
    count = len(month)
    niches, sellers = world.niches, world.sellers
    labels = np.array(
        [
            " > ".join([world.category_names[category], *attributes.values()])
            for category, attributes in zip(niches.category, niches.attributes, strict=True)
        ]
    )
    own_sellers = np.bincount(sellers.niche[sellers.niche >= 0], minlength=len(labels))
    parts = [
        {
            "month": np.repeat(month, len(labels)),
            "category": np.tile(labels, count),
            "seller": np.full(count * len(labels), ""),
            "searches": niches.searches.ravel(),
            "sold": niches.buyers.ravel(),
            "listings": niches.listings.ravel(),
            "sellers": np.tile(own_sellers, count),
            "visitors": np.full(count * len(labels), -1),
            "revenue": np.full(count * len(labels), -1),
            "price": np.full(count * len(labels), -1),
        },
        {
            "month": np.repeat(month, len(sellers.names)),
            "category": np.tile(np.array(world.category_names)[sellers.category], count),
            "seller": np.tile(np.array(sellers.names), count),
            **dict.fromkeys(("searches", "listings", "sellers"), np.full(count * len(sellers.names), -1)),
            "sold": sellers.orders.ravel(),
            "visitors": sellers.visitors.ravel(),
            "revenue": sellers.revenue.ravel(),
            "price": np.broadcast_to(sellers.price, sellers.orders.shape).ravel(),
        },
    ]
    frame = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return press.xlsx(inbox / f"市场数据_{world.until}.xlsx", form("market"), frame)


def _month_end(first: Any) -> Any:
    return (first.replace(day=28) + 4 * _DAY).replace(day=1)


def _event(world: World, incident: Incident, word: str, before: str, after: str) -> dict[str, Any]:
    product = incident.place.get("product")
    price = 0 if product is None else int(world.products.base_price[product])
    changes = {"price_rise": 1 + incident.size, "cannibal_campaign": 1 - incident.size}
    if product is not None and incident.kind in changes:
        before, after = f"{price / 100:.2f}", f"{price * changes[incident.kind] / 100:.2f}"
    return {
        "started": world.first + timedelta(days=incident.start),
        "ended": world.first + timedelta(days=incident.end + 1),
        "kind": word,
        "subject_type": "店铺" if product is None else "商品",
        "subject": "全店" if product is None else str(world.products.ids[product]),
        "before": before,
        "after": after,
    }
