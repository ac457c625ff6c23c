"""Whether a series left its expectation, since when and in what form."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from statistics import NormalDist

import numpy as np

from duoshou.statistics.expectation.calibration import Calibration
from duoshou.statistics.expectation.discoveries import adjusted
from duoshou.statistics.expectation.fitting import Expectation, Reason
from duoshou.statistics.expectation.model import Model
from duoshou.statistics.expectation.panel import BoolArray, FloatArray, IntArray
from duoshou.statistics.expectation.predictive import quantile, score
from duoshou.statistics.expectation.scanning import scan_log_p, single_share
from duoshou.statistics.expectation.windows import Moments, Template, moments


class Shape(IntEnum):
    """Form of a deviation that still stands on the last day.

    NONE: Nothing was tested.
    SPIKE: One or two days.
    SHIFT: A step that lasts three days or longer.
    DRIFT: Growing day by day.
    """

    NONE = 0
    SPIKE = 1
    SHIFT = 2
    DRIFT = 3


LONGEST_SPIKE = 2


@dataclass(frozen=True, slots=True)
class Signals:
    """One judgement for each series, all arrays of S; sums in the units of the panel.

    Attributes:
        as_of: The day of the judgement.
        p_value: Of the largest score of the scan, all windows and forms counted; NaN where nothing was tested.
        log_p: Its logarithm, which does not underflow.
        rate: The false discovery rate at which the series is found (Benjamini–Hochberg over the family).
        score: The largest score, signed, standard normal but for the choice.
        sign: -1 below, +1 above, 0 nothing tested.
        start: Most likely first day of the deviation.
        length: Days from then to `as_of`.
        shape: Values of `Shape`.
        actual, expected: Plain sums from `start` to `as_of`.
        deviation: actual − expected.
        low, high: 90 % interval of the deviation, what the days' own scatter could have done included.
        uncertainty: Standard deviation of `expected` itself.
        unseen: bool, a calendar phase without precedent lies in the window.
        reason: Values of `Reason`.
    """

    as_of: int
    p_value: FloatArray
    log_p: FloatArray
    rate: FloatArray
    score: FloatArray
    sign: IntArray
    start: IntArray
    length: IntArray
    shape: IntArray
    actual: FloatArray
    expected: FloatArray
    deviation: FloatArray
    low: FloatArray
    high: FloatArray
    uncertainty: FloatArray
    unseen: BoolArray
    reason: IntArray


_SUMS = ("actual", "expected", "deviation", "low", "high", "uncertainty")


def detect(
    expectation: Expectation, as_of: int, *, tested: BoolArray | None = None, dependent: bool = False
) -> Signals:
    """Return for each series whether the days up to `as_of` left the expectation.

    For every window and form that ends with `as_of` the generalised likelihood ratio in score form: the deviation
    weighted by what each day tells of it, against a forecast from the days before the window (Willsky and Jones,
    1976). The largest over windows and forms is judged by the distribution of the largest.

    Args:
        expectation: A fit.
        as_of: Last day, counted from 0. An unknown last day tests nothing.
        tested: bool[S], the family; all series by default.
        dependent: Adjust for any dependence between series (Benjamini–Yekutieli).

    Raises:
        ValueError: If `as_of` is no day of the panel.
    """
    series, days = expectation.panel.values.shape
    if not 0 <= as_of < days:
        raise ValueError("`as_of` is a day of the panel")
    reason = expectation.reasons(as_of)
    signals = _empty(series, as_of, reason)
    family = reason == Reason.ENOUGH if tested is None else tested & (reason == Reason.ENOUGH)
    for model, plain, efficient in zip(expectation.models, expectation.plain, expectation.efficient, strict=True):
        _judge(model, (plain, efficient), as_of, signals)
    off = ~family | np.isnan(signals.p_value)
    for values in (signals.p_value, signals.log_p, signals.score, *(getattr(signals, name) for name in _SUMS)):
        values[off] = np.nan
    signals.sign[off], signals.shape[off] = 0, Shape.NONE
    signals.rate[:] = adjusted(signals.p_value, dependent=dependent)
    return signals


def _empty(series: int, as_of: int, reason: IntArray) -> Signals:
    def numbers() -> FloatArray:
        return np.full(series, np.nan)

    def whole(value: int = 0) -> IntArray:
        return np.full(series, value, dtype=np.int64)

    return Signals(
        as_of=as_of,
        p_value=numbers(),
        log_p=numbers(),
        rate=numbers(),
        score=numbers(),
        sign=whole(),
        start=whole(as_of),
        length=whole(),
        shape=whole(),
        actual=numbers(),
        expected=numbers(),
        deviation=numbers(),
        low=numbers(),
        high=numbers(),
        uncertainty=numbers(),
        unseen=np.zeros(series, dtype=np.bool_),
        reason=reason,
    )


def _judge(model: Model, calibrations: tuple[Calibration, Calibration], as_of: int, signals: Signals) -> None:
    plain, efficient = calibrations
    scores = template_scores(model, efficient, as_of)
    usable = [index for index, form in enumerate(efficient.templates) if form.length <= as_of + 1]
    rows, here = model.block.rows, model.block.known[:, as_of]
    if not usable:
        return
    best = np.argmax(np.abs(scores), axis=1)
    largest = scores[np.arange(len(rows)), best]
    single = efficient.single
    if len(usable) < len(efficient.templates):
        single = single_share(efficient.correlation[np.ix_(usable, usable)])
    log_p = scan_log_p(np.abs(largest), len(usable), single)
    signals.log_p[rows] = np.where(here, log_p, np.nan)
    signals.p_value[rows] = np.where(here, np.exp(log_p), np.nan)
    signals.score[rows], signals.sign[rows] = largest, np.sign(largest).astype(np.int64)
    _describe(model, plain, best, signals, efficient.templates)


def template_scores(model: Model, calibration: Calibration, as_of: int) -> FloatArray:
    """Return the calibrated scores float[S, M] of all forms that end with day `as_of`, 0 where nothing is known."""
    scores = np.zeros((len(model.block.rows), len(calibration.templates)))
    for index, form in enumerate(calibration.templates):
        if form.length <= as_of + 1:
            sums = moments(model, as_of, form, efficient=True)
            judged = score(model.block.kind, sums, calibration.stretch[:, index])
            scores[:, index] = np.where(sums.days > 0, judged, 0.0)
    return scores


def _describe(model: Model, plain: Calibration, best: IntArray, signals: Signals, forms: tuple[Template, ...]) -> None:
    """Fill in start and form, and the plain sums over the window, of the form that each series chose."""
    block, rows, as_of = model.block, model.block.rows, signals.as_of
    lengths = np.array([template.length for template in plain.templates])
    parts = {item.name: np.zeros(len(rows)) for item in fields(Moments)}
    stretch = np.ones(len(rows))
    for index in np.unique(best):
        form, chosen = forms[index], best == index
        sums = moments(model, as_of, Template(form.length))
        for name, values in parts.items():
            values[chosen] = getattr(sums, name)[chosen]
        stretch[chosen] = plain.stretch[chosen, int(np.argmin(np.abs(lengths - form.length)))]
        shape = Shape.DRIFT if form.drift else Shape.SPIKE if form.length <= LONGEST_SPIKE else Shape.SHIFT
        signals.shape[rows[chosen]], signals.length[rows[chosen]] = shape, form.length
        signals.unseen[rows[chosen]] = model.unseen(slice(as_of - form.length + 1, as_of + 1))[chosen]
    signals.start[rows] = as_of - signals.length[rows] + 1
    sums, z = Moments(**parts), NormalDist().inv_cdf(0.95)
    low, high = quantile(block.kind, sums, stretch, -z), quantile(block.kind, sums, stretch, z)
    scale, offset = block.scale, block.centre * sums.days
    signals.actual[rows], signals.expected[rows] = sums.actual * scale + offset, sums.expected * scale + offset
    signals.deviation[rows] = (sums.actual - sums.expected) * scale
    signals.low[rows], signals.high[rows] = (sums.actual - high) * scale, (sums.actual - low) * scale
    signals.uncertainty[rows] = np.sqrt(np.maximum(sums.level + sums.calendar, 0.0)) * stretch * scale
