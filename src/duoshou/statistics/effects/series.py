"""An effect without donors: an interrupted series."""

from __future__ import annotations

import numpy as np

from duoshou.statistics.effects.intervals import cannot_tell, effect_from
from duoshou.statistics.effects.panel import Array, Effect, Panel
from duoshou.statistics.effects.settings import Guide
from duoshou.statistics.effects.structural import Series, forecast

LEAST_DAYS = 14
LEAST_EVENTS = 10.0
SHORT_DAYS = 28


def interrupted_series(panel: Panel, *, level: float = 0.9) -> Effect:
    """Return the effect on the treated subject against a forecast from its own days before; donors are not looked at.

    See `forecast` for the model. Interrupted time series with season and calendar: Lopez Bernal, Cummins and
    Gasparrini (2017).

    Raises:
        ValueError: If `level` does not lie between 0 and 1.
    """
    check_level(level)
    reason = untold(panel)
    if reason is not None:
        return cannot_tell(panel, level, 0, (reason,))
    prediction = forecast(own_series(panel))
    return effect_from(
        panel, prediction, level=level, method="interrupted_series", donors=0, caveats=own_caveats(panel)
    )


def check_level(level: float) -> None:
    """Refuse a coverage that is none.

    Raises:
        ValueError: If `level` does not lie between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError("the level of an interval lies between 0 and 1")


def own_series(panel: Panel, guide: Guide | None = None) -> Series:
    """Return the treated subject up to the last day judged."""
    days = panel.end
    return Series(
        panel.outcome[0, :days],
        panel.start,
        panel.kind,
        None if panel.trials is None else panel.trials[0, :days],
        panel.weekday,
        drivers_of(panel),
        guide,
    )


def drivers_of(panel: Panel) -> Array:
    """Return float[days judged or before, k], the known drivers that are on at all, each at most 1 in size."""
    days = panel.end
    regressors = np.zeros((days, 0)) if panel.regressors is None else panel.regressors[:days]
    size = np.abs(regressors).max(axis=0, initial=0.0)
    return np.asarray(regressors[:, size > 0] / size[size > 0])


def known_days(panel: Panel) -> np.ndarray:
    """Return bool[days]: the treated subject's outcome is known."""
    known = ~np.isnan(panel.outcome[0])
    if panel.trials is not None:
        known &= np.nan_to_num(panel.trials[0]) > 0
    return np.asarray(known)


def untold(panel: Panel) -> str | None:
    """Return why nothing can be said from the subject's own days: too few of them, or too little in them."""
    known = known_days(panel)
    before, after = known[: panel.start], known[panel.start : panel.end]
    if not after.any():
        return "no_data"
    if before.sum() < LEAST_DAYS:
        return "short_history"
    values = panel.outcome[0, : panel.start][before]
    typical = np.median(values[values > 0]) if panel.kind == "amount" and np.any(values > 0) else 1.0
    if values.sum() < LEAST_EVENTS * (typical if panel.kind == "amount" else 1.0):
        return "few_events"
    return None


def own_caveats(panel: Panel) -> tuple[str, ...]:
    """Return what weakens an answer from the subject's own days."""
    known = known_days(panel)
    codes = []
    if known[: panel.start].sum() < SHORT_DAYS:
        codes.append("short_history")
    if not known[panel.start : panel.end].all():
        codes.append("missing_days")
    if panel.selected is not None:
        codes.append("regression_to_mean")
    if panel.regressors is not None:
        on = panel.regressors != 0
        seen = on[: panel.start][known[: panel.start]].any(axis=0)
        if np.any(on[panel.start : panel.end].any(axis=0) & ~seen):
            codes.append("unseen_regressor")
    return tuple(codes)
