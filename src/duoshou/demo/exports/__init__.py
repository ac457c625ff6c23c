"""The files that the platforms would give of a simulated shop, in their layouts, encodings and quirks.

`write_exports` writes everything into an inbox; `write_orders` writes order reports only, one chunk at a time, for
volumes that fit into no memory. A file carries what its platform gives and no more: the truth stays in the simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from duoshou.demo.exports import ads, desk, items, own, shop, terms
from duoshou.demo.exports.calendar import exported, index_of, months, quarters
from duoshou.demo.exports.orders import affiliate_frame, refund_frame, write_chunk, write_orders
from duoshou.demo.exports.press import Press, form
from duoshou.demo.exports.reviews import Reviewer
from duoshou.demo.exports.tally import Tally
from duoshou.demo.simulation.chunks import concatenated

if TYPE_CHECKING:
    from duoshou.demo.simulation import Simulation
    from duoshou.demo.simulation.world import Orders, World

__all__ = ["write_exports", "write_orders"]

_PART_OF_ORDERS = 0.45


def write_exports(simulation: Simulation, inbox: Path, progress: Callable[[float], None] | None = None) -> list[Path]:
    """Write every file of the shop into `inbox` and return the paths.

    Reports over days come by calendar quarter, as a shop fetches them that starts with years behind it.

    Args:
        simulation: The shop.
        inbox: Folder, made where it is missing.
        progress: Told the part that is done, from 0 to 1.
    """
    world, daily, spent = simulation.world, simulation.daily, simulation.ads
    inbox.mkdir(parents=True, exist_ok=True)
    tally = Tally(world)
    with Press() as press:
        written = _write_orders(press, simulation, tally, inbox)
        steps: list[Callable[[], list[Path]]] = [
            lambda: shop.write_days(press, world, daily, spent, tally, inbox),
            lambda: shop.write_ratings(press, world, daily, inbox),
            lambda: shop.write_categories(press, world, daily, inbox),
            lambda: items.write_items(press, world, daily, tally, inbox),
            lambda: items.write_sources(press, world, daily, inbox),
            lambda: terms.write_terms(press, world, daily, inbox),
            lambda: ads.write_plans(press, world, daily, spent, inbox),
            lambda: ads.write_items(press, world, daily, spent, inbox),
            lambda: ads.write_keywords(press, world, spent, inbox),
            lambda: ads.write_affiliates(press, world, daily, spent, tally, inbox),
            lambda: desk.write_agents(press, world, simulation.service, inbox),
            lambda: desk.write_inquiries(press, world, simulation.service, inbox),
            lambda: own.write_stock(press, world, daily, inbox),
            lambda: own.write_events(press, world, inbox),
            lambda: desk.write_leads(press, world, simulation.service, inbox),
            lambda: [items.write_products(press, world, daily, inbox), own.write_costs(press, world, inbox)],
            lambda: [own.write_targets(press, world, tally, inbox), own.write_market(press, world, inbox)],
        ]
        for number, step in enumerate(steps):
            if progress is not None:
                progress(_PART_OF_ORDERS + (1 - _PART_OF_ORDERS) * number / len(steps))
            written += step()
    return written


def _write_orders(press: Press, simulation: Simulation, tally: Tally, inbox: Path) -> list[Path]:
    """Write what hangs on orders: each chunk is seen once; what is dated later than its order is kept to the end."""
    world = simulation.world
    reviewer = Reviewer(world)
    written: list[Path] = []
    kept: dict[str, list[dict[str, Any]]] = {"refunds": [], "reviews": [], "affiliate_orders": []}
    for number, orders in enumerate(_by_quarter(world, simulation.order_chunks())):
        tally.add(orders)
        written += write_chunk(press, world, orders, inbox, exported(world, number))
        kept["refunds"].append(refund_frame(world, orders))
        kept["reviews"].append(reviewer.frame(orders))
        kept["affiliate_orders"].append(affiliate_frame(world, orders))
    for number, quarter in enumerate(quarters(world)):
        stamp = f"{exported(world, number):%Y%m%d%H%M}"
        refunds = _within(world, kept["refunds"], "requested", quarter.days)
        reviews = _within(world, kept["reviews"], "reviewed", quarter.days)
        through = _within(world, kept["affiliate_orders"], "created", quarter.days)
        # Nobody keeps the empty export of a quarter in which there was nothing.
        if len(refunds["requested"]):
            written.append(press.csv(inbox / f"ExportRefundList{stamp}.csv", form("refunds"), refunds))
        if len(reviews["reviewed"]):
            written.append(press.xlsx(inbox / f"多平台评价_{quarter.name}.xlsx", form("reviews"), reviews))
        if len(through["created"]):
            written.append(press.csv(inbox / f"订单明细_{stamp}.csv", form("affiliate_orders"), through))
    return written


def _by_quarter(world: World, months_of_orders: Iterable[Orders]) -> Iterator[Orders]:
    """Yield the orders of each calendar quarter at once."""
    ends = {quarter.end for quarter in quarters(world)}
    kept: list[Orders] = []
    for month, orders in zip(months(world), months_of_orders, strict=True):
        kept.append(orders)
        if month.end in ends:
            yield concatenated(kept)
            kept = []


def _within(world: World, frames: list[dict[str, Any]], moment: str, days: slice) -> dict[str, Any]:
    """Return the rows of all frames whose moment lies in a stretch of days, in the order of that moment."""
    joined = {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}
    day = index_of(world, joined[moment])
    rows = np.flatnonzero((day >= days.start) & (day < days.stop))
    rows = rows[np.argsort(joined[moment][rows], kind="stable")]
    return {name: values[rows] for name, values in joined.items()}
