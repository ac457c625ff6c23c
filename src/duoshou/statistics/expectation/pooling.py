"""Partial pooling: what similar series and similar days say about an effect that a series can hardly tell by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray

LEAST_POOL = 3
"""A pool of fewer series has no variance between series to speak of."""

_NARROWEST, _WIDEST = 1e-5, 4.0
_NARROWEST_BETWEEN = 0.0025


@dataclass(slots=True)
class Prior:
    """Normal priors of the effects.

    Attributes:
        pool: int[S], the pool of each series.
        members: int[P], number of series of each pool.
        mean: float[P, Q], mean effect of a pool.
        mean_variance: float[P, Q], how well that mean is known.
        within: float[G], variance of an effect between the series of a pool, for each group of columns.
        between: float[G], variance between the effects of one group (between the phases of one sort).
        centre: float[G], mean of the effects of a group.
    """

    pool: IntArray
    members: IntArray
    mean: FloatArray
    mean_variance: FloatArray
    within: FloatArray
    between: FloatArray
    centre: FloatArray

    def moments(self, groups: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return prior mean and variance of each effect of each series, both float[S, Q]."""
        variance = np.where(
            (self.members >= LEAST_POOL)[:, None],
            self.within[groups] + self.mean_variance,
            self.between[groups],
        )
        mean = np.where((self.members >= LEAST_POOL)[:, None], self.mean, self.centre[groups])
        return mean[self.pool], variance[self.pool]


def first_prior(parent: IntArray, groups: IntArray, group_count: int) -> Prior:
    """Return the prior before any data: no effect, give or take a third."""
    pool, members = pools_of(parent)
    shape = (len(members), len(groups))
    variance = np.full(group_count, 0.1)
    return Prior(
        pool, members, np.zeros(shape), np.full(shape, 0.1), variance.copy(), variance.copy(), np.zeros(group_count)
    )


def pools_of(parent: IntArray) -> tuple[IntArray, IntArray]:
    """Return the pool of each series and the sizes: series of one parent pool together, those without one too."""
    values, pool = np.unique(parent, return_inverse=True)
    return pool.reshape(-1).astype(np.int64), np.bincount(pool.reshape(-1), minlength=len(values)).astype(np.int64)


def update(
    prior: Prior,
    effects: FloatArray,
    variances: FloatArray,
    groups: IntArray,
    centred: tuple[bool, ...],
    seen: BoolArray,
) -> None:
    """Set the prior from the posterior effects: empirical Bayes by the fixed point of MacKay (1992).

    With posterior mean β, posterior variance v and prior variance τ² the data carry the share r = 1 − v/τ² of an
    effect; τ² = Σ(β − μ)² / Σr and μ ← μ + Σ(β − μ)/Σr.

    Args:
        prior: Changed in place.
        effects: float[S, Q], posterior means.
        variances: float[S, Q], posterior.
        groups: int[Q].
        centred: Per group.
        seen: bool[S, Q], the series knows days of the column.
    """
    mean, variance = prior.moments(groups)
    share = np.where(seen, np.clip(1.0 - variances / variance, 0.0, 1.0), 0.0)
    away = np.where(seen, effects - mean, 0.0)
    alone = (prior.members < LEAST_POOL)[prior.pool]
    _update_within(prior, away[~alone], share[~alone], groups)
    _update_means(prior, away, share, groups)
    _update_between(prior, (effects[alone], share[alone]), groups, np.array(centred))


def _update_within(prior: Prior, away: FloatArray, share: FloatArray, groups: IntArray) -> None:
    square, weight = (_by_group(one, groups, len(prior.within)) for one in ((away**2).sum(axis=0), share.sum(axis=0)))
    told = weight > 0
    prior.within[told] = np.clip(square[told] / weight[told], _NARROWEST, _WIDEST)


def _by_group(columns: FloatArray, groups: IntArray, count: int) -> FloatArray:
    """Return the sums of the columns of each group, float[G]."""
    return np.asarray(np.bincount(groups, weights=columns, minlength=count), dtype=np.float64)


def _update_means(prior: Prior, away: FloatArray, share: FloatArray, groups: IntArray) -> None:
    pools = len(prior.members)
    total, weight = np.zeros((pools, len(groups))), np.zeros((pools, len(groups)))
    np.add.at(total, prior.pool, away)
    np.add.at(weight, prior.pool, share)
    within, between, centre = prior.within[groups], prior.between[groups], prior.centre[groups]
    precision = weight / within + 1.0 / between
    prior.mean = prior.mean + (total / within + (centre - prior.mean) / between) / precision
    prior.mean_variance = 1.0 / precision


def _update_between(prior: Prior, alone: tuple[FloatArray, FloatArray], groups: IntArray, centred: BoolArray) -> None:
    """Set centre and spread of each group from the means of the pools, and effects and shares of series without one."""
    large, count = prior.members >= LEAST_POOL, len(prior.within)
    values = np.concatenate([prior.mean[large], alone[0]])
    known = 1.0 - prior.mean_variance[large] / prior.between[groups]
    weights = np.concatenate([np.clip(known, 0.0, 1.0), alone[1]])
    total = _by_group(weights.sum(axis=0), groups, count)
    told = total > 0
    held = np.where(told, total, 1.0)
    middle = np.where(centred, 0.0, _by_group((weights * values).sum(axis=0), groups, count) / held)
    prior.centre[told] = middle[told]
    away = ((values - prior.centre[groups]) ** 2 * (weights > 0)).sum(axis=0)
    spread = _by_group(away, groups, count) / held
    prior.between[told] = np.clip(spread[told], _NARROWEST_BETWEEN, _WIDEST)
