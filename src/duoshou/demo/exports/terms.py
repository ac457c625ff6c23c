"""Words that brought visitors: composed from what a product is, in the many ways in which people type it."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np

from duoshou.demo.exports.calendar import Stretch, weeks
from duoshou.demo.exports.press import Press, form, words
from duoshou.demo.simulation.world import Daily, World

_TERMS = 18
_STREAM = 7701


def write_terms(press: Press, world: World, daily: Daily, inbox: Path) -> list[Path]:
    """Write the terms of each whole week, one workbook for the weeks that end in a quarter.

    What search brought to the products is shared out to their terms.
    """
    terms, owner = product_terms(world)
    rng = np.random.default_rng([world.seed, _STREAM])
    weight = _weights(rng, owner)
    closes = np.exp(rng.normal(0.0, 0.35, len(owner)) + 0.12 * np.array([len(term) for term in terms]) - 0.8)
    names, place = np.unique(np.array(terms), return_inverse=True)
    frames: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for week in weeks(world):
        columns = _week(rng, world, daily, week, owner, weight, closes)
        summed = {name: _sums(place, values, len(names)) for name, values in columns.items()}
        shown = np.flatnonzero(summed["visitors"] > 0)
        shown = shown[np.argsort(-summed["visitors"][shown], kind="stable")]
        frame = {"period": np.full(len(shown), f"{week.first} ~ {week.last}"), "term": names[shown]}
        frame |= {name: values[shown] for name, values in summed.items()}
        frames.setdefault((week.last.year, (week.last.month + 2) // 3), []).append(frame)
    return [
        press.xlsx(
            inbox / f"【生意参谋平台】选词助手_引流搜索词_{year}Q{quarter}.xlsx",
            form("terms"),
            {name: np.concatenate([frame[name] for frame in parts]) for name in parts[0]},
        )
        for (year, quarter), parts in frames.items()
    ]


def product_terms(world: World) -> tuple[list[str], Any]:
    """Return the terms under which each product is found, and the product of each."""
    chance = random.Random(f"{world.seed} terms")  # noqa: S311  # made-up words need no secrecy
    vocabulary = words("terms")
    found: list[tuple[int, str]] = []
    for product, category in enumerate(world.products.category):
        own = {word for word, one in zip(world.keywords.words, world.keywords.product, strict=True) if one == product}
        wanted = len(own) + _TERMS
        tries = 0
        while len(own) < wanted and tries < 40 * _TERMS:
            tries += 1
            own.add(_term(chance, vocabulary, world.category_names[category], world.products.attributes[product]))
        own.add(chance.choice(vocabulary["brand"]))
        found += [(product, term) for term in sorted(own)]
    return [term for _, term in found], np.array([product for product, _ in found])


def _term(chance: random.Random, vocabulary: dict[str, Any], category: str, attributes: dict[str, str]) -> str:
    values = chance.sample(list(attributes.values()), k=chance.choice((0, 1, 1, 1, 2, 2, 3)))
    parts = [chance.choice(vocabulary["synonyms"].get(value, [value])) for value in values]
    for kind, likely in (("whom", 0.25), ("scene", 0.12), ("season", 0.3), ("tone", 0.25)):
        if chance.random() < likely and len(parts) < 4:
            parts.append(chance.choice(vocabulary[kind]))
    chance.shuffle(parts)
    thing = chance.choice(vocabulary["things"].get(category, [category]))
    parts.insert(len(parts) if chance.random() < 0.8 else 0, thing)
    if chance.random() < 0.1:
        parts.append(chance.choice(vocabulary["tail"]))
    term = (" " if chance.random() < 0.22 else "").join(parts)
    if chance.random() < 0.07:
        for right, wrong in vocabulary["typos"].items():
            if right in term:
                return term.replace(right, chance.choice(wrong), 1)
    return term


def _weights(rng: np.random.Generator, owner: Any) -> Any:
    weight = rng.pareto(1.1, len(owner)) + 0.05
    return weight / np.bincount(owner, weights=weight)[owner]


def _week(
    rng: np.random.Generator, world: World, daily: Daily, week: Stretch, owner: Any, weight: Any, closes: Any
) -> dict[str, Any]:
    search = world.sources.index("search")
    people = words("platform")["people_in_week"]

    def summed(values: Any) -> Any:
        return values[week.days, :, search].sum(axis=(0, 2), dtype=np.int64)

    columns = {
        name: np.zeros(len(owner), dtype=np.int64) for name in ("visitors", "carts", "favourites", "buyers", "units")
    }
    amount = np.zeros(len(owner), dtype=np.int64)
    total = {
        "visitors": np.rint(summed(daily.visitors) * people).astype(np.int64),
        "carts": summed(daily.carts),
        "favourites": summed(daily.favourites),
        "buyers": summed(daily.paid_buyers),
    }
    units, paid = summed(daily.paid_units), summed(daily.paid_amount)
    for product in np.unique(owner):
        own = np.flatnonzero(owner == product)
        visits = rng.multinomial(total["visitors"][product], weight[own])
        columns["visitors"][own] = visits
        if not visits.any():
            continue
        for name in ("carts", "favourites", "buyers"):
            inclined = visits * closes[own]
            columns[name][own] = rng.multinomial(total[name][product], inclined / inclined.sum())
        columns["buyers"][own] = np.minimum(columns["buyers"][own], visits)
        buyers = columns["buyers"][own]
        if buyers.any():
            columns["units"][own] = _shared(units[product], buyers)
            amount[own] = _shared(paid[product], columns["units"][own])
    return columns | {"paid_amount": amount}


def _shared(total: int, weight: Any) -> Any:
    """Return `total` shared out by `weight` in whole numbers that add up to it."""
    if not weight.any():
        return np.zeros(len(weight), dtype=np.int64)
    upto = np.rint(np.cumsum(weight) * (total / weight.sum())).astype(np.int64)
    return np.diff(upto, prepend=0)


def _sums(place: Any, values: Any, count: int) -> Any:
    return np.rint(np.bincount(place, weights=values, minlength=count)).astype(np.int64)
