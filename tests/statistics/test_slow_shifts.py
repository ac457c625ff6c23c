"""Falls of rolling means: found when they are there, rarely when they are not."""

from __future__ import annotations

import math

import numpy as np
import pytest

from duoshou.statistics.slow_shifts import Floats, alarm_limit, find_falls, usual_increments

WINDOW = 180
GRADES = np.arange(1, 6)
USUAL = np.array([0.02, 0.01, 0.03, 0.08, 0.86])


def rolling_scores(
    seed: int,
    days: int,
    per_day: float,
    *,
    worse_from: int | None = None,
    until: int | None = None,
    points: float = 0.0,
) -> Floats:
    """Return the score of each day: the mean of the ratings of the last half year, some days of which lose `points`."""
    rng = np.random.default_rng(seed)
    chances = np.tile(USUAL, (days + WINDOW, 1))
    if worse_from is not None:
        part = slice(WINDOW + worse_from, None if until is None else WINDOW + until)
        chances[part, 0] += points / 4
        chances[part, 4] -= points / 4
    counts = rng.poisson(per_day, days + WINDOW)
    stars = rng.multinomial(counts, chances) @ GRADES
    held, summed = (np.concatenate([[0], np.cumsum(one)]) for one in (counts, stars))
    return np.asarray((summed[WINDOW:] - summed[:-WINDOW]) / (held[WINDOW:] - held[:-WINDOW]))[1:]


def falls(scores: Floats, step: float = 1e-5, first: int = 120) -> list[tuple[int, int, int | None]]:
    """Return start, day noticed and end of each fall."""
    increments = np.diff(np.round(scores / step) * step)
    found = find_falls(increments, np.ones(len(increments)), first=first, step=step)
    return [(one.start, one.detected, one.end) for one in found]


def test_the_limit_is_that_of_independent_noise() -> None:
    """On white noise with known spread the scan errs once in the stated interval, within its sampling error."""
    rng = np.random.default_rng(11)
    limit, length, interval = alarm_limit(300.0), 200, 300.0
    series = rng.normal(size=(1500, length))
    cumulated = np.concatenate([np.zeros((1500, 1)), np.cumsum(series, axis=1)], axis=1)
    quiet = np.ones(1500, dtype=bool)
    for end in range(60, length + 1):
        lengths = np.arange(3, 61)
        sums = cumulated[:, end, None] - cumulated[:, end - lengths]
        quiet &= ~np.any(-sums / np.sqrt(lengths) > limit, axis=1)
    expected = 1 - math.exp(-(length - 59) / interval)
    assert abs((1 - quiet.mean()) - expected) < 0.12


@pytest.mark.parametrize("per_day", [3, 40, 300])
def test_ordinary_wobble_raises_no_alarm(per_day: int) -> None:
    """Half-year means of unchanging ratings raise at most one false alarm in 1,500 days, in small shops and large."""
    found = sum(len(falls(rolling_scores(seed, 500, per_day))) for seed in range(12))
    assert found <= 12 * 380 / 1500


@pytest.mark.parametrize(("per_day", "points", "within"), [(40, 0.25, 21), (300, 0.1, 14)])
def test_a_lasting_fall_is_found_soon(per_day: int, points: float, within: int) -> None:
    """A lasting fall of the daily mean is noticed within weeks, its start placed within ten days."""
    hits = 0
    for seed in range(10):
        found = falls(rolling_scores(100 + seed, 460, per_day, worse_from=400, points=points))
        hits += any(399 <= detected < 400 + within and abs(start - 399) <= 10 for start, detected, _ in found)
    assert hits >= 9


def test_a_fall_ends_when_ratings_are_usual_again() -> None:
    """The end lies near the last bad day; the score need not have recovered."""
    ends = []
    for seed in range(8):
        found = falls(rolling_scores(200 + seed, 500, 300, worse_from=400, until=430, points=0.2))
        ends += [end for start, _, end in found if abs(start - 399) <= 10]
    assert len(ends) >= 7
    assert all(end is not None and abs(end - 429) <= 10 for end in ends)


def test_a_fall_keeps_its_start_from_day_to_day() -> None:
    """What is known on a day does not depend on what comes later."""
    scores = rolling_scores(7, 430, 300, worse_from=400, points=0.2)
    whole = falls(scores)
    assert whole
    start, detected, _ = whole[-1]
    for days in range(detected + 2, len(scores), 4):
        assert falls(scores[:days])[-1][:2] == (start, detected)


def test_series_without_a_judgement() -> None:
    """Too short, standing still or rounded to a tenth: nothing is found."""
    assert falls(rolling_scores(1, 30, 300, worse_from=20, points=1.0), first=0) == []
    assert find_falls(np.zeros(300), np.ones(300)) == []
    assert find_falls(np.zeros(0), np.ones(0)) == []
    assert falls(rolling_scores(1, 500, 300, worse_from=470, points=0.1), step=0.1) == []


@pytest.mark.parametrize(
    ("increments", "exposure"),
    [([math.nan, 1.0], [1.0, 1.0]), ([0.0, 1.0], [1.0, 0.0]), ([0.0], [1.0, 1.0]), ([0.0], [math.inf])],
)
def test_unsound_series_are_refused(increments: list[float], exposure: list[float]) -> None:
    """NaN, no exposure, or different lengths raise."""
    with pytest.raises(ValueError, match=r"increment|exposure"):
        find_falls(np.array(increments), np.array(exposure))
    with pytest.raises(ValueError, match="interval"):
        alarm_limit(1.0)


def test_serial_dependence_widens_the_usual() -> None:
    """The long-run variance of a first-order autoregression with ρ = 0.5 is three times its variance."""
    rng = np.random.default_rng(5)
    values = np.zeros(4000)
    noise = rng.normal(size=4000)
    for k in range(1, 4000):
        values[k] = 0.5 * values[k - 1] + noise[k]
    usual = usual_increments(values, np.ones(4000))
    assert usual is not None
    assert 2.2 < usual.inflation < 4.0
    assert usual.variance == pytest.approx(4 / 3, rel=0.1)
    independent = usual_increments(noise, np.ones(4000))
    assert independent is not None
    assert independent.inflation < 1.3
