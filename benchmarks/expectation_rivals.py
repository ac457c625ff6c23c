"""Prophet and AutoETS on the series of a file; run by `expectation.py` with the Python of another environment.

Usage: python expectation_rivals.py METHOD IN.npz OUT.npz
"""

from __future__ import annotations

import logging
import sys
import time
import warnings

import numpy as np

EVERY = 7
NORMAL_80 = 1.2815515655446004


def prophet(values, columns, weekdays, first, horizon):
    import pandas as pd
    from prophet import Prophet

    days = pd.date_range("2024-01-01", periods=len(columns)) + pd.Timedelta(days=int(weekdays[0]))
    frame = pd.DataFrame({"ds": days, "y": np.nan})
    names = [f"c{index}" for index in range(columns.shape[1])]
    frame[names] = columns
    frame.loc[: first - 1, "y"] = np.log1p(values[:first])
    used = [name for name in names if frame.loc[: first - 1, name].any()]
    model = Prophet(weekly_seasonality=True, yearly_seasonality=False, daily_seasonality=False, uncertainty_samples=200)
    for name in used:
        model.add_regressor(name)
    model.fit(frame.iloc[:first])
    found = model.predict(frame.iloc[first : first + horizon])
    spread = (found["yhat_upper"] - found["yhat_lower"]) / (2 * NORMAL_80)
    return found["yhat"].to_numpy(), spread.to_numpy()


def auto_ets(values, columns, weekdays, first, horizon):
    from statsforecast.models import AutoETS

    logs = np.log1p(values[:first])
    trend = np.linspace(-1, 1, len(columns))[:, None]
    table = np.concatenate([np.ones_like(trend), trend, np.eye(7)[weekdays][:, 1:], columns], axis=1)
    ridge = np.diag([0.0, 0.0, *[1.0] * (table.shape[1] - 2)])
    effects = np.linalg.solve(table[:first].T @ table[:first] + ridge, table[:first].T @ logs)
    effects[:2] = 0  # the level and its trend are the model's own business
    known = table @ effects
    found = AutoETS(season_length=7).forecast(logs - known[:first], h=horizon, level=[80])
    spread = (found["hi-80"] - found["lo-80"]) / (2 * NORMAL_80)
    return found["mean"] + known[first : first + horizon], spread


def main() -> None:
    warnings.filterwarnings("ignore")
    for name in ("prophet", "cmdstanpy"):
        logging.getLogger(name).setLevel(logging.ERROR)
    method = {"prophet": prophet, "auto_ets": auto_ets}[sys.argv[1]]
    case = np.load(sys.argv[2])
    values, test_from = case["values"], int(case["test_from"])
    series, days = values.shape
    scores = np.zeros((series, days))
    method(values[0], case["columns"], case["weekdays"], test_from, EVERY)  # warm up: imports and compiled code
    begun, fits = time.perf_counter(), 0
    for row in range(series):
        for first in range(test_from, days, EVERY):
            horizon = min(EVERY, days - first)
            mean, spread = method(values[row], case["columns"], case["weekdays"], first, horizon)
            fits += 1
            span = slice(first, first + horizon)
            scores[row, span] = (np.log1p(values[row, span]) - mean) / np.maximum(spread, 1e-6)
    np.savez(sys.argv[3], scores=scores, seconds=time.perf_counter() - begun, fits=fits)


main()
