"""Libraries that estimate effects, on the cases of `effects.py`; run by it with the Python of another environment.

Usage: python effects_rivals.py METHOD IN.npz OUT.npz (pip install bsts-causalimpact augsynth-py)
"""

from __future__ import annotations

import logging
import sys
import time
import warnings

import numpy as np


def relative(outcome, start):
    return outcome / np.maximum(outcome[:, :start].mean(axis=1, keepdims=True), 1e-9)


def long_frame(outcome):
    import pandas as pd

    units, days = outcome.shape
    return pd.DataFrame(
        {
            "unit": np.repeat([f"u{unit}" for unit in range(units)], days),
            "time": np.tile(np.arange(days), units),
            "outcome": outcome.ravel(),
        }
    )


def causal_impact(outcome, start, festival, level):
    """Bayesian structural time series (Brodersen et al., 2015) with donors, festival and weekdays."""
    import pandas as pd
    from causal_impact import CausalImpact

    scaled = relative(outcome, start)
    days = outcome.shape[1]
    frame = pd.DataFrame(scaled.T, columns=["y", *(f"x{unit}" for unit in range(1, len(scaled)))])
    if festival[:start].any():
        frame["festival"] = festival
    arguments = {"niter": 1000, "seed": 1, "nseasons": 7}
    if frame.shape[1] > 1:
        arguments["expected_model_size"] = min(3, frame.shape[1] - 1)
    found = CausalImpact(frame, [0, start - 1], [start, days - 1], model_args=arguments, alpha=1 - level).summary_stats
    unit = outcome[0, :start].mean() * (days - start)
    return tuple(found[name] * unit for name in ("point_effect_mean", "ci_lower", "ci_upper"))


def augsynth(outcome, start, _festival, _level):
    """Ridge augmented synthetic control with unit effects (Ben-Michael, Feller and Rothstein, 2021), as GeoLift."""
    import polars as pl
    from augsynth_py import AugSynth

    frame = long_frame(relative(outcome, start))
    panel = pl.DataFrame({name: frame[name].to_numpy() for name in ("unit", "time", "outcome")})
    found = AugSynth().fit(panel, unit="unit", time="time", outcome="outcome", treated="u0", treatment_time=start)
    days = outcome.shape[1]
    return found.att_ * outcome[0, :start].mean() * (days - start), np.nan, np.nan


METHODS = {"causal_impact": causal_impact, "augsynth": augsynth}


def main():
    method, source, target = sys.argv[1:]
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    cases = np.load(source)
    found, began = [], time.process_time()
    for number in range(int(cases["cases"])):
        outcome, start = cases[f"outcome{number}"], int(cases[f"start{number}"])
        least = 1 if method == "causal_impact" else 3
        if len(outcome) < least:
            found.append((np.nan, np.nan, np.nan))
            continue
        try:
            found.append(METHODS[method](outcome, start, cases[f"festival{number}"], float(cases["level"])))
        except Exception as error:  # noqa: BLE001 a library that fails on a case has no answer to it
            print(method, number, error, file=sys.stderr)
            found.append((np.nan, np.nan, np.nan))
    np.savez(target, found=np.array(found), seconds=time.process_time() - began)


if __name__ == "__main__":
    main()
