"""Published methods that `localisation.py` runs beside the product, written from their papers and vectorised."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.localisation.cube import DenseCube

RISK, POWER, REMOVED = 0.5, 0.02, 5  # RiskLoc's defaults
LEAST_POWER, ENOUGH_POWER = 0.1, 0.67  # Adtributor's defaults


def riskloc(codes, sizes, actual, expected):
    """RiskLoc (Kalander, 2022): leaves beyond a cut point weigh for a cell, the others against it; layer by layer.

    The ripple term compares squared deviations before and after all leaves of a cell are scaled alike, because
    squares add up over leaves.
    """
    total = actual + expected
    x = np.divide(2 * (expected - actual), total, out=np.zeros_like(total), where=total > 0)
    inner = np.sort(x)[REMOVED:-REMOVED] if x.size > 2 * REMOVED else np.sort(x)
    # The cut is the smaller of the two extremes, seen in the mirror.
    if abs(inner[0]) <= abs(inner[-1]):
        cut, beyond = -inner[0], x > -inner[0]
    else:
        cut, beyond = -inner[-1], x < -inner[-1]
    inside = np.where(beyond, np.minimum(np.abs(x), 1), 0.0)
    outside = np.where(beyond, 0.0, np.minimum(np.abs(x - cut), 1)) * (total > 0)
    change = expected - actual
    sums = np.stack(
        [inside, outside, np.where(beyond, change, 0.0), actual, expected, actual**2, expected**2, actual * expected]
    )
    cube = DenseCube(codes, sizes, sums, len(sizes))
    layer = np.bitwise_count(cube.cuboids)
    whole = abs(sums[2].sum())
    found = []
    while whole > 0 and len(found) < 20:
        high, low, power, v, f, vv, ff, vf = cube.sums
        ratio = np.divide(v, f, out=np.ones_like(v), where=f > 0)
        before = np.maximum(vv - 2 * vf + ff, 1e-12)
        ripple = np.clip((vv - 2 * ratio * vf + ratio**2 * ff) / before, 0, 1)
        risk = high / (high + low + 1) - ripple
        able = (risk >= RISK) & (np.abs(power) / whole >= POWER) & (layer > 0)
        if not able.any():
            break
        first = able & (layer == layer[able].min())
        cell = int(np.argmax(np.where(first, risk, -np.inf)))
        found.append(cube.values(cell))
        cube.remove(cell)
    return found


def adtributor(codes, sizes, actual, expected):
    """Adtributor (Bhagwan et al., 2014): the most surprising values of the most surprising attribute."""
    v_all, f_all = actual.sum(), expected.sum()
    best, most = [], -1.0
    for axis, (code, size) in enumerate(zip(codes, sizes, strict=True)):
        v, f = np.bincount(code, actual, minlength=size), np.bincount(code, expected, minlength=size)
        power = (v - f) / (v_all - f_all) if v_all != f_all else np.zeros(size)
        p, q = f / max(f_all, 1e-12), v / max(v_all, 1e-12)
        middle = np.maximum(p + q, 1e-300)
        surprise = 0.5 * (_xlogy(p, 2 * p / middle) + _xlogy(q, 2 * q / middle))
        chosen, explained, sum_surprise = [], 0.0, 0.0
        for value in np.argsort(-surprise):
            if power[value] > LEAST_POWER:
                chosen.append(value)
                explained += power[value]
                sum_surprise += surprise[value]
            if explained > ENOUGH_POWER:
                break
        if explained > ENOUGH_POWER and sum_surprise > most:
            most, best = sum_surprise, [_only(axis, int(value), len(sizes)) for value in chosen]
    return best


def _only(axis, value, axes):
    return tuple(value if place == axis else -1 for place in range(axes))


def _xlogy(a, b):
    return np.where(a > 0, a * np.log(np.maximum(b, 1e-300)), 0.0)
