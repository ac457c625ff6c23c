"""Expected sums and their intervals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.statistics.expectation import Design, Kind, Panel, Reason, detect, fit, series_of
from duoshou.statistics.expectation.panel import FloatArray


def _poisson_quantile(mean: float, probability: float) -> int:
    total, count = math.exp(-mean), 0
    term = total
    while total < probability:
        count += 1
        term *= mean / count
        total += term
    return count


def _counts(
    kappa: float, *, series: int = 60, days: int = 400, seed: int = 0, level: float = 12.0
) -> tuple[FloatArray, Design]:
    random = np.random.default_rng(seed)
    weekday = np.arange(days) % 7
    phases = ((np.arange(days) % 80 >= 50) & (np.arange(days) % 80 < 55)).astype(np.float64)[:, None]
    trend = random.normal(0, 0.0008, series)[:, None] * np.arange(days)
    week = np.array([0.0, 0.0, 0.1, 0.1, 0.15, -0.2, -0.3])[weekday]
    mean = level * np.exp(random.normal(0, 0.8, series)[:, None] + trend + week + phases[:, 0] * 0.9)
    scatter = random.gamma(1 / kappa, kappa, mean.shape) if kappa else 1.0
    return random.poisson(mean * scatter).astype(np.float64), Design(phases, ("peak",), weekday)


def test_a_constant_poisson_series_has_the_exact_quantiles() -> None:
    """With a known level the limits of a day are the quantiles of a Poisson count, two off at most by estimation."""
    values = np.random.default_rng(2).poisson(9.0, (200, 500)).astype(np.float64)
    fitted = fit(Panel(values, np.full(200, Kind.COUNT)), Design(np.zeros((500, 0))))
    windows = fitted.windows(499)
    assert np.median(windows.low[:, 0]) == _poisson_quantile(9.0, 0.05)
    assert np.median(windows.high[:, 0]) == _poisson_quantile(9.0, 0.95)
    assert np.abs(windows.high[:, 0] - _poisson_quantile(9.0, 0.95)).max() <= 2
    assert np.median(windows.expected[:, 0]) == pytest.approx(9.0, rel=0.02)


@pytest.mark.parametrize("kappa", [0.0, 0.1, 0.3])
def test_ninety_per_cent_intervals_cover_ninety_per_cent_of_held_out_sums(kappa: float) -> None:
    """Weekday, trend, peaks, Poisson to strongly scattered: weekly sums never seen lie inside in 87 to 93 %."""
    values, design = _counts(kappa, series=150, seed=int(kappa * 10) + 1)
    fitted = fit(Panel(values, np.full(150, Kind.COUNT)), design, train_until=280)
    inside = []
    for day in range(290, 400, 5):
        windows = fitted.windows(day)
        place = windows.lengths.index(7)
        inside.append(
            (windows.actual[:, place] >= windows.low[:, place]) & (windows.actual[:, place] <= windows.high[:, place])
        )
    assert 0.87 <= np.mean(inside) <= 0.935


def test_days_that_taught_the_calendar_are_flattered_less() -> None:
    """What a day taught the calendar is taken off its variance, as of a residual; other days stay as they are.

    Forty festivals that are each seen once follow their own days closely: scores against the variance of a new day
    scatter by far less than 1 there, those against the variance of a residual by more.
    """
    random = np.random.default_rng(5)
    phases = np.zeros((400, 40))
    for number in range(40):
        phases[9 * number + 20 : 9 * number + 22, number] = 1.0
    effects = random.normal(0, 0.6, (40, 40))
    values = random.poisson(60.0 * np.exp(effects @ phases.T)).astype(np.float64)
    panel = Panel(values, np.full(40, Kind.COUNT))
    fitted = fit(panel, Design(phases, ("peak",) * 40), train_until=400, detectable=False)
    on, off = ([day for day in range(60, 380, 3) if phases[day].any() == held] for held in (True, False))

    def scatter(days: list[int], *, taught: bool) -> float:
        scores = [fitted.windows(day, coverage=None, taught=taught).score[:, 0] for day in days]
        return float(np.std(np.stack(scores)))

    assert scatter(on, taught=False) < 0.7
    assert scatter(on, taught=False) * 1.15 < scatter(on, taught=True) < 1.05
    assert scatter(off, taught=True) == scatter(off, taught=False)


def test_a_window_is_forecast_from_the_days_before_it() -> None:
    """Whatever happens inside a window leaves its expectation untouched."""
    values, design = _counts(0.1, series=8)
    changed = values.copy()
    changed[:, -7:] *= 5
    kinds = np.full(8, Kind.COUNT)
    one, other = (fit(Panel(each, kinds), design).windows(399) for each in (values, changed))
    place = one.lengths.index(7)
    assert other.expected[:, place:] == pytest.approx(one.expected[:, place:])
    assert other.high[:, place:] == pytest.approx(one.high[:, place:])
    assert np.all(other.actual[:, place] == changed[:, -7:].sum(axis=1))


def test_the_order_of_the_series_does_not_matter() -> None:
    """A shuffled panel gives the same numbers, shuffled."""
    values, design = _counts(0.1, series=12, days=200)
    order = np.random.default_rng(0).permutation(12)
    kinds = np.array([Kind.COUNT, Kind.AMOUNT] * 6)
    one = fit(Panel(values, kinds), design)
    other = fit(Panel(values[order], kinds[order]), design)
    assert other.windows(199).expected == pytest.approx(one.windows(199).expected[order], rel=1e-6)
    assert detect(other, 199).log_p == pytest.approx(detect(one, 199).log_p[order], rel=1e-5, abs=1e-6)


def test_unknown_days_are_left_out_of_both_sides() -> None:
    """A window with two unknown days sums five of both, and the same holds when the last day is unknown."""
    values, design = _counts(0.1, series=5)
    gaps = values.copy()
    gaps[:, [-3, -1]] = np.nan
    windows = fit(Panel(gaps, np.full(5, Kind.COUNT)), design).windows(399)
    place = windows.lengths.index(7)
    assert np.all(windows.days[:, place] == 5)
    assert windows.actual[:, place] == pytest.approx(np.nansum(gaps[:, -7:], axis=1))
    assert np.all(windows.expected[:, place] < np.nanmean(values, axis=1) * 7 * 2)
    assert np.all(windows.score[:, 0] == 0)


def test_short_and_empty_histories_say_so() -> None:
    """Nothing known, nothing but zeros, two weeks, and three sales in a year each have their reason."""
    values = np.full((5, 200), np.nan)
    values[1] = 0
    values[2, -14:] = 8
    values[3] = 0
    values[3, [5, 80, 150]] = 1
    values[4] = np.random.default_rng(0).poisson(5, 200)
    fitted = fit(Panel(values, np.full(5, Kind.COUNT)), Design.weekly(200))
    reasons = [Reason(code) for code in fitted.reasons(199)]
    assert reasons == [Reason.NO_DATA, Reason.NO_DATA, Reason.FEW_DAYS, Reason.FEW_EVENTS, Reason.ENOUGH]
    signals = detect(fitted, 199)
    assert np.isnan(signals.p_value[:4]).all()
    assert not np.isnan(signals.p_value[4])


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.AMOUNT, Kind.LEVEL])
@pytest.mark.parametrize("days", [1, 2, 8])
def test_a_history_of_a_few_days_is_no_fault(kind: Kind, days: int) -> None:
    """One, two or eight days: an answer that says it knows too little."""
    fitted = fit(series_of([4.0] * days, kind), Design.weekly(days))
    assert fitted.windows(days - 1).reason[0] == Reason.FEW_DAYS if days > 1 else Reason.NO_DATA
    assert np.isnan(detect(fitted, days - 1).p_value).all()


def test_scores_keep_their_units() -> None:
    """A level of 4.8 with a scatter of 0.01 is expected at 4.8, whatever its scale, and a fall by 0.1 stands out."""
    random = np.random.default_rng(1)
    values = 4.8 + random.normal(0, 0.01, (3, 300))
    values[1] = values[1] * 1000
    values[2, -1] -= 0.1
    fitted = fit(Panel(values, np.full(3, Kind.LEVEL)), Design.weekly(300))
    windows = fitted.windows(299)
    assert windows.expected[[0, 2], 0] == pytest.approx(4.8, abs=0.02)
    assert windows.expected[1, 0] == pytest.approx(4800, abs=20)
    assert detect(fitted, 299).p_value[2] < 1e-6


def test_a_constant_series_is_no_fault() -> None:
    """Values without any scatter give finite limits."""
    windows = fit(series_of([4.7] * 100, Kind.LEVEL), Design.weekly(100)).windows(99)
    assert np.isfinite(windows.low).all()
    assert windows.expected[0, 0] == pytest.approx(4.7)


def test_a_rate_is_judged_by_its_trials() -> None:
    """The same fall of a rate is noise with few trials and a signal with many."""
    random = np.random.default_rng(9)
    trials = np.repeat([[60.0], [6000.0]], 300, axis=1)
    hits = random.binomial(trials.astype(int), 0.05).astype(np.float64)
    hits[:, -3:] = trials[:, -3:] * 0.033
    fitted = fit(Panel(hits, np.full(2, Kind.RATE), trials), Design.weekly(300))
    p = detect(fitted, 299).p_value
    assert p[0] > 0.05
    assert p[1] < 1e-6


@pytest.mark.parametrize(
    ("values", "kinds", "message"),
    [
        ([1.0, 2.0], [Kind.COUNT], "table"),
        ([[1.0, -2.0]], [Kind.COUNT], "negative"),
        ([[1.0, np.inf]], [Kind.LEVEL], "infinite"),
        ([[1.0, 2.0]], [Kind.COUNT, Kind.COUNT], "one kind"),
        ([[1.0, 2.0]], [9], "kind is one of"),
        ([[1.0, 2.0]], [Kind.RATE], "exposure"),
    ],
)
def test_wrong_panels_are_refused(values: list[float], kinds: list[int], message: str) -> None:
    """Each fault is named."""
    with pytest.raises(ValueError, match=message):
        Panel(np.array(values), np.array(kinds))


def test_a_count_is_expected_by_its_exposure() -> None:
    """Ten a day, thirty where three times as much is expected: the level stays, windows expect what the days bring."""
    exposure = np.where(np.arange(200) % 50 >= 40, 3.0, 1.0)[None]
    values = np.random.default_rng(3).poisson(10.0 * exposure).astype(np.float64)
    fitted = fit(Panel(values, np.array([Kind.COUNT]), exposure), Design.weekly(200))
    assert np.exp(fitted.models[0].states.level[0, 200]) == pytest.approx(10.0, rel=0.1)
    window = fitted.window(199, 10)
    assert window.expected[0, 0] == pytest.approx(300.0, rel=0.1)
    assert window.low[0, 0] < window.actual[0, 0] < window.high[0, 0]
    missing = np.where(exposure > 1, exposure, np.nan)
    same = fit(Panel(values, np.array([Kind.COUNT]), missing), Design.weekly(200))
    np.testing.assert_allclose(same.models[0].states.level, fitted.models[0].states.level)


@pytest.mark.parametrize("exposure", [0.0, -1.0, np.inf])
def test_an_exposure_that_is_no_factor_is_refused(exposure: float) -> None:
    """Nothing, less than nothing and everything are no number of times."""
    with pytest.raises(ValueError, match="exposure"):
        Panel(np.ones((1, 3)), np.array([Kind.COUNT]), np.full((1, 3), exposure))


def test_wrong_calendars_and_days_are_refused() -> None:
    """A calendar of other days, a label too few, a day outside."""
    panel = series_of([1.0] * 30, Kind.COUNT)
    with pytest.raises(ValueError, match="same"):
        fit(panel, Design.weekly(31))
    with pytest.raises(ValueError, match="label"):
        Design(np.zeros((5, 2)), ("one",))
    with pytest.raises(ValueError, match="not finite"):
        Design(np.full((5, 1), np.nan), ("one",))
    fitted = fit(panel, Design.weekly(30))
    with pytest.raises(ValueError, match="day of the panel"):
        fitted.windows(30)
    with pytest.raises(ValueError, match="day of the panel"):
        detect(fitted, -1)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10_000)), min_size=40, max_size=90),
    st.sampled_from([Kind.COUNT, Kind.AMOUNT, Kind.LEVEL]),
)
def test_any_series_gives_ordered_finite_limits(days: list[int | None], kind: Kind) -> None:
    """Whatever the numbers, limits are finite and in order, and p-values lie between 0 and 1."""
    values = np.array([np.nan if day is None else float(day) for day in days])
    fitted = fit(series_of(values, kind), Design.weekly(len(values)))
    windows = fitted.windows(len(values) - 1)
    if windows.reason[0] == Reason.ENOUGH:
        assert np.isfinite(windows.low).all()
        assert np.all(windows.low <= windows.high)
        p = detect(fitted, len(values) - 1).p_value
        assert np.all((np.isnan(p)) | ((p >= 0) & (p <= 1)))
