"""Weekday and calendar effects of many series by one robust, partially pooled quasi-likelihood regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.expectation import dispersion
from duoshou.statistics.expectation.basis import WEEKDAY_GROUP, Basis
from duoshou.statistics.expectation.equations import Equations, Solution, variances_of
from duoshou.statistics.expectation.filtering import Season
from duoshou.statistics.expectation.links import Block, Noise, mean_of, slope_of, variance_parts
from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray, Kind
from duoshou.statistics.expectation.pooling import Prior, first_prior, update

ROUNDS = 9
CHUNK = 512

_HUBER = 2.0
_PLAIN_ROUNDS = 4
_LONGEST_STEP = 1.0
_TINY = 1e-12
_WALK_DAYS = 6.0
_LEAST_PLAIN = 1 / 3


@dataclass(frozen=True, slots=True)
class Effects:
    """What the calendar does to each series.

    Attributes:
        coefficients: float[S, Q] on the link scale.
        covariance: float[S, Q, Q], posterior.
        seen: bool[S, Q], whether the series knows days of the column.
        noise: Scatter about the regression.
        level: float[S, T], the fitted bent line on the link scale.
        walk: float[S], variance of the level's change from knot to knot.
    """

    coefficients: FloatArray
    covariance: FloatArray
    seen: BoolArray
    noise: Noise
    level: FloatArray
    walk: FloatArray


@dataclass(slots=True)
class _State:
    coefficients: FloatArray
    variances: FloatArray
    parameters: FloatArray
    walk: FloatArray
    noise: Noise
    eta: FloatArray
    mean: FloatArray


def fit_effects(block: Block, basis: Basis) -> Effects:
    """Return the effects of each series.

    Iteratively reweighted least squares on log (logit, identity) scale with Huber (1964) weights, which spare the
    skewness; normal priors on the effects by `pooling`, a random walk over the knots of the level; the variances of
    all priors by empirical Bayes.

    Args:
        block: S series, T days, only the days that may be learnt from.
        basis: Columns for the same T days.
    """
    columns = np.concatenate([basis.level, basis.effects], axis=1)
    knots, series = basis.level.shape[1], len(block.rows)
    seen = block.known.astype(np.float64) @ np.abs(basis.effects) > 0
    equations = Equations(columns, knots)
    prior = first_prior(block.parent, basis.groups, len(basis.centred))
    state = _start(block, basis)
    covariance = np.empty((series, basis.effects.shape[1], basis.effects.shape[1]))
    for step in range(ROUNDS):
        for start in range(0, series, CHUNK):
            rows = slice(start, start + CHUNK)
            solution = _solve(block, equations, prior, (state, rows, step, basis.groups))
            if step == ROUNDS - 1:
                covariance[rows] = equations.covariance(solution)
        state.walk = _walk(state, knots)
        update(prior, state.coefficients[:, knots:], state.variances[:, knots:], basis.groups, basis.centred, seen)
        state.eta = equations.times(state.coefficients)
        state.mean = mean_of(block.kind, state.eta, block.trials)
        state.noise = dispersion.estimate(block, state.mean, state.noise, state.parameters)
    correlation = dispersion.autocorrelation(block, state.mean, state.noise, state.parameters)
    noise = Noise(state.noise.unit, state.noise.extra, correlation)
    level = state.coefficients[:, :knots] @ basis.level.T
    return Effects(state.coefficients[:, knots:], covariance, seen, noise, level, state.walk)


def season_of(effects: Effects, basis: Basis) -> Season:
    """Return what the effects make of each day, and how well that is known.

    The days of one phase share the error of its effect: n of them teach of the level what one day with that variance
    teaches, 1/(D + V/n) with V the scatter of a day, so that each of them bears n times the variance D of the effect.

    A calendar that leaves fewer than a third of the days without a phase has no plain days: all count.
    """
    variances = variances_of(basis.effects, effects.covariance)
    phases = basis.effects[:, basis.groups != WEEKDAY_GROUP]
    plain = ~(phases != 0).any(axis=1)
    doubt = np.maximum(variances, 0.0) * np.where(plain, 1.0, _run_lengths(phases))
    if plain.mean() < _LEAST_PLAIN:
        plain = np.ones_like(plain)
    return Season(effects.coefficients @ basis.effects.T, doubt, plain)


def _run_lengths(phases: FloatArray) -> IntArray:
    """Return for each day how many days in a row, itself among them, are in the same phases of the calendar."""
    begins = np.concatenate([[True], (phases[1:] != phases[:-1]).any(axis=1)])
    run = np.cumsum(begins) - 1
    return np.asarray(np.bincount(run)[run], dtype=np.int64)


def _start(block: Block, basis: Basis) -> _State:
    """Return the level as local means, without effects, and Poisson (binomial) noise."""
    series, knots = len(block.rows), basis.level.shape[1]
    known = block.known.astype(np.float64)
    overall = block.values.sum(axis=1) / np.maximum((known * block.trials).sum(axis=1), 1.0)
    overall = np.maximum(overall, 0.5 / np.maximum(known.sum(axis=1), 1)) if block.kind != Kind.LEVEL else overall
    hits = block.values @ basis.level
    weight = (known * block.trials) @ basis.level
    weight_typical = np.maximum(weight.mean(axis=1, keepdims=True), _TINY)
    local = (hits + overall[:, None] * weight_typical * 0.2) / (weight + weight_typical * 0.2)
    if block.kind == Kind.RATE:
        local = np.clip(local, 1e-6, 1 - 1e-6)
        local = np.log(local / (1 - local))
    elif block.kind != Kind.LEVEL:
        local = np.log(np.maximum(local, _TINY))
    coefficients = np.zeros((series, knots + basis.effects.shape[1]))
    coefficients[:, :knots] = local
    unit = np.ones(series) if block.kind != Kind.AMOUNT else np.maximum(overall, _TINY)
    noise = Noise(unit, np.full(series, 0.05), np.zeros(series))
    eta = local @ basis.level.T
    mean = mean_of(block.kind, eta, block.trials)
    parameters = np.full(series, float(knots))
    return _State(coefficients, np.zeros_like(coefficients), parameters, np.full(series, 0.05), noise, eta, mean)


def _solve(block: Block, equations: Equations, prior: Prior, work: tuple[_State, slice, int, IntArray]) -> Solution:
    """Set the coefficients of some series to the next weighted ridge solution, and return that."""
    state, rows, step, groups = work
    weights, score = _weights(block.take(rows, slice(None)), state, rows, step)
    mean, variance = prior.moments(groups)
    solution = equations.solve(
        weights, weights * state.eta[rows] + score, (mean[rows], 1.0 / variance[rows]), state.walk[rows]
    )
    before = state.coefficients[rows]
    state.coefficients[rows] = before + np.clip(solution.coefficients - before, -_LONGEST_STEP, _LONGEST_STEP)
    state.variances[rows] = solution.variances
    state.parameters[rows] = solution.parameters
    return solution


def _weights(part: Block, state: _State, rows: slice, step: int) -> tuple[FloatArray, FloatArray]:
    """Return the weight of each day and its score, the derivative of the robust quasi-likelihood by η."""
    mean = np.maximum(state.mean[rows], _TINY) if part.kind != Kind.LEVEL else state.mean[rows]
    parts = variance_parts(part.kind, mean, part.trials, state.noise.unit[rows, None], state.noise.extra[rows, None])
    slope = slope_of(part.kind, mean, part.trials)
    residual = part.values - mean
    gain = np.where(part.known, slope / np.maximum(parts[0] + parts[1], _TINY), 0.0)
    if step < _PLAIN_ROUNDS:
        return gain * slope, gain * residual
    low, high = dispersion.limits(part.kind, mean, part.trials, parts, _HUBER)
    limit = np.where(residual < 0, low, high)
    huber = np.minimum(1.0, limit / np.maximum(np.abs(residual), _TINY))
    return gain * slope * huber, gain * residual * huber


def _walk(state: _State, knots: int) -> FloatArray:
    """Return the variance from knot to knot of each series, shrunk towards that of all."""
    change = np.diff(state.coefficients[:, :knots], axis=1) ** 2
    # the two ends' variances bound that of their difference; half of it keeps the fixed point from running away
    spread = (change + 0.5 * state.variances[:, 1:knots] * np.minimum(1.0, change / state.walk[:, None])).sum(axis=1)
    centre = float(np.median(spread / (knots - 1)))
    return np.asarray(np.clip((spread + centre * _WALK_DAYS) / (knots - 1 + _WALK_DAYS), 1e-4, 1.0))
