"""Price elasticities of simulated shops: coverage of 95 % intervals, error against products on their own, and advice.

    python -m benchmarks.elasticity [--shops N]

Of the changes of price that are advised: their part, how many earn less in truth, the gain expected and the true one.
`raw` is the least squares line of log(units + 1) on log price with weekdays and a trend, each product on its own.
"""

from __future__ import annotations

import argparse

import numpy as np
from benchmarks.elasticity_cases import KINDS, Case, case

from duoshou.statistics.elasticity import (
    best_price,
    day_controls,
    draw_together,
    price_response,
    shared_correlation,
)
from duoshou.statistics.sparse_rates import told_apart


def measure(one: Case) -> list[tuple[float, ...]]:
    """Return truth, pooled and own estimates with ends, and the raw line, for each product that can be told."""
    rows = len(one.elasticity)
    own = [price_response(one.units[row], one.price[row], one.controls(row)) for row in range(rows)]
    told: list[tuple[float, ...]] = []
    for group in np.unique(one.category):
        members = np.flatnonzero(one.category == group)
        estimates, errors, degrees = np.array([[own[i].elasticity, own[i].error, own[i].degrees] for i in members]).T
        shared = shared_correlation([own[i].parts for i in members if own[i].is_told])
        drawn = draw_together(estimates, errors, degrees, correlation=shared)
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


def decided(one: Case, seed: int) -> list[tuple[bool, float, float]]:
    """Return of each product whether another price is advised, the gain expected and the true one, in parts of today's.

    A piece costs between a quarter and seven tenths of the price; prices up to a tenth away are open.
    """
    rng = np.random.default_rng(seed)
    found = []
    for truth, mean, low, high, *_ in measure(one):
        cost = float(rng.uniform(0.25, 0.7))
        choice = best_price(mean, (high - low) / 3.92, price=1, units=1, kept=1, cost=cost, low=0.9, high=1.1)
        true = choice.price**truth * (choice.price - cost) / (1 - cost) - 1
        found.append((1 - choice.probability if choice.gain > 0 else np.nan, choice.gain / (1 - cost), true))
    sure = told_apart(np.array([row[0] for row in found]), 0.05)
    return [(bool(is_sure), row[1], row[2]) for is_sure, row in zip(sure, found, strict=True)]


def main() -> None:
    """Print a line for each kind of shop."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=20)
    shops = parser.parse_args().shops
    names = ("told", "cover", "own cov", "bias", "RMSE", "own", "raw", "advised", "wrong", "gain", "true")
    widths = (6, 8, 9, 8, 8, 8, 8, 9, 7, 7, 7)
    print(f"{'kind':14}" + "".join(name.rjust(width) for name, width in zip(names, widths, strict=True)))
    for kind in KINDS:
        cases = [case(kind, seed) for seed in range(shops)]
        found = np.array([row for one in cases for row in measure(one)])
        told = [row for seed, one in enumerate(cases) for row in decided(one, seed)]
        advised = np.array([row for row in told if row[0]], dtype=np.float64).reshape(-1, 3)
        truth, mean, low, high, alone, alone_low, alone_high, line = found.T
        part = len(found) / sum(len(one.elasticity) for one in cases)
        covered = ((low <= truth) & (truth <= high)).mean()
        own_covered = ((alone_low <= truth) & (truth <= alone_high)).mean()
        errors = [float(np.sqrt(np.mean((guess - truth) ** 2))) for guess in (mean, alone, line)]
        print(
            f"{kind:14}{part:6.0%}{covered:8.1%}{own_covered:9.1%}{np.mean(mean - truth):8.2f}"
            + "".join(f"{one:8.3f}" for one in errors)
            + f"{len(advised) / len(found):9.0%}{np.mean(advised[:, 2] < 0):7.1%}"
            + "".join(f"{one:7.1%}" for one in advised[:, 1:].mean(axis=0))
        )


if __name__ == "__main__":
    main()
