"""The level of each series, followed day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.expectation.learning import PATIENCE, Day, learn, log_density
from duoshou.statistics.expectation.links import Block, Noise
from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray, Kind

DAMPING = 0.98
"""A trend keeps this share of itself from day to day, so that it does not run off (Gardner and McKenzie, 1985)."""

START_DAYS = 14

_TOGETHER = 256
"""Series whose walks are tried at once: few enough for the processor's cache."""

_WIDEST = 1.0
_START_VARIANCE = 0.25
_START_TREND = 0.005
_TINY = 1e-12
_LEAST_MEAN = 0.01


@dataclass(frozen=True, slots=True)
class Walk:
    """How fast a level moves.

    Attributes:
        level: Variance of the level's daily step.
        trend: Variance of the daily step of the trend; 0 for a level without trend.
    """

    level: FloatArray
    trend: FloatArray


@dataclass(frozen=True, slots=True)
class Season:
    """What the calendar makes of each day, on the link scale.

    Attributes:
        effects: float[S, T], the expected effect.
        doubt: float[S, T], its variance, that of a phase of n days counted n times: a day whose effect is hardly known
            teaches little of the level.
        plain: bool[T], days without a calendar phase. Only they tell how fast a level moves: where a phase was
            fitted, its effect has taken up part of the movement.
    """

    effects: FloatArray
    doubt: FloatArray
    plain: BoolArray


@dataclass(frozen=True, slots=True)
class States:
    """The level of day t as it is expected from the days before t: all float[S, T + 1] on the link scale.

    Attributes:
        level, trend: Means.
        level_variance, covariance, trend_variance: Uncertainty.
    """

    level: FloatArray
    trend: FloatArray
    level_variance: FloatArray
    covariance: FloatArray
    trend_variance: FloatArray


STEPS = (0.003, 0.01, 0.025, 0.06, 0.15)
"""Daily standard deviations of the level that a series chooses from: on a logarithm 0.01 is one per cent a day."""

TRENDS = (0.0005, 0.002)
"""Daily standard deviations of the trend; a LEVEL series, in units of its own scatter, takes five times as much."""


def follow(block: Block, season: Season, noise: Noise, until: int) -> tuple[Walk, States]:
    """Return for each series the walk that forecast its days best, one day ahead, up to day `until`, and its states.

    The step first, without trend, then the trend with that step or a smaller one. How often a choice is best for
    all series is the prior of each.
    """
    series = len(block.rows)
    steps = np.array(STEPS) ** 2
    scores, paths = _tried(block, season, noise, [_walk(series, step, 0.0) for step in steps], until)
    first = _likeliest(scores)
    level, reached = steps[first], scores[first, np.arange(series)]
    smaller = steps[np.maximum(first - 1, 0)]
    trends = (np.array(TRENDS) * (5.0 if block.kind == Kind.LEVEL else 1.0)) ** 2
    scores, bent = _tried(block, season, noise, [_walk(series, smaller, trend) for trend in trends], until)
    best = _likeliest(np.concatenate([reached[None], scores]))
    walk = Walk(np.where(best > 0, smaller, level), np.concatenate([[0.0], trends])[best])
    if paths is None or bent is None:
        return walk, run(block, season, noise, walk)[0]
    chosen = np.where(best > 0, len(steps) - 1 + best, first)
    return walk, _states(np.concatenate([paths, bent], axis=2)[:, :, chosen, np.arange(series)])


def _tried(
    block: Block, season: Season, noise: Noise, walks: Sequence[Walk], until: int
) -> tuple[FloatArray, FloatArray | None]:
    """Return the log score of each series by each walk, and the paths float[5, T + 1, walks, S] where they are few.

    All walks of some series go through the days together.
    """
    series = len(block.rows)
    found, paths = np.zeros((len(walks), series)), None
    for start in range(0, series, _TOGETHER):
        part = np.arange(start, min(start + _TOGETHER, series))
        rows = np.tile(part, len(walks))
        walk = Walk(*(np.concatenate([getattr(one, name)[part] for one in walks]) for name in ("level", "trend")))
        paths, scores = _walked(
            block.take(rows, slice(None)),
            Season(season.effects[rows], season.doubt[rows], season.plain),
            Noise(noise.unit[rows], noise.extra[rows], noise.autocorrelation[rows]),
            walk,
            until,
            kept=series <= _TOGETHER,
        )
        found[:, part] = scores.reshape(len(walks), -1)
    return found, None if paths is None else paths.reshape(*paths.shape[:2], len(walks), -1)


def _walk(series: int, level: FloatArray | float, trend: float) -> Walk:
    return Walk(np.broadcast_to(level, series).astype(np.float64), np.full(series, trend))


def _likeliest(scores: FloatArray) -> IntArray:
    weight = scores - scores.max(axis=0)
    share = np.exp(weight - np.log(np.exp(weight).sum(axis=0)))
    popular = np.log((share.sum(axis=1) + 1.0) / (share.sum() + len(scores)))
    return np.asarray(np.argmax(weight + popular[:, None], axis=0), dtype=np.int64)


def run(block: Block, season: Season, noise: Noise, walk: Walk) -> tuple[States, FloatArray]:
    """Return the states of all days and the log score of each series over the plain days.

    A damped local linear trend. A day updates the level by conjugacy: gamma for counts and amounts, beta for rates,
    with the trials that its scatter makes worth (West, Harrison and Migon, 1985, linear Bayes); a day further than
    three standard deviations off counts as three, until seven such days in a row on one side start the level anew.

    Args:
        block: S series, T days.
        season: Effects of the calendar.
        noise: Scatter of a day.
        walk: Speed of the level.
    """
    days = block.values.shape[1]
    path, log_score = _walked(block, season, noise, walk, days, kept=True)
    assert path is not None
    return _states(path), log_score


def _states(path: FloatArray) -> States:
    return States(*(np.ascontiguousarray(part.T) for part in path))


def _walked(
    block: Block, season: Season, noise: Noise, walk: Walk, until: int, *, kept: bool
) -> tuple[FloatArray | None, FloatArray]:
    """Return the states of all days, float[5, T + 1, S], if they are kept, and the score of the days before `until`."""
    series, days = block.values.shape
    last = days if kept else until
    streak, judged = np.zeros(series), list[tuple[FloatArray, FloatArray, BoolArray]]()
    level, started = _start(block, season.effects)
    p = np.full(series, _START_VARIANCE)
    trend, c, r = np.zeros(series), np.zeros(series), np.where(walk.trend > 0, _START_TREND**2, 0.0)
    bent, store = bool(walk.trend.any()), np.zeros((5, days + 1, series)) if kept else None
    floor = -np.inf if block.kind == Kind.LEVEL else _floor(block, noise)
    widest = 1e6 if block.kind == Kind.LEVEL else _WIDEST
    columns = (np.ascontiguousarray(part[:, :last].T) for part in (block.values, block.trials, block.known))
    offsets, doubts = (np.ascontiguousarray(part[:, :last].T) for part in (season.effects, season.doubt))
    begun = np.arange(last)[:, None] >= started
    speeds = zip(*(np.where(begun, one, 0.0) for one in (walk.level, walk.trend)), strict=True)
    for number, (moved, parts) in enumerate(zip(speeds, zip(*columns, offsets, doubts, strict=True), strict=True)):
        day = Day(*parts)
        if store is not None:
            store[0, number], store[2, number] = level, p
            if bent:
                store[1, number], store[3, number], store[4, number] = trend, c, r
        anew = np.abs(streak) >= PATIENCE
        if np.count_nonzero(anew):
            p = np.where(anew, np.maximum(p, _START_VARIANCE), p)
        lesson = learn(block.kind, day, noise, level, p, streak)
        streak = lesson.streak
        if START_DAYS <= number < until and season.plain[number]:
            judged.append((lesson.residual, lesson.total, day.known))
        # to the next day; a series that did not start yet stands still
        if not bent:
            level, p = np.maximum(level + lesson.step, floor), np.minimum(lesson.left + moved[0], widest)
            continue
        share = c / p
        trend, r = trend + share * lesson.step, r - share**2 * (p - lesson.left)
        level, c = np.maximum(level + lesson.step + trend, floor), share * lesson.left
        trend, p = DAMPING * trend, np.minimum(lesson.left + 2 * c + r + moved[0], widest)
        c, r = DAMPING * (c + r), DAMPING**2 * r + moved[1]
    if store is not None:
        store[:, last] = level, trend, p, c, r
    if not judged:
        return store, np.zeros(series)
    residual, total, known = (np.array(part) for part in zip(*judged, strict=True))
    return store, np.where(known, log_density(residual, total), 0.0).sum(axis=0)


def _start(block: Block, season: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the level of the first known days of each series, and the first of them."""
    order = np.cumsum(block.known, axis=1)
    early: BoolArray = block.known & (order <= START_DAYS)
    known_days = block.known.any(axis=1)
    started = np.where(known_days, np.argmax(block.known, axis=1), block.known.shape[1])
    if block.kind == Kind.LEVEL:
        total = np.where(early, block.values - season, 0.0).sum(axis=1)
        return total / np.maximum(early.sum(axis=1), 1), started
    hits = np.where(early, block.values, 0.0).sum(axis=1)
    if block.kind == Kind.RATE:
        rate = (hits + 0.5) / (np.where(early, block.trials, 0.0).sum(axis=1) + 1.0)
        weight = np.where(early, block.trials, 0.0)
        return np.log(rate / (1 - rate)) - (season * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1), started
    expected = np.where(early, block.trials * np.exp(np.clip(season, -20, 20)), 0.0).sum(axis=1)
    typical = hits / np.maximum(early.sum(axis=1), 1)
    return np.log(np.maximum((hits + 0.5 * typical) / np.maximum(expected + 0.5, 0.5), _TINY)), started


def _floor(block: Block, noise: Noise) -> FloatArray:
    """Return the level below which a series counts as dead, so that it can come back."""
    if block.kind == Kind.RATE:
        return np.full(len(block.rows), -9.0)
    return np.log(np.maximum(noise.unit * _LEAST_MEAN, _TINY))
