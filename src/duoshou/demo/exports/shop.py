"""What 生意参谋 and 千牛 say of the shop as a whole: the day, ratings, categories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from duoshou.demo.exports.calendar import Stretch, day_names, quarters
from duoshou.demo.exports.press import Frame, Press, form, words
from duoshou.demo.exports.tally import Tally
from duoshou.demo.simulation.world import Ads, Daily, World


def write_days(press: Press, world: World, daily: Daily, ads: Ads, tally: Tally, inbox: Path) -> list[Path]:
    """Write the shop's days, one workbook a quarter."""
    whole = _day_frame(world, daily, ads, tally)
    return [
        press.xlsx(
            inbox / f"自助取数_{quarter.name}.xlsx",
            form("shop_day"),
            {name: values[quarter.days] for name, values in whole.items()},
        )
        for quarter in quarters(world)
    ]


def write_ratings(press: Press, world: World, daily: Daily, inbox: Path) -> list[Path]:
    """Write the ratings of the last day of each quarter, with the days of the quarter below."""
    return [_write_rating(press, world, daily, quarter, inbox) for quarter in quarters(world)]


def write_categories(press: Press, world: World, daily: Daily, inbox: Path) -> list[Path]:
    """Write the categories by day, one workbook a quarter: leaves, and above them their parents."""
    settings = words("platform")
    parents = [settings["categories"].get(name, ["其他", ""])[0] for name in world.category_names]
    groups = [
        (name, "二级", parent, [number])
        for number, (name, parent) in enumerate(zip(world.category_names, parents, strict=True))
    ]
    groups += [
        (parent, "一级", "-", [number for number, one in enumerate(parents) if one == parent])
        for parent in dict.fromkeys(parents)
    ]
    names = day_names(world)
    written = []
    for quarter in quarters(world):
        frames = [_category(world, daily, quarter, names, group, settings) for group in groups]
        joined = {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}
        written.append(press.xlsx(inbox / f"品类_{quarter.name}.xlsx", form("categories"), joined))
    return written


def _day_frame(world: World, daily: Daily, ads: Ads, tally: Tally) -> dict[str, Any]:
    settings = words("platform")
    people = settings["people_over_products"]
    visitors = daily.visitors.sum(axis=(2, 3))
    weight = np.maximum(visitors.sum(axis=1), 1)
    carts = np.rint(daily.carts.sum(axis=(1, 2, 3)) * people).astype(np.int64)
    paid_products = (daily.paid_units.sum(axis=(2, 3)) > 0).sum(axis=1)
    return {
        "day": np.array(day_names(world)),
        "visitors": daily.shop_visitors.sum(axis=1),
        "wireless": daily.shop_visitors[:, world.devices.index("wireless")],
        "page_views": daily.shop_page_views.sum(axis=1),
        "stay": (daily.stay_seconds * visitors).sum(axis=1) / weight,
        "bounce": (daily.bounce_rate * visitors).sum(axis=1) / weight,
        "favourites": np.rint(daily.favourites.sum(axis=(1, 2, 3)) * people).astype(np.int64),
        "carts": carts,
        "cart_units": cart_units(daily.carts.sum(axis=(1, 2, 3))),
        "paid_amount": tally.paid_amount,
        "buyers": daily.shop_paid_buyers,
        "lines": tally.lines,
        "orders": daily.shop_paid_orders,
        "units": daily.paid_units.sum(axis=(1, 2, 3)),
        "ordered_amount": tally.ordered_amount,
        "order_buyers": tally.order_buyers,
        "ordered_units": daily.ordered_units.sum(axis=(1, 2, 3)),
        "new_buyers": daily.shop_paid_buyers_first,
        "returning_amount": tally.returning_amount,
        "search_cost": ads.keyword_cost.sum(axis=1),
        "display_cost": ads.display_cost.sum(axis=1),
        "commission": tally.commission,
        "refunded": daily.refunded_amount.sum(axis=1),
        "reviews": daily.ratings.sum(axis=1),
        "positive": tally.positive,
        "negative": tally.negative,
        "parcels": tally.parcels,
        "described": daily.dsr[:, 0],
        "service": daily.dsr[:, 1],
        "logistics": daily.dsr[:, 2],
        "paid_products": paid_products,
    }


def cart_units(people: Any) -> Any:
    """Return units put into carts: somewhat more than people who do so."""
    return people + np.rint(people * (words("platform")["units_per_cart"] - 1)).astype(np.int64)


def _write_rating(press: Press, world: World, daily: Daily, quarter: Stretch, inbox: Path) -> Path:
    names = day_names(world)
    last = quarter.end - 1
    before = daily.dsr[max(last - 1, 0)]
    change = np.sign(np.round(daily.dsr[last], 2) - np.round(before, 2)).astype(int)
    frame: Frame = {
        "score": words("platform")["words"]["scores"],
        "value": daily.dsr[last],
        "trend": [("持平", "上升", "下降")[one] for one in change],
        "peers": np.array(words("platform")["description"]),
    }
    below = [["近期走势"], ["日期", "描述得分（较上日）", "物流得分（较上日）", "服务得分（较上日）"]]
    for day in range(last - 1, quarter.begin - 1, -1):
        moved = daily.dsr[day] - daily.dsr[max(day - 1, 0)]
        cells = [f"{daily.dsr[day, one]:.2f}（{moved[one]:+.2f}）" for one in (0, 2, 1)]
        below.append([names[day], *cells])
    return press.xlsx(inbox / f"DSR_{quarter.last}.xlsx", form("dsr"), frame, tail=below)


def _category(
    world: World,
    daily: Daily,
    quarter: Stretch,
    names: list[str],
    group: tuple[str, str, str, list[int]],
    settings: Any,
) -> dict[str, Any]:
    name, level, parent, members = group
    inside = np.isin(world.products.category, members)
    part = settings["people_over_products"]

    def summed(values: Any) -> Any:
        return values[quarter.days][:, inside].sum(axis=(1, 2, 3), dtype=np.int64)

    def people(values: Any) -> Any:
        return np.rint(summed(values) * part).astype(np.int64)

    count = quarter.end - quarter.begin
    return {
        "day": np.array(names[quarter.days]),
        "category": np.full(count, name),
        "level": np.full(count, level),
        "parent": np.full(count, parent),
        "favourites": people(daily.favourites),
        "carts": people(daily.carts),
        "buyers": people(daily.paid_buyers),
        "visitors": people(daily.visitors),
        "paid_amount": summed(daily.paid_amount),
    }
