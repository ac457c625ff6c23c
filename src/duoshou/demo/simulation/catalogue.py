"""The products of the shop: what they are, cost and do, drawn from the vocabulary of `shop.toml`."""

from __future__ import annotations

from typing import Any

import numpy as np

from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.streams import Streams
from duoshou.demo.simulation.world import Floats, Ints, Pairs, Products, Skus

FIRST_PRODUCT = 610_000_000_000
FIRST_SKU = 5_020_000_000_000
NEW_PART = 0.35


def make_products(streams: Streams, settings: dict[str, Any], days: int) -> Products:
    """Return the products; the first of each category are the oldest."""
    shop = table("shop")
    count = settings["shop"]["products"]
    rng = streams.generator("products")
    categories = shop["category"]
    category = _categories(categories, count)
    attributes = [_attributes(rng, categories[index]) for index in category]
    price = np.array([_price(rng, categories[index]["price"]) for index in category], dtype=np.int64)
    quality = np.clip(rng.normal(0.62, 0.16, count), 0.15, 0.97)
    elasticity = np.array(settings["price"]["elasticity_mean"])[category]
    level = settings["shop"]["level_median"] * np.exp(rng.normal(0, settings["shop"]["level_spread"], count))
    is_new = rng.random(count) < NEW_PART
    launch = np.where(is_new, rng.integers(0, max(days - 45, 1), count), -rng.integers(30, 700, count))
    best = np.argsort(-level, kind="stable")
    displayed = np.zeros(count, dtype=bool)
    displayed[best[: settings["display"]["products"]]] = True
    promoted = np.zeros(count, dtype=bool)
    promoted[best[: settings["auction"]["promoted"]]] = True
    cost = np.array([categories[index]["cost"] for index in category]) * rng.uniform(0.85, 1.15, count)
    return Products(
        ids=FIRST_PRODUCT + np.cumsum(rng.integers(10_000_000, 900_000_000, count)),
        titles=[_title(rng, categories[index], one) for index, one in zip(category, attributes, strict=True)],
        codes=[f"{categories[index]['key'][:2].upper()}{1001 + number}" for number, index in enumerate(category)],
        category=category,
        attributes=attributes,
        launch=launch.astype(np.int64),
        list_price=(np.ceil(price * rng.uniform(1.25, 1.8, count) / 1000) * 1000 - 100).astype(np.int64),
        base_price=price,
        unit_cost=np.round(price * cost).astype(np.int64),
        freight=np.array([420 + categories[index]["weight"] // 2 for index in category], dtype=np.int64),
        weight_grams=np.array([categories[index]["weight"] for index in category], dtype=np.int64),
        elasticity=elasticity * np.exp(rng.normal(0, settings["price"]["elasticity_spread"], count)),
        cross_elasticity=np.full(count, float(settings["stage"]["competitor"])),
        quality=quality,
        image_quality=rng.normal(0, 0.22, count),
        page_quality=rng.normal(0, 0.2, count),
        level=level,
        peak_age=rng.uniform(60, 260, count),
        tail=rng.uniform(0.35, 0.75, count),
        lead_time=rng.integers(9, 26, count),
        ship_hours=rng.uniform(12, 40, count),
        commission_rate=np.round(rng.uniform(0.05, 0.2, count), 2),
        promoted=promoted,
        displayed=displayed,
    )


def make_skus(streams: Streams, products: Products) -> Skus:
    """Return the variants: sizes and one or two colours."""
    categories = table("shop")["category"]
    rng = streams.generator("skus")
    owner: list[int] = []
    names: list[str] = []
    shares: list[float] = []
    for product, category in enumerate(products.category):
        own = products.attributes[product]["颜色"]
        others = [colour for colour in categories[category]["attributes"]["颜色"] if colour != own]
        colours = [own, *(str(one) for one in rng.permutation(others)[: int(rng.integers(0, 3))])]
        weights = rng.gamma(4.0, 1.0, len(colours) * len(categories[category]["size"]))
        for number, (colour, size) in enumerate((c, s) for c in colours for s in categories[category]["size"]):
            owner.append(product)
            names.append(f"颜色分类:{colour};尺码:{size}")
            shares.append(float(weights[number] / weights.sum()))
    first = np.searchsorted(np.array(owner), np.arange(len(products.codes)))
    codes = [f"{products.codes[product]}-{number - first[product] + 1:02d}" for number, product in enumerate(owner)]
    ids = FIRST_SKU + np.cumsum(rng.integers(1_000_000, 90_000_000, len(owner)))
    return Skus(ids, codes, np.array(owner, dtype=np.int64), names, np.array(shares))


def make_complements(streams: Streams, products: Products) -> Pairs:
    """Return what is bought together, over the pairs of categories of `shop.toml`."""
    rules = table("shop")["pairs"]
    keys = [one["key"] for one in table("shop")["category"]]
    kinds = [(keys.index(left), keys.index(right)) for left, right in rules["complement"]]
    found: dict[tuple[int, int], float] = {}
    rng = streams.generator("complements")
    for number in range(round(rules["complements_per_product"] * len(products.codes))):
        left, right = kinds[number % len(kinds)]
        pair = (_one_of(rng, products.category == left), _one_of(rng, products.category == right))
        found[pair] = float(rng.uniform(*rules["complement_strength"]))
    return _pairs(found)


def make_substitutes(streams: Streams, products: Products) -> Pairs:
    """Return pairs of one category that take each other's place; each holds in both directions."""
    rules = table("shop")["pairs"]
    found: dict[tuple[int, int], float] = {}
    rng = streams.generator("substitutes")
    for number in range(round(rules["substitutes_per_product"] * len(products.codes))):
        members = products.category == number % len(table("shop")["category"])
        if members.sum() < 2:
            continue
        left = _one_of(rng, members)
        members[left] = False
        right = _one_of(rng, members)
        found[left, right] = found[right, left] = float(rng.uniform(*rules["substitute_strength"]))
    return _pairs(found)


def _categories(categories: list[dict[str, Any]], count: int) -> Ints:
    edges = np.cumsum([one["share"] for one in categories])
    return np.minimum(np.searchsorted(edges, (np.arange(count) + 0.5) / count), len(categories) - 1)


def _attributes(rng: np.random.Generator, category: dict[str, Any]) -> dict[str, str]:
    return {name: str(rng.choice(words)) for name, words in category["attributes"].items()}


def _price(rng: np.random.Generator, limits: list[int]) -> int:
    low, high = np.log(limits[0]), np.log(limits[1])
    return round(float(np.exp(rng.uniform(low, high))) / 1000) * 1000 - 100


def _title(rng: np.random.Generator, category: dict[str, Any], attributes: dict[str, str]) -> str:
    words = [attributes["风格"], attributes["材质"], attributes["颜色"], attributes["功能"]]
    order = rng.permutation(len(words))
    name: str = category["name"]
    season = str(rng.choice(["新款", "2025新款", "春秋", "四季款", "设计感", "小众"]))
    return season + "".join(words[index] for index in order) + name + ("" if "女" in name else "女")


def _one_of(rng: np.random.Generator, members: np.ndarray[Any, np.dtype[np.bool_]]) -> int:
    return int(rng.choice(np.flatnonzero(members)))


def _pairs(found: dict[tuple[int, int], float]) -> Pairs:
    ordered = sorted(found.items())
    left = np.array([pair[0] for pair, _ in ordered], dtype=np.int64)
    right = np.array([pair[1] for pair, _ in ordered], dtype=np.int64)
    strength: Floats = np.array([value for _, value in ordered])
    return Pairs(left, right, strength)
