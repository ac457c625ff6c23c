"""The range of a workspace's shop: the study of it, and the products as a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from duoshou.analysts.assortment import RangeQuestion, RangeStudy, Rules, study_range
from duoshou.analysts.assortment.demand import SPANS, Demand
from duoshou.analysts.assortment.question import PlannedPrice
from duoshou.app.days import first_day
from duoshou.loop.changes import WantedChanges, list_changes
from duoshou.model import ChangeStanding
from duoshou.model.cells import BOM, csv_text
from duoshou.reports import names_from

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

MOST_PLANS = 500
PRICE = re.compile(r"(\d{1,3}(,\d{3}){1,2}|\d{1,7})(\.\d{1,4})?")
COLUMNS = (
    "product",
    "title",
    "category",
    "units_13_weeks",
    "amount_13_weeks",
    "money_13_weeks",
    "class",
    "stage",
    "since",
    "weekly_change",
    "role",
    "quadrant",
    "stock_units",
    "dead_units",
    "dead_money",
    *(f"demand_{days}_days{end}" for days in SPANS for end in ("", "_low", "_high")),
    *("cover_days", "cover_days_low", "cover_days_high", "runs_out", "runs_out_low", "runs_out_high"),
    *("lead_days", "minimum_order", "pack_size", "urgent_below", "up_to", "wanted_units", "order_units", "lost_sales"),
)


def range_of(workbench: Workbench, as_of: date | None = None, *, shop: str | None = None) -> RangeStudy:
    """Return what is known of a shop's range.

    Args:
        workbench: The workspace.
        as_of: Last day that counts; None: the last complete one; never one that is not over.
        shop: Key, name or alias of the shop; None: the default one.
    """
    settings = workbench.settings
    key, day, today = workbench.asked_day(shop, as_of)
    plans = planned_prices(workbench, key, day)

    def look() -> RangeStudy:
        backend = workbench.backend()
        names = partial(names_from(backend, workbench.catalogue), "product")
        replenishment = settings.replenishment
        question = RangeQuestion(
            *(backend, workbench.catalogue, day, key, settings.currency, names, today),
            calendar=workbench.calendar,
            rules=Rules(replenishment.lead_days, replenishment.review_days, replenishment.service),
            plans=plans,
        )
        return study_range(question, first_day(backend, key))

    return workbench.remembered(("range", day, key, plans), look)


def planned_prices(workbench: Workbench, shop: str, day: date) -> tuple[PlannedPrice, ...]:
    """Return the prices that the ledger of changes plans for the days after `day`.

    One that holds already and ends gives the former price back. Of a day of the past only what was recorded by then
    counts; of the last one everything, for what comes is planned after the data end.
    """
    past = day < workbench.last_complete_day(shop)
    wanted = WantedChanges(ChangeStanding.CONFIRMED, first=day + timedelta(days=1), kind="price")
    found, _ = list_changes(workbench.state, shop, wanted, limit=MOST_PLANS)
    plans = []
    for one in found:
        what = one.what
        if past and one.recorded_at.date() > day:
            continue
        if what.on > day:
            price, first, last = planned_price(what.after), what.on, what.until
        elif what.until is not None and what.until > day:
            price, first, last = planned_price(what.before), what.until + timedelta(days=1), None
        else:
            continue
        if price is not None:
            plans += [PlannedPrice(each.id, first, last, price) for each in what.subjects if each.type == "product"]
    return tuple(plans)


def planned_price(written: str) -> Decimal | None:
    """Return a price as people write it, `¥79.90` or `79.9元`; None where it is none."""
    found = PRICE.fullmatch(written.strip().strip("¥￥元").strip())
    price = Decimal(found[0].replace(",", "")) if found else Decimal(0)
    return price if price > 0 else None


def range_csv(study: RangeStudy, *, costs: bool = True) -> str:
    """Return the products as CSV for a spreadsheet; without `costs` what sales left is blank."""
    rows = []
    for one in study.products:
        stock = one.stock
        rows.append(
            (
                one.id,
                one.title,
                one.category,
                one.units,
                one.amount,
                one.money if costs else None,
                one.letter,
                one.life.stage.value,
                one.life.since,
                one.life.slope,
                one.role.value,
                one.quadrant.value,
                None if stock is None else stock.units,
                None if stock is None else stock.dead_units,
                None if stock is None else stock.dead_money,
                *_ahead(one.demand),
            )
        )
    return BOM + csv_text(COLUMNS, rows)


def _ahead(demand: Demand) -> Iterator[object]:
    """Yield the cells of demand and order; blank where they cannot be told."""
    ahead = {one.days: one for one in demand.ahead}
    for days in SPANS:
        one = ahead.get(days)
        yield from (None, None, None) if one is None else (one.units, one.low, one.high)
    placed, lasting = demand.reorder, demand.lasting
    yield from (None, None, None) if lasting is None else (lasting.days, lasting.low, lasting.high)
    if placed is None:
        yield from (None,) * 11
        return
    yield from (placed.runs_out, placed.runs_out_low, placed.runs_out_high)
    yield from (placed.lead_days, placed.minimum, placed.pack, placed.point, placed.up_to)
    yield from (placed.wanted, placed.pieces, placed.lost)
