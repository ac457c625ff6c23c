"""Launches of known rates: what passes and fails, read every third day."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from duoshou.statistics.launches import Population, Verdict, dispersion, fit_population, judge, money_tries

Floats = NDArray[np.float64]
Law = Callable[[np.random.Generator, int], Floats]
DAYS = 28


def beta_law(random: np.random.Generator, count: int) -> Floats:
    """Return rates of the law that the model takes to be true."""
    return random.beta(0.03 * 60, 0.97 * 60, count)


def few_hits(random: np.random.Generator, count: int) -> Floats:
    """Return rates of another law: a fifth are hits, the others are alike."""
    hit = random.random(count) < 0.2
    return np.where(hit, random.lognormal(np.log(0.06), 0.3, count), random.lognormal(np.log(0.02), 0.4, count)).clip(
        0, 0.9
    )


def read_daily(law: Law, shops: int, scatter: float, seed: int) -> dict[str, int]:
    """Return how many of 20 new launches of each shop ever pass or fail, and how many of those wrongly."""
    random = np.random.default_rng(seed)
    median, bar = np.quantile(law(np.random.default_rng(0), 200_000), (0.5, 0.75))
    told = {"passed": 0, "wrongly": 0, "failed": 0, "failed_wrongly": 0, "above": 0}
    for _ in range(shops):
        rates = law(random, 60)
        tries = random.negative_binomial(2, 2 / 62, (60, DAYS))
        daily = rates[:, None] * np.exp(random.normal(-(scatter**2) / 2, scatter, (60, DAYS)))
        hits = random.binomial(tries, daily.clip(0, 1)).astype(float)
        wide = dispersion(hits[:40], tries[:40].astype(float))
        passed, failed = np.zeros(20, bool), np.zeros(20, bool)
        for day in range(6, DAYS, 3):
            k, n = hits[:, :day].sum(axis=1), tries[:, :day].sum(axis=1).astype(float)
            population = fit_population(k[:40], n[:40], scatter=wide)
            assert population is not None
            for one in range(20):
                verdict = judge(population, k[40 + one], n[40 + one], plan=False).verdict
                passed[one] |= verdict is Verdict.PASSED
                failed[one] |= verdict is Verdict.FAILED
        truth = rates[40:]
        told["passed"] += int(passed.sum())
        told["wrongly"] += int((passed & (truth < bar)).sum())
        told["failed"] += int(failed.sum())
        told["failed_wrongly"] += int((failed & (truth > median)).sum())
        told["above"] += int((truth > bar).sum())
    return told


@pytest.mark.parametrize(("law", "scatter"), [(beta_law, 0.0), (beta_law, 0.6), (few_hits, 0.3)])
def test_at_most_one_of_twenty_that_ever_pass_is_no_hit(law: Law, scatter: float) -> None:
    """Read again and again, with days that scatter and with a law that is no beta law."""
    told = read_daily(law, 5, scatter, 4)
    assert told["passed"] >= 0.35 * told["above"]
    assert told["wrongly"] <= stats.binom.ppf(0.99, told["passed"], 0.05)
    assert told["failed_wrongly"] <= stats.binom.ppf(0.99, told["failed"], 0.1)


def known(count: int = 3000) -> Population:
    """Return a population that is known as well as can be: Beta(2, 38)."""
    random = np.random.default_rng(2)
    tries = np.full(count, 20_000.0)
    found = fit_population(random.binomial(20_000, random.beta(2, 38, count)).astype(float), tries)
    assert found is not None
    return found


def test_the_law_is_that_of_the_simulation() -> None:
    """Bar and median of a beta law that three thousand launches tell."""
    found = known()
    assert found.bar == pytest.approx(float(stats.beta.ppf(0.75, 2, 38)), rel=0.03)
    assert found.median == pytest.approx(float(stats.beta.ppf(0.5, 2, 38)), rel=0.03)


def test_chances_are_those_of_the_beta_posterior() -> None:
    """Where the law is known, the posterior is beta with the hits and misses added."""
    found = judge(known(), 12, 150)
    posterior = stats.beta(2 + 12, 38 + 138)
    assert found.above == pytest.approx(posterior.sf(stats.beta.ppf(0.75, 2, 38)), abs=0.02)
    assert found.below == pytest.approx(posterior.cdf(stats.beta.ppf(0.5, 2, 38)), abs=0.02)
    assert found.rate == pytest.approx(posterior.mean(), rel=0.03)
    assert (found.low, found.high) == pytest.approx(posterior.interval(0.95), rel=0.04)


def test_few_launches_make_an_unsure_bar() -> None:
    """What passes against many launches of a kind does not against nine, and with seven there is no verdict."""
    random = np.random.default_rng(5)
    rates, tries = random.beta(2, 38, 300), np.full(300, 2_000.0)
    hits = np.round(rates * tries)
    by_many, by_nine, by_seven = (fit_population(hits[:of], tries[:of]) for of in (300, 9, 7))
    assert by_many is not None
    assert by_nine is not None
    assert by_seven is not None
    assert judge(by_many, 45, 500).above > judge(by_nine, 45, 500).above
    assert judge(by_seven, 400, 2_000).verdict is Verdict.NOT_ENOUGH
    assert judge(by_seven, 400, 2_000).needed is None
    assert fit_population(hits[:1], tries[:1]) is None


def test_the_tries_needed_bring_a_verdict_four_times_in_five() -> None:
    """Launches of the rate that is supposed, given so many more tries, pass in 80 % of the draws."""
    population = known()
    found = judge(population, 10, 100)
    assert found.verdict is Verdict.NOT_ENOUGH
    assert found.leans is Verdict.PASSED
    assert found.needed is not None
    posterior = stats.beta(12, 128)
    bar = stats.beta.ppf(0.75, 2, 38)
    rate = posterior.expect(lambda rate: rate, lb=bar, ub=1, conditional=True)
    random = np.random.default_rng(3)
    told = [
        judge(population, 10.0 + random.binomial(found.needed, rate), 100.0 + found.needed, plan=False).verdict
        for _ in range(200)
    ]
    assert np.mean([one is Verdict.PASSED for one in told]) == pytest.approx(0.8, abs=0.09)


def test_a_launch_with_a_verdict_needs_no_more_tries() -> None:
    """A sure hit passes, a sure dud fails, and both say so."""
    population = known()
    hit, dud = judge(population, 300, 2_000), judge(population, 10, 2_000)
    assert (hit.verdict, hit.needed, hit.leans) == (Verdict.PASSED, None, Verdict.PASSED)
    assert (dud.verdict, dud.needed, dud.leans) == (Verdict.FAILED, None, Verdict.FAILED)


def test_dispersion_is_one_for_coins_and_larger_where_days_differ() -> None:
    """Binomial days scatter once; days that share a rate of their own scatter by 1 + (n − 1) ρ; gaps do not matter."""
    random = np.random.default_rng(6)
    tries = np.full((80, 28), 100.0)
    assert dispersion(random.binomial(100, 0.05, (80, 28)).astype(float), tries) == pytest.approx(1, abs=0.1)
    daily = random.beta(0.05 * 49, 0.95 * 49, (80, 28))
    hits = random.binomial(100, daily).astype(float)
    assert dispersion(hits, tries) == pytest.approx(1 + 99 / 50, rel=0.15)
    gaps = np.where(random.random((80, 28)) < 0.3, np.nan, hits)
    assert dispersion(gaps, tries) == pytest.approx(1 + 99 / 50, rel=0.2)
    assert dispersion(np.zeros((0, 28)), np.zeros((0, 28))) == 1


def test_money_for_a_visitor_does_not_ask_for_many_buyers() -> None:
    """Half the buyers at twice the price are as good."""
    visitors, value, buyers = np.array([1000.0, 1000.0]), np.array([50.0, 100.0]), np.array([40.0, 20.0])
    tries = money_tries(visitors, value, 100.0)
    assert buyers[0] / tries[0] == pytest.approx(buyers[1] / tries[1])
    assert buyers[0] / tries[0] * 1000 * 100 == pytest.approx(40 * 50 / 1000)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 400), st.floats(1, 8))
def test_more_hits_never_speak_against_a_launch(hits: int, misses: int, scatter: float) -> None:
    """Chances are chances, intervals hold the mean, and one more hit makes a hit likelier."""
    past = np.array([3.0, 8.0, 1.0, 20.0, 6.0, 2.0, 4.0, 9.0, 12.0])
    population = fit_population(past, np.full(9, 200.0), scatter=scatter)
    assert population is not None
    less = judge(population, hits, hits + misses, plan=False)
    more = judge(population, hits + 1, hits + misses + 1, plan=False)
    assert 0 <= less.above <= 1
    assert 0 <= less.below <= 1
    assert less.above + less.below <= 1 + 1e-9
    assert less.low <= less.rate <= less.high
    assert more.above >= less.above - 1e-9
    assert more.below <= less.below + 1e-9


def test_counts_that_cannot_be_are_refused() -> None:
    """More hits than tries are an error, not a rate above one."""
    with pytest.raises(ValueError, match="at most as many"):
        fit_population(np.array([3.0, 1.0]), np.array([2.0, 5.0]))
    with pytest.raises(ValueError, match="at most as many"):
        judge(known(50), 3, 2)
