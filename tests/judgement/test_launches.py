"""The scorer of launch tests: what counts as a false pass, what is drawn, and what the oracle knows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from benchmarks.judgement.drawn_launches import (
    DAYS,
    NEW,
    WORLDS,
    World,
    draw_shop,
    exact_chances,
    passed_by_oracle,
)
from benchmarks.judgement.launches import Told, _score_shop, first_told
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats


def test_a_pass_is_false_where_the_truth_is_no_hit() -> None:
    """Of two that pass one is none; of two hits one passed; a fail above the median is wrong."""
    told = Told()
    told.add((True, False), is_hit=True, is_low=False)
    told.add((True, False), is_hit=False, is_low=False)
    told.add((False, False), is_hit=True, is_low=False)
    told.add((False, True), is_hit=False, is_low=False)
    assert told.row("x") == ("x", "4", "2", "50.0%", "50.0%", "1", "100.0%")
    assert Told().row() == ("0", "0", "—", "—", "0", "—")


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_drawn_shops_are_those_of_their_seed(world: World) -> None:
    """The same draw gives the same truth and the same verdicts, by each law."""
    first, again = (draw_shop(np.random.default_rng(4), world, 12) for _ in range(2))
    assert (first.rates == again.rates).all()
    assert np.array_equal(first_told(first), first_told(again))


def test_the_oracle_has_the_beta_posterior() -> None:
    """Where rates are beta and days do not scatter, the exact chance is known in closed form."""
    world = WORLDS[0]
    shop = draw_shop(np.random.default_rng(7), world, 9)
    found = exact_chances(shop, world, world.rates())
    assert found.shape == (NEW, DAYS)
    for day in (3, DAYS):
        k, n = (one[9:, :day].sum(axis=1) for one in (shop.hits, shop.tries))
        assert found[:, day - 1] == pytest.approx(stats.beta.sf(shop.bar, 1.8 + k, 58.2 + n - k), abs=0.03)


def test_the_oracle_keeps_its_promise_where_days_scatter() -> None:
    """Its chances come true: as many hits among what it passes as it says."""
    world = WORLDS[-1]
    random, rates = np.random.default_rng(5), world.rates()
    shops = [draw_shop(random, world, 20) for _ in range(60)]
    chances = np.concatenate([exact_chances(shop, world, rates)[:, DAYS - 1] for shop in shops])
    is_hit = np.concatenate([shop.is_hit for shop in shops])
    assert is_hit.sum() == pytest.approx(chances.sum(), abs=4 * np.sqrt((chances * (1 - chances)).sum()))
    passed = passed_by_oracle(chances)
    assert (passed & ~is_hit).sum() <= stats.binom.ppf(0.99, passed.sum(), 0.05)


@given(arrays(np.float64, st.integers(0, 30), elements=st.floats(0, 1)))
def test_the_oracle_passes_the_likeliest(chances: np.ndarray) -> None:
    """None that it leaves is likelier than one that it passes, and one more would break the promise."""
    passed = passed_by_oracle(chances)
    if passed.any():
        assert (1 - chances[passed]).mean() <= 0.05 + 1e-12
    if passed.any() and not passed.all():
        assert chances[passed].min() >= chances[~passed].max()
    if not passed.all():
        assert (1 - chances[passed]).sum() + 1 - chances[~passed].max() > 0.05 * (passed.sum() + 1) - 1e-9


def test_all_launches_of_a_shop_count_against_those_before_them() -> None:
    """Old products set no bar, nor do later launches; one with nothing before it is neither; few are not left out."""
    visitors, worth = np.full((50, 5), 10.0), np.array([9.0, 1.0, 3.0, 2.0, 8.0])
    fact = {"product.visitors": visitors, "product.revenue": visitors * worth}
    truth = {"products": {"ids": ["old", "first", "hit", "middle", "unseen"], "launch": [-5, 10, 20, 30, 40]}}
    made: Any = SimpleNamespace(truth=truth, ledger=SimpleNamespace(fact=fact))
    told = Told()
    verdicts = {"first": ["pass"], "hit": ["not_enough_data", "pass"], "middle": ["fail"]}
    _score_shop(made, {"verdicts": verdicts}, None, told)
    assert (told.launches, told.passed, told.passed_wrongly, told.hits) == (2, 1, 0, 1)
    assert (told.failed, told.failed_wrongly) == (1, 1)


def test_a_launch_is_held_against_its_test_or_its_whole_time() -> None:
    """One that began well and faded passed rightly by its test, wrongly by its whole time; a test under way is none."""
    day, launch = np.arange(40)[:, None], np.array([2, 3, 10, 35])
    visitors = np.where(day >= launch, 10.0, 0.0)
    worth = np.where((day - launch < 5) & (launch == 10), 9.0, np.array([2.0, 4.0, 1.0, 9.0]))
    fact = {"product.visitors": visitors, "product.revenue": visitors * worth}
    truth = {"products": {"ids": ["first", "second", "faded", "new"], "launch": launch.tolist()}}
    made: Any = SimpleNamespace(truth=truth, ledger=SimpleNamespace(fact=fact))
    words = {"verdicts": {"faded": ["pass"], "new": ["pass"]}}
    test, whole = Told(), Told()
    _score_shop(made, words, 6, test)
    _score_shop(made, words, None, whole)
    assert (test.launches, test.passed, test.passed_wrongly) == (1, 1, 0)
    assert (whole.launches, whole.passed, whole.passed_wrongly) == (2, 2, 1)
