"""What is asked of prices, and the days of the products as arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.categories import product_categories
from duoshou.analysts.product_days import product_days
from duoshou.engine import Backend
from duoshou.metrics import Catalogue
from duoshou.model import Period
from duoshou.settings.calendar import Calendar
from duoshou.statistics.elasticity import price_moves
from duoshou.statistics.elasticity.moves import STEP

Floats = NDArray[np.float64]
LINES = "order_line"
MOST_DAYS = 728
MOST_PRODUCTS = 200
"""Products whose answer to prices is looked for, by pieces: behind them few sell enough to tell anything."""
LAST_DAYS = 91
NOW_DAYS = 28
HELD_OVER = 28
"""Days from the nearest sale for which its price is taken to stand."""
MANY_PRICES = 0.1
"""Part of the days, those around a change apart, on which a tenth of the lines may cost something else: beyond it the
price is one of quantities or of people, and who buys much gets it, which no elasticity is."""
CLOSED_BELOW = 20
"""Pieces of a middle day from which on a day without any is no chance (e⁻²⁰)."""
SELDOM = 0.1
"""Part of the days on which variants at one price may differ: those around a change."""
LEAST_KNOWN = 0.9
LEAST_PRICED = 0.9
"""Part of the days on sale on which a sale must tell the price. Of a product that sells seldom, dear weeks without a
sale are never seen as dear, and those that are seen sold: its sales would seem to rise with its price."""


@dataclass(frozen=True, slots=True)
class PricingQuestion:
    """What is asked.

    Attributes:
        backend: Open engine.
        catalogue: Definitions of the metrics.
        as_of: Last day that counts.
        today: Last day that the clock says is over.
        shop: Key of the shop; None: all.
        currency: Of the shop.
        names: From product ids to titles.
        calendar: Festivals and holidays; None: none are known.
        days: Days that are looked back on, at most.
    """

    backend: Backend
    catalogue: Catalogue
    as_of: date
    today: date
    shop: str | None
    currency: str
    names: Callable[[Sequence[str]], Mapping[str, str]]
    calendar: Calendar | None = None
    days: int = MOST_DAYS

    def last(self, days: int) -> Period:
        """Return the last days that count."""
        return Period(self.as_of - timedelta(days=days - 1), self.as_of)


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold by product and day, the last day being the one asked for.

    Attributes:
        products: Ids, by pieces.
        units: float[S, D], pieces paid for; NaN on days on which a product was not on sale.
        amount: float[S, D], what was paid.
    """

    products: tuple[str, ...]
    units: Floats
    amount: Floats


@dataclass(frozen=True, slots=True)
class Priced:
    """Products with the price of each day.

    Attributes:
        products: Ids.
        titles: Titles.
        categories: Categories; None where no file tells one.
        first: First day.
        units: float[S, D].
        price: float[S, D]; NaN where unknown.
        visitors: float[S, D]; NaN where unknown.
        sees_price: bool[S], whether sales tell the price of enough days.
        has_one: bool[S], whether a day has one price for all who buy.
        known: float[D, K], what the calendar knows of the days.
        listed: Ids of the products whose price is the list price, before coupons and allowances.
    """

    products: tuple[str, ...]
    titles: tuple[str, ...]
    categories: tuple[str | None, ...]
    first: date
    units: Floats
    price: Floats
    visitors: Floats
    sees_price: NDArray[np.bool_]
    has_one: NDArray[np.bool_]
    known: Floats
    listed: frozenset[str] = frozenset()

    def is_told(self, row: int) -> bool:
        """Return whether the price of a product is known well enough to ask what it does."""
        return bool(self.sees_price[row] and self.has_one[row])


@dataclass(frozen=True, slots=True)
class _Prices:
    """Prices of a product: float[D], whether a day has one, and whether they are the list price."""

    series: Floats
    has_one: bool
    is_listed: bool


def read_sold(question: PricingQuestion, first: date) -> Sold | None:
    """Return what was sold; None where nothing was.

    Args:
        question: What is asked.
        first: First day of which anything is known.
    """
    days = min((question.as_of - first).days + 1, question.days)
    if days < 1:
        return None
    units = {
        one: row for one, row in product_days(question, "pay_units", question.last(days)).items() if np.nansum(row) > 0
    }
    if not units:
        return None
    products = tuple(sorted(units, key=lambda one: (-float(np.nansum(units[one])), one)))
    nothing = np.full(days, np.nan)
    paid = product_days(question, "pay_amount", question.last(days))
    amount = np.stack([paid.get(one, nothing) for one in products])
    return Sold(products, _on_sale(np.stack([units[one] for one in products])), amount)


def read_priced(question: PricingQuestion, sold: Sold) -> Priced | None:
    """Return the products that sell most with their prices; None where no order tells a price."""
    days = sold.units.shape[1]
    chosen = sold.products[:MOST_PRODUCTS]
    prices = _prices(question, chosen, days)
    kept = [row for row, one in enumerate(chosen) if one in prices]
    if not kept:
        return None
    products = tuple(chosen[row] for row in kept)
    visitors, stock = (product_days(question, metric, question.last(days)) for metric in ("visitors", "stock_units"))
    nothing = np.full(days, np.nan)
    seen = np.stack([visitors.get(one, nothing) for one in products])
    out = np.stack([stock.get(one, nothing) for one in products]) == 0
    units = np.where((out | (seen == 0)) & (sold.units[kept] == 0), np.nan, sold.units[kept])
    on_sale = np.isfinite(units)
    sold_days = ((units > 0) & on_sale).sum(axis=1) / np.maximum(on_sale.sum(axis=1), 1)
    titles, categories = question.names(products), product_categories(question.backend, products, question.shop)
    first = question.as_of - timedelta(days=days - 1)
    return Priced(
        products,
        tuple(titles.get(one, one) for one in products),
        tuple(categories.get(one) for one in products),
        first,
        units,
        np.stack([prices[one].series for one in products]),
        seen,
        sold_days >= LEAST_PRICED,
        np.array([prices[one].has_one for one in products], dtype=np.bool_),
        _calendar(question, first, days),
        frozenset(one for one in products if prices[one].is_listed),
    )


def _on_sale(units: Floats) -> Floats:
    """Return the pieces with NaN before a product's first sale, after its last where that is long ago, and when closed.

    A shop that sells on most days many pieces, and on one none at all, was closed.
    """
    found = np.nan_to_num(units)
    days = found.shape[1]
    whole = found.sum(axis=0)
    closed = (whole == 0) & (np.median(whole) >= CLOSED_BELOW)
    for row in found:
        sold = np.flatnonzero(row > 0)
        row[: sold[0]] = np.nan
        if days - 1 - sold[-1] > HELD_OVER:
            row[sold[-1] + 1 :] = np.nan
    found[:, closed] = np.nan
    return found


def _prices(question: PricingQuestion, products: Sequence[str], days: int) -> dict[str, _Prices]:
    """Return product → price of a piece on each day.

    Variants cost differently, and which ones sell changes by the day: each line counts relative to the middle price of
    its variant, and the middle line of a day is its price. The unit price is the price before coupons and allowances
    of the order; where it is not told, or never moves while what is paid does, what was paid for a piece counts.
    """
    if not question.backend.has_table(LINES):
        return {}
    start = question.as_of - timedelta(days=days - 1)
    table = {one: np.full((4, 2, days), np.nan) for one in products}
    for row in question.backend.execute(_relative(question, products, start)).to_pylist():
        place = (row["day"] - start).days
        for kind, name in enumerate(("unit", "paid")):
            if row[f"{name}_relative"]:
                values = (row[f"{name}_{part}"] for part in ("relative", "base", "units", "spread"))
                table[row["product_id"]][:, kind, place] = [float(one) for one in values]
    found = {}
    for one, (relative, base, units, spread) in table.items():
        series = [_series(relative[kind], base[kind], units[kind]) for kind in (0, 1)]
        if not np.isfinite(series[1]).any():
            continue
        told = np.nansum(units[0]) >= LEAST_KNOWN * np.nansum(units[1])
        moves = [price_moves(each).moves for each in series]
        kind = 0 if told and (moves[0] or not moves[1]) else 1
        found[one] = _Prices(series[kind], _has_one(relative[kind], spread[kind]), kind == 0)
    return found


def _relative(question: PricingQuestion, products: Sequence[str], start: date) -> Any:
    rows: Any = question.backend.table(LINES)
    # The price is that of the day on which the order was placed.
    day = rows["created_on"].coalesce(rows["paid_on"])
    wanted = [day >= start, day <= question.as_of, rows["paid_on"].notnull()]
    wanted += [rows["product_id"].isin(list(products)), rows["quantity"] > 0]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    rows = rows.filter(*wanted)
    paid: Any = rows["first_paid_amount"].coalesce(rows["paid_amount"]).cast("float64")
    pieces = rows["quantity"].cast("float64")
    lines: Any = rows.select(
        "product_id",
        day=rows["created_on"].coalesce(rows["paid_on"]),
        variant=rows["sku"].coalesce(rows["variant"], ""),
        quantity=pieces,
        unit=rows["unit_price"].cast("float64").nullif(0.0),
        paid=(paid / pieces).nullif(0.0),
    )
    joined = _with_middle(lines)
    sums: dict[str, Any] = {}
    for name in ("unit", "paid"):
        has = joined[name].notnull()
        relative: Any = joined[name] / joined[f"{name}_middle"]
        sums[f"{name}_relative"] = relative.quantile(0.5)
        sums[f"{name}_spread"] = relative.quantile(0.9) / relative.quantile(0.1)
        sums[f"{name}_base"] = (joined[f"{name}_middle"] * joined["quantity"]).sum(where=has)
        sums[f"{name}_units"] = joined["quantity"].sum(where=has)
    return joined.group_by(["product_id", "day"]).agg(**sums)


def _with_middle(lines: Any) -> Any:
    """Return the lines with the middle price of their variant; of the product, where its variants cost the same.

    A variant that sold in a sale only would have a middle price of its own, and look dear in it.
    """
    price = lines["unit"].coalesce(lines["paid"])
    days = lines.group_by(["product_id", "day"]).agg(variants=lines["variant"].nunique(), prices=price.nunique())
    several: Any = days.filter(days["variants"] > 1)
    differ: Any = (several["prices"] > 1).cast("float64")
    found: Any = several.group_by("product_id").agg(differ=differ.mean())
    apart = found.filter(found["differ"] > SELDOM).select("product_id", is_apart=True)
    rows: Any = lines.left_join(apart, "product_id").select(*lines.columns, "is_apart")
    rows = rows.mutate(kind=ibis.ifelse(rows["is_apart"].notnull(), rows["variant"], "")).drop("is_apart")
    middle = rows.group_by(["product_id", "kind"]).agg(
        unit_middle=rows["unit"].quantile(0.5), paid_middle=rows["paid"].quantile(0.5)
    )
    return rows.join(middle, ["product_id", "kind"])


def _has_one(relative: Floats, spread: Floats) -> bool:
    known = np.flatnonzero(np.isfinite(relative))
    logs = np.log(relative[known])
    moved = np.abs(np.diff(logs)) >= STEP / 2
    # An order that is paid a day late still has the price of before.
    is_calm = ~(np.append(moved, False) | np.insert(moved, 0, False))
    return not is_calm.any() or float((spread[known][is_calm] - 1 >= STEP).mean()) <= MANY_PRICES


def _series(relative: Floats, base: Floats, units: Floats) -> Floats:
    """Return the price of each day at today's mix of variants; without a sale that of the nearest day with one counts.

    The last price would not do: a dearer price shows at its first sale, and the empty days before it would count as
    days of the cheaper one.
    """
    known = np.flatnonzero(np.isfinite(relative))
    if not len(known):
        return np.full(len(relative), np.nan)
    recent = known[known >= known[-1] - NOW_DAYS + 1]
    level = base[recent].sum() / units[recent].sum()
    day = np.arange(len(relative))
    after = np.searchsorted(known, day)
    following, before = known[np.minimum(after, len(known) - 1)], known[np.maximum(after - 1, 0)]
    nearest = np.where(np.abs(following - day) <= np.abs(day - before), following, before)
    return np.asarray(np.where(np.abs(nearest - day) <= HELD_OVER, relative[nearest] * level, np.nan))


def _calendar(question: PricingQuestion, first: date, days: int) -> Floats:
    """Return flags of the phases of festivals, of holidays and of make-up workdays.

    How large one festival was is what the other products sold in it; a flag for each would leave nothing of the price.
    """
    if question.calendar is None:
        return np.zeros((days, 0))
    columns: dict[str, Floats] = {}
    for place, info in enumerate(question.calendar.days(first, first + timedelta(days=days - 1))):
        names = [one.phase.value for one in info.festivals[:1]]
        names += ["holiday"] if info.holidays and not info.is_workday else []
        names += ["makeup"] if info.is_makeup_workday else []
        for name in names:
            columns.setdefault(name, np.zeros(days))[place] = 1.0
    return np.column_stack([columns[name] for name in sorted(columns)]) if columns else np.zeros((days, 0))
