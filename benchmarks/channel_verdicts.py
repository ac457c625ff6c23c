"""How often channels are said to earn or to lose when they do not: spend that moves by itself, and that follows demand.

python benchmarks/channel_verdicts.py [--runs N] [--tested ERROR]

With `--tested` a test on record took half of today's spend away and gave it back; its standard error for a unit of
spend is ERROR times break-even.
"""

from __future__ import annotations

import argparse
from collections import Counter
from datetime import date, timedelta
from typing import Any

import numpy as np

from duoshou.analysts.channels.past import Daily, past
from duoshou.analysts.channels.question import ChannelQuestion, ChannelTest
from duoshou.analysts.channels.returns import judged
from duoshou.model import Period

VALUE = 0.4
DAYS = (120,)
FIRST = date(2025, 1, 6)
HALF = 3000.0
"""Spend at which half of all that the channel can bring is reached."""
KINDS = ("by itself", "follows, seen well", "follows, seen badly", "follows, unseen")


def shop(seed: int, kind: str, worth: float, days: int) -> Daily:
    """Return a shop with one channel whose marginal return is `worth` times break-even at today's spend."""
    random = np.random.default_rng(seed)
    walk = np.zeros(days)
    for day in range(1, days):
        walk[day] = 0.5 * walk[day - 1] + random.normal(0, 0.15)
    demand = np.exp(walk)
    moved = random.normal(0, 0.35, days) if kind == "by itself" else walk * 1.2 + random.normal(0, 0.15, days)
    spend = 1500 * np.exp(moved)
    most = _most(worth, float(spend[-28:].mean()))
    week = 1 + 0.1 * np.sin(2 * np.pi * np.arange(days) / 7)
    sales = 15_000 * demand * week + most * spend / (spend + HALF) + random.normal(0, 600, days)
    noise = {"follows, seen badly": 0.2, "follows, unseen": 0.0}.get(kind, 0.02)
    seen = 2000 * demand * np.exp(random.normal(0, noise, days))
    signs = np.zeros((days, 0)) if kind == "follows, unseen" else seen[:, None]
    rows = spend[:, None]
    return Daily(
        Period(FIRST, FIRST + timedelta(days=days - 1)),
        ("ads_search",),
        rows,
        rows / 2,
        rows / 50,
        rows * 3,
        sales,
        signs,
    )


def _most(worth: float, level: float) -> float:
    """Return all that a channel can bring of which the marginal return at a spend is `worth` times break-even."""
    return worth / VALUE / (HALF / (HALF + level) ** 2)


def tested(known: Daily, worth: float, error: float, seed: int) -> ChannelTest:
    """Return a test of half of today's spend, of which the standard error for a unit is `error` times break-even."""
    high = float(known.cost[-28:, 0].mean())
    low = high / 2
    most, scale = _most(worth, high), error / VALUE * (high - low)
    truth = most * (high / (high + HALF) - low / (low + HALF))
    return ChannelTest("ads_search", low, high, truth + np.random.default_rng([seed, 7]).normal(0, scale), scale)


def verdicts(kind: str, worth: float, days: int, runs: int, error: float | None = None) -> Counter[str]:
    """Return how often each verdict was given, with a test of an error or without one."""
    found: Counter[str] = Counter()
    for seed in range(runs):
        known = shop(seed, kind, worth, days)
        tests = () if error is None else (tested(known, worth, error, seed),)
        question: Any = ChannelQuestion(None, None, FIRST, FIRST, None, "CNY", tests=tests)  # type: ignore[arg-type]
        found[judged(question, known, past(known, None), VALUE).returns[0].verdict.value] += 1
    return found


def main() -> None:
    """Print a line for each kind, length and truth."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--runs", type=int, default=20)
    asked.add_argument("--tested", type=float, help="error of a test on record, as a part of break-even")
    given = asked.parse_args()
    runs = given.runs
    for kind in KINDS:
        for days in DAYS:
            for worth in (0.0, 0.5, 1.0, 2.0):
                found = verdicts(kind, worth, days, runs, given.tested)
                told = "  ".join(f"{one} {found[one] / runs:.2f}" for one in ("earns", "loses", "cannot_tell"))
                print(f"{kind:20} {days:4} days, {worth:.1f} of break-even: {told}", flush=True)


if __name__ == "__main__":
    main()
