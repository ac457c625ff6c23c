"""How the sales of each product answer its price, and the prices of the others of its category."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.pricing.question import Priced
from duoshou.statistics import benjamini_hochberg
from duoshou.statistics.elasticity import (
    Response,
    day_controls,
    draw_together,
    others_controls,
    price_moves,
    price_response,
    shared_correlation,
    untold,
)

Floats = NDArray[np.float64]
LEAST_SEEN = 0.8
"""Part of the days whose visitors must be known for them to be held."""
CROSS_PRODUCTS = 8
"""Products of a category whose prices are set against each other, by pieces: of more, every pair is a guess."""
CROSS_IN_ALL = 40
"""Products of the shop, by pieces, that are looked at so: some 280 pairs."""
FALSE_RATE = 0.1


@dataclass(frozen=True, slots=True)
class Elasticity:
    """The elasticity of a product, drawn to those of its category.

    Attributes:
        value: Per cent that sales change when the price changes by one per cent.
        sd: Its posterior standard deviation.
        low: Lower end of the 95 % interval.
        high: Upper end.
        own_weight: Part of it that the product's own days say.
    """

    value: float
    sd: float
    low: float
    high: float
    own_weight: float


@dataclass(frozen=True, slots=True)
class Answer:
    """How a product answers its price.

    Attributes:
        own: Its own days, visitors held where they are known.
        given: Elasticity with visitors held, drawn together; the whole elasticity where visitors are unknown.
        whole: Elasticity with the visitors that a price brings or loses.
        holds_visitors: Whether visitors were held.
    """

    own: Response
    given: Elasticity | None
    whole: Elasticity | None
    holds_visitors: bool


@dataclass(frozen=True, slots=True)
class OfCategory:
    """The elasticity of a category.

    Attributes:
        category: Its name; None for products without one.
        products: How many of its products could be told.
        value: Mean elasticity.
        low: Lower end of the 95 % interval.
        high: Upper end.
        between: Standard deviation between its products.
    """

    category: str | None
    products: int
    value: float
    low: float
    high: float
    between: float


@dataclass(frozen=True, slots=True)
class Crossed:
    """How one product's sales answer another's price.

    Attributes:
        product: Place of the product that sells.
        other: Place of the product whose price moves.
        value: Elasticity: above 0 they replace each other, below 0 they are bought for each other.
        low: Lower end of the 95 % interval.
        high: Upper end.
        p_value: Of no answer.
    """

    product: int
    other: int
    value: float
    low: float
    high: float
    p_value: float


def answers(priced: Priced) -> tuple[tuple[Answer, ...], tuple[OfCategory, ...]]:
    """Return the answer of each product, and the elasticities of the categories by number of products."""
    rows = range(len(priced.products))
    seen = [_is_seen(priced, row) for row in rows]
    shared, others = controls(priced), others_controls(priced.units, priced.price)
    whole = [_answered(priced, row, np.column_stack([shared, others[row]])) for row in rows]
    given = [
        _answered(priced, row, np.column_stack([shared, others[row], np.log(priced.visitors[row] + 1)]))
        if seen[row] and priced.is_told(row)
        else whole[row]
        for row in rows
    ]
    drawn_whole, categories = _drawn(priced, whole)
    drawn, categories = _drawn(priced, given) if any(seen) else (drawn_whole, categories)
    found = tuple(Answer(given[row], drawn[row], drawn_whole[row], seen[row]) for row in rows)
    return found, categories


def _answered(priced: Priced, row: int, held: Floats) -> Response:
    if not priced.is_told(row):
        return untold(price_moves(priced.price[row]))
    return price_response(priced.units[row], priced.price[row], held)


def controls(priced: Priced) -> Floats:
    """Return what else moves the sales of all products: weekday, slow change and calendar, float[D, K]."""
    days = priced.units.shape[1]
    return np.column_stack([day_controls(days, priced.first.weekday()), priced.known])


def crossed(priced: Priced) -> tuple[tuple[Crossed, ...], int]:
    """Return the answers to others' prices that survive, and how many pairs were looked at.

    Benjamini and Hochberg over all pairs of the shop's categories. The own price is held.
    """
    members: dict[str, list[int]] = defaultdict(list)
    looked = [row for row in range(len(priced.products)) if priced.is_told(row)][:CROSS_IN_ALL]
    for row in looked:
        category = priced.categories[row]
        if category is not None and len(members[category]) < CROSS_PRODUCTS:
            members[category].append(row)
    pairs = [(one, other) for rows in members.values() for one in rows for other in rows if one != other]
    found = [(pair, _crossed(priced, *pair)) for pair in pairs]
    told = [(pair, each) for pair, each in found if each.is_told]
    kept = benjamini_hochberg([each.p_value for _, each in told], FALSE_RATE) if told else []
    surviving = [
        Crossed(*pair, each.elasticity, each.low, each.high, each.p_value)
        for (pair, each), is_kept in zip(told, kept, strict=True)
        if is_kept
    ]
    return tuple(sorted(surviving, key=lambda one: one.p_value)), len(told)


def _crossed(priced: Priced, row: int, other: int) -> Response:
    left = np.delete(np.arange(len(priced.products)), other)
    place = int(np.flatnonzero(left == row)[0])
    # The others' mean price would hold what is asked; their demand stays, without the product whose price moves.
    shared = others_controls(priced.units[left], priced.price[left])[place, :, :1]
    held = np.column_stack([controls(priced), shared])
    return price_response(priced.units[row], priced.price[row], held, of=priced.price[other])


def _is_seen(priced: Priced, row: int) -> bool:
    on_sale = np.isfinite(priced.units[row]) & np.isfinite(priced.price[row])
    return bool(on_sale.any() and np.isfinite(priced.visitors[row][on_sale]).mean() >= LEAST_SEEN)


def _drawn(
    priced: Priced, responses: Sequence[Response]
) -> tuple[dict[int, Elasticity | None], tuple[OfCategory, ...]]:
    drawn: dict[int, Elasticity | None] = dict.fromkeys(range(len(responses)))
    categories = []
    for category in sorted(set(priced.categories), key=lambda one: (one is None, one or "")):
        rows = [row for row, one in enumerate(priced.categories) if one == category and responses[row].is_told]
        if not rows:
            continue
        parts = np.array([(responses[row].elasticity, responses[row].error, responses[row].degrees) for row in rows])
        shared = shared_correlation([responses[row].parts for row in rows])
        found = draw_together(parts[:, 0], parts[:, 1], parts[:, 2], correlation=shared)
        for place, row in enumerate(rows):
            drawn[row] = Elasticity(
                float(found.mean[place]),
                float(found.sd[place]),
                float(found.low[place]),
                float(found.high[place]),
                float(found.own_weight[place]),
            )
        whole = (found.category_mean, found.category_low, found.category_high, found.between)
        categories.append(OfCategory(category, len(rows), *whole))
    return drawn, tuple(sorted(categories, key=lambda one: -one.products))
