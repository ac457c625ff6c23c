"""The likelihood that a customer left unseen between the last purchase and the end of the observation, and its slope.

Whoever bought x more times, the last at t, and left at u in (t, T) has a likelihood proportional to

    s · ∫ (α + u)^−(r + x) · (β + u)^−(s + 1) du  from t to T,

what the hypergeometric functions of the Pareto/NBD model stand for. Their series converge slowly where α and β lie far
apart; the integral is smooth in y = log(c + u), c the smaller of both, and its nearest singularity has the distance π.
Gauss-Legendre nodes in y reach the precision of the numbers, and the same nodes give the slope.

Source: P. Fader, B. Hardie, A Note on Deriving the Pareto/NBD Model (2005), before equation (15).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NODES, WEIGHTS = (np.asarray(one, dtype=np.float64) for one in np.polynomial.legendre.leggauss(40))
NEGLIGIBLE = 45.0
"""The integral ends where the integrand has fallen by e^−45."""
MOST_STEPS = 60
AT_ONCE = 20_000


def left_unseen(parameters: Floats, x: Floats, t: Floats, end: Floats) -> tuple[Floats, Floats]:
    """Return the logarithm of the likelihood of having left, and its slope by r, α, s and β.

    Args:
        parameters: (r, α, s, β).
        x: float[N], purchases after the first.
        t: float[N], time of the last.
        end: float[N], end of the observation, at least `t`; where both are the same nobody left, and it is −∞.

    Returns:
        float[N] and float[4, N].
    """
    value, slope = np.empty(x.size), np.empty((4, x.size))
    for first in range(0, x.size, AT_ONCE):
        part = slice(first, first + AT_ONCE)
        value[part], slope[:, part] = _left_unseen(parameters, x[part], t[part], end[part])
    return value, slope


def _left_unseen(parameters: Floats, x: Floats, t: Floats, end: Floats) -> tuple[Floats, Floats]:
    r, alpha, s, beta = parameters
    near, far = min(alpha, beta), max(alpha, beta)
    steep, slow = (r + x, np.full(x.shape, s + 1)) if alpha <= beta else (np.full(x.shape, s + 1), r + x)
    ratio = (near + t) / (far + t)
    last = _until(steep - 1, slow, ratio, np.log1p((end - t) / (near + t)))
    y = last[:, None] * (NODES + 1) / 2
    grown = np.expm1(y)
    since_far = np.log1p(ratio[:, None] * grown)
    fallen = np.exp(-(steep - 1)[:, None] * y - slow[:, None] * since_far) * WEIGHTS
    whole = fallen.sum(axis=1)
    with np.errstate(divide="ignore"):
        value = np.log(s) + (1 - steep) * np.log(near + t) - slow * np.log(far + t) + np.log(whole * last / 2)
    share = fallen / whole[:, None]
    log_near, log_far = np.log(near + t)[:, None] + y, np.log(far + t)[:, None] + since_far
    mean = {
        "near": ((share * log_near).sum(axis=1), (share * np.exp(-log_near)).sum(axis=1)),
        "far": ((share * log_far).sum(axis=1), (share * np.exp(-log_far)).sum(axis=1)),
    }
    of_alpha, of_beta = (mean["near"], mean["far"]) if alpha <= beta else (mean["far"], mean["near"])
    slope = np.stack([-of_alpha[0], -(r + x) * of_alpha[1], 1 / s - of_beta[0], -(s + 1) * of_beta[1]])
    return value, slope


def _until(steep: Floats, slow: Floats, ratio: Floats, last: Floats) -> Floats:
    """Return where the integrand has become negligible, or `last`.

    It falls by steep · y + slow · log(1 + ratio · (e^y − 1)), which is convex: Newton's steps from above stay there,
    and come down by about one each where it falls like e^−e^y.
    """
    rate = steep + slow * ratio
    until = np.where(rate * last > NEGLIGIBLE, NEGLIGIBLE / np.where(rate > 0, rate, 1.0), last)
    for _ in range(MOST_STEPS):
        growth = np.exp(until)
        fallen = steep * until + slow * np.log1p(ratio * (growth - 1)) - NEGLIGIBLE
        if not (fallen > 1).any():
            break
        by_y = steep + slow * ratio * growth / (1 + ratio * (growth - 1))
        until = np.where(fallen > 0, until - fallen / np.where(fallen > 0, by_y, 1.0), until)
    return until
