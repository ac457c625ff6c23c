"""Price bands 价格带: where people buy, against where the shop, and the market, offers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from duoshou.analysts.pricing.question import LAST_DAYS, PricingQuestion, Sold
from duoshou.analysts.product_days import PRODUCT
from duoshou.metrics import MetricError, query
from duoshou.model.numbers import cents

Floats = NDArray[np.float64]
MARKET = "market_period"
PARTS = (0.2, 0.4, 0.6, 0.8)
"""Bands hold about a fifth of the pieces each, before their bounds are rounded."""
WEEK = 7
LEAST_WEEKS = 4
LEAST_PRODUCTS = 5
ALL = "-"


class Balance(StrEnum):
    """Whether a band sells more than its share of the products."""

    WANTED = "wanted"
    CROWDED = "crowded"
    EVEN = "even"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Band:
    """A price band of the shop.

    Attributes:
        low: Lower bound, which belongs to it; None: from 0.
        high: Upper bound; None: no end.
        products: Products on sale in it.
        supply: Part of the shop's products.
        units: Pieces of 13 weeks.
        amount: What was paid for them.
        demand: Part of the shop's pieces.
        demand_low: Lower end of its 95 % interval.
        demand_high: Upper end.
        amount_share: Part of the shop's sales.
        balance: Demand against supply.
        new_share: Part of its pieces that new buyers took; None where buyers are unknown.
        new_index: That part ÷ the shop's, 1 as everywhere; None where buyers are unknown.
    """

    low: Decimal | None
    high: Decimal | None
    products: int
    supply: float
    units: int
    amount: Decimal
    demand: float
    demand_low: float | None
    demand_high: float | None
    amount_share: float
    balance: Balance
    new_share: float | None = None
    new_index: float | None = None


@dataclass(frozen=True, slots=True)
class MarketBand:
    """A price band of a market, as a report of it tells.

    Attributes:
        category: The market.
        label: What the report calls the band.
        low: Lower bound; None where the label names none.
        high: Upper bound.
        demand: Part of the market's pieces; of its sales where pieces are unknown.
        supply: Part of the market's products; None where the report tells none.
        shop_demand: Part of the shop's pieces within the same bounds.
        shop_supply: Part of the shop's products within them.
    """

    category: str
    label: str
    low: Decimal | None
    high: Decimal | None
    demand: float
    supply: float | None
    shop_demand: float | None
    shop_supply: float | None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the shop offers, by product.

    Attributes:
        price: float[S].
        units: float[S, weeks].
        amount: float[S, weeks].
    """

    price: Floats
    units: Floats
    amount: Floats


def offer_of(question: PricingQuestion, sold: Sold) -> Offer | None:
    """Return the products on sale with their price, those that never sold in 13 weeks among them."""
    weeks = min(LAST_DAYS, sold.units.shape[1]) // WEEK
    if not weeks:
        return None
    shape = (len(sold.products), weeks, WEEK)
    units = np.nansum(sold.units[:, -weeks * WEEK :].reshape(shape), axis=2)
    amount = np.nansum(sold.amount[:, -weeks * WEEK :].reshape(shape), axis=2)
    sells = (units.sum(axis=1) > 0) & (amount.sum(axis=1) > 0)
    price = list(amount[sells].sum(axis=1) / units[sells].sum(axis=1))
    known = {one for one, is_sold in zip(sold.products, sells, strict=True) if is_sold}
    unsold = [value for one, value in _listed(question).items() if one not in known]
    nothing = np.zeros((len(unsold), weeks))
    whole = np.array([*price, *unsold])
    if len(whole) < LEAST_PRODUCTS:
        return None
    return Offer(whole, np.vstack([units[sells], nothing]), np.vstack([amount[sells], nothing]))


def bands(offer: Offer, bounds: Sequence[Decimal]) -> tuple[Band, ...]:
    """Return the bands of the shop.

    The part of the pieces is a ratio of sums over weeks; its error is that of a ratio estimator with a week as the unit
    (Cochran 1977), so that weeks which depend on sales and events widen it.
    """
    edges = [0.0, *map(float, bounds), np.inf]
    ends: list[Decimal | None] = [None, *bounds, None]
    whole, money = offer.units.sum(axis=0), float(offer.amount.sum())
    found = []
    for place in range(len(edges) - 1):
        inside = (offer.price >= edges[place]) & (offer.price < edges[place + 1])
        units = offer.units[inside].sum(axis=0)
        demand, low, high = _share(units, whole)
        supply = float(inside.mean())
        amount = float(offer.amount[inside].sum())
        found.append(
            Band(
                ends[place],
                ends[place + 1],
                int(inside.sum()),
                supply,
                int(units.sum()),
                cents(amount),
                demand,
                low,
                high,
                amount / money if money else 0.0,
                _balance(supply, low, high),
            )
        )
    return tuple(found)


def bounds_of(offer: Offer) -> tuple[Decimal, ...]:
    """Return round prices that cut the pieces into about five parts."""
    order = np.argsort(offer.price)
    reached = np.cumsum(offer.units.sum(axis=1)[order])
    if not reached[-1]:
        return ()
    cut = [float(offer.price[order][int(np.searchsorted(reached, part * reached[-1]))]) for part in PARTS]
    return tuple(sorted({_round(one) for one in cut}))


def bought_by(question: PricingQuestion, bounds: Sequence[Decimal]) -> Mapping[int, tuple[float, float]]:
    """Return place of the band → part of its pieces that new buyers took, and that part ÷ the shop's.

    A buyer is new who did not pay in the 365 days before, by the unit price of the line.
    """
    try:
        rows = query(
            question.backend,
            question.catalogue,
            ["pay_units"],
            period=question.last(LAST_DAYS),
            as_of=question.today,
            by=("price_band", "buyer_type"),
            shop=question.shop,
            price_bands=bounds,
        ).rows
    except MetricError:
        return {}
    from duoshou.metrics.derived import NEW, RETURNING, band_label

    labels = [band_label(low, high) for low, high in zip((None, *bounds), (*bounds, None), strict=True)]
    pieces = np.zeros((len(labels), 2))
    for row in rows:
        label, kind = (row.dimensions.get(one) for one in ("price_band", "buyer_type"))
        if label in labels and kind in (NEW, RETURNING):
            pieces[labels.index(label), (NEW, RETURNING).index(kind)] += float(row.values["pay_units"].value or 0)
    shop = pieces[:, 0].sum() / max(pieces.sum(), 1e-9)
    return {
        place: (float(new / (new + old)), float(new / (new + old) / shop))
        for place, (new, old) in enumerate(pieces)
        if new + old > 0 and shop > 0
    }


def market_bands(question: PricingQuestion, offer: Offer | None) -> tuple[MarketBand, ...]:
    """Return the bands of the markets that reports tell, over 13 weeks; nothing without such reports."""
    if not question.backend.has_table(MARKET):
        return ()
    table: Any = question.backend.table(MARKET)
    period = question.last(LAST_DAYS)
    wanted = [table["price_band"] != ALL, table["brand"] == ALL, table["seller"] == ALL]
    wanted += [table["period_start"] >= period.start, table["period_start"] <= period.end]
    rows = table.filter(*wanted).group_by(["category", "price_band", "grain"])
    summed = question.backend.execute(
        rows.agg(units=table["units"].sum(), amount=table["amount"].sum(), products=table["products_on_sale"].mean())
    ).to_pylist()
    found: list[MarketBand] = []
    for category in sorted({row["category"] for row in summed}):
        mine = [row for row in summed if row["category"] == category]
        # Grains overlap and are never added: the finest that was told counts.
        finest = min((row["grain"] for row in mine), key=["day", "week", "month"].index)
        found += _of_market(category, [row for row in mine if row["grain"] == finest], offer)
    return tuple(found)


def _of_market(category: str, rows: Sequence[Mapping[str, Any]], offer: Offer | None) -> list[MarketBand]:
    told = "units" if all(row["units"] is not None for row in rows) else "amount"
    whole = float(sum(row[told] or 0 for row in rows))
    products = [row["products"] for row in rows]
    on_sale = float(sum(products)) if all(one is not None for one in products) else 0.0
    found = []
    for row in rows:
        low, high = bounds_in(row["price_band"])
        demand = supply = None
        if offer is not None and (low is not None or high is not None) and offer.units.sum():
            inside = (offer.price >= float(low or 0)) & (offer.price < (np.inf if high is None else float(high)))
            demand, supply = float(offer.units[inside].sum() / offer.units.sum()), float(inside.mean())
        found.append(
            MarketBand(
                category,
                row["price_band"],
                low,
                high,
                float(row[told] or 0) / whole if whole else 0.0,
                float(row["products"]) / on_sale if on_sale else None,
                demand,
                supply,
            )
        )
    return sorted(found, key=lambda one: (one.low or Decimal(0), one.high or Decimal("Infinity")))


def bounds_in(label: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the bounds that the name of a band tells: `100-200`, `<100`, `200以上`; None where it tells none."""
    numbers = [Decimal(one) for one in re.findall(r"\d+(?:\.\d+)?", label.replace(",", ""))]
    if len(numbers) == 2 and numbers[0] < numbers[1]:
        return numbers[0], numbers[1]
    if len(numbers) != 1:
        return None, None
    if re.search(r"[<＜≤]|以下|以内|under|below|up to", label):
        return None, numbers[0]
    return (numbers[0], None) if re.search(r"[>＞≥+]|以上|over|above", label) else (None, None)


def _listed(question: PricingQuestion) -> dict[str, float]:
    """Return product → price of the products that the product files name as on sale."""
    if not question.backend.has_table(PRODUCT):
        return {}
    table: Any = question.backend.table(PRODUCT)
    price = table["price"].coalesce(table["list_price"])
    wanted = [table["status"] == "on_sale", price > 0]
    if question.shop is not None:
        wanted.append(table["shop"] == question.shop)
    rows = table.filter(*wanted).group_by("product_id").agg(price=price.cast("float64").min())
    return {row["product_id"]: row["price"] for row in question.backend.execute(rows).to_pylist()}


def _share(units: Floats, whole: Floats) -> tuple[float, float | None, float | None]:
    share = float(units.sum() / whole.sum()) if whole.sum() else 0.0
    weeks = len(whole)
    if weeks < LEAST_WEEKS or not whole.sum():
        return share, None, None
    apart = units - share * whole
    error = float(np.sqrt((apart**2).sum() * weeks / (weeks - 1)) / whole.sum())
    reach = float(stats.t.ppf(0.975, weeks - 1)) * error
    return share, max(share - reach, 0.0), min(share + reach, 1.0)


def _balance(supply: float, low: float | None, high: float | None) -> Balance:
    if low is None or high is None:
        return Balance.CANNOT_TELL
    if low > supply:
        return Balance.WANTED
    return Balance.CROWDED if high < supply else Balance.EVEN


def _round(price: float) -> Decimal:
    """Return the nearest round price: a 0 or a 5 after the first figure."""
    step = 10.0 ** np.floor(np.log10(price)) / 2
    return Decimal(str(round(max(round(price / step), 1) * step, 4))).normalize() + Decimal(0)
