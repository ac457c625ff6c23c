"""The kinds of findings that advise: what could be done better, not what has gone wrong."""

from __future__ import annotations

from collections.abc import Mapping

from duoshou.model import Text

ADVICE_KINDS: Mapping[str, Text] = {
    "advertising": Text("推广", "paid promotion"),
    "advertising.bids": Text("出价可以更好", "better bids"),
    "advertising.fatigue": Text("创意被看腻", "worn creatives"),
    "advertising.splits": Text("时段地域资源位系数", "coefficients of hours, regions, placements"),
    "advertising.waste": Text("收不回来的推广花费", "advertising that does not earn its cost"),
    "assortment": Text("商品布局", "range"),
    "assortment.dead_stock": Text("滞销库存", "dead stock"),
    "assortment.decline": Text("主力商品走弱", "a main product fades"),
    "assortment.dependence": Text("过于依赖一个爆款", "too much hangs on one product"),
    "assortment.reorder": Text("该补货了", "goods to order"),
    "basket": Text("连带", "bundles"),
    "basket.bundle": Text("搭售机会", "bundle worth a test"),
    "channels": Text("渠道预算", "channel budgets"),
    "channels.reallocate": Text("推广预算换个分法", "a better split of the budget"),
    "channels.stop": Text("停掉新渠道", "a new channel to stop"),
    "channels.test": Text("渠道该做测试", "a channel to test"),
    "customers": Text("客户", "customers"),
    "customers.at_risk": Text("客户快要流失", "customers slipping away"),
    "customers.due": Text("到了复购时间", "due to buy again"),
    "customers.returns_fall": Text("新客复购变少", "new customers come back less"),
    "launches": Text("测款", "launches"),
    "launches.push": Text("新品测款通过", "a launch that passes its test"),
    "launches.stop": Text("测款不过还在花推广费", "failing launches that are promoted"),
    "pricing": Text("价格", "prices"),
    "pricing.below_floor": Text("卖一件亏一件", "sold at a loss"),
    "pricing.change": Text("价格可以改", "a price to change"),
    "pricing.test": Text("价格值得测", "a price worth a test"),
}
"""Kind or family → its name. A family is the name of the analyst; its kinds begin with it."""

OF_COSTS = frozenset(
    {
        "advertising.bids",
        "advertising.fatigue",
        "advertising.splits",
        "advertising.waste",
        "assortment.dead_stock",
        "assortment.decline",
        "assortment.dependence",
        "basket.bundle",
        "channels.reallocate",
        "launches.push",
        "launches.stop",
        "pricing.change",
        "pricing.test",
    }
)
"""Kinds whose money is made from costs: with what else is open it would give a margin or a cost away."""
BELOW_COST = "pricing.below_floor"
"""The kind that names products whose cost is above their price."""
MONEY_OF_COSTS = OF_COSTS | {BELOW_COST}
"""Kinds whose money is for those who may see costs."""


def is_advice(kind: str) -> bool:
    """Return whether a kind of finding is advice."""
    return kind.partition(".")[0] in ADVICE_KINDS
