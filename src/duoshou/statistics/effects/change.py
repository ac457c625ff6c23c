"""One question, one answer: what did this change do?"""

from __future__ import annotations

import numpy as np

from duoshou.statistics.effects.intervals import cannot_tell, effect_from
from duoshou.statistics.effects.panel import Array, Effect, Panel
from duoshou.statistics.effects.series import check_level, interrupted_series, own_caveats, own_series, untold
from duoshou.statistics.effects.structural import forecast
from duoshou.statistics.effects.synthetic import filled, synthetic_difference_in_differences

FEW_DONORS = 5
LEAST_DONORS = 2
_MOST_MISSING = 0.2


def effect_of_change(panel: Panel, *, level: float = 0.9, seed: int = 0) -> Effect:
    """Return what a change did to the treated subject.

    Raises:
        ValueError: If `level` does not lie between 0 and 1.
    """
    del seed
    check_level(level)
    reason = untold(panel)
    if reason is not None:
        return cannot_tell(panel, level, 0, (reason,))
    donors = _relative_donors(panel)
    if len(donors) < LEAST_DONORS:
        return interrupted_series(panel, level=level)
    offset = synthetic_offset(panel, donors)
    prediction = forecast(own_series(panel, offset))
    caveats = own_caveats(panel)
    if len(donors) < FEW_DONORS:
        caveats = ("few_donors", *caveats)
    return effect_from(panel, prediction, level=level, method="synthetic_did", donors=len(donors), caveats=caveats)


def relative_outcomes(panel: Panel) -> Array:
    """Return float[units, days judged or before], each unit relative to its mean before the start."""
    values = panel.outcome[:, : panel.end]
    if panel.trials is not None:
        trials = np.where(panel.trials[:, : panel.end] > 0, panel.trials[:, : panel.end], np.nan)
        known = ~np.isnan(values[:, : panel.start] + trials[:, : panel.start])
        mean = np.where(known, values[:, : panel.start], 0).sum(axis=1) / np.maximum(
            np.where(known, trials[:, : panel.start], 0).sum(axis=1), 1e-300
        )
        values = values / trials
    else:
        known = ~np.isnan(values[:, : panel.start])
        mean = np.where(known, values[:, : panel.start], 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return np.asarray(values / np.where(mean > 0, mean, np.nan)[:, None])


def _relative_donors(panel: Panel) -> Array:
    donors = relative_outcomes(panel)[1:]
    usable = np.isnan(donors).mean(axis=1) <= _MOST_MISSING
    return np.asarray(donors[usable])


def synthetic_offset(panel: Panel, donors: Array) -> Array:
    """Return float[days], the logarithm of the weighted donors."""
    own = relative_outcomes(panel)[0]
    both = filled(np.vstack([own, donors]))
    weights = synthetic_difference_in_differences(
        both, np.arange(len(both)) == 0, panel.start, end=panel.end
    ).unit_weights
    mixture = weights @ both[1:]
    return np.asarray(np.log(np.maximum(mixture, 0.02)))
