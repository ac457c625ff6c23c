"""pymc-marketing and Duoshou on the cases of `response.py`, in one run: by the interpreter where both can be imported.

PYTHONPATH=src python benchmarks/response_rivals.py FIRST COUNT SLOPE NOISE [draws]

Prints for each case and tool the error of the returns, the coverage of their 90 % intervals, the share of the possible
gain and CPU seconds, and the means at the end.
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
warnings.filterwarnings("ignore")
MONDAY = "2022-01-03"


def fitted(one: Any, seed: int, draws: int) -> Any:
    """Return the rival's model: Michaelis and Menten's curve, two waves of the year, priors of our scale."""
    import pandas as pd
    from pymc_extras.prior import Prior
    from pymc_marketing.mmm import MMM, GeometricAdstock, MichaelisMentenSaturation

    periods, channels = one.spend.shape
    names = [f"x{number}" for number in range(channels)]
    frame = pd.DataFrame(one.spend, columns=names)
    frame["date"] = pd.date_range(MONDAY, periods=periods, freq="W-MON")
    frame["t"] = np.arange(periods) / periods
    model = MMM(
        date_column="date",
        channel_columns=names,
        control_columns=["t"],
        adstock=GeometricAdstock(l_max=8),
        saturation=MichaelisMentenSaturation(),
        yearly_seasonality=2,
        model_config={
            "intercept": Prior("Normal", mu=0.6, sigma=0.3),
            "saturation_alpha": Prior("HalfNormal", sigma=0.25, dims="channel"),
            "saturation_lam": Prior("LogNormal", mu=-1.0, sigma=0.8, dims="channel"),
            "gamma_control": Prior("Normal", mu=0, sigma=0.5, dims="control"),
        },
    )
    target = pd.Series(one.outcome, name="y")
    how = {"nuts_sampler": "nutpie", "chains": 2, "cores": 1, "progressbar": False}
    model.fit(frame, target, draws=draws, tune=draws, random_seed=seed, **how)
    return model


def of_rival(one: Any, seed: int, draws: int) -> tuple[float, float, float, float]:
    """Return error, coverage, share of the possible gain and CPU seconds of pymc-marketing."""
    from response import gained

    from duoshou.statistics.response import Response

    started = time.process_time()
    model = fitted(one, seed, draws)
    spent = time.process_time() - started
    parts = model.compute_channel_contribution_original_scale()
    total = parts.sum("date").stack(draw_=("chain", "draw")).transpose("draw_", "channel").values

    def drawn(name: str) -> Any:
        return model.idata.posterior[name].stack(draw_=("chain", "draw")).transpose("draw_", "channel").values

    # Its figures are of spend and sales as parts of their greatest, and its curve is ours with a slope of one.
    most = drawn("saturation_alpha") * one.outcome.max()
    half = drawn("saturation_lam") * one.spend.max(axis=0)
    ones = np.ones_like(most)
    curves = Response(most, ones, half, ones, drawn("adstock_alpha"), one.spend.mean(axis=0), 0.0, 0.0)
    error, covered = judged(total / one.spend.sum(axis=0), one.returns)
    return error, covered, gained(one, curves), spent


def judged(found: Any, truth: Any) -> tuple[float, float]:
    """Return the mean relative error of the medians, and how many 90 % intervals hold the truth."""
    low, middle, high = np.quantile(found, [0.05, 0.5, 0.95], axis=0)
    return float(np.mean(np.abs(middle / truth - 1))), float(np.mean((low <= truth) & (truth <= high)))


def main() -> None:
    """Print all."""
    from response import measure
    from response_cases import case

    from duoshou.statistics.response import QUICK

    first, count, slope, noise = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    draws = int(sys.argv[5]) if len(sys.argv) > 5 else 500
    rows: dict[str, list[tuple[float, float, float, float]]] = {"duoshou": [], "pymc-marketing": []}
    for seed in range(first, first + count):
        one = case(seed, slope, noise=noise)
        rows["duoshou"].append(measure(one, QUICK, seed))
        rows["pymc-marketing"].append(of_rival(one, seed, draws))
        for name, found in rows.items():
            print(seed, name, *(f"{value:.3f}" for value in found[-1]), flush=True)
    for name, found in rows.items():
        error, covered, gain, spent = np.mean(found, axis=0)
        print(
            f"slope {slope} noise {noise} cases {count} {name}: error {error:.3f} coverage {covered:.2f} "
            f"gain {gain:.2f} {spent:.1f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
