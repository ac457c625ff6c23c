"""Regret of budgets over five channels whose conversion rates are stable or drift.

python benchmarks/exploration.py [--runs N]
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.exploration import learn, shares

PERIODS, TRIES, PLACES = 60, 2000, 5
Floats = NDArray[np.float64]


def rates(random: np.random.Generator, *, drifts: bool) -> Floats:
    """Return float[T, A], true rates: 2 to 6 %, and steps of 5 % a day in the logarithm where they drift."""
    first = random.uniform(0.02, 0.06, PLACES)
    if not drifts:
        return np.tile(first, (PERIODS, 1))
    walk = random.normal(0, 0.05, (PERIODS, PLACES)).cumsum(axis=0)
    return np.clip(first * np.exp(walk), 0.002, 0.3)


def regret(seed: int, policy: str, *, drifts: bool) -> float:
    """Return what a policy loses of the best possible conversions."""
    random = np.random.default_rng(seed)
    true = rates(random, drifts=drifts)
    wins, tries = np.zeros((PERIODS, PLACES)), np.zeros((PERIODS, PLACES))
    for day in range(PERIODS):
        if policy == "uniform" or not day:
            share = np.full(PLACES, 1 / PLACES)
        else:
            speeds = (1.0,) if policy == "plain" else (0.95,) if policy == "discounted" else None
            known = learn(wins[:day], tries[:day], **({} if speeds is None else {"speeds": speeds}))
            floor = 0.02 if policy == "discounted" else 0.005 if policy == "floor" else 0.0
            share = shares(known, random, floor=floor, draws=1000).share
        tries[day] = random.multinomial(TRIES, share)
        wins[day] = random.binomial(tries[day].astype(int), true[day])
    return 1 - float((tries * true).sum() / (true.max(axis=1).sum() * TRIES))


def main() -> None:
    """Print the mean regret of each policy, in per cent, with its standard error."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--runs", type=int, default=60)
    runs = asked.parse_args().runs
    for drifts in (False, True):
        for policy in ("duoshou", "floor", "plain", "discounted", "uniform"):
            lost = 100 * np.array([regret(seed, policy, drifts=drifts) for seed in range(runs)])
            kind = "drifting" if drifts else "stable"
            print(f"{kind:9} {policy:11} {lost.mean():5.2f} ± {lost.std() / runs**0.5:.2f}", flush=True)


if __name__ == "__main__":
    main()
