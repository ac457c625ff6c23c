"""Price elasticities of simulated shops: coverage of 95 % intervals, and error against products on their own.

    python -m benchmarks.elasticity [--shops N]

`raw` is the least squares line of log(units + 1) on log price with weekdays and a trend, each product on its own.
"""

from __future__ import annotations

import argparse

import numpy as np
from benchmarks.elasticity_cases import KINDS, Case, case

from duoshou.statistics.elasticity import day_controls, draw_together, price_response


def measure(one: Case) -> list[tuple[float, ...]]:
    """Return truth, pooled and own estimates with ends, and the raw line, for each product that can be told."""
    rows = len(one.elasticity)
    own = [price_response(one.units[row], one.price[row], one.controls(row)) for row in range(rows)]
    told: list[tuple[float, ...]] = []
    for group in np.unique(one.category):
        members = np.flatnonzero(one.category == group)
        estimates, errors, degrees = np.array([[own[i].elasticity, own[i].error, own[i].degrees] for i in members]).T
        drawn = draw_together(estimates, errors, degrees)
        told += [
            (one.elasticity[i], drawn.mean[k], drawn.low[k], drawn.high[k], own[i].elasticity, own[i].low, own[i].high,
             raw(one, int(i)))
            for k, i in enumerate(members) if own[i].is_told
        ]  # fmt: skip
    return told


def raw(one: Case, row: int) -> float:
    """Return the slope of log(units + 1) on log price, weekdays and trend."""
    days = one.units.shape[1]
    design = np.column_stack([np.log(one.price[row]), np.ones(days), day_controls(days)])
    return float(np.linalg.lstsq(design, np.log(one.units[row] + 1), rcond=None)[0][0])


def main() -> None:
    """Print a line for each kind of shop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=20)
    shops = parser.parse_args().shops
    print(f"{'kind':14}{'told':>6}{'cover':>8}{'own cov':>9}{'bias':>8}{'RMSE':>8}{'own':>8}{'raw':>8}")
    for kind in KINDS:
        cases = [case(kind, seed) for seed in range(shops)]
        found = np.array([row for one in cases for row in measure(one)])
        truth, mean, low, high, alone, alone_low, alone_high, line = found.T
        part = len(found) / sum(len(one.elasticity) for one in cases)
        covered = ((low <= truth) & (truth <= high)).mean()
        own_covered = ((alone_low <= truth) & (truth <= alone_high)).mean()
        errors = [float(np.sqrt(np.mean((guess - truth) ** 2))) for guess in (mean, alone, line)]
        print(
            f"{kind:14}{part:6.0%}{covered:8.1%}{own_covered:9.1%}{np.mean(mean - truth):8.2f}"
            + "".join(f"{one:8.3f}" for one in errors)
        )


if __name__ == "__main__":
    main()
