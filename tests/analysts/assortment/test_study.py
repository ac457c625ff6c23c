"""The study of a range whose truth is known."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from tests.analysts.assortment.conftest import AS_OF, FIRST, Studied, in_stock, lines, sold

from duoshou.analysts.assortment import Basis, RangeStudy, Stage
from duoshou.analysts.assortment.roles import Quadrant, Role
from duoshou.analysts.assortment.study import Product
from duoshou.analysts.assortment.worth import bad_quarter, classes, money_of
from duoshou.statistics.concentration import concentration


def product(study: RangeStudy, name: str) -> Product:
    """Return a product of a study."""
    return next(one for one in study.products if one.id == name)


@pytest.mark.parametrize(
    ("name", "stage"),
    [
        ("hit", Stage.MATURE),
        ("steady 4", Stage.MATURE),
        ("fades", Stage.DECLINE),
        ("grows", Stage.GROWTH),
        ("new", Stage.LAUNCH),
        ("dead", Stage.DEAD),
        ("rare", Stage.CANNOT_TELL),
    ],
)
def test_each_life_is_told(known: RangeStudy, name: str, stage: Stage) -> None:
    """Season and shop taken off, a product is in the stage it lives in; four tenths of a piece a week tell nothing."""
    assert product(known, name).life.stage is stage


def test_a_turn_is_dated(known: RangeStudy) -> None:
    """The week in which a product began to fade lies in the interval, and the change is about what it was."""
    life = product(known, "fades").life
    turned = FIRST + timedelta(days=7 * 44)
    assert life.since is not None
    assert life.since_low is not None
    assert life.since_high is not None
    assert life.since_low - timedelta(days=7) <= turned <= life.since_high + timedelta(days=7)
    assert life.slope == pytest.approx(-0.07, abs=0.02)
    assert life.slope_low is not None
    assert life.slope_high is not None
    assert life.slope_low <= -0.07 <= life.slope_high
    assert product(known, "new").life.born == FIRST + timedelta(days=7 * 55)


def test_the_hit_and_what_its_failure_costs(known: RangeStudy) -> None:
    """More than a third hangs on one product: it is told with the cost of a failure, counted in the shop's own past."""
    assert known.spread is not None
    assert known.spread.first.low > 1 / 3
    assert known.products[0].id == "hit"
    assert known.failure is not None
    assert known.failure.of >= 9
    assert known.failure.fell == 0
    assert known.failure.chance_low is not None
    assert known.failure.chance is not None
    assert known.failure.chance_low < known.failure.chance < 0.1
    (dependence,) = [one for one in known.findings if one.kind == "assortment.dependence"]
    assert dependence.subject.id == "hit"
    assert dependence.impact is not None
    assert dependence.impact.low <= dependence.impact.amount <= dependence.impact.high


def test_a_decline_of_a_main_product_is_told_with_money(studied: Studied) -> None:
    """What 13 more weeks at this pace would cost, with the interval of the slope."""
    study = studied(order_line=[one for one in lines() if one["product_id"] != "hit"])
    found = [one for one in study.findings if one.kind == "assortment.decline"]
    assert [one.subject.id for one in found] == ["fades"]
    impact = found[0].impact
    assert impact is not None
    assert 0 < impact.low < impact.amount < impact.high


def test_what_was_refunded_leaves_nothing() -> None:
    """Of 1,000 sold, 600 came back and 400 left 100: that is the money, and not what 1,000 would have left."""
    weeks = 13
    sold = {"amount": 1000.0, "refunds": 600.0, "margin": 100.0, "margin_income": 400.0}
    found = SimpleNamespace(**{name: np.full((1, weeks), value / weeks) for name, value in sold.items()})
    assert money_of(found) == pytest.approx([100])  # type: ignore[arg-type]
    half = SimpleNamespace(**(vars(found) | {"margin_income": found.margin_income / 2, "margin": found.margin / 2}))
    assert money_of(half) == pytest.approx([100])  # type: ignore[arg-type]
    untold = SimpleNamespace(**(vars(found) | {"refunds": np.full((1, weeks), np.nan)}))
    assert money_of(untold) == pytest.approx([250])  # type: ignore[arg-type]


def test_a_season_of_the_only_product_is_no_life(studied: Studied) -> None:
    """A shop of one seasonal product has nothing to take the season off by: its fall after the peak is no decline."""
    level = 300 * np.exp(0.8 * np.cos((np.arange(60) - 38) / 52 * 2 * np.pi))
    units = np.random.default_rng(3).poisson(level)
    rows = [sold("only", AS_OF - timedelta(days=7 * (59 - week) + 3), int(one)) for week, one in enumerate(units)]
    study = studied(order_line=rows)
    (one,) = study.products
    assert one.life.stage is Stage.CANNOT_TELL
    assert not any(finding.kind == "assortment.decline" for finding in study.findings)
    assert any("扣不掉全店的季节" in caveat.zh for caveat in study.caveats)


def test_dead_stock_without_costs_has_no_money(known: RangeStudy) -> None:
    """Pieces beyond what 90 days can sell are counted; what they cost is not made up."""
    stocks = {one.id: one.stock for one in known.products if one.stock is not None}
    assert set(stocks) == {"steady 0", "dead", "rare", "hit"}
    assert (stocks["steady 0"].dead_units, stocks["hit"].dead_units) == (0, 0)
    assert 0 < stocks["dead"].dead_units <= 500
    assert known.dead_money is None
    (told,) = [one for one in known.findings if one.kind == "assortment.dead_stock"]
    assert told.impact is None
    assert {row[0] for row in told.evidence[0].rows} == {"dead", "rare"}
    assert not any("money" in column for column in told.evidence[0].columns)


def test_what_cannot_be_known_is_said(known: RangeStudy, studied: Studied) -> None:
    """Without costs roles of margin are open, without stock the cover is; a shop of nothing says that."""
    assert known.basis is Basis.SALES
    assert product(known, "hit").role is Role.CANNOT_TELL
    assert any("成本" in one.zh for one in known.caveats)
    young = studied(
        AS_OF - timedelta(days=20), order_line=[sold("a", AS_OF - timedelta(days=back), 3) for back in range(20)]
    )
    assert [one.life.stage for one in young.products] == [Stage.LAUNCH]
    assert young.products[0].quadrant is Quadrant.CANNOT_TELL
    assert young.thresholds is None
    assert any("库存" in one.zh for one in young.caveats)
    nobody = studied(None)
    assert (nobody.products, nobody.spread, nobody.findings) == ((), None, ())
    assert nobody.caveats


def test_a_day_long_after_the_last_sale_has_an_empty_range(studied: Studied, known: RangeStudy) -> None:
    """Tables that hold other days alone answer like none."""
    assert known.products
    asked_late = studied(AS_OF - timedelta(days=20), order_line=[sold("old", AS_OF - timedelta(days=300), 3)])
    assert asked_late.products == ()


def test_who_may_not_see_costs_sees_no_money(known: RangeStudy) -> None:
    """Neither amounts nor an order, a role or a finding that would tell them."""
    hidden = known.without_costs()
    assert {one.money for one in hidden.products} == {Decimal(0)}
    assert {one.role for one in hidden.products} == {Role.CANNOT_TELL}
    assert (hidden.findings, hidden.failure, hidden.thresholds, hidden.spread) == ((), None, None, None)
    json.dumps(hidden.to_dict())


def test_a_return_of_old_stock_files_is_no_stock(studied: Studied) -> None:
    """A stock file older than four weeks says nothing of today."""
    old = in_stock({"hit": 10}, AS_OF - timedelta(days=60))
    assert studied(order_line=lines(), stock_day=old).stock_day is None


@given(arrays(np.float64, st.integers(1, 30), elements=st.floats(-100, 1e6)))
def test_classes_are_pareto(money: np.ndarray) -> None:
    """What is dearer has no worse letter, and who brings nothing is C."""
    letters = classes(money)
    for one in range(len(money)):
        assert (letters[one] == "C") or money[one] > 0
        for other in range(len(money)):
            if money[one] > money[other]:
                assert letters[one] <= letters[other]


def test_concentration_is_that_of_the_formula() -> None:
    """Herfindahl and Hirschman's index of known shares, and an interval around it."""
    random = np.random.default_rng(2)
    parts = np.array([[50.0], [30.0], [20.0]]) * random.uniform(0.8, 1.2, (3, 26))
    found = concentration(parts)
    assert found is not None
    shares = parts.sum(axis=1) / parts.sum()
    assert found.index.value == pytest.approx(float((shares**2).sum()))
    assert found.effective == pytest.approx(1 / float((shares**2).sum()))
    assert found.first.low < found.first.value < found.first.high
    assert found.first_three.value == pytest.approx(1)
    assert concentration(np.zeros((3, 4))) is None


def test_a_bad_quarter_is_the_binomials() -> None:
    """Three equal products that fail with one in ten: the worst twentieth loses one of them; with one in two, all."""
    losses = np.array([10.0, 10.0, 10.0])
    assert bad_quarter(losses, 0.1) == 10.0
    assert bad_quarter(losses, 0.5) == 30.0
    assert bad_quarter(losses, 0.001) == 0.0
