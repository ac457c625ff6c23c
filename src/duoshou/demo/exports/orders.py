"""What 千牛 and 淘宝联盟 say of orders: the order report, its lines, refunds, affiliate orders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from duoshou.demo.exports.calendar import exported
from duoshou.demo.exports.faults import disturbed
from duoshou.demo.exports.press import Frame, Press, chosen, form, words
from duoshou.demo.exports.tally import SUCCEEDED
from duoshou.demo.simulation.world import REFUND_KINDS, STATUSES, Orders, World

_AMOUNTS = ("payable", "freight", "paid", "platform_coupon", "refunded", "price")
_BLOCK = 40_000
_SETTLE = np.timedelta64(1, "D")


def write_orders(world: World, chunks: Iterable[Orders], folder: Path) -> list[Path]:
    """Write the order report and the report of its lines for each chunk, holding one chunk at a time."""
    written: list[Path] = []
    with Press() as press:
        for number, orders in enumerate(chunks):
            written += write_chunk(press, world, orders, folder, exported(world, number))
    return written


def write_chunk(press: Press, world: World, orders: Orders, folder: Path, moment: datetime) -> list[Path]:
    """Write the two order reports of one chunk, some days at a time."""
    stamp = f"{moment:%Y%m%d%H%M}"
    heads = (
        disturbed(order_frame(world, block), block.day, "orders", world.incidents, _AMOUNTS)
        for block in _blocks(orders)
    )
    lines = (
        disturbed(line_frame(world, block), block.day[block.line_order], "orders", world.incidents, _AMOUNTS)
        for block in _blocks(orders)
    )
    return [
        press.streamed_csv(folder / f"ExportOrderList{stamp}.csv", form("orders"), heads),
        press.streamed_csv(folder / f"ExportOrderDetailList{stamp}.csv", form("suborders"), lines),
    ]


def _blocks(orders: Orders) -> Iterator[Orders]:
    """Yield the orders in blocks of whole days, so that a day's fault meets all of its rows."""
    days, starts = np.unique(orders.day, return_index=True)
    begin = 0
    for start in [*starts[1:], len(orders.ids)] if len(days) else []:
        if start - begin >= _BLOCK or start == len(orders.ids):
            yield _cut(orders, begin, int(start))
            begin = int(start)


def _cut(orders: Orders, begin: int, end: int) -> Orders:
    first, last = np.searchsorted(orders.line_order, [begin, end])
    cut = {
        field.name: getattr(orders, field.name)[
            slice(first, last) if field.name.startswith("line_") else slice(begin, end)
        ]
        for field in fields(Orders)
    }
    return Orders(**cut | {"line_order": cut["line_order"] - begin})


def order_frame(world: World, orders: Orders) -> Frame:
    """Return one row per order."""
    count = len(orders.ids)
    was_paid = ~np.isnat(orders.paid_at)
    closed = orders.status == STATUSES.index("closed")
    reason = np.where(closed, np.where(was_paid, 2, 1), 0)
    succeeded = np.where(orders.line_refund_status == SUCCEEDED, orders.line_refund_amount, 0)
    stage = np.where(orders.is_presale, np.where(was_paid, 2, np.where(np.isnat(orders.deposit_paid), 0, 1)), -1)
    return {
        "order_id": orders.ids,
        "buyer": orders.buyer,
        "payable": orders.payable,
        "freight": orders.freight,
        "paid": orders.paid,
        "platform_coupon": orders.platform_coupon,
        "refunded": _sums(orders.line_order, succeeded, count),
        "created": orders.created,
        "paid_at": orders.paid_at,
        "shipped": orders.shipped,
        "finished": orders.finished,
        "units": _sums(orders.line_order, orders.line_units, count),
        "kinds": _sums(orders.line_order, np.ones(len(orders.line_order), dtype=np.int64), count),
        "is_presale": orders.is_presale,
        "status": chosen(_told("order_status"), orders.status),
        "closed_reason": chosen(_told("closed_reason"), reason),
        "stages": chosen(_told("presale_stage"), stage),
        "mobile": chosen([{"wireless": "是", "pc": "否"}[device] for device in world.devices], orders.device),
        "address": _addresses(world, orders),
        "title": _titles(world, orders),
    }


def line_frame(world: World, orders: Orders) -> Frame:
    """Return one row per line of an order."""
    order = orders.line_order
    return {
        "line_id": line_ids(orders),
        "order_id": orders.ids[order],
        "title": chosen(world.products.titles, orders.line_product),
        "price": orders.line_price,
        "units": orders.line_units,
        "variant": chosen(world.skus.names, orders.line_sku),
        "sku": chosen(world.skus.codes, orders.line_sku),
        "status": chosen(_told("order_status"), orders.status[order]),
        "payable": orders.line_payable,
        "paid": orders.line_paid,
        "refund_status": chosen(_told("refund_status"), orders.line_refund_status),
        "refunded": np.where(orders.line_refund_status == SUCCEEDED, orders.line_refund_amount, 0),
        "created": orders.created[order],
        "paid_at": orders.paid_at[order],
        "product_id": world.products.ids[orders.line_product],
        "buyer": orders.buyer[order],
    }


def line_ids(orders: Orders) -> Any:
    """Return the platform's ids of the lines: the order's own where it has one line only."""
    lines = np.bincount(orders.line_order, minlength=len(orders.ids))
    alone = lines[orders.line_order] == 1
    ids = pa.array(orders.ids[orders.line_order]).cast(pa.string()).to_numpy(zero_copy_only=False)
    numbers = pa.array(orders.line_number).cast(pa.string()).to_numpy(zero_copy_only=False)
    return pa.array(np.where(alone, ids, ids + numbers), pa.string())


def refund_frame(world: World, orders: Orders) -> dict[str, Any]:
    """Return one row per line for which a refund was asked."""
    lines = np.flatnonzero(orders.line_refund_kind > 0)
    order = orders.line_order[lines]
    kind = orders.line_refund_kind[lines]
    done = orders.line_refund_status[lines] == SUCCEEDED
    goods = np.where((kind == REFUND_KINDS.index("return")) & ~done, REFUND_KINDS.index("refund_only"), kind)
    return {
        "order_id": orders.ids[order],
        "refund_id": 2 * 10**18 + orders.ids[order] % 10**16 * 100 + orders.line_number[lines],
        "paid_at": orders.paid_at[order],
        "product_id": world.products.ids[orders.line_product[lines]],
        "sku": np.array(world.skus.codes)[orders.line_sku[lines]],
        "refunded_at": orders.line_refunded[lines],
        "buyer": orders.buyer[order],
        "paid": orders.line_paid[lines],
        "title": np.array(world.products.titles)[orders.line_product[lines]],
        "amount": orders.line_refund_amount[lines],
        "kind": np.array(_told("refund_kind"))[kind],
        "requested": orders.line_refund_requested[lines],
        "status": np.array(_told("refund_status"))[orders.line_refund_status[lines]],
        "goods": np.array(_told("goods"))[goods],
        "reason": np.array([*world.refund_reasons, ""])[orders.line_refund_reason[lines]],
    }


def affiliate_frame(world: World, orders: Orders) -> dict[str, Any]:
    """Return one row per paid line that came through an affiliate."""
    lines = np.flatnonzero((orders.affiliate[orders.line_order] >= 0) & ~np.isnat(orders.paid_at[orders.line_order]))
    order = orders.line_order[lines]
    refunded = np.where(orders.line_refund_status[lines] == SUCCEEDED, orders.line_refund_amount[lines], 0)
    invalid = (refunded > 0) & (refunded >= orders.line_paid[lines])
    settled = np.where(invalid, np.datetime64("NaT", "s"), orders.finished[order] + _SETTLE)
    settled[settled >= np.datetime64(world.until) + _SETTLE] = np.datetime64("NaT")
    status = np.where(invalid, 2, np.where(np.isnat(settled), 0, 1))
    product = orders.line_product[lines]
    return {
        "created": orders.created[order],
        "paid_at": orders.paid_at[order],
        "settled_at": settled,
        "title": np.array(world.products.titles)[product],
        "product_id": world.products.ids[product],
        "units": orders.line_units[lines],
        "paid": orders.line_paid[lines],
        "category": np.array(world.category_names)[world.products.category[product]],
        "order_id": orders.ids[order],
        "line_id": np.asarray(line_ids(orders))[lines].astype(str),
        "status": np.array(_told("affiliate_status"))[status],
        "rate": world.products.commission_rate[product],
        "commission": np.where(invalid, 0, orders.line_commission[lines]),
        "publisher": np.array(world.affiliates.names)[orders.affiliate[order]],
        "refunded": refunded,
    }


def _told(name: str) -> list[str]:
    said: list[str] = words("platform")["words"][name]
    return said


def _addresses(world: World, orders: Orders) -> Any:
    full = words("people")["provinces"]
    places: list[str] = []
    first = []
    for region, cities in zip(world.regions, world.cities, strict=True):
        first.append(len(places))
        places += [f"{full.get(region, region + '省')} {city} **区 **街道****(000000)" for city in cities]
    return chosen(places, np.array(first)[orders.region] + orders.city)


def _titles(world: World, orders: Orders) -> Any:
    """Return the titles of each order's lines in one cell, as the order report has them."""
    titles = np.array(world.products.titles, dtype=object)
    starts = np.searchsorted(orders.line_order, np.arange(len(orders.ids)), side="left")
    ends = np.searchsorted(orders.line_order, np.arange(len(orders.ids)), side="right")
    cells = titles[orders.line_product[np.minimum(starts, len(orders.line_product) - 1)]]
    for place in np.flatnonzero(ends - starts > 1):
        cells[place] = "，".join(titles[orders.line_product[starts[place] : ends[place]]])
    return pa.array(cells, pa.string())


def _sums(place: Any, amount: Any, count: int) -> Any:
    return np.rint(np.bincount(place, weights=amount, minlength=count)).astype(np.int64)
