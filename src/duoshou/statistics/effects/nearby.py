"""A comparison with the days just before, less what the donors did: how near, is learnt from placebos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.effects.leaning import error_of, leaned
from duoshou.statistics.effects.panel import Array, Panel
from duoshou.statistics.effects.peers import moves_of_peers
from duoshou.statistics.effects.ratios import log_ratio, of_others
from duoshou.statistics.effects.straying import straying

HALF_LIVES = (4.0, 8.0, 16.0, 32.0, np.inf)
"""Days after which a day before counts half."""

SHARES = (0.0, 0.5, 1.0)
"""How much of the donors' change is taken for the subject's."""

RECENT = HALF_LIVES[:3]
"""The same of companions, whose recent days are held against all of theirs."""

LEAST_UNITS = 6
LEAST_DAYS = 14
_ORIGINS = 3
_HISTORY = 28  # days before an earlier window, without which its errors would be those of a short past
_HALF = 0.5  # of a sale, or of a day of amounts, is added to every sum, so that none is nothing
_WIDE = 1.0  # errors beyond a factor of e count as that


@dataclass(frozen=True)
class Nearby:
    """An effect as the logarithm of seen ÷ expected.

    Attributes:
        estimate: Of the subject.
        donors: float[donors], the same of each donor as if the change were its own, at the same days.
        errors: float[placebos], of donors and, at earlier days, the subject, where nothing was done; none of them had
            a say in its own.
        sizes: float[placebos], how much each sells in a day.
        strays: float[placebos], how far each strayed before, see `straying`.
        units: How many subjects are among them.
        size: How much the subject sells in a day.
        stray: How far the subject strayed before.
    """

    estimate: float
    donors: Array
    errors: Array
    sizes: Array
    strays: Array
    units: int
    size: float
    stray: float

    def error(self, errors: Array | None = None) -> float:
        """Return how far the estimate errs for the subject, or one that erred so for its donors."""
        told = self.errors if errors is None else errors
        count = len(told)
        return error_of(told, self.sizes[:count], self.strays[:count], self.size, self.stray)


def nearby_effect(panel: Panel, places: np.ndarray) -> Nearby | None:
    """Return the effect against the days just before, or None where these or the donors are too few.

    The subject's mean before, with weights that halve every so many days, times none, half or all of what happened
    to the sum of the donors since: fifteen comparisons. All are asked of every donor, at the same days and at up to
    three earlier windows. They are mixed by how little they err there, and what is left is foretold from how they
    differ before the start, which tells a trend, from how companions moved lately, and from what peers did since (see
    `leaned`). Its errors are seen, not modelled.

    Args:
        panel: The subject and its days.
        places: Rows of the donors that can be used.
    """
    if len(places) + 1 < LEAST_UNITS:
        return None
    rows = np.concatenate([[0], places])
    values, trials = panel.outcome[rows, : panel.end], np.ones((len(rows), panel.end))
    if panel.trials is not None:
        trials = panel.trials[rows, : panel.end]
    known = ~np.isnan(values) & (np.nan_to_num(trials) > 0)
    values, trials = np.where(known, values, 0.0), np.where(known, trials, 0.0)
    alike = alike_days(panel)
    event = np.full(len(rows), _HALF)
    if panel.kind == "amount":
        event *= values.sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    length = panel.end - panel.start

    others = np.zeros((0, *values.shape)) if panel.companions is None else panel.companions[:, rows, : panel.end]
    # Of few sales the peers would add more chance than they tell.
    peers = None if panel.peers is None or len(others) else panel.peers[np.ix_(rows, rows)]

    def asked(start: int) -> Array | None:
        past = np.where(alike[:start], 1.0, 0.0) * np.ones((len(rows), 1))
        if past.sum(axis=1).min() < LEAST_DAYS:
            return None
        judged = slice(start, start + length)
        table = comparisons(values, trials, past, judged, event)
        kin = [] if peers is None else [moves_of_peers(values, trials, past, judged, event, peers)]
        return np.concatenate([table, *(recent_moves(one[:, :start], past) for one in others), *kin])

    found = asked(panel.start)
    if found is None:
        return None
    told, strays = [found[:, 1:]], [straying(values[:, : panel.start], trials[:, : panel.start], event)]
    whose = [np.arange(1, len(rows))]
    for back in range(1, _ORIGINS + 1):
        earlier = panel.start - back * length
        table = asked(earlier) if earlier >= _HISTORY else None
        if table is None or not alike[earlier : earlier + length].all():
            break
        # The days that led to the action are no example of days on which nothing was looked for.
        first = 0 if panel.selected is None else 1
        told.append(table[:, first:])
        whose.append(np.arange(first, len(rows)))
        strays.append(straying(values[:, :earlier], trials[:, :earlier], event)[first:])
    errors = np.clip(np.concatenate(told, axis=1), -_WIDE, _WIDE)
    size = values[:, : panel.start].mean(axis=1)
    sizes = size[np.concatenate(whose)]
    count = len(HALF_LIVES) * len(SHARES)
    estimate, left = leaned(found[:, 0], errors, count, sizes)
    stray, strays[0] = float(strays[0][0]), strays[0][1:]
    return Nearby(
        estimate,
        left[: len(rows) - 1],
        left,
        sizes,
        np.concatenate(strays),
        len(rows) - 1,
        float(size[0]),
        stray,
    )


def alike_days(panel: Panel) -> np.ndarray:
    """Return bool[days before], days on which known drivers stood as they do on some judged day."""
    if panel.regressors is None:
        return np.ones(panel.start, dtype=bool)
    before, judged = panel.regressors[: panel.start], panel.regressors[panel.start : panel.end]
    return np.asarray((before[:, None] == np.unique(judged, axis=0)[None]).all(axis=2).any(axis=1))


def comparisons(values: Array, trials: Array, past: Array, judged: slice, event: Array) -> Array:
    """Return float[comparisons, units], the logarithm of what each unit brought ÷ what each comparison expects of it.

    Args:
        values: float[units, days].
        trials: float[units, days], what the values are of; 0 where nothing is known.
        past: float[units, days before], whether a day counts.
        judged: The days judged.
        event: float[units], what is added to every sum.
    """
    days = past.shape[1]
    age = days - 1.0 - np.arange(days)
    rate = np.maximum((values[:, :days] * past).sum(axis=1), event) / np.maximum(
        (trials[:, :days] * past).sum(axis=1), 1e-9
    )
    after, after_of = values[:, judged].sum(axis=1), trials[:, judged].sum(axis=1)
    found = []
    for half_life in HALF_LIVES:
        weight = past * 0.5 ** (age / half_life)
        before, before_of = (values[:, :days] * weight).sum(axis=1), (trials[:, :days] * weight).sum(axis=1)
        own = log_ratio(after, after_of, rate, event) - log_ratio(before, before_of, rate, event)
        shared = of_others(after) - of_others(after_of)
        shared -= of_others(before) - of_others(before_of)
        found += [own - share * shared for share in SHARES]
    return np.stack(found)


def recent_moves(values: Array, past: Array) -> Array:
    """Return float[half-lives, units], the logarithm of recent days ÷ all days before, less that of the other donors.

    Args:
        values: float[units, days before], counts; NaN = unknown.
        past: float[units, days before], whether a day counts.
    """
    counted = np.where(np.isnan(values), 0.0, past)
    values = np.nan_to_num(values)
    event = np.full(len(values), _HALF)
    whole, whole_of = (values * counted).sum(axis=1), counted.sum(axis=1)
    rate = np.maximum(whole, event) / np.maximum(whole_of, 1e-9)
    age = values.shape[1] - 1.0 - np.arange(values.shape[1])
    found = []
    for half_life in RECENT:
        weight = counted * 0.5 ** (age / half_life)
        recent, recent_of = (values * weight).sum(axis=1), weight.sum(axis=1)
        shared = of_others(recent) - of_others(recent_of) - of_others(whole) + of_others(whole_of)
        found.append(log_ratio(recent, recent_of, rate, event) - np.log(rate) - shared)
    return np.stack(found)
