"""A plain comparison with the days just before, less what the donors did: how near, is learnt from placebos."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from duoshou.statistics.effects.panel import Array, Panel

HALF_LIVES = (4.0, 8.0, 16.0, 32.0, np.inf)
"""Days after which a day before counts half."""

SHARES = (0.0, 0.5, 1.0)
"""How much of the donors' change is taken for the subject's."""

LEAST_UNITS = 6
LEAST_DAYS = 14
_ORIGINS = 3
_HISTORY = 28  # days before an earlier window, without which its errors would be those of a short past
_HALF = 0.5  # of a sale, or of a day of amounts, is added to every sum, so that none is nothing
_WIDE = 1.0  # errors beyond a factor of e count as that
_SHARPNESS = 8
_ROUNDS = 3


@dataclass(frozen=True)
class Nearby:
    """An effect as the logarithm of seen ÷ expected.

    Attributes:
        estimate: Of the subject.
        donors: float[donors], the same of each donor as if the change were its own, at the same days.
        errors: float[placebos], of donors and, at earlier days, the subject, where nothing was done.
        sizes: float[placebos], how much each sells in a day.
        units: How many subjects are among them.
        size: How much the subject sells in a day.
    """

    estimate: float
    donors: Array
    errors: Array
    sizes: Array
    units: int
    size: float


def nearby_effect(panel: Panel, places: np.ndarray) -> Nearby | None:
    """Return the effect against the days just before, or None where these or the donors are too few.

    The subject's mean before, with weights that halve every so many days, times none, half or all of what happened
    to the sum of the donors since: fifteen comparisons. All are asked of every donor, at the same days and at up to
    three earlier windows, and mixed by how little they err there. Where levels wander this is hard to better, and
    its errors are seen, not modelled.

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

    def asked(start: int) -> Array | None:
        past = np.where(alike[:start], 1.0, 0.0) * np.ones((len(rows), 1))
        if past.sum(axis=1).min() < LEAST_DAYS:
            return None
        return comparisons(values, trials, past, slice(start, start + length), event)

    found = asked(panel.start)
    if found is None:
        return None
    told = [found[:, 1:]]
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
    errors = np.clip(np.concatenate(told, axis=1), -_WIDE, _WIDE)
    weights = mixed_by(errors)
    size = values[:, : panel.start].mean(axis=1)
    return Nearby(
        float(weights @ found[:, 0]),
        np.asarray(weights @ np.clip(found[:, 1:], -_WIDE, _WIDE)),
        np.asarray(weights @ errors),
        size[np.concatenate(whose)],
        len(rows) - 1,
        float(size[0]),
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
        own = _log_ratio(after, after_of, rate, event) - _log_ratio(before, before_of, rate, event)
        shared = _of_others(after) - _of_others(after_of)
        shared -= _of_others(before) - _of_others(before_of)
        found += [own - share * shared for share in SHARES]
    return np.stack(found)


def mixed_by(errors: Array) -> Array:
    """Return the weights of estimates by how little they err: float[estimates] from float[estimates, placebos]."""
    squares = np.maximum((errors**2).mean(axis=1), 1e-12)
    weights = (squares / squares.min()) ** (-errors.shape[1] / _SHARPNESS)
    return np.asarray(weights / weights.sum())


def error_at(size: float, errors: Array, sizes: Array) -> float:
    """Return how far an estimate errs for a subject that sells so much: variance = a + b ÷ size, a and b not negative.

    The chance of single sales shrinks with their number; what moves a subject by itself does not. Least squares,
    weighted by the expected squares.
    """
    squares = errors**2
    columns = np.stack([np.ones_like(sizes), sizes.mean() / np.maximum(sizes, 1e-3 * sizes.mean())])
    expected = np.full_like(squares, max(float(squares.mean()), 1e-12))
    parts = np.array([float(squares.mean()), 0.0])
    for _ in range(_ROUNDS):
        parts = _two(columns, squares, expected**-2.0)
        expected = np.maximum(parts @ columns, 0.05 * float(squares.mean()) + 1e-12)
    return float(np.sqrt(max(parts[0] + parts[1] * sizes.mean() / max(size, 1e-3 * sizes.mean()), 1e-12)))


def _two(columns: Array, aim: Array, weight: Array) -> Array:
    """Return the least squares of two columns without negative parts."""
    gram, moment = (columns * weight) @ columns.T, (columns * weight) @ aim
    alone = np.maximum(moment / np.diagonal(gram), 0.0)
    determinant = gram[0, 0] * gram[1, 1] - gram[0, 1] ** 2
    if determinant > 1e-9 * gram[0, 0] * gram[1, 1]:
        both = np.linalg.solve(gram, moment)
        if both.min() >= 0:
            return np.asarray(both)
    gains = alone * moment
    return np.where(np.arange(2) == int(np.argmax(gains)), alone, 0.0)


def _log_ratio(sums: Array, of: Array, rate: Array, event: Array) -> Array:
    return np.asarray(np.log((sums + event) / (of + event / rate)))


def _of_others(sums: Array) -> Array:
    """Return the logarithm of the sum of all donors, for a donor of all the others."""
    rest = np.full(len(sums), sums[1:].sum())
    rest[1:] -= sums[1:]
    return np.asarray(np.log(np.maximum(rest, 1e-9)))
