"""Returns of channels on cases of known truth: error, coverage, share of the possible gain, time.

    python benchmarks/response.py [--runs N] [--thorough] [--oracle]

The rival is `response_rivals.py`, on the same cases. With the public data in reach, the set of known truth follows.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

import numpy as np
from response_cases import Case, case
from scipy.optimize import nnls

from duoshou.statistics.response import (
    QUICK,
    THOROUGH,
    Effort,
    Response,
    ShapePrior,
    baseline,
    best_split,
    carry_over,
    fit_response,
    saturate,
)
from duoshou.statistics.response.baseline import without
from duoshou.statistics.response.fit import DEFAULT_SHAPE

SHARED = Path(os.environ.get("DUOSHOU_SHARED_DATA", Path(__file__).parents[2] / "shared" / "data"))
SLOPES = (1.0, 1.6)
NOISES = (0.01, 0.02, 0.05)
HALF_SPREAD = 0.42
"""Scale of Student's distribution of three degrees that is as wide in the middle as a normal one of .5, the cases'."""


def measure(
    one: Case, effort: Effort, seed: int, shapes: ShapePrior = DEFAULT_SHAPE
) -> tuple[float, float, float, float]:
    """Return error of the returns, coverage of their 90 % intervals, share of the possible gain, and CPU seconds."""
    base = baseline(len(one.outcome))
    started = time.process_time()
    found = fit_response(one.outcome, one.spend, base, shapes=shapes, effort=effort, seed=seed)
    spent = time.process_time() - started
    middle = np.median(found.returns, axis=0)
    low, high = np.quantile(found.returns, (0.05, 0.95), axis=0)
    error = float(np.mean(np.abs(middle / one.returns - 1)))
    covered = float(np.mean((low <= one.returns) & (one.returns <= high)))
    return error, covered, gained(one, found), spent


def gained(one: Case, found: Response) -> float:
    """Return the share of the possible gain: today's total split anew, no channel above twice its spend."""
    today = one.spend.mean(axis=0)
    bounds = {"low": np.zeros(len(today)), "high": 2 * today}
    split = best_split(found, today, value=1.0, budget=float(today.sum()), **bounds).spend
    known = Response(
        one.most[None, :], np.ones((1, len(today))), one.half[None, :], one.slope[None, :], one.decay[None, :], today,
        0.0, 0.0,
    )  # fmt: skip
    best = best_split(known, today, value=1.0, budget=float(today.sum()), **bounds).spend
    worth = [sum(float(one.at(c, np.array([s[c]]))[0]) for c in range(len(today))) for s in (today, split, best)]
    return (worth[1] - worth[0]) / max(worth[2] - worth[0], 1e-9)


def rounds(runs: int, effort: Effort, name: str) -> None:
    """Print a line for each slope and noise."""
    for slope in SLOPES:
        for noise in NOISES:
            found = np.array([measure(case(seed, slope, noise=noise), effort, seed) for seed in range(runs)])
            error, covered, gain, _ = found.mean(axis=0)
            print(
                f"{name:9} slope {slope} noise {noise:.2f} fits {runs:4} error {error:.3f} coverage {covered:.3f} "
                f"gain {gain:.2f} median {np.median(found[:, 3]):.2f} s",
                flush=True,
            )


def shapes_known(one: Case) -> float:
    """Return the error of one who knows carry-over and curve of every channel (least squares, no part below 0)."""
    base = baseline(len(one.outcome))
    felt = [carry_over(one.spend[:, c], one.decay[c : c + 1])[0] for c in range(one.spend.shape[1])]
    parts = np.array([saturate(level, one.half[c], one.slope[c]) for c, level in enumerate(felt)])
    sizes, _ = nnls(without(base, parts).T, without(base, one.outcome))
    found = sizes * parts.mean(axis=1) / one.spend.mean(axis=0)
    return float(np.mean(np.abs(found / one.returns - 1)))


def drawn_from(slope: float) -> ShapePrior:
    """Return about what the shapes of the cases are drawn from, which nobody knows: whoever does errs least."""
    return ShapePrior((2.0, 4.0), 1.0, HALF_SPREAD, float(slope != 1.0), (slope - 0.01, slope + 0.01))


def oracles(runs: int) -> None:
    """Print the error of those who know a part of the truth, for each slope and noise.

    One knows all shapes and only has to find the sizes: what the noise of sales alone leaves. The other knows the very
    distribution that the shapes are drawn from, the slope among them, and believes it beforehand: about the least error
    that any estimate from these figures can have.
    """
    for slope in SLOPES:
        for noise in NOISES:
            cases = [case(seed, slope, noise=noise) for seed in range(runs)]
            known = np.mean([shapes_known(one) for one in cases])
            prior = drawn_from(slope)
            error, covered = np.mean([measure(one, QUICK, seed, prior)[:2] for seed, one in enumerate(cases)], axis=0)
            print(
                f"slope {slope} noise {noise:.2f} cases {runs:4} error: shapes known {known:.3f}, their distribution "
                f"known {error:.3f} (coverage {covered:.3f})",
                flush=True,
            )


def of_days(runs: int) -> None:
    """Print how often 90 days tell whether a channel is above a break-even of 1, and how often wrongly."""
    told = wrong = number = 0
    covered = []
    for seed in range(runs):
        one = case(seed, periods=90, noise=0.1)
        found = fit_response(one.outcome, one.spend, baseline(90, days=1), shapes=ShapePrior((1.5, 1.5)), seed=seed)
        low, high = np.quantile(found.returns, (0.05, 0.95), axis=0)
        covered.append(np.mean((low <= one.returns) & (one.returns <= high)))
        above, below = low > 1, high < 1
        told += int((above | below).sum())
        wrong += int(((above & (one.returns < 1)) | (below & (one.returns > 1))).sum())
        number += len(one.returns)
    print(
        f"90 days: told {told / number:.2f}, wrong among told {wrong / max(told, 1):.3f}, "
        f"coverage {np.mean(covered):.3f}"
    )


def shared() -> None:
    """Print the returns of the public set whose truth is known, beside it."""
    file = SHARED / "mmm_pymc_marketing" / "mmm_roas_data.csv"
    if not file.exists():
        return
    import pandas as pd

    data = pd.read_csv(file)
    spend = data[["x1", "x2"]].to_numpy(float)
    truth = np.array([(data.y - data.y01).sum(), (data.y - data.y02).sum()]) / spend.sum(axis=0)
    base = baseline(len(data), days=7)
    found = fit_response(data.y.to_numpy(float), spend, base, effort=THOROUGH).returns
    for one in range(2):
        low, middle, high = np.quantile(found[:, one], (0.05, 0.5, 0.95))
        print(f"mmm_roas_data x{one + 1}: truth {truth[one]:.1f}, found {middle:.1f} [{low:.1f}, {high:.1f}]")


def main() -> None:
    """Print all."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--runs", type=int, default=60)
    asked.add_argument("--thorough", action="store_true")
    asked.add_argument("--oracle", action="store_true", help="only those who know a part of the truth")
    given = asked.parse_args()
    if given.oracle:
        oracles(given.runs)
        return
    rounds(given.runs, THOROUGH if given.thorough else QUICK, "thorough" if given.thorough else "quick")
    of_days(given.runs)
    shared()


if __name__ == "__main__":
    main()
