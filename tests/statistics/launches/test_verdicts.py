"""Launches of known rates: what passes and fails, and how surely."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import stats

from duoshou.statistics.launches import (
    CHECKS,
    SURE,
    Population,
    Verdict,
    chances,
    fit_population,
    judge,
    money_tries,
    scatter,
    thinned,
)

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


def two_points(random: np.random.Generator, count: int) -> Floats:
    """Return rates of launches that are all but alike, a fifth of them at a higher point."""
    return np.where(random.random(count) < 0.2, 0.05, 0.015) * random.lognormal(0, 0.05, count)


def three_points(random: np.random.Generator, count: int) -> Floats:
    """Return rates at one of three points, which no law that is looked at has."""
    return random.choice([0.012, 0.02, 0.05], count, p=[0.4, 0.4, 0.2]) * random.lognormal(0, 0.05, count)


def judged(law: Law, shops: int, scattering: float, seed: int) -> dict[str, int]:
    """Return how many of 20 new launches of each shop ever pass or fail, and how many of those wrongly."""
    random = np.random.default_rng(seed)
    told = {"passed": 0, "wrongly": 0, "failed": 0, "failed_wrongly": 0, "above": 0}
    for _ in range(shops):
        rates = law(random, 60)
        median, bar = np.quantile(rates[:40], (0.5, 0.75))
        tries = random.negative_binomial(2, 2 / 62, (60, DAYS)).astype(float)
        daily = rates[:, None] * np.exp(random.normal(-(scattering**2) / 2, scattering, (60, DAYS)))
        hits = random.binomial(tries.astype(int), daily.clip(0, 1)).astype(float)
        k, n = thinned(hits, tries, scatter(hits[:40], tries[:40]))
        population = fit_population(k[:40].sum(axis=1), n[:40].sum(axis=1))
        assert population is not None
        won, tried = (np.cumsum(one[40:], axis=1)[:, [age - 1 for age in CHECKS if age <= DAYS]] for one in (k, n))
        found = chances(population, won, tried)
        passed, failed = (found.above >= SURE).any(axis=1), (found.below >= SURE).any(axis=1)
        truth = rates[40:]
        told["passed"] += int(passed.sum())
        told["wrongly"] += int((passed & (truth < bar)).sum())
        told["failed"] += int(failed.sum())
        told["failed_wrongly"] += int((failed & (truth > median)).sum())
        told["above"] += int((truth > bar).sum())
    return told


@pytest.mark.parametrize(("law", "scattering"), [(beta_law, 0.0), (beta_law, 0.6), (few_hits, 0.3)])
def test_at_most_one_of_twenty_that_ever_pass_is_no_hit(law: Law, scattering: float) -> None:
    """Checked again and again, with days that scatter and with a law that is no beta law."""
    told = judged(law, 12, scattering, 4)
    assert told["passed"] >= 0.4 * told["above"]
    assert told["wrongly"] <= stats.binom.ppf(0.99, told["passed"], 0.05)
    assert told["failed_wrongly"] <= stats.binom.ppf(0.99, told["failed"], 0.05)


@pytest.mark.parametrize("law", [two_points, three_points])
def test_usual_launches_are_not_called_bad_for_bad_luck(law: Law) -> None:
    """Where launches lie at two or three points, at most one of twenty that ever fail or pass does so wrongly."""
    told = judged(law, 12, 0.0, 8)
    assert told["passed"] >= 0.4 * told["above"]
    assert told["wrongly"] <= stats.binom.ppf(0.99, told["passed"], 0.05)
    assert told["failed_wrongly"] <= stats.binom.ppf(0.99, told["failed"], 0.05)


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


def test_the_bar_is_the_upper_quarter_of_the_past_launches() -> None:
    """Known where they were seen long, unsure where hardly; with seven launches there is no verdict."""
    random = np.random.default_rng(5)
    rates = random.beta(2, 38, 9)
    long, short = (fit_population(np.round(rates * seen), np.full(9, seen)) for seen in (50_000.0, 100.0))
    by_seven = fit_population(np.round(rates[:7] * 2_000), np.full(7, 2_000.0))
    assert long is not None
    assert short is not None
    assert by_seven is not None
    assert long.bar == pytest.approx(np.quantile(rates, 0.75), rel=0.02)
    assert long.median == pytest.approx(np.median(rates), rel=0.02)
    assert short.upper.std() > 5 * long.upper.std()
    assert judge(by_seven, 400, 2_000).verdict is Verdict.NOT_ENOUGH
    assert judge(by_seven, 400, 2_000).needed is None
    assert fit_population(np.array([3.0]), np.array([9.0])) is None


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


def test_money_for_a_visitor_does_not_ask_for_many_buyers() -> None:
    """Half the buyers at twice the price are as good."""
    visitors, value, buyers = np.array([1000.0, 1000.0]), np.array([50.0, 100.0]), np.array([40.0, 20.0])
    tries = money_tries(visitors, value, 100.0)
    assert buyers[0] / tries[0] == pytest.approx(buyers[1] / tries[1])
    assert buyers[0] / tries[0] * 1000 * 100 == pytest.approx(40 * 50 / 1000)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 400))
def test_more_hits_never_speak_against_a_launch(hits: int, misses: int) -> None:
    """Chances are chances, intervals hold the mean, and one more hit makes a hit likelier."""
    past = np.array([3.0, 8.0, 1.0, 20.0, 6.0, 2.0, 4.0, 9.0, 12.0])
    population = fit_population(past, np.full(9, 200.0))
    assert population is not None
    less = judge(population, hits, hits + misses, plan=False)
    more = judge(population, hits + 1, hits + misses + 1, plan=False)
    assert 0 <= less.above <= 1
    assert 0 <= less.below <= 1
    assert less.above + less.below <= 1 + 1e-9
    assert less.low <= less.rate <= less.high
    assert more.above >= less.above - 1e-9
    assert more.below <= less.below + 1e-9


def test_few_launches_agree_with_an_importance_sample() -> None:
    """Nine launches and a new one by another route: laws from the prior, weighed by scipy's beta-binomial mass."""
    past, tried = np.array([3, 8, 1, 20, 6, 2, 4, 9, 12]), 200
    population = fit_population(past.astype(float), np.full(9, float(tried)))
    assert population is not None
    random, count = np.random.default_rng(8), 60_000
    mean = 1 / (1 + np.exp(-random.uniform(np.log(0.005), np.log(0.3), count)))
    widest = np.minimum(2.0, 0.95 * np.sqrt((1 - mean) / mean))
    spread = widest * random.random(count)
    concentration = (1 - mean) / mean / spread**2 - 1
    alpha, beta = mean * concentration, (1 - mean) * concentration
    # Uniform in the logit has the density 1 ÷ m(1 − m); Jeffreys' is its root; the spread is flat over its own width.
    weight = np.sqrt(mean * (1 - mean)) * widest
    for won in past:
        weight = weight * stats.betabinom.pmf(won, tried, alpha, beta)
    rates = random.beta(alpha[:, None] + past, beta[:, None] + tried - past)
    bar = np.quantile(rates, 0.75, axis=1)
    for won, seen in ((6, 60), (9, 200), (14, 90)):
        own = weight * stats.betabinom.pmf(won, seen, alpha, beta)
        above = (own * stats.beta.sf(bar, alpha + won, beta + seen - won)).sum() / own.sum()
        assert judge(population, won, seen, plan=False).above == pytest.approx(above, abs=0.03)


@settings(max_examples=30, deadline=None)
@given(st.permutations(range(9)), st.integers(0, 20), st.integers(0, 5))
def test_neither_order_nor_unseen_launches_change_what_is_known(order: list[int], hits: int, unseen: int) -> None:
    """Launches that nobody saw tell nothing; which came first does not matter but for the drawing."""
    past, tries = np.array([3.0, 8.0, 1.0, 20.0, 6.0, 2.0, 4.0, 9.0, 12.0]), np.linspace(100, 300, 9)
    plain = fit_population(past, tries)
    other = fit_population(
        np.concatenate([past[order], np.zeros(unseen)]), np.concatenate([tries[order], np.zeros(unseen)])
    )
    assert plain is not None
    assert other is not None
    assert other.launches == plain.launches
    first, second = (judge(one, hits, 150, plan=False) for one in (plain, other))
    assert second.above == pytest.approx(first.above, abs=0.04)
    assert second.rate == pytest.approx(first.rate, rel=0.02)


@pytest.mark.parametrize(
    ("hits", "tries"), [(np.zeros(12), np.full(12, 300.0)), (np.full(12, 300.0), np.full(12, 300.0))]
)
def test_launches_that_are_all_alike_set_a_bar(hits: Floats, tries: Floats) -> None:
    """Nobody buys, or everybody does: all numbers stay numbers and nothing is sure of a launch that nobody saw."""
    population = fit_population(hits, tries)
    assert population is not None
    found = judge(population, 0, 0)
    assert found.verdict is Verdict.NOT_ENOUGH
    assert np.isfinite([found.rate, found.low, found.high, found.above, found.below, found.bar, found.median]).all()


def test_the_verdict_is_that_of_the_last_check() -> None:
    """What came since then moves the rate, not the verdict; before the first check there is none."""
    population = known()
    waiting = judge(population, 300, 2_000, checked=(0, 0))
    assert (waiting.verdict, waiting.needed) == (Verdict.NOT_ENOUGH, 0)
    assert judge(population, 10, 2_000, checked=(300, 2_000)).verdict is Verdict.PASSED
    assert judge(population, 10, 2_000, checked=(300, 2_000)).rate < population.median


def test_counts_that_cannot_be_are_refused() -> None:
    """More hits than tries are an error, not a rate above one."""
    with pytest.raises(ValueError, match="at most as many"):
        fit_population(np.array([3.0, 1.0]), np.array([2.0, 5.0]))
    with pytest.raises(ValueError, match="at most as many"):
        judge(known(50), 3, 2)
