"""pymc-marketing on the cases of `response.py`: run by the interpreter of an environment where it is installed.

python benchmarks/response_rivals.py FIRST COUNT SLOPE NOISE [draws]
"""

from __future__ import annotations

import sys
import time
import warnings
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
warnings.filterwarnings("ignore")


def main() -> None:
    """Print for each case: its number, the error of the returns, the coverage of their 90 % intervals, CPU seconds."""
    import pandas as pd
    from pymc_extras.prior import Prior
    from pymc_marketing.mmm import MMM, GeometricAdstock, MichaelisMentenSaturation
    from response_cases import case

    first, count, slope, noise = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])
    draws = int(sys.argv[5]) if len(sys.argv) > 5 else 500
    for seed in range(first, first + count):
        one = case(seed, slope, noise=noise)
        periods, channels = one.spend.shape
        names = [f"x{number}" for number in range(channels)]
        frame = pd.DataFrame(one.spend, columns=names)
        frame["date"] = pd.date_range("2022-01-03", periods=periods, freq="W-MON")
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
        started = time.process_time()
        model.fit(
            frame,
            pd.Series(one.outcome, name="y"),
            nuts_sampler="nutpie",
            chains=2,
            draws=draws,
            tune=draws,
            cores=1,
            progressbar=False,
            random_seed=seed,
        )
        spent = time.process_time() - started
        parts = model.compute_channel_contribution_original_scale()
        total = parts.sum("date").stack(draw_=("chain", "draw")).transpose("draw_", "channel").values
        found = total / one.spend.sum(axis=0)
        middle = np.median(found, axis=0)
        low, high = np.quantile(found, [0.05, 0.95], axis=0)
        error = np.mean(np.abs(middle / one.returns - 1))
        covered = np.mean((low <= one.returns) & (one.returns <= high))
        print(seed, f"{error:.3f} {covered:.2f} {spent:.1f}", flush=True)


if __name__ == "__main__":
    main()
