"""Channels: groups of traffic sources by the settings, over every table that names where a row came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.metrics.conftest import Toy

from duoshou.metrics import Catalogue, Flag, QueryResult, query
from duoshou.metrics.behind import rows_behind
from duoshou.model import Grain, Period
from duoshou.settings import Channel
from duoshou.settings.channels import grouping_of

MONDAY = date(2026, 11, 2)
DAY = Period.of_day(MONDAY)


def source(path: str, visitors: int, day: date = MONDAY, **more: Any) -> dict[str, Any]:
    """Return the row of a traffic source as the layout writes it; its depth is that of its path."""
    *above, name = path.split(" > ")
    parent = above[-1] if above else None
    row = {"source_path": path, "source_name": name, "parent_name": parent, "source_level": len(above) + 1}
    return {"period_start": day, "visitors": visitors} | row | more


def values(found: QueryResult, metric: str, by: str = "channel") -> dict[str | None, Any]:
    """Return value by group."""
    return {row.dimensions[by]: row.values[metric].value for row in found.rows}


@pytest.fixture
def shop(toy: Toy) -> Toy:
    """A shop of two first levels, of which one has children, and of one source that nobody knows."""
    toy.add(
        "traffic_source_period",
        source("平台流量", 100, buyers=5, paid_amount=500),
        source("平台流量 > 手淘搜索", 60, buyers=3, paid_amount=300),
        source("平台流量 > 手淘推荐", 30, buyers=1, paid_amount=100),
        source("平台流量 > 某新入口", 15, buyers=1, paid_amount=100),
        source("手淘搜索 > 第三级", 999, source_level=3),
        source("自主访问", 20, buyers=4, paid_amount=400),
    )
    return toy


def grouped(catalogue: Catalogue, *own: Channel) -> Catalogue:
    """Return the catalogue with a shop's own channels."""
    return replace(catalogue, channels=grouping_of(own))


def test_the_second_level_is_grouped_and_a_childless_first_stands_for_itself(shop: Toy) -> None:
    """Nobody is counted in a parent and again below it: 60, 30, 20, and 15 that no channel takes."""
    found = shop.ask("visitors", "pay_conversion_rate", "pay_amount", period=DAY, by=["channel"])
    assert values(found, "visitors") == {"search": 60, "recommendation": 30, "direct": 20, "unassigned": 15}
    assert values(found, "pay_conversion_rate")["search"] == pytest.approx(3 / 60)
    assert values(found, "pay_amount")["direct"] == Decimal(400)


def test_people_of_several_sources_are_only_approximately_added(shop: Toy) -> None:
    """A person may come by two sources of a channel; by source and channel each row holds a person once."""
    found = shop.ask("visitors", period=DAY, by=["channel"])
    assert all(row.values["visitors"].flags == {Flag.APPROXIMATE} for row in found.rows)
    each = shop.ask("visitors", period=DAY, by=["channel", "traffic_source"])
    assert all(row.values["visitors"].flags == frozenset() for row in each.rows)
    assert values(each, "visitors", "traffic_source")["平台流量 > 某新入口"] == 15


def test_a_filter_leaves_the_tree_as_it_is(shop: Toy) -> None:
    """What no channel takes does not come to hold the parents of what others took; a name is as good as a key."""
    for name, visitors in (("unassigned", 15), ("search", 60), ("搜索", 60), ("Search", 60), ("未归类", 15)):
        (row,) = shop.ask("visitors", period=DAY, where={"channel": name}).rows
        assert row.values["visitors"].value == visitors
    within = shop.ask("visitors", period=DAY, where={"channel": "unassigned"}, by=["traffic_source"])
    assert values(within, "visitors", "traffic_source") == {"平台流量 > 某新入口": 15}


def test_another_level_or_one_node_is_read_as_asked(shop: Toy) -> None:
    """The first level has no channel of its own but 自主访问; a third one takes that of the source above it."""
    first = shop.ask("visitors", period=DAY, by=["channel"], where={"source_level": "1"})
    assert values(first, "visitors") == {"unassigned": 100, "direct": 20}
    third = shop.ask("visitors", period=DAY, by=["channel"], where={"source_level": "3"})
    assert values(third, "visitors") == {"search": 999}
    node = shop.ask("visitors", period=DAY, by=["channel"], where={"traffic_source": "平台流量 > 手淘搜索"})
    assert values(node, "visitors") == {"search": 60}


def test_the_days_of_a_source_are_told_apart(toy: Toy) -> None:
    """A parent without children on one day counts on that day alone."""
    tuesday = MONDAY + timedelta(days=1)
    toy.add(
        "traffic_source_period",
        source("平台流量", 100),
        source("平台流量 > 手淘搜索", 60),
        source("平台流量", 70, tuesday),
    )
    found = toy.ask("page_views", "visitors", period=Period(MONDAY, tuesday), by=["channel"])
    assert values(found, "visitors") == {"search": 60, "unassigned": 70}


def test_a_second_level_without_a_parent_is_left_in_the_first(toy: Toy) -> None:
    """Whose part it is nobody knows: it would be counted twice."""
    toy.add("traffic_source_period", source("平台流量", 100), source("平台流量 > 手淘搜索", 60) | {"parent_name": None})
    assert values(toy.ask("visitors", period=DAY, by=["channel"]), "visitors") == {"unassigned": 100}


def test_the_shop_s_own_channels_go_before_the_shipped_ones(shop: Toy, catalogue: Catalogue) -> None:
    """A source moves, another gets a new home, a third is left out; the same engine answers by either grouping."""
    backend, _ = shop.opened()
    own = grouped(
        catalogue,
        Channel(key="new", sources=("某新*",)),
        Channel(key="recommendation", sources=("手淘搜索",)),
        Channel(key="unassigned", sources=("自主访问",)),
    )

    def asked(by: Catalogue) -> dict[str | None, Any]:
        found = query(backend, by, ["visitors"], period=DAY, as_of=date(2026, 12, 31), by=["channel"])
        return values(found, "visitors")

    assert asked(own) == {"recommendation": 90, "unassigned": 20, "new": 15}
    assert asked(catalogue)["search"] == 60


def test_products_are_grouped_by_their_own_tree(toy: Toy) -> None:
    """Children of one product leave the parent of another alone."""
    toy.add(
        "traffic_source_period",
        source("平台流量", 50, product_id="p1"),
        source("平台流量 > 手淘搜索", 40, product_id="p1"),
        source("平台流量", 9, product_id="p2"),
    )
    found = toy.ask("visitors", period=DAY, by=["product", "channel"])
    assert {
        (row.dimensions["product"], row.dimensions["channel"]): row.values["visitors"].value for row in found.rows
    } == {
        ("p1", "search"): 40,
        ("p2", "unassigned"): 9,
    }


def test_orders_advertising_affiliates_and_content_are_grouped_too(toy: Toy) -> None:
    """Each table by what it names: the source of an order, the scene of an account, the kind of content."""
    order = {"order_id": "1", "paid_amount": 40, "paid_on": MONDAY, "created_on": MONDAY, "platform": "douyin"}
    toy.add(
        "order_line",
        order | {"traffic_source": "直播"},
        order | {"order_id": "2", "traffic_source": "商品卡"},
        order | {"order_id": "3", "affiliate_id": "a1"},
        order | {"order_id": "4"},
    )
    assert values(toy.ask("pay_amount", period=DAY, by=["channel"]), "pay_amount") == {
        "content": Decimal(40), "shelf": Decimal(40), "affiliate": Decimal(40), None: Decimal(40),
    }  # fmt: skip
    ad = {"day": MONDAY, "cost": 10}
    toy.add(
        "ad_period",
        ad | {"scene": "关键词推广", "campaign": "1"},
        ad | {"scene": "精准人群推广", "campaign": "2"},
        ad | {"scene": "标准推广", "campaign": "3"},
        ad | {"scene": "标准推广", "campaign": "4", "platform": "douyin"},
    )
    costs = values(toy.ask("ad_cost", period=DAY, by=["channel"]), "ad_cost")
    assert costs == {"ads_search": Decimal(20), "ads_audience": Decimal(10), "ads_other": Decimal(10)}
    toy.add("content_period", {"content_id": "x", "day": MONDAY, "viewers": 7})
    assert values(toy.ask("content_viewers", period=DAY, by=["channel"]), "content_viewers") == {"content": 7}
    assert values(toy.ask("content_viewers", period=DAY, by=["content_kind"]), "content_viewers", "content_kind") == {
        "live": 7
    }


def test_orders_that_name_no_source_are_not_asked_where_a_report_has_it(shop: Toy) -> None:
    """Orders come first, but name nothing: the report of sources answers."""
    row = {"order_id": "1", "paid_amount": 40, "paid_on": MONDAY, "created_on": MONDAY}
    shop.add("order_line", row)
    found = shop.ask("pay_amount", period=DAY, by=["channel"])
    assert values(found, "pay_amount")["search"] == Decimal(300)
    assert found.rows[0].values["pay_amount"].source == "traffic_source_period/shop"


def test_the_rows_behind_a_channel_are_its_sources(shop: Toy) -> None:
    """Their visitors make the number, and each names its source, not a key."""
    backend, catalogue = shop.opened()
    found = rows_behind(backend, catalogue, "visitors", period=DAY, as_of=DAY.end, where={"channel": "search"})
    assert found is not None
    assert (found.count, found.sums) == (1, {"visitors": 60})
    names = [one.name for one in found.columns]
    assert "sales_channel" not in names
    assert found.rows[0][names.index("source_path")] == "平台流量 > 手淘搜索"


roots = st.sampled_from(["平台流量", "广告流量", "关注流量", "x", "手淘搜索"])
children = st.dictionaries(st.sampled_from(["手淘搜索", "直通车", "我的淘宝", "y", "x"]), st.integers(0, 50))
trees = st.dictionaries(roots, st.tuples(st.integers(0, 50), children), min_size=1)


@given(st.lists(trees, min_size=1, max_size=8))
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_source_of_the_finest_level_is_in_exactly_one_channel(
    catalogue: Catalogue, tmp_path_factory: pytest.TempPathFactory, days: list[dict[str, tuple[int, dict[str, int]]]]
) -> None:
    """The channels' visitors of a day add up to those of all children and of the childless, whatever the trees."""
    toy = Toy(tmp_path_factory.mktemp("tree") / "toy.duckdb", catalogue)
    rows, expected = [], []
    for number, tree in enumerate(days):
        day = MONDAY + timedelta(days=number)
        for root, (visitors, below) in tree.items():
            rows += [source(root, visitors, day)]
            rows += [source(f"{root} > {child}", part, day) for child, part in below.items()]
        expected.append(sum(sum(below.values()) if below else visitors for visitors, below in tree.values()))
    toy.add("traffic_source_period", *rows)
    period = Period(MONDAY, MONDAY + timedelta(days=len(days) - 1))
    found = toy.ask("visitors", period=period, by=["channel"], grain=Grain.DAY)
    toy.close()
    told = dict.fromkeys((row.dimensions["period"] for row in found.rows), 0)
    for row in found.rows:
        told[row.dimensions["period"]] += int(row.values["visitors"].value or 0)
    assert list(told.values()) == expected
