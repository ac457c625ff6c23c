"""What is in the baskets: units, complements, and what the stock allows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.demo.simulation.building import Plan
from duoshou.demo.simulation.conversion import Interest
from duoshou.demo.simulation.requests import Requests
from duoshou.demo.simulation.state import State
from duoshou.demo.simulation.streams import Keys
from duoshou.demo.simulation.world import Bools, Ints

MOST_ALSO = 0.9


@dataclass(frozen=True, slots=True)
class Baskets:
    """Lines of the day's orders, those of one order together, the wanted product first.

    Attributes:
        order: Position of the order.
        key: Key of the line's random numbers.
        product: Index of the product.
        units: Number of units.
        is_paid: Per order: whether it will be paid.
        is_presale: Per order: whether a deposit is paid now and the rest on the day of the festival.
    """

    order: Ints
    key: Keys
    product: Ints
    units: Ints
    is_paid: Bools
    is_presale: Bools


def filled(plan: Plan, state: State, interest: Interest, requests: Requests) -> tuple[Requests, Baskets]:
    """Return the requests that the stock can serve, and their baskets; the stock goes down."""
    requests = _served(plan, state, interest, requests)
    streams, settings, day = plan.streams, plan.settings, state.day
    count = len(requests.key)
    presale = np.zeros(count, dtype=bool)
    if plan.seasons.presale[day]:
        presale = streams.uniform("presale", requests.key) < settings["presale"]["share"]
        presale &= (requests.number == 0) & ~requests.is_fake
    chance = np.where(presale, settings["presale"]["balance"], 1 / (1 + np.exp(-settings["stage"]["pay"])))
    # A repeat purchase of the customers' process is a paid one by definition.
    paid = (streams.uniform("pay", requests.key) < chance) | (requests.number > 0) | requests.is_fake
    order, product = _complements(plan, interest, requests)
    key = streams.key("line", requests.key[order].view(np.int64), product)
    units = 1 + np.floor(np.log(streams.uniform("units", key)) / np.log(settings["basket"]["unit_chance"])).astype(
        np.int64
    )
    units = np.minimum(units, 4)
    takes = paid[order] & ~requests.is_fake[order]
    accepted = ~takes | _fits(state.stock, product, np.where(takes, units, 0))
    first = np.concatenate([[True], np.diff(order) > 0]) if len(order) else np.zeros(0, dtype=bool)
    # The wanted product was reserved for one unit: with fewer than it wants, the buyer takes that one.
    short = first & ~accepted
    units = np.where(short, 1, units)
    kept = accepted | first
    baskets = Baskets(order[kept], key[kept], product[kept], units[kept], paid, presale)
    moved = np.bincount(product[kept & takes], units[kept & takes], len(state.stock)).astype(np.int64)
    state.stock -= moved
    return _without_overdraft(state, requests, baskets)


def _without_overdraft(state: State, requests: Requests, baskets: Baskets) -> tuple[Requests, Baskets]:
    """Take back the last orders of a product of which more was promised than there is."""
    while (state.stock < 0).any():
        product = int(np.argmin(state.stock))
        taking = baskets.is_paid[baskets.order] & ~requests.is_fake[baskets.order]
        line = int(np.flatnonzero((baskets.product == product) & taking)[-1])
        gone = baskets.order == baskets.order[line]
        if baskets.order[line - 1] == baskets.order[line] and line > 0:
            gone = np.arange(len(gone)) == line
        np.add.at(state.stock, baskets.product[gone], baskets.units[gone])
        orders = np.unique(baskets.order[~gone])
        place = np.full(len(requests.key), -1)
        place[orders] = np.arange(len(orders))
        requests = requests.chosen(orders)
        baskets = Baskets(
            place[baskets.order[~gone]],
            baskets.key[~gone],
            baskets.product[~gone],
            baskets.units[~gone],
            baskets.is_paid[orders],
            baskets.is_presale[orders],
        )
    return requests, baskets


def _served(plan: Plan, state: State, interest: Interest, requests: Requests) -> Requests:
    """Return the requests for which there is a unit; some of the others take a substitute that is left."""
    left = np.where(interest.gone, 0, state.stock)
    one = np.where(requests.is_fake, 0, 1)
    fits = _fits(left, requests.product, one) | requests.is_fake
    if fits.all():
        return requests
    refused = np.flatnonzero(~fits)
    pairs = plan.world.substitutes
    place = np.searchsorted(pairs.left, requests.product[refused])
    known = (place < len(pairs.left)) & (
        pairs.left[np.minimum(place, len(pairs.left) - 1)] == requests.product[refused]
    )
    willing = plan.streams.uniform("diverted", requests.key[refused]) < plan.settings["stage"]["diverted"]
    known &= willing
    instead = requests.product.copy()
    instead[refused[known]] = pairs.right[place[known]]
    tried = fits.copy()
    tried[refused[known]] = True
    fits = tried & _fits(left, instead, np.where(tried, one, 0))
    product = instead[fits]
    kept = requests.chosen(fits)
    kept.product[:] = product
    return kept


def _fits(stock: Ints, product: Ints, units: Ints) -> Bools:
    """Return which of the wishes the stock can serve, first come first served."""
    demand = np.bincount(product, units, len(stock))
    scarce = demand > stock
    fits = np.ones(len(product), dtype=bool)
    for one in np.flatnonzero(scarce):
        own = np.flatnonzero(product == one)
        fits[own] = (np.cumsum(units[own]) <= stock[one]) | (units[own] == 0)
    return fits


def _complements(plan: Plan, interest: Interest, requests: Requests) -> tuple[Ints, Ints]:
    pairs, count = plan.world.complements, len(requests.key)
    orders, products = [np.arange(count)], [requests.product]
    # A complement answers to its price as everything else does.
    chance = np.minimum(pairs.strength * interest.price_answer[pairs.right], MOST_ALSO)
    for left, right, strength in zip(pairs.left, pairs.right, chance, strict=True):
        if interest.gone[right]:
            continue
        own = np.flatnonzero((requests.product == left) & ~requests.is_fake)
        if not len(own):
            continue
        key = plan.streams.key("complement", requests.key[own].view(np.int64), int(right))
        also = own[plan.streams.uniform("also", key) < strength]
        orders.append(also)
        products.append(np.full(len(also), right))
    order, product = np.concatenate(orders), np.concatenate(products)
    by_order = np.argsort(order, kind="stable")
    return order[by_order], product[by_order]
