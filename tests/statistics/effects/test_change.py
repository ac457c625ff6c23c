"""The one question: what did this change do?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from duoshou.statistics.effects import Effect, Panel, effect_of_change, interrupted_series
from duoshou.statistics.effects.change import MOST_DAYS, recent
from duoshou.statistics.effects.panel import Array

PRE, POST = 56, 14


def shop(seed: int, *, lift: float = 0.0, donors: int = 8, mean: float = 40.0) -> tuple[Panel, float]:
    """Return daily counts of products of one shop that share weekday and demand, and the true effect."""
    rng = np.random.default_rng(seed)
    days = PRE + POST
    demand = np.cumsum(rng.normal(0, 0.02, days)) + rng.normal(0, 0.15, 7)[np.arange(days) % 7]
    expected: Array = mean * np.exp(rng.normal(0, 0.4, (donors + 1, 1)) + demand)
    changed = expected.copy()
    changed[0, PRE:] *= 1 + lift
    return Panel(rng.poisson(changed).astype(float), PRE, days, kind="count"), float((changed - expected)[0].sum())


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Of thirty effects about nine in ten lie within their 90 % interval, with donors and without."""
    for answer in (effect_of_change, interrupted_series):
        held = 0
        for seed in range(30):
            panel, truth = shop(seed, lift=0.25)
            found = answer(panel, level=0.9)
            held += found.total_low <= truth <= found.total_high
        assert 23 <= held <= 30


def test_donors_make_the_answer_surer() -> None:
    """With donors that share the demand intervals are narrower on average, and a real effect is seen."""
    widths = np.zeros(2)
    seen = 0
    for seed in range(8):
        panel, _ = shop(seed, lift=0.5)
        with_donors, alone = effect_of_change(panel), interrupted_series(panel)
        assert (with_donors.method, alone.method) == ("synthetic_did", "interrupted_series")
        widths += [one.total_high - one.total_low for one in (with_donors, alone)]
        assert with_donors.p_value is not None
        assert (with_donors.p_value < 0.1) == (with_donors.total_low > 0)
        seen += with_donors.total_low > 0
    assert widths[0] < widths[1]
    assert seen >= 7


def test_many_donors_give_their_own_placebos() -> None:
    """With twenty donors the interval comes from what happens to them by themselves, and holds its level."""
    held = 0
    for seed in range(20):
        panel, truth = shop(seed, lift=0.1, donors=24)
        found = effect_of_change(panel)
        agree(found, panel)
        assert found.donors == 24
        held += found.total_low <= truth <= found.total_high
    assert 14 <= held <= 20


def test_a_subject_unlike_its_donors_is_not_judged_by_them() -> None:
    """A subject that wanders as no donor does gets a wide interval and is told to fit poorly."""
    panel, _ = shop(7, donors=24, mean=400)
    wander = np.exp(np.cumsum(np.random.default_rng(7).normal(0, 0.12, PRE + POST)))
    strange = replace(panel, outcome=np.vstack([panel.outcome[:1] * wander, panel.outcome[1:]]))
    found = effect_of_change(strange)
    assert "poor_fit" in found.caveats
    assert found.relative_high - found.relative_low > 3 * np.ptp(
        [effect_of_change(panel).relative_low, effect_of_change(panel).relative_high]
    )


def test_gaps_are_no_zeros() -> None:
    """Days that are unknown before or after the start do not count as days without sales."""
    for donors in (0, 8, 24):
        panel, _ = shop(11, donors=donors)
        holes = panel.outcome.copy()
        holes[0, [5, 20, 60]] = np.nan
        holes[1:, 30] = np.nan
        found = effect_of_change(replace(panel, outcome=holes))
        assert "missing_days" in found.caveats
        assert np.isnan(found.observed).sum() == 1
        assert found.total == pytest.approx(found.estimate * (POST - 1))
        assert found.low < 0.1 * 40
        assert found.high > -0.1 * 40


def test_days_long_ago_and_days_after_the_judged_do_not_matter() -> None:
    """Columns past the end, and earlier than what is looked at, change nothing."""
    panel, _ = shop(13, lift=0.2)
    late = replace(panel, outcome=np.hstack([panel.outcome, panel.outcome[:, :9] * 7]))
    assert effect_of_change(late).total == effect_of_change(panel).total
    early = np.hstack([np.full((len(panel.outcome), 301), 3.0), panel.outcome])
    regressors = np.zeros((len(early[0]), 1))
    far = Panel(early, PRE + 301, PRE + 301 + POST, weekday=5, kind="count", regressors=regressors, selected=(3, 9))
    near = recent(far)
    assert near.start == MOST_DAYS
    assert near.weekday == (5 + PRE + 301 - MOST_DAYS) % 7
    assert near.selected is None


def test_a_festival_that_is_known_explains_itself() -> None:
    """A driver seen before is expected again; one that was never seen makes the answer less sure and says so."""
    rng = np.random.default_rng(17)
    driver = np.zeros((PRE + POST, 1))
    driver[[12, 13, 40, 41, 60, 61], 0] = 1
    panel = Panel(rng.poisson(50 * np.exp(1.2 * driver.T)).astype(float), PRE, PRE + POST, kind="count")
    known = interrupted_series(replace(panel, regressors=driver))
    assert known.low <= 0 <= known.high
    assert interrupted_series(panel).estimate > known.estimate
    fresh = driver * (np.arange(PRE + POST) > PRE)[:, None]
    unknown = interrupted_series(replace(panel, regressors=fresh))
    assert "unseen_regressor" in unknown.caveats
    assert unknown.high - unknown.low > known.high - known.low


def agree(found: Effect, panel: Panel) -> None:
    """Assert that the parts of an answer tell the same."""
    days = panel.end - panel.start
    assert found.total == pytest.approx(found.estimate * days)
    assert found.total_low <= found.total <= found.total_high
    assert found.relative_low <= found.relative <= found.relative_high
    assert found.total == pytest.approx(
        found.observed.sum() - found.expected.sum(), rel=0.1, abs=0.02 * found.observed.sum()
    )
    assert found.expected.shape == found.observed.shape == (days,)


@pytest.mark.parametrize("donors", [0, 1, 8])
def test_the_parts_of_an_answer_agree(donors: int) -> None:
    """Per day, in all, as a fraction and day by day: one effect."""
    panel, _ = shop(5, lift=0.3, donors=donors)
    found = effect_of_change(panel)
    agree(found, panel)
    assert found.method == ("synthetic_did" if donors == 8 else "interrupted_series")


def test_thin_data_cannot_tell() -> None:
    """Few days, few events or nothing seen after the start: no number, and the reason."""
    outcome = np.full((1, 30), 5.0)
    for panel, reason in (
        (Panel(outcome, 8, 30), "short_history"),
        (Panel(np.where(np.arange(30) == 3, 4.0, 0.0)[None, :], 20, 30, kind="count"), "few_events"),
        (Panel(np.where(np.arange(30) >= 20, np.nan, 5.0)[None, :], 20, 30), "no_data"),
    ):
        found = effect_of_change(panel)
        assert found.method == "cannot_tell"
        assert found.caveats == (reason,)
        assert math.isnan(found.estimate)
        assert found.p_value is None


def test_a_rate_is_told_in_rates_and_successes() -> None:
    """A rate that doubles is seen as such; the total counts successes."""
    rng = np.random.default_rng(9)
    trials = np.full((6, 60), 400.0)
    chance = np.full((6, 60), 0.05)
    chance[0, 46:] = 0.1
    panel = Panel(rng.binomial(400, chance).astype(float), 46, 60, kind="rate", trials=trials)
    found = effect_of_change(panel)
    assert found.low <= 0.05 <= found.high
    assert found.total == pytest.approx(found.estimate * 14 * 400)
    assert found.observed == pytest.approx(panel.outcome[0, 46:] / 400)
    assert 0.03 < found.expected.mean() < 0.07


def test_a_panel_that_makes_no_sense_is_refused() -> None:
    """Columns out of order, infinite or negative numbers, a rate without trials, regressors of other days."""
    good = np.ones((2, 10))
    faults: tuple[Callable[[], Panel], ...] = (
        lambda: Panel(good, 5, 5),
        lambda: Panel(good, 5, 11),
        lambda: Panel(-good, 5, 10),
        lambda: Panel(good * np.inf, 5, 10),
        lambda: Panel(good, 5, 10, selected=(4, 6)),
        lambda: Panel(good, 5, 10, regressors=np.ones((9, 1))),
        lambda: Panel(good, 5, 10, kind="rate"),
        lambda: Panel(good, 5, 10, weekday=7),
        lambda: Panel(good[0], 5, 10),
    )
    for fault in faults:
        with pytest.raises(ValueError, match=r"."):
            fault()
    with pytest.raises(ValueError, match="level"):
        effect_of_change(Panel(good, 5, 10), level=1.0)
