"""What worsened before or with a score: refunds, delivery, replies, reviews, inquiries."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.score_falls import Fall
from duoshou.analysts.diagnosis.score_reading import ScoreQuestion
from duoshou.analysts.diagnosis.score_words import ScoreWords, Tie
from duoshou.metrics import Unit
from duoshou.model import Text
from duoshou.statistics import benjamini_hochberg, student_t_two_sided
from duoshou.statistics.slow_shifts import usual_increments

Floats = NDArray[np.float64]

BEFORE = 56
"""Days that a metric is held against: eight whole weeks."""

LEAST_AFTER = 3
RATE = 0.05
_NORMAL_95 = 1.959963984540054
_SURE_SLOPE = 3.0


@dataclass(frozen=True, slots=True)
class Moved:
    """A metric before and after a score began to fall.

    Attributes:
        tie: What connects it with the score.
        title: Its name.
        unit: Unit of `before` and `after`.
        before: Daily mean over eight weeks before.
        after: Daily mean since.
        change: Relative change, of a count at an equal number of what it is counted against; None from nothing.
        low: Its 95 % interval.
        high: The same.
        chance: Two-sided probability of such a change on ordinary days.
        worse: Whether it changed in the direction that hurts, beyond chance over the whole family.
        contribution: Points of the score that this change goes with, by the score's own past; None where the past
            shows no connection.
        items: Scores of the fall that it is tied to.
    """

    tie: Tie
    title: Text
    unit: Unit
    before: float
    after: float
    change: float | None
    low: float | None
    high: float | None
    chance: float
    worse: bool
    contribution: float | None
    items: tuple[str, ...]


def moved_with(question: ScoreQuestion, words: ScoreWords, fall: Fall) -> list[Moved]:
    """Return the tied metrics that are known before and since, those that worsened first.

    False discoveries are controlled over all of them (Benjamini and Hochberg, 1995).
    """
    members = [fall.board.items[item] for item in fall.members]
    found = [
        moved
        for tie in words.tie
        if (items := tuple(item for item in members if item in tie.items))
        and (moved := _moved(question, fall, tie, items)) is not None
    ]
    rejected = benjamini_hochberg([one.chance for one in found], RATE)
    judged = [_judged(one, known) for one, known in zip(found, rejected, strict=True)]
    return sorted(judged, key=lambda one: (not one.worse, one.chance))


def _judged(moved: Moved, sure: bool) -> Moved:
    worse = sure and (moved.after > moved.before) is moved.tie.rises
    values = {name: getattr(moved, name) for name in Moved.__slots__}
    contribution = moved.contribution if worse else None
    return Moved(**{**values, "worse": worse, "contribution": contribution})


def _moved(question: ScoreQuestion, fall: Fall, tie: Tie, items: tuple[str, ...]) -> Moved | None:
    metric = question.catalogue.metrics.get(tie.metric)
    values = None if metric is None else _values(question, tie, fall.board.platform)
    if metric is None or values is None:
        return None
    base = question.series(tie.per, fall.board.platform) if tie.per else np.ones(len(values))
    if base is None:
        return None
    began, ended = int(fall.board.places[fall.start]) + 1, int(fall.board.places[fall.end])
    least, most = tie.lag
    since = slice(max(began - (least + most) // 2, 0), ended - least + 1)
    earlier = slice(max(began - most - BEFORE, 0), max(began - most, 0))
    old, new = _Sample.of(values[earlier], base[earlier]), _Sample.of(values[since], base[since])
    if old is None or new is None or old.size < 2 * LEAST_AFTER or new.size < LEAST_AFTER:
        return None
    change, low, high, chance = _relative(old, new)
    return Moved(
        tie,
        tie.title or metric.title,
        metric.unit,
        old.plain,
        new.plain,
        change,
        low,
        high,
        chance,
        False,
        _contribution(fall, values / base, tie, new.mean - old.mean),
        items,
    )


def _values(question: ScoreQuestion, tie: Tie, platform: str | None) -> Floats | None:
    if not tie.reasons:
        return question.series(tie.metric, platform)
    panel = question.panel(tie.metric, by=("reason",), platform=platform)
    if panel is None:
        return None
    rows = [
        values
        for split, values in zip(panel.splits, panel.values[tie.metric], strict=True)
        if split[0] and any(word in split[0].lower() for word in tie.reasons)
    ]
    return np.asarray(np.nansum(np.vstack(rows), axis=0)) if rows else None


@dataclass(frozen=True, slots=True)
class _Sample:
    """Days of a metric: the ratio of its sum to that of what it is counted against.

    Attributes:
        mean: The ratio.
        spread: Standard deviation of one day about the ratio.
        exposure: Sum of what it is counted against.
        plain: Mean of the days.
        size: Days.
    """

    mean: float
    spread: float
    exposure: float
    plain: float
    size: int

    @classmethod
    def of(cls, values: Floats, base: Floats) -> _Sample | None:
        """Return the sample; None without two known days. Neighbouring days that resemble widen the spread."""
        kept = np.isfinite(values) & np.isfinite(base) & (base > 0)
        x, b = values[kept], base[kept]
        if len(x) < 2:
            return None
        mean = float(x.sum() / b.sum())
        residual = x - mean * b
        squares = float(residual @ residual)
        near = float(residual[1:] @ residual[:-1]) / max(squares, 1e-300)
        alike = min(max(near, 0.0), 0.8)
        spread = math.sqrt(squares / (len(x) - 1) * (1 + alike) / (1 - alike))
        return cls(mean, spread, float(b.sum()), float(x.mean()), len(x))

    def error(self, spread: float | None = None) -> float:
        """Return the standard error of the ratio, with its own spread or another one."""
        return (self.spread if spread is None else spread) * math.sqrt(self.size) / self.exposure


def _relative(old: _Sample, new: _Sample) -> tuple[float | None, float | None, float | None, float]:
    """Return the relative change with its interval, and the chance of the difference on days like those before."""
    ordinary = math.hypot(old.error(), new.error(old.spread))
    apart = new.mean - old.mean
    chance = student_t_two_sided(apart / ordinary, old.size - 1) if ordinary > 0 else float(apart == 0)
    if old.mean <= 0:
        return None, None, None, chance
    ratio = new.mean / old.mean
    if new.mean <= 0:
        return ratio - 1, None, None, chance
    width = _NORMAL_95 * math.hypot(old.error() / old.mean, new.error() / new.mean)
    return ratio - 1, ratio * math.exp(-width) - 1, ratio * math.exp(width) - 1, chance


def _contribution(fall: Fall, ratio: Floats, tie: Tie, change: float) -> float | None:
    """Return the points that the lead's increments go with `change`, by regression on the days before the fall."""
    places = fall.board.places
    least, most = tie.lag
    width = most - least + 1
    filled = np.concatenate([[0.0], np.cumsum(np.nan_to_num(ratio))])
    known = np.concatenate([[0.0], np.cumsum(np.isfinite(ratio))])
    ends = places[1 : fall.start + 1] - least + 1
    usable = ends >= width
    ends = ends[usable]
    counted = known[ends] - known[ends - width]
    smooth = np.divide(filled[ends] - filled[ends - width], counted, out=np.full(len(ends), np.nan), where=counted > 0)
    days = np.diff(places)[: fall.start][usable]
    moves = np.diff(fall.board.values[fall.lead])[: fall.start][usable] / days
    kept = np.isfinite(smooth)
    x, y = smooth[kept] - smooth[kept].mean() if kept.any() else smooth[kept], moves[kept]
    if len(x) < BEFORE or not float(x @ x) > 0:
        return None
    slope = float(x @ (y - y.mean())) / float(x @ x)
    left = y - y.mean() - slope * x
    usual = usual_increments(left, np.ones(len(left)))
    inflation = usual.inflation if usual is not None else 1.0
    error = math.sqrt(float(left @ left) / (len(x) - 2) * inflation * width / float(x @ x))
    if error <= 0 or abs(slope) < _SURE_SLOPE * error or slope * change >= 0:
        return None
    return slope * change * float(places[fall.end] - places[fall.start])
