"""What 生意参谋 says of products and of where visitors came from, and the products on sale in 千牛."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from duoshou.demo.exports.calendar import Stretch, day_names, quarters
from duoshou.demo.exports.faults import disturbed
from duoshou.demo.exports.press import Press, form, words
from duoshou.demo.exports.shop import cart_units
from duoshou.demo.exports.tally import Tally
from duoshou.demo.simulation.world import Daily, World

_AMOUNTS = ("ordered_amount", "paid_amount", "returning_amount", "refunded")


def write_items(press: Press, world: World, daily: Daily, tally: Tally, inbox: Path) -> list[Path]:
    """Write the products' days, one workbook a quarter; a product stands there from its launch on."""
    names = np.array(day_names(world))
    search = world.sources.index("search")
    written = []
    for quarter in quarters(world):
        day, product = np.nonzero(daily.price[quarter.days] > 0)
        day += quarter.begin

        def summed(values: Any, day: Any = day, product: Any = product) -> Any:
            return values[day, product].sum(axis=tuple(range(1, values.ndim - 1)), dtype=np.int64)

        carts, buyers = summed(daily.carts), summed(daily.paid_buyers)
        frame = {
            "day": names[day],
            "product_id": world.products.ids[product],
            "title": np.array(world.products.titles)[product],
            "code": np.array(world.products.codes)[product],
            "visitors": summed(daily.visitors),
            "page_views": summed(daily.page_views),
            "stay": daily.stay_seconds[day, product],
            "bounce": daily.bounce_rate[day, product],
            "favourites": summed(daily.favourites),
            "carts": carts,
            "cart_units": cart_units(carts),
            "order_buyers": summed(daily.order_buyers),
            "ordered_units": summed(daily.ordered_units),
            "ordered_amount": summed(daily.ordered_amount),
            "buyers": buyers,
            "units": summed(daily.paid_units),
            "paid_amount": summed(daily.paid_amount),
            "new_buyers": np.minimum(tally.item_new_buyers[day, product], buyers),
            "returning_amount": tally.item_returning_amount[day, product],
            "refunded": daily.refunded_amount[day, product],
            "search_visitors": daily.visitors[day, product, search].sum(axis=1),
            "search_buyers": daily.paid_buyers[day, product, search].sum(axis=1),
        }
        path = inbox / f"【生意参谋平台】商品_全部_{quarter.name}.xlsx"
        written.append(press.xlsx(path, form("items"), disturbed(frame, day, "items", world.incidents, _AMOUNTS)))
    return written


def write_sources(press: Press, world: World, daily: Daily, inbox: Path) -> list[Path]:
    """Write the sources of the shop and of the products by day, two workbooks a quarter."""
    written = []
    for quarter in quarters(world):
        for name, (frame, day) in (
            ("流量来源", _shop_sources(world, daily, quarter)),
            ("商品流量来源", _item_sources(world, daily, quarter)),
        ):
            told = disturbed(frame, day, "sources", world.incidents, ("paid_amount",))
            written.append(press.xlsx(inbox / f"{name}_{quarter.name}.xlsx", form("sources"), told))
    return written


def write_products(press: Press, world: World, daily: Daily, inbox: Path) -> Path:
    """Write the products on sale with their variants, as on the last day."""
    products, skus = world.products, world.skus
    sold = np.flatnonzero(products.launch[skus.product] < world.days)
    product = skus.product[sold]
    numbers = {name: number for name, (_, number) in words("platform")["categories"].items()}
    names = np.array(world.category_names)[products.category[product]]
    frame = {
        "product_id": products.ids[product],
        "category_id": [numbers.get(name, "50000000") for name in names],
        "category": names,
        "title": np.array(products.titles)[product],
        "list_price": products.list_price[product],
        "code": np.array(products.codes)[product],
        "variant": np.array(skus.names)[sold],
        "variant_id": skus.ids[sold],
        "price": daily.price[-1][product],
        "units": sku_stock(world, daily.stock[-1:])[0][sold],
        "sku": np.array(skus.codes)[sold],
    }
    return press.xlsx(inbox / f"商品导出_{world.until}.xlsx", form("products"), frame)


def sku_stock(world: World, stock: Any) -> Any:
    """Return the stock of variants, D×SKUs: shared by their parts of the sales, adding up to the product's."""
    owner = world.skus.product
    upto = np.cumsum(world.skus.share)
    first = np.searchsorted(owner, owner, side="left")
    upto = np.minimum(upto - np.concatenate([[0.0], upto])[first], 1.0)
    last = np.append(owner[1:] != owner[:-1], True)
    upto[last] = 1.0
    below = np.where(first == np.arange(len(owner)), 0.0, np.concatenate([[0.0], upto[:-1]]))
    units = stock[:, owner]
    return np.rint(units * upto).astype(np.int64) - np.rint(units * below).astype(np.int64)


def _shop_sources(world: World, daily: Daily, quarter: Stretch) -> tuple[dict[str, Any], Any]:
    settings = words("platform")
    labels = [settings["sources"][key] for key in world.sources]
    rows = [(kind, parent, name, 2, [number]) for number, (kind, parent, name) in enumerate(labels)]
    for group in dict.fromkeys(parent for _, parent, _ in labels):
        members = [number for number, label in enumerate(labels) if label[1] == group]
        rows.append((labels[members[0]][0], "-", group, 1, members))
    names = np.array(day_names(world))[quarter.days]
    frames = []
    for kind, parent, name, level, members in rows:
        part = settings["people_in_parent"] if len(members) > 1 else 1.0

        def people(values: Any, members: Any = members, part: float = part) -> Any:
            own = values[quarter.days][..., members].reshape(len(names), -1)
            return np.maximum(np.rint(own.sum(axis=1) * part).astype(np.int64), own.max(axis=1))

        def summed(values: Any, members: Any = members) -> Any:
            return values[quarter.days][:, :, members].sum(axis=(1, 2, 3), dtype=np.int64)

        frames.append(
            {
                "day": names,
                "kind": np.full(len(names), kind),
                "parent": np.full(len(names), parent),
                "source": np.full(len(names), name),
                "level": np.full(len(names), level),
                "product_id": np.full(len(names), "-"),
                "visitors": people(daily.shop_visitors_by_source),
                "page_views": summed(daily.page_views),
                "buyers": people(daily.shop_paid_buyers_by_source),
                "paid_amount": summed(daily.paid_amount),
                "favourites": summed(daily.favourites),
                "carts": summed(daily.carts),
            }
        )
    day = np.tile(np.arange(quarter.begin, quarter.end), len(frames))
    return {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}, day


def _item_sources(world: World, daily: Daily, quarter: Stretch) -> tuple[dict[str, Any], Any]:
    """Return the leaves only: what brought somebody to the product, then or on the day of an earlier order."""
    labels = np.array([words("platform")["sources"][key] for key in world.sources])
    day, product, source = np.nonzero((daily.visitors + daily.paid_buyers)[quarter.days].sum(axis=3))
    day += quarter.begin

    def summed(values: Any) -> Any:
        return values[day, product, source].sum(axis=1, dtype=np.int64)

    frame = {
        "day": np.array(day_names(world))[day],
        "kind": labels[source, 0],
        "parent": labels[source, 1],
        "source": labels[source, 2],
        "level": np.full(len(day), 2),
        "product_id": world.products.ids[product].astype(str),
        "visitors": summed(daily.visitors),
        "page_views": summed(daily.page_views),
        "buyers": summed(daily.paid_buyers),
        "paid_amount": summed(daily.paid_amount),
        "favourites": summed(daily.favourites),
        "carts": summed(daily.carts),
    }
    return frame, day
