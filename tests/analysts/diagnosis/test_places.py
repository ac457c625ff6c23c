"""The place of a trouble of the whole shop: found where it was planted, and not made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.causes import cause_library
from duoshou.analysts.diagnosis.findings import finding_of
from duoshou.analysts.diagnosis.places import Finder, Where, places
from duoshou.analysts.diagnosis.reading import Shop
from duoshou.analysts.diagnosis.troubles import Trouble
from duoshou.analysts.diagnosis.watched import watched_subjects
from duoshou.metrics import DailyPanel, load_catalogue
from duoshou.model import Period
from duoshou.statistics.expectation import Design

FIRST, DAYS, TROUBLED = date(2026, 3, 2), 126, 7
LAST = FIRST + timedelta(days=DAYS - 1)
PERIOD = Period(FIRST, LAST)
CAUSES = {one.key: one for one in cause_library()}
SOURCES = ("搜索", "推荐", "关键词推广")
PRODUCTS = tuple(f"p{number}" for number in range(12))
Floats = NDArray[np.float64]
Leaves = Mapping[tuple[str | None, ...], Floats]


class Files(Shop):
    """A shop with a few splits."""

    tables: Mapping[tuple[str, tuple[str, ...]], Leaves]

    def panel(self, metric: str, by: tuple[str, ...] = ()) -> DailyPanel | None:
        """Return a split, or the whole of the finest one that is there."""
        if by == () and any(name == metric for name, _ in type(self).tables):
            leaves = next(table for (name, _), table in type(self).tables.items() if name == metric)
            return DailyPanel(PERIOD, (), ((),), {metric: np.sum(list(leaves.values()), axis=0)[None, :]}, {})
        found = type(self).tables.get((metric, by))
        if found is None:
            return None
        return DailyPanel(PERIOD, by, tuple(found), {metric: np.stack(list(found.values()))}, {})


def shop(tables: Mapping[tuple[str, tuple[str, ...]], Leaves]) -> Shop:
    """Return a shop that answers these splits only."""
    kind = type("Some", (Files,), {"tables": tables, "__slots__": ()})
    return cast("Shop", kind(cast("Any", None), load_catalogue(), PERIOD, LAST, None))


def visitors(change: Mapping[tuple[str, str], float], seed: int = 3, common: float = 1.0) -> Leaves:
    """Return visitors by product and source, some of which changed on the last days."""
    rng = np.random.default_rng(seed)
    found: dict[tuple[str | None, ...], Floats] = {}
    for product in PRODUCTS:
        for source in SOURCES:
            mean = np.full(DAYS, rng.uniform(20, 90))
            mean[-TROUBLED:] *= common * change.get((product, source), change.get(("*", source), 1.0))
            found[product, source] = rng.poisson(mean).astype(float)
    return found


def trouble(cause: str, feature: str, move: float) -> Trouble:
    """Return a trouble of the whole shop whose main feature moved."""
    start = LAST - timedelta(days=TROUBLED - 1)
    return Trouble("shop", "", start, LAST, ((CAUSES[cause], 1.0),), 0.5, 9.0, {feature: (move, -6.0)}, unseen=False)


def looked_for(tables: Mapping[tuple[str, tuple[str, ...]], Leaves], cause: str, feature: str, **more: Any) -> Where:
    """Return where the trouble is found."""
    finder = Finder(shop(tables), Design.weekly(DAYS), names=lambda _, key: key.replace("p", "商品"), **more)
    found = finder.where(trouble(cause, feature, -0.5))
    assert found is not None
    return found


def test_a_fall_of_one_product_and_source_is_found_there() -> None:
    """The one cell that lost visitors, with what came, what was due, and nearly all of the move."""
    split = ("visitors", ("product", "traffic_source"))
    leaves = visitors({("p4", "搜索"): 0.1})
    found = looked_for({split: leaves}, "demand_down", "search")
    (spot,) = found.spots
    assert spot.name.zh == "商品4 × 搜索"
    assert spot.actual == leaves["p4", "搜索"][-TROUBLED:].sum()
    assert spot.expected == pytest.approx(leaves["p4", "搜索"][:-TROUBLED].mean() * TROUBLED, rel=0.15)
    assert not found.outside
    assert found.split is not None
    assert found.split.en == "Product × Traffic source"


def test_a_fall_of_one_source_is_one_place_and_places_do_not_overlap() -> None:
    """All products lose the visitors of one source: the source, not twelve products."""
    found = looked_for(
        {("visitors", ("product", "traffic_source")): visitors({("*", "推荐"): 0.4})}, "demand_down", "search"
    )
    assert [one.name.zh for one in found.spots] == ["推荐"]
    assert found.spots[0].share > 0.8


def test_what_rises_meanwhile_is_no_place_of_a_fall() -> None:
    """One cell falls, one triples and one product is launched: only the one that falls is told."""
    split = ("visitors", ("product", "traffic_source"))
    leaves = dict(visitors({("p4", "搜索"): 0.1, ("p6", "推荐"): 3.0}))
    launched = np.zeros(DAYS)
    launched[-TROUBLED - 3 :] = 200.0
    leaves["p99", "搜索"] = launched
    found = looked_for({split: leaves}, "demand_down", "search")
    assert [one.name.zh for one in found.spots] == ["商品4 × 搜索"]
    assert found.outside


def test_what_falls_everywhere_has_no_place() -> None:
    """Every leaf loses alike: no cell is named, and the finding says that the place is outside these dimensions."""
    found = looked_for({("visitors", ("product", "traffic_source")): visitors({}, common=0.6)}, "demand_down", "search")
    assert found.outside
    told = finding_of(trouble("demand_down", "search", -0.5), None, name="店", currency="CNY", horizon=28, where=found)
    assert any("按商品 × 流量来源看" in one.zh for one in told.caveats)
    assert not any(one.id == "where" for one in told.evidence) or found.spots


def test_a_ratio_is_looked_for_among_real_leaves_only() -> None:
    """Orders per visitor: no export has visitors by product and device, so products are searched, mix left aside."""
    rng = np.random.default_rng(5)
    below: dict[tuple[str | None, ...], Floats] = {}
    above: dict[tuple[str | None, ...], Floats] = {}
    for product in PRODUCTS:
        came = rng.poisson(400, DAYS).astype(float)
        chance = np.full(DAYS, 0.05)
        if product == "p2":
            chance[-TROUBLED:] = 0.01
        if product == "p7":
            came[-TROUBLED:] *= 2
        below[product,], above[product,] = came, rng.binomial(came.astype(int), chance).astype(float)
    tables: dict[tuple[str, tuple[str, ...]], Leaves] = {
        ("pay_orders", ("product",)): above,
        ("visitors", ("product",)): below,
    }
    found = looked_for(tables, "shop_converts_less", "order_rate")
    (spot,) = found.spots
    assert spot.name.en == "商品2"
    assert spot.actual == pytest.approx(0.01, abs=0.005)
    assert spot.expected == pytest.approx(0.05, abs=0.005)
    told = finding_of(
        trouble("shop_converts_less", "order_rate", -0.5), None, name="店", currency="CNY", horizon=28, where=found
    )
    evidence = next(one for one in told.evidence if one.id == "where")
    assert evidence.columns == ("place_zh", "place_en", "actual", "expected", "part")
    assert "互不重叠" in evidence.title.zh


def test_without_a_split_no_place_is_claimed() -> None:
    """No file splits the figure: said as a caveat, without evidence. What has no places is asked nothing."""
    assert Finder(shop({}), Design.weekly(DAYS)).where(trouble("slow_desk", "response_time", 0.5)) is None
    found = looked_for({}, "demand_down", "visitors")
    assert (found.spots, found.split, found.outside) == ((), None, True)
    told = finding_of(
        trouble("demand_down", "visitors", -0.5), None, name="店", currency="CNY", horizon=28, where=found
    )
    assert any("说不出在哪里" in one.zh for one in told.caveats)
    assert not any(one.id == "where" for one in told.evidence)


def test_too_few_usual_days_before_tell_no_place() -> None:
    """Where almost all days before were faulty, no leaf has a usual share."""
    faulty = [FIRST + timedelta(days=number) for number in range(DAYS - TROUBLED - 20)]
    split = ("visitors", ("product", "traffic_source"))
    found = looked_for({split: visitors({("p4", "搜索"): 0.1})}, "demand_down", "search", faulty=faulty)
    assert found.spots == ()
    assert "28" in found.verdict.zh


def test_a_usual_week_has_no_place() -> None:
    """Where nothing was planted, places are named in few of many weeks (1 in 100 by design)."""
    split = ("visitors", ("product", "traffic_source"))
    named = [looked_for({split: visitors({}, seed=seed)}, "demand_down", "search").spots for seed in range(20)]
    assert sum(map(bool, named)) <= 2


def test_every_place_can_be_asked() -> None:
    """Features, metrics and dimensions of the data exist."""
    catalogue = load_catalogue()
    features = {one.key for subject in watched_subjects() if subject.type == "shop" for one in subject.feature}
    assert features - set(places()) == {"response_time", "time_to_finish"}
    assert set(places()) <= features
    for place in places().values():
        assert {one for one in (place.metric, place.over) if one} <= set(catalogue.metrics)
        assert {name for split in place.splits for name in split} <= set(catalogue.dimensions)
