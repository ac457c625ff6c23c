"""The series' own past as the judge of its intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.expectation.model import Model
from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray
from duoshou.statistics.expectation.predictive import score
from duoshou.statistics.expectation.scanning import single_share
from duoshou.statistics.expectation.windows import Template, moments_of

STRIDE = 5
"""Days between two judged ends of a window: every weekday comes up, at a fifth of the work."""

LONGEST_PAST = 400
"""Days of the past that are looked back on: a year with its festivals."""

_CELLS = 100_000
"""Days of windows of all series that are judged at once: few enough for the processor's cache."""

_CENTRAL = 0.8
_CENTRAL_SCORE = 1.2815515655446004
_UPPER = 0.95
_UPPER_SCORE = 1.6448536269514722
_WIDEST = 10.0
_OWN_WEIGHT = 30.0
_FEWEST = 8
_PULL = 300.0
_EDGE = 4.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """How the scores of past windows really scattered.

    Attributes:
        templates: M forms of deviation.
        stretch: float[S, M], factor on the standard deviation that makes 80 % of the past scores lie within ±1.28.
        correlation: float[M, M], of the scores of one day.
        single: float[G], of the same, what `scanning` needs to know of it; empty for plain sums, which are not scanned.
        tail: float[M], factor besides that makes 95 % of the past scores of all series lie below 1.645; at least 1.
        judged: int[S], past windows of one day that could be judged.
    """

    templates: tuple[Template, ...]
    stretch: FloatArray
    correlation: FloatArray
    single: FloatArray
    tail: FloatArray
    judged: IntArray


def calibrate(
    model: Model,
    templates: Sequence[Template],
    *,
    efficient: bool,
    until: int,
    warm_up: int,
    lift: FloatArray | None = None,
) -> Calibration:
    """Return the calibration on windows that end before day `until`.

    A stretch is learnt from the quantile of the absolute out-of-sample scores (split conformal scaling, Lei and
    others 2018), shrunk on the logarithm towards that of all series of the kind: overlapping windows of h days count
    as days / h independent ones. The 80 % quantile leaves room for one day in ten being spoilt by an incident.

    Args:
        model: A fitted block.
        templates: Forms.
        efficient: As in `moments`.
        until: First day that may not be looked at.
        warm_up: Days after a series' first known day before it is judged.
        lift: float[S], what the expectation of a sum is multiplied by; by default 1.
    """
    times = np.ones(len(model.block.rows)) if lift is None else lift
    scores, usable = _past(model, templates, times, efficient=efficient, until=until, warm_up=warm_up)
    stretch = np.ones((len(model.block.rows), len(templates)))
    for index, template in enumerate(templates):
        stretch[:, index] = _stretch(scores[:, index], usable[:, index], template.length)
    # a score that is wild in itself tells little of how scores go together
    scaled = np.clip(scores / stretch[:, :, None], -_EDGE, _EDGE)
    together = usable.all(axis=1)
    correlation = _correlation(templates, scaled.transpose(0, 2, 1)[together])
    return Calibration(
        tuple(templates),
        stretch,
        correlation,
        single_share(correlation) if efficient else np.zeros(0),
        _tails(scores / stretch[:, :, None], usable),
        usable[:, 0].sum(axis=1).astype(np.int64) * STRIDE,
    )


def _past(
    model: Model, templates: Sequence[Template], lift: FloatArray, *, efficient: bool, until: int, warm_up: int
) -> tuple[FloatArray, BoolArray]:
    block = model.block
    longest = max(template.length for template in templates)
    ends = np.arange(until - 1, max(until - LONGEST_PAST, longest + 1), -STRIDE)
    born = np.where(block.known.any(axis=1), np.argmax(block.known, axis=1), block.known.shape[1])
    scores = np.zeros((len(block.rows), len(templates), len(ends)))
    usable = np.zeros(scores.shape, dtype=np.bool_)
    for index, template in enumerate(templates):
        together = max(_CELLS // (len(block.rows) * template.length), 1)
        for place in range(0, len(ends), together):
            some = ends[place : place + together]
            sums = moments_of(model, some, template, efficient=efficient, taught=True).times(lift[:, None])
            scores[:, index, place : place + together] = score(block.kind, sums, np.ones((len(lift), 1)))
            mature = born[:, None] + warm_up <= some - template.length + 1
            usable[:, index, place : place + together] = mature & (sums.days >= (template.length + 1) // 2)
    return scores, usable


def _stretch(scores: FloatArray, usable: BoolArray, length: int) -> FloatArray:
    """Return the factor of each series for one template."""
    if not usable.any():
        return np.ones(len(scores))
    common = _central(scores[usable]) / _CENTRAL_SCORE
    count = usable.sum(axis=1)
    size = np.where(usable, np.abs(scores), np.inf)
    own = np.full(len(scores), common)
    enough = count >= _FEWEST
    if enough.any():
        own[enough] = _quantiles(size[enough], count[enough]) / _CENTRAL_SCORE
    independent = count * STRIDE / max(length, STRIDE) * enough
    weight = independent / (independent + _OWN_WEIGHT)
    common = max(common, 0.3)
    factor = np.exp(weight * np.log(np.maximum(own, 0.2)) + (1 - weight) * np.log(common))
    # the past taught the calendar and the speed of the level, which flatters it: it may widen, not narrow
    return np.asarray(np.clip(factor, 1.0, _WIDEST))


def _tails(scores: FloatArray, usable: BoolArray) -> FloatArray:
    """Return how much further the upper scores lie than normal ones; a middle that fits says nothing of large orders.

    One product has too few windows to tell its tail: its scale is its own, the tail that of all.
    """
    told = [scores[:, index][usable[:, index]] for index in range(scores.shape[1])]
    upper = [np.quantile(one, _UPPER) / _UPPER_SCORE if len(one) else 1.0 for one in told]
    return np.asarray(np.clip(np.array(upper), 1.0, _WIDEST))


def _quantiles(sizes: FloatArray, count: IntArray) -> FloatArray:
    """Return the central quantile of the first `count` smallest sizes of each row, by linear interpolation."""
    ordered = np.sort(sizes, axis=1)
    place = (count - 1) * _CENTRAL
    low = np.floor(place).astype(np.int64)
    rows = np.arange(len(sizes))
    lower, upper = ordered[rows, low], ordered[rows, np.minimum(low + 1, count - 1)]
    return np.asarray(lower + (place - low) * (upper - lower))


def _central(scores: FloatArray) -> float:
    return float(np.quantile(np.abs(scores), _CENTRAL))


def _correlation(templates: Sequence[Template], scores: FloatArray) -> FloatArray:
    theory = white_noise_correlation(templates)
    if len(scores) == 0:
        return theory
    power = np.sqrt(np.maximum((scores**2).mean(axis=0), 1e-12))
    seen = (scores.T @ scores) / len(scores) / power[:, None] / power[None, :]
    weight = len(scores) / (len(scores) + _PULL)
    mixed = weight * seen + (1 - weight) * theory
    np.fill_diagonal(mixed, 1.0)
    return np.asarray(mixed)


def white_noise_correlation(templates: Sequence[Template]) -> FloatArray:
    """Return the correlation of the templates' scores when days are independent and the level is known."""
    longest = max(template.length for template in templates)
    table = np.zeros((len(templates), longest))
    for index, template in enumerate(templates):
        table[index, longest - template.length :] = template.weights()
    table /= np.sqrt((table**2).sum(axis=1, keepdims=True))
    return np.asarray(table @ table.T)
