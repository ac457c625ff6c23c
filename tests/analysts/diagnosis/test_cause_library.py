"""The data of the diagnosis hang together: subjects, features, causes, roles, words."""

from __future__ import annotations

import pytest

from duoshou.analysts.diagnosis.causes import Cause, candidates, cause_library
from duoshou.analysts.diagnosis.findings import cause_words
from duoshou.analysts.diagnosis.watched import WatchedSubject, role_of, roles, watched_subjects
from duoshou.metrics import load_catalogue

FEATURES = {subject.type: {one.key for one in subject.feature} for subject in watched_subjects()}


@pytest.mark.parametrize("cause", cause_library(), ids=lambda cause: cause.key)
def test_a_cause_moves_features_of_its_subject_and_has_words(cause: Cause) -> None:
    """Every feature that a cause names is watched, it moves at least one, and it can be told unless it is silent."""
    named = {*cause.loads, *cause.spread, *(name for one in cause.needed for name in one), *cause.still}
    assert named <= FEATURES[cause.subject]
    assert set(cause.together) <= set(cause.loads)
    assert any(cause.loads.values())
    assert all(value >= 0 for value in cause.spread.values())
    assert set(cause.told_by) <= {one.key for one in cause_library()}
    if cause.silent:
        return
    words = cause_words()[cause.key]
    filled = {"subject": "某商品", "start": "1月2日", "days": 3, "move": "下降 12%"}
    for text in (words.headline.zh, words.headline.en):
        assert "{" not in text.format(**filled)
        assert text.format(**filled) != text
    assert all((words.name.zh, words.name.en, words.action.zh, words.action.en, words.why.zh, words.why.en))


def test_no_cause_stands_twice_and_no_words_are_left_over() -> None:
    """Keys are unique; words belong to causes."""
    keys = [one.key for one in cause_library()]
    assert len(keys) == len(set(keys))
    assert set(cause_words()) <= set(keys)


@pytest.mark.parametrize("subject", watched_subjects(), ids=lambda subject: subject.type)
def test_what_is_watched_is_catalogued(subject: WatchedSubject) -> None:
    """Every metric, dimension and role that is watched exists."""
    catalogue = load_catalogue()
    for one in subject.feature:
        catalogue.metric(one.metric)
        if one.over:
            catalogue.metric(one.over)
        if one.part:
            assert one.part.role in {role.key for role in roles()[one.part.dimension]}
            assert one.part.dimension in catalogue.dimensions
        assert (one.over is not None) == (one.kind == "rate")
    for metric in (subject.sales, subject.cost, subject.refunds, subject.converts and subject.converts.buyers):
        if metric:
            catalogue.metric(metric)
    if subject.dimension:
        assert subject.dimension in catalogue.dimensions


def test_a_cause_without_the_features_that_tell_it_is_no_candidate() -> None:
    """Without stock nobody is said to be out of stock; without anything there is no cause."""
    keys = {one.key for one in candidates("product", ["search", "recommendation", "other"])}
    assert "rank_lost" in keys
    assert not keys & {"stock_out", "price_rise", "page_broken_pc", "image_worse"}
    assert candidates("product", []) == ()


def test_visitors_of_products_without_their_sources_and_devices_tell_causes_too() -> None:
    """Visitors of products that no file splits by source or device tell fewer who come from fewer who buy."""
    keys = {one.key for one in candidates("product", ["visitors", "order_rate", "cart_rate", "price"])}
    assert {"traffic_down", "price_rise", "competitor_price_cut", "cannot_be_bought"} <= keys
    assert not keys & {"orders_down", "rank_lost", "page_broken_wireless", "page_broken_pc", "audience_drift"}
    (rise,) = (one for one in cause_library() if one.key == "price_rise")
    assert ("order_rate_wireless", "order_rate_pc", "order_rate", "cart_rate") in rise.marks
    assert "traffic_down" not in {one.key for one in candidates("product", ["orders", "price"])}


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("平台流量 > 手淘搜索", "search"),
        ("平台流量 > 手淘推荐", "recommendation"),
        ("广告流量 > 关键词推广", "paid"),
        ("平台流量 > 大促会场", "venue"),
        ("关注流量 > 我的淘宝", "other"),
        ("Organic search", "search"),
        (None, None),
    ],
)
def test_names_of_sources_play_their_roles(name: str | None, role: str | None) -> None:
    """The names that platforms use are understood; an unknown one is what is left."""
    assert role_of("traffic_source", name) == role


def test_orders_alone_do_not_tell_visitors_or_conversion() -> None:
    """A shop of which only orders are known is not told that its visitors fell, or that they bought less."""
    shop = {one.key for one in candidates("shop", ["orders", "order_value"])}
    assert "shop_orders_down" in shop
    assert not shop & {"demand_down", "shop_converts_less", "paid_traffic_down", "page_broken_device"}
    assert "price_rise" not in {one.key for one in candidates("product", ["orders", "price"])}
    seen = {one.key for one in candidates("shop", ["visitors", "order_rate", "order_value"])}
    assert {"demand_down", "shop_converts_less"} <= seen
    assert "shop_orders_down" not in seen
