"""Content posts and the bursts of visitors they cause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from duoshou.demo.simulation.parameters import table
from duoshou.demo.simulation.streams import Streams
from duoshou.demo.simulation.world import Floats, Ints, Moments, Products

BURST_DAYS = 14
KIND_SIZE = (0.6, 1.3, 2.2)


@dataclass(frozen=True, slots=True)
class Posts:
    """Planned posts, one entry each, and `burst`: the visitors expected from them per day and product (D×P)."""

    published: Moments
    day: Ints
    kind: Ints
    kinds: tuple[str, ...]
    titles: list[str]
    product: Ints
    size: Floats
    burst: Floats


def make_posts(streams: Streams, settings: dict[str, Any], products: Products, dates: Moments) -> Posts:
    """Return the posts; each is about one product that is on sale."""
    rules, shop = settings["content"], table("shop")
    rng = streams.generator("posts")
    count = int(len(dates) / 7 * rules["per_week"])
    day = np.sort(rng.integers(0, len(dates), count))
    kind = rng.choice(3, count, p=[0.45, 0.4, 0.15])
    pick = rng.random(count)
    product = np.zeros(count, dtype=np.int64)
    for number in range(count):
        weight = np.cumsum(products.level * (products.launch <= day[number]))
        product[number] = np.searchsorted(weight, pick[number] * weight[-1])
    size = rules["burst"] * np.array(KIND_SIZE)[kind] * np.exp(rng.normal(0, 0.7, count))
    burst = np.zeros((len(dates) + BURST_DAYS, len(products.codes)))
    for age in range(BURST_DAYS):
        np.add.at(burst, (day + age, product), size * (1 - rules["decay"]) * rules["decay"] ** age)
    seconds = np.round(3600 * np.clip(rng.normal(17, 3.5, count), 7, 23)).astype(np.int64)
    titles = [
        _title(rng, products.attributes[one], shop["category"][products.category[one]]["name"]) for one in product
    ]
    return Posts(
        published=dates[day].astype("datetime64[s]") + seconds.astype("timedelta64[s]"),
        day=day,
        kind=kind,
        kinds=tuple(shop["content_kinds"]),
        titles=titles,
        product=product,
        size=size,
        burst=burst[: len(dates)],
    )


def _title(rng: np.random.Generator, attributes: dict[str, str], category: str) -> str:
    style, colour, use = attributes["风格"], attributes["颜色"], attributes["功能"]
    patterns = [
        f"{style}穿搭｜这条{category}{use}到犯规" if category != "女包" else f"{style}包包｜{use}真的香",
        f"{colour}{category}一周怎么搭",
        f"小个子看过来，{use}{category}实测",
        f"通勤一周不重样：{style}{category}",
        f"姐妹们问疯了的{colour}{category}",
    ]
    return patterns[int(rng.integers(len(patterns)))]
