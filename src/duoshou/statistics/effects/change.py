"""One question, one answer: what did this change do?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from duoshou.statistics.effects.donors import Relatives, guide_of, relatives
from duoshou.statistics.effects.intervals import cannot_tell, effect_from
from duoshou.statistics.effects.joining import seen_of_donors, with_nearby
from duoshou.statistics.effects.panel import Effect, Panel
from duoshou.statistics.effects.placebo import Placebo, placebo_effect
from duoshou.statistics.effects.series import (
    check_level,
    drivers_of,
    interrupted_series,
    known_days,
    own_caveats,
    own_series,
    untold,
)
from duoshou.statistics.effects.structural import forecast
from duoshou.statistics.effects.synthetic import own_scatter, synthetic_difference_in_differences

MANY_DONORS = 20
"""From so many on, what happens to donors by themselves tells how far an estimate errs."""

FEW_DONORS = 5
LEAST_DONORS = 2
MOST_DAYS = 240
"""Days before the start that are looked at, the latest."""

_STRANGE = 2.5
_WEAK = 0.5


def effect_of_change(panel: Panel, *, level: float = 0.9, seed: int = 0) -> Effect:
    """Return what a change did to the treated subject.

    With twenty donors or more that follow the subject as they follow each other: synthetic difference-in-differences,
    its interval from placebo changes of the donors. With two to nineteen: the same synthetic unit guides a forecast
    of the subject's own series, which is trusted as far as it has proved itself before the start. Without donors: an
    interrupted series. With too little before or after the start: "cannot_tell" and why.

    Args:
        panel: The subject, its donors and the days.
        level: Nominal coverage of the intervals.
        seed: Nothing is drawn at random at present: the same panel gives the same answer, whatever the seed.

    Raises:
        ValueError: If `level` does not lie between 0 and 1.
    """
    del seed
    check_level(level)
    panel = recent(panel)
    reason = untold(panel)
    if reason is not None:
        return cannot_tell(panel, level, 0, (reason,))
    found = relatives(panel)
    count = len(found.donors)
    if count < LEAST_DONORS:
        return interrupted_series(panel, level=level)
    caveats = own_caveats(panel)
    if count >= MANY_DONORS:
        placebo = placebo_effect(found, panel.start, panel.weekday, drivers_of(panel))
        if placebo.ratio <= _STRANGE:
            base = _from_placebo(panel, found, placebo, level, caveats)
            return with_nearby(base, panel, found.places, seen_of_donors(found, placebo, panel.start))
        caveats = ("poor_fit", *caveats)
    both = np.vstack([found.own, found.donors])
    weights = synthetic_difference_in_differences(
        both,
        np.arange(count + 1) == 0,
        panel.start,
        ignore=~found.taught,
        scatter=own_scatter(found.donors[:, found.taught]),
    ).unit_weights
    prediction = forecast(own_series(panel, guide_of(found, weights)))
    if prediction.followed < _WEAK:
        caveats = ("weak_donors", *caveats)
    if count < FEW_DONORS:
        caveats = ("few_donors", *caveats)
    base = effect_from(panel, prediction, level=level, method="synthetic_did", donors=count, caveats=caveats)
    return with_nearby(base, panel, found.places, None)


def recent(panel: Panel) -> Panel:
    """Return the panel from at most `MOST_DAYS` before the start to the last day judged."""
    first = max(panel.start - MOST_DAYS, 0)
    part = slice(first, panel.end)
    selected = panel.selected
    if selected is not None and selected[1] <= first:
        selected = None
    return replace(
        panel,
        outcome=panel.outcome[:, part],
        start=panel.start - first,
        end=panel.end - first,
        selected=None if selected is None else (max(selected[0] - first, 0), selected[1] - first),
        regressors=None if panel.regressors is None else panel.regressors[part],
        weekday=(panel.weekday + first) % 7,
        trials=None if panel.trials is None else panel.trials[:, part],
        companions=None if panel.companions is None else panel.companions[:, :, part],
    )


def _from_placebo(panel: Panel, found: Relatives, placebo: Placebo, level: float, caveats: tuple[str, ...]) -> Effect:
    part = slice(panel.start, panel.end)
    known = known_days(panel)[part]
    size = np.ones(panel.end - panel.start) if panel.trials is None else panel.trials[0, part]
    unit = float(size[known].sum())
    seen = float(panel.outcome[0, part][known].sum()) / unit
    estimate = placebo.estimate * found.mean
    low, high = (limit * found.mean for limit in placebo.interval(level))
    rest = np.maximum(seen - np.array([estimate, low, high]), 1e-3 * found.mean)
    expected = (found.own[part] - placebo.synthetic.gap[part]) * found.mean
    expected = np.maximum(expected + (seen - estimate) - expected[known].mean(), 0.0)
    relative, relative_low, relative_high = (float(one) for one in seen / rest - 1)
    return Effect(
        estimate,
        low,
        high,
        estimate * unit,
        low * unit,
        high * unit,
        relative,
        relative_low,
        relative_high,
        expected,
        panel.outcome[0, part] / np.where(size > 0, size, np.nan),
        "synthetic_did",
        level,
        placebo.p_value(),
        len(found.donors),
        caveats,
    )
