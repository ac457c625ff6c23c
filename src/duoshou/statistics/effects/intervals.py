"""From a forecast and what was seen to an effect with its interval."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np

from duoshou.statistics.effects.panel import Array, Effect, Method, Panel
from duoshou.statistics.effects.structural import Forecast

_FARTHEST = 8.0
_HALVINGS = 12


def effect_from(
    panel: Panel, prediction: Forecast, *, level: float, method: Method, donors: int, caveats: tuple[str, ...]
) -> Effect:
    """Return the effect: what was seen less what was forecast, over the days that are known.

    The limits of the seen mean (a score interval for a variance in proportion to it) and of the forecast are
    recovered and joined for the difference and, on logarithms, for the ratio (Zou and Donner, 2008).
    """
    observed = panel.outcome[0, panel.start : panel.end]
    counted = prediction.counted
    seen = float(observed[counted].sum())
    z = NormalDist().inv_cdf((1 + level) / 2)
    bottom, centre, top = (math.exp(limit) for limit in prediction.limits(level))
    least, most = seen_limits(seen, prediction.proportional, z)
    total = seen - centre
    total_low = total - math.hypot(seen - least, top - centre)
    total_high = total + math.hypot(most - seen, centre - bottom)
    relative, relative_low, relative_high = _ratio(seen, least, most, centre, bottom, top)
    trials = None if panel.trials is None else panel.trials[0, panel.start : panel.end]
    unit = float(counted.sum()) if trials is None else float(trials[counted].sum())
    expected = prediction.mean if trials is None else prediction.mean / np.where(trials > 0, trials, np.nan)
    return Effect(
        total / unit,
        total_low / unit,
        total_high / unit,
        total,
        total_low,
        total_high,
        relative,
        relative_low,
        relative_high,
        np.asarray(expected),
        observed if trials is None else observed / np.where(trials > 0, trials, np.nan),
        method,
        level,
        two_sided(seen, prediction),
        donors,
        caveats,
    )


def seen_limits(seen: float, proportional: float, z: float) -> tuple[float, float]:
    """Return the score limits (Wilson, 1927) of the mean of a sum whose variance is proportional × mean."""
    middle = seen + z * z * proportional / 2
    reach = z * math.sqrt(proportional * seen + (z * proportional / 2) ** 2)
    return max(middle - reach, 0.0), middle + reach


def two_sided(seen: float, prediction: Forecast) -> float:
    """Return the probability, without an effect, of a sum at least as far from its forecast on either side.

    It is one less the coverage of the interval that just reaches 0.
    """
    centre = math.exp(prediction.log_quantile(0.0))
    low, high = 0.0, _FARTHEST
    for _ in range(_HALVINGS):
        z = (low + high) / 2
        least, most = seen_limits(seen, prediction.proportional, z)
        if seen >= centre:
            reach = math.hypot(seen - least, math.exp(prediction.log_quantile(z)) - centre)
        else:
            reach = math.hypot(most - seen, centre - math.exp(prediction.log_quantile(-z)))
        low, high = (z, high) if reach < abs(seen - centre) else (low, z)
    return math.erfc((low + high) / 2 / math.sqrt(2))


def _ratio(
    seen: float, least: float, most: float, centre: float, bottom: float, top: float
) -> tuple[float, float, float]:
    if seen <= 0:
        return -1.0, -1.0, most / bottom - 1
    log = math.log(seen / centre)
    low = log - math.hypot(math.log(seen / least), math.log(top / centre))
    high = log + math.hypot(math.log(most / seen), math.log(centre / bottom))
    return math.expm1(log), math.expm1(low), math.expm1(high)


def cannot_tell(panel: Panel, level: float, donors: int, caveats: tuple[str, ...]) -> Effect:
    """Return the answer that no number can be given, with the reasons."""
    nothing = math.nan
    observed = panel.outcome[0, panel.start : panel.end]
    if panel.trials is not None:
        trials = panel.trials[0, panel.start : panel.end]
        observed = observed / np.where(trials > 0, trials, np.nan)
    empty: Array = np.full(panel.end - panel.start, nothing)
    return Effect(
        *(nothing,) * 9,
        expected=empty,
        observed=observed,
        method="cannot_tell",
        level=level,
        p_value=None,
        donors=donors,
        caveats=caveats,
    )
