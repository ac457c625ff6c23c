"""Prophet, AutoETS and seasonal naive on the products of a file; run by `demand.py` with another environment's Python.

Usage: python demand_rivals.py METHOD IN.npz OUT.npz

`prophet` fits log(1 + pieces) with the phases of the calendar as regressors, `prophet_product` the pieces themselves
with effects that multiply; both take the prices of past and coming days where the file has them. From two years of
days on Prophet adds a cycle of the year by itself; `prophet_yearless` is `prophet_product` without it. `auto_ets`
fits the pieces, `auto_ets_log` log(1 + pieces). What is returned is the median.
"""

from __future__ import annotations

import logging
import os
import sys
import warnings

import numpy as np

WITHIN = 0.9


def prophet(case, row, *, product=False, yearly="auto"):
    import pandas as pd
    from prophet import Prophet

    known = case["values"].shape[1]
    frame = pd.DataFrame({"ds": case["days"].astype("datetime64[D]").astype("datetime64[ns]"), "y": np.nan})
    columns = [*case["columns"].T, *([np.log(case["prices"][row])] if case["prices"].size else [])]
    names = [f"c{index}" for index in range(len(columns))]
    frame[names] = np.stack(columns, axis=1) if columns else np.zeros((len(frame), 0))
    frame.loc[: known - 1, "y"] = case["values"][row] if product else np.log1p(case["values"][row])
    told = frame.iloc[:known].dropna()
    model = Prophet(
        yearly_seasonality=yearly,
        weekly_seasonality=True,
        daily_seasonality=False,
        interval_width=WITHIN,
        seasonality_mode="multiplicative" if product else "additive",
    )
    for name in names:
        if told[name].nunique() > 1:
            model.add_regressor(name)
    model.fit(told)
    found = model.predict(frame.iloc[known:])[["yhat", "yhat_lower", "yhat_upper"]].to_numpy().T
    return found if product else np.expm1(found)


def ets(case, row, *, log=True):
    from statsforecast.models import AutoETS

    values = _filled(case["values"][row], int(case["week"]))
    horizon = len(case["days"]) - len(values)
    model = AutoETS(season_length=int(case["week"]))
    found = model.forecast(np.log1p(values) if log else values, h=horizon, level=[100 * WITHIN])
    kept = np.stack([found["mean"], found[f"lo-{100 * WITHIN}"], found[f"hi-{100 * WITHIN}"]])
    return np.expm1(kept) if log else kept


def seasonal_naive(case, row):
    from statsforecast.models import SeasonalNaive

    values = _filled(case["values"][row], int(case["week"]))
    found = SeasonalNaive(season_length=int(case["week"])).forecast(
        values, h=len(case["days"]) - len(values), level=[100 * WITHIN]
    )
    return np.stack([found["mean"], found[f"lo-{100 * WITHIN}"], found[f"hi-{100 * WITHIN}"]])


METHODS = {
    "prophet": prophet,
    "prophet_product": lambda case, row: prophet(case, row, product=True),
    "prophet_yearless": lambda case, row: prophet(case, row, product=True, yearly=False),
    "auto_ets": lambda case, row: ets(case, row, log=False),
    "auto_ets_log": ets,
    "seasonal_naive": seasonal_naive,
}


def _filled(values, week):
    """Return the days since the first known one; what is unknown is as a week before: these models know no gaps."""
    found = values.copy()
    for day in np.flatnonzero(np.isnan(found)):
        found[day] = found[day - week] if day >= week else 0.0
    return found


def _seconds():
    """Return the time of the processor, that of finished children among it: Prophet fits in one."""
    return sum(os.times()[:4])


def main():
    warnings.filterwarnings("ignore")
    for name in ("prophet", "cmdstanpy"):
        logging.getLogger(name).setLevel(logging.ERROR)
    method, case = METHODS[sys.argv[1]], dict(np.load(sys.argv[2]))
    method(case, 0)  # warm up: imports and compiled code
    begun = _seconds()
    found = np.stack([method(case, row) for row in range(len(case["values"]))])
    middle, low, high = np.maximum(found, 0.0).transpose(1, 0, 2)
    np.savez(sys.argv[3], middle=np.round(middle), low=np.floor(low), high=np.ceil(high), seconds=_seconds() - begun)


main()
