"""A finding's subject and an incident's place are the same words."""

from __future__ import annotations

import pytest
from benchmarks.judgement.subjects import is_at, place_of
from tests.judgement.hand_made import incident


@pytest.mark.parametrize(
    ("type_", "identity", "place"),
    [
        ("product", "601", {"product": "601"}),
        ("item", "601", {"product": "601"}),
        ("province", "广东省", {"region": "广东"}),
        ("region", "广西壮族自治区", {"region": "广西"}),
        ("traffic_source", "平台流量/手淘搜索", {"traffic_source": "search"}),
        ("traffic_source", "付费流量 > 关键词推广", {"traffic_source": "zhitongche"}),
        ("terminal", "无线端", {"device": "wireless"}),
        ("shop", "main", {"shop": ""}),
        ("cell", "product=601|device=无线", {"product": "601", "device": "wireless"}),
        ("data", "main/orders/2026-01-01", {"data": "main/orders/2026-01-01"}),
    ],
)
def test_a_subject_is_a_place(type_: str, identity: str, place: dict[str, str]) -> None:
    """Names of types and ids that mean the same become the truth's."""
    assert place_of(type_, identity) == place


@pytest.mark.parametrize(
    ("place", "there"),
    [
        ({"product": "601"}, True),
        ({"product": "601", "traffic_source": "search"}, True),
        ({"product": "601", "device": "wireless"}, True),
        ({"product": "601", "device": "pc"}, False),
        ({"product": "602"}, False),
        ({"device": "wireless"}, False),
        ({"shop": ""}, False),
        ({}, False),
    ],
)
def test_a_place_agrees_where_nothing_differs(place: dict[str, str], there: bool) -> None:
    """A page broken on a device lies at its product; a finer finding may not name another device."""
    broken = incident("page_broken", 50, 55, names={"product": "601", "device": "wireless"})
    assert is_at(place, broken) is there


def test_what_befalls_the_whole_shop_has_its_own_places() -> None:
    """An exhausted budget is found at the shop, at its source or at its campaign, and nowhere else."""
    spent = incident("budget_exhausted", 50, 55, place={}, names={})
    assert is_at(place_of("shop", "main"), spent)
    assert is_at(place_of("traffic_source", "关键词推广"), spent)
    assert is_at(place_of("campaign", "70000000001"), spent)
    assert not is_at(place_of("traffic_source", "手淘搜索"), spent)
    assert not is_at(place_of("product", "601"), spent)


def test_an_agent_is_the_same_with_and_without_its_shop() -> None:
    """Files write a sub-account with its shop, the truth the agent alone."""
    slow = incident("slow_replies", 50, 55, place={}, names={"agent": "青禾"})
    assert is_at(place_of("agent", "舵手女装旗舰店:青禾"), slow)
    assert is_at(place_of("agent", "青禾"), slow)
    assert not is_at(place_of("agent", "舵手女装旗舰店:小满"), slow)


def test_a_fault_of_a_file_is_found_by_a_finding_about_that_file() -> None:
    """A truncated file of products is no fault of the orders."""
    cut = incident("truncated_export", 50, 50, place={}, names={}, is_fault=True, parameters={"file": "items"})
    assert is_at(place_of("data", "main/products/2026-02-24"), cut)
    assert not is_at(place_of("data", "main/orders/2026-02-24"), cut)
    assert not is_at(place_of("product", "601"), cut)
