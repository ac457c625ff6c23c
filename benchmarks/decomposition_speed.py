"""Time of the exact decomposition of many rows against the bare logarithms, Shapley values and a loop over rows."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from duoshou.statistics.decomposition import Floats, mix_and_rate, product_effects, shapley_effects

ROWS, FACTORS, ROUNDS = 100_000, 3, 15


def loop(old: Floats, new: Floats) -> list[list[float]]:
    """Return the contributions row by row, as the formula is written."""
    found = []
    for before, after in zip(old.T.tolist(), new.T.tolist(), strict=True):
        v0, v1 = math.prod(before), math.prod(after)
        mean = v0 if v0 == v1 else (v1 - v0) / math.log(v1 / v0)
        found.append([mean * math.log(b / a) for a, b in zip(before, after, strict=True)])
    return found


def main() -> None:
    """Print the least and the median time of each, and how far the contributions are from the change."""
    generator = np.random.default_rng(20261126)
    old, new = generator.lognormal(size=(2, FACTORS, ROWS))
    sparse = new * (generator.random(new.shape) > 0.02)
    contenders: dict[str, Callable[[], object]] = {
        "bare logarithms of the quotients": lambda: np.log(new / old),
        "product_effects": lambda: product_effects(old, new),
        "product_effects, 2 % zeros": lambda: product_effects(old, sparse),
        "shapley_effects": lambda: shapley_effects(old, new),
        "mix_and_rate": lambda: mix_and_rate(old[0], old[1], new[0], new[1]),
        "loop over rows": lambda: loop(old, new),
    }
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, run in contenders.items():
            began = time.perf_counter()
            run()
            taken[name].append((time.perf_counter() - began) * 1000)
    base = min(taken["product_effects"])
    print(f"{ROWS:,} rows, {FACTORS} factors, {ROUNDS} rounds\n{'':34}{'median ms':>10}{'least ms':>10}{'ratio':>8}")
    for name, times in taken.items():
        print(f"{name:34}{np.median(times):10.1f}{min(times):10.1f}{min(times) / base:8.2f}")
    gap = np.abs(product_effects(old, sparse).contributions.sum(axis=0) - (sparse.prod(axis=0) - old.prod(axis=0)))
    print(
        f"farthest from closing: {(gap / np.maximum(old.prod(axis=0), sparse.prod(axis=0))).max():.1e} of the product"
    )


if __name__ == "__main__":
    main()
