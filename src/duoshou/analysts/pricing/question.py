"""What is asked of prices, and the days of the products as arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.categories import product_categories
from duoshou.engine import Backend
from duoshou.metrics import Catalogue, MetricError, daily_panel
from duoshou.model import Period
from duoshou.settings.calendar import Calendar
from duoshou.statistics.elasticity import price_moves

Floats = NDArray[np.float64]
LINES = "order_line"
PRODUCT = "product"
MOST_DAYS = 728
MOST_PRODUCTS = 200
"""Products whose answer to prices is looked for, by pieces: behind them few sell enough to tell anything."""
LAST_DAYS = 91
NOW_DAYS = 28
HELD_OVER = 28
"""Days from the nearest sale for which its price is taken to stand."""
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
        known: float[D, K], what the calendar knows of the days.
    """

    products: tuple[str, ...]
    titles: tuple[str, ...]
    categories: tuple[str | None, ...]
    first: date
    units: Floats
    price: Floats
    visitors: Floats
    sees_price: NDArray[np.bool_]
    known: Floats


def read_sold(question: PricingQuestion, first: date) -> Sold | None:
    """Return what was sold; None where nothing was.

    Args:
        question: What is asked.
        first: First day of which anything is known.
    """
    days = min((question.as_of - first).days + 1, question.days)
    if days < 1:
        return None
    units = {one: row for one, row in _by_product(question, "pay_units", days).items() if np.nansum(row) > 0}
    if not units:
        return None
    products = tuple(sorted(units, key=lambda one: (-float(np.nansum(units[one])), one)))
    nothing = np.full(days, np.nan)
    paid = _by_product(question, "pay_amount", days)
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
    visitors, stock = (_by_product(question, metric, days) for metric in ("visitors", "stock_units"))
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
        np.stack([prices[one] for one in products]),
        seen,
        sold_days >= LEAST_PRICED,
        _calendar(question, first, days),
    )


def _by_product(question: PricingQuestion, metric: str, days: int) -> dict[str, Floats]:
    """Return product → days; nothing where the shop's files do not tell the metric by product."""
    try:
        panel = daily_panel(
            question.backend,
            question.catalogue,
            [metric],
            period=question.last(days),
            as_of=question.today,
            by=(PRODUCT,),
            shop=question.shop,
        )
    except MetricError:
        return {}
    if panel.sources[metric] is None:
        return {}
    rows = zip(panel.splits, panel.values[metric], strict=True)
    return {str(split[0]): row for split, row in rows if split[0] is not None}


def _on_sale(units: Floats) -> Floats:
    """Return the pieces with NaN before a product's first sale, and after its last where that is long ago."""
    found = np.nan_to_num(units)
    days = found.shape[1]
    for row in found:
        sold = np.flatnonzero(row > 0)
        row[: sold[0]] = np.nan
        if days - 1 - sold[-1] > HELD_OVER:
            row[sold[-1] + 1 :] = np.nan
    return found


def _prices(question: PricingQuestion, products: Sequence[str], days: int) -> dict[str, Floats]:
    """Return product → price of a piece on each day.

    Variants cost differently, and which ones sell changes by the day: each line counts relative to the middle price of
    its variant. The unit price is the price before coupons and allowances of the order; where it is not told, or never
    moves while what is paid does, what was paid for a piece counts.
    """
    if not question.backend.has_table(LINES):
        return {}
    start = question.as_of - timedelta(days=days - 1)
    table = {one: np.full((3, 2, days), np.nan) for one in products}
    for row in question.backend.execute(_relative(question, products, start)).to_pylist():
        place = (row["day"] - start).days
        for kind, name in enumerate(("unit", "paid")):
            base, paid = row[f"{name}_base"], row[f"{name}_amount"]
            if base:
                table[row["product_id"]][:, kind, place] = (float(paid), float(base), float(row[f"{name}_units"]))
    found = {}
    for one, (paid, base, units) in table.items():
        series = [_series(paid[kind], base[kind], units[kind]) for kind in (0, 1)]
        if not np.isfinite(series[1]).any():
            continue
        told = np.nansum(units[0]) >= LEAST_KNOWN * np.nansum(units[1])
        moves = [price_moves(each).moves for each in series]
        found[one] = series[0] if told and (moves[0] or not moves[1]) else series[1]
    return found


def _relative(question: PricingQuestion, products: Sequence[str], start: date) -> Any:
    rows: Any = question.backend.table(LINES)
    wanted = [rows["paid_on"] >= start, rows["paid_on"] <= question.as_of]
    wanted += [rows["product_id"].isin(list(products)), rows["quantity"] > 0]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    rows = rows.filter(*wanted)
    paid: Any = rows["first_paid_amount"].coalesce(rows["paid_amount"]).cast("float64")
    pieces = rows["quantity"].cast("float64")
    lines: Any = rows.select(
        "product_id",
        day=rows["paid_on"],
        variant=rows["sku"].coalesce(rows["variant"], ""),
        quantity=pieces,
        unit=rows["unit_price"].cast("float64").nullif(0.0),
        paid=(paid / pieces).nullif(0.0),
    )
    middle = lines.group_by(["product_id", "variant"]).agg(
        unit_middle=lines["unit"].quantile(0.5), paid_middle=lines["paid"].quantile(0.5)
    )
    joined: Any = lines.join(middle, ["product_id", "variant"])
    sums = {}
    for name in ("unit", "paid"):
        has = joined[name].notnull()
        sums[f"{name}_amount"] = (joined[name] * joined["quantity"]).sum(where=has)
        sums[f"{name}_base"] = (joined[f"{name}_middle"] * joined["quantity"]).sum(where=has)
        sums[f"{name}_units"] = joined["quantity"].sum(where=has)
    return joined.group_by(["product_id", "day"]).agg(**sums)


def _series(paid: Floats, base: Floats, units: Floats) -> Floats:
    """Return the price of each day at today's mix of variants; without a sale that of the nearest day with one counts.

    The last price would not do: a dearer price shows at its first sale, and the empty days before it would count as
    days of the cheaper one.
    """
    known = np.flatnonzero(np.isfinite(paid))
    if not len(known):
        return np.full(len(paid), np.nan)
    recent = known[known >= known[-1] - NOW_DAYS + 1]
    level = base[recent].sum() / units[recent].sum()
    relative = np.full(len(paid), np.nan)
    relative[known] = paid[known] / base[known]
    day = np.arange(len(paid))
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
