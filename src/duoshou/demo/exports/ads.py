"""What 万相台 says of paid promotion, and 淘宝联盟 of the day: campaigns, products, keywords, affiliates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from duoshou.demo.exports.calendar import Stretch, day_names, exported, quarters
from duoshou.demo.exports.faults import disturbed
from duoshou.demo.exports.press import Press, form, words
from duoshou.demo.exports.tally import Tally
from duoshou.demo.simulation.world import Ads, Daily, World

_FIRST_UNIT = 80_000_001
_AMOUNTS = ("cost", "amount", "direct_amount", "indirect_amount")


def write_plans(press: Press, world: World, daily: Daily, ads: Ads, inbox: Path) -> list[Path]:
    """Write the campaigns by day: comma-separated text in an archive, one a quarter."""
    written = []
    for number, quarter in enumerate(quarters(world)):
        frame, day = _plan_frame(world, daily, ads, quarter)
        told = disturbed(frame, day, "plans", world.incidents, _AMOUNTS)
        name = f"计划报表_{exported(world, number):%Y%m%d_%H%M%S}"
        written.append(press.zipped_csv(inbox / f"{name}.zip", f"{name}.csv", form("plans"), told))
    return written


def write_items(press: Press, world: World, daily: Daily, ads: Ads, inbox: Path) -> list[Path]:
    """Write the promoted products by day, both scenes together, one file a quarter."""
    search = _by_product(world, ads)
    paid = [world.sources.index("zhitongche"), world.sources.index("yinlimofang")]
    names = np.array(day_names(world))
    shown = search["impressions"] + ads.display_impressions
    amount = search["amount"] + ads.display_amount
    written = []
    for number, quarter in enumerate(quarters(world)):
        day, product = np.nonzero((shown + amount)[quarter.days])
        if not len(day):
            continue
        day += quarter.begin
        frame = {
            "day": names[day],
            "product_id": world.products.ids[product],
            "title": np.array(world.products.titles)[product],
            "impressions": shown[day, product],
            "clicks": (search["clicks"] + ads.display_clicks)[day, product],
            "cost": (search["cost"] + ads.display_cost)[day, product],
            "amount": amount[day, product],
            "orders": (search["orders"] + ads.display_orders)[day, product],
            "visits": daily.visitors[day, product][:, paid].sum(axis=(1, 2)),
        }
        path = inbox / f"商品报表_{exported(world, number):%Y%m%d_%H%M%S}.csv"
        written.append(press.csv(path, form("ad_items"), frame))
    return written


def write_keywords(press: Press, world: World, ads: Ads, inbox: Path) -> list[Path]:
    """Write the keywords that were shown, by day, one file a quarter. Quality scores are on no report."""
    names, titles = np.array(day_names(world)), np.array(world.products.titles)
    _, _, plan_id, plan = words("platform")["scenes"]["search"]
    amount = ads.keyword_direct_amount + ads.keyword_indirect_amount
    written = []
    for number, quarter in enumerate(quarters(world)):
        day, keyword = np.nonzero((ads.keyword_impressions + amount)[quarter.days])
        if not len(day):
            continue
        day += quarter.begin
        product = world.keywords.product[keyword]
        frame = {
            "day": names[day],
            "plan_id": np.full(len(day), plan_id),
            "plan": np.full(len(day), plan),
            "unit_id": _FIRST_UNIT + product,
            "unit": np.array(world.products.codes)[product],
            "product_id": world.products.ids[product],
            "title": titles[product],
            "word": np.array(world.keywords.words)[keyword],
            "cost": ads.keyword_cost[day, keyword],
            "impressions": ads.keyword_impressions[day, keyword],
            "clicks": ads.keyword_clicks[day, keyword],
            "direct_amount": ads.keyword_direct_amount[day, keyword],
            "indirect_amount": ads.keyword_indirect_amount[day, keyword],
            "direct_orders": ads.keyword_direct_orders[day, keyword],
            "indirect_orders": ads.keyword_indirect_orders[day, keyword],
            "carts": ads.keyword_carts[day, keyword],
            "favourites": ads.keyword_favourites[day, keyword],
        }
        path = inbox / f"关键词报表_{exported(world, number):%Y%m%d_%H%M%S}.csv"
        written.append(press.csv(path, form("ad_words"), frame))
    return written


def write_affiliates(press: Press, world: World, daily: Daily, ads: Ads, tally: Tally, inbox: Path) -> list[Path]:
    """Write the affiliate overview by day, one workbook a quarter."""
    taoke = world.sources.index("taoke")
    whole = {
        "day": np.array(day_names(world)),
        "clicks": ads.affiliate_clicks.sum(axis=1),
        "people": daily.shop_visitors_by_source[:, taoke],
        "buyers": tally.affiliate_buyers,
        "orders": tally.affiliate_orders,
        "units": tally.affiliate_units,
        "amount": tally.affiliate_amount,
        "commission": tally.commission,
    }
    return [
        press.xlsx(
            inbox / f"推广概览_{quarter.name}.xlsx",
            form("affiliate_days"),
            {name: values[quarter.days] for name, values in whole.items()},
        )
        for quarter in quarters(world)
    ]


def _plan_frame(world: World, daily: Daily, ads: Ads, quarter: Stretch) -> tuple[dict[str, Any], Any]:
    scenes = words("platform")["scenes"]
    none = np.full(world.days, -1)
    figures = {
        "search": {
            "impressions": ads.keyword_impressions.sum(axis=1),
            "clicks": ads.keyword_clicks.sum(axis=1),
            "cost": ads.keyword_cost.sum(axis=1),
            "direct_amount": ads.keyword_direct_amount.sum(axis=1),
            "indirect_amount": ads.keyword_indirect_amount.sum(axis=1),
            "amount": (ads.keyword_direct_amount + ads.keyword_indirect_amount).sum(axis=1),
            "direct_orders": ads.keyword_direct_orders.sum(axis=1),
            "indirect_orders": ads.keyword_indirect_orders.sum(axis=1),
            "orders": (ads.keyword_direct_orders + ads.keyword_indirect_orders).sum(axis=1),
            "carts": ads.keyword_carts.sum(axis=1),
            "favourites": ads.keyword_favourites.sum(axis=1),
            "visits": daily.visitors[:, :, world.sources.index("zhitongche")].sum(axis=(1, 2)),
        },
        "display": {
            "impressions": ads.display_impressions.sum(axis=1),
            "clicks": ads.display_clicks.sum(axis=1),
            "cost": ads.display_cost.sum(axis=1),
            "direct_amount": none,
            "indirect_amount": none,
            "amount": ads.display_amount.sum(axis=1),
            "direct_orders": none,
            "indirect_orders": none,
            "orders": ads.display_orders.sum(axis=1),
            "carts": none,
            "favourites": none,
            "visits": daily.visitors[:, :, world.sources.index("yinlimofang")].sum(axis=(1, 2)),
        },
    }
    count = quarter.end - quarter.begin
    names = np.array(day_names(world))[quarter.days]
    frames = []
    for key, columns in figures.items():
        scene_id, scene, plan_id, plan = scenes[key]
        labels = {"scene_id": scene_id, "scene": scene, "plan_id": plan_id, "plan": plan}
        frame = {"day": names, **{name: np.full(count, text) for name, text in labels.items()}}
        frames.append(frame | {name: values[quarter.days] for name, values in columns.items()})
    joined = {name: np.concatenate([frame[name] for frame in frames]) for name in frames[0]}
    return joined, np.tile(np.arange(quarter.begin, quarter.end), len(frames))


def _by_product(world: World, ads: Ads) -> dict[str, Any]:
    """Return the keywords' figures summed by product, D×P."""

    def summed(values: Any) -> Any:
        total = np.zeros((world.days, len(world.products.codes)), dtype=np.int64)
        np.add.at(total.T, world.keywords.product, values.T)
        return total

    return {
        "impressions": summed(ads.keyword_impressions),
        "clicks": summed(ads.keyword_clicks),
        "cost": summed(ads.keyword_cost),
        "amount": summed(ads.keyword_direct_amount + ads.keyword_indirect_amount),
        "orders": summed(ads.keyword_direct_orders + ads.keyword_indirect_orders),
    }
