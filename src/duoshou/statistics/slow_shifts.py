"""Falls of a slowly moving score: a rolling mean moves by small steps, so its *increments* are judged.

A rolling mean over w days changes by (new − leaving ratings) ÷ N a day. A lasting fall of what comes in by δ shifts
every increment by −δ·n/N until the window has turned over: a level shift of the increments, a slope of the score.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SHORTEST = 3
LONGEST = 60
LEAST_HISTORY = 40
PAUSE = 7
"""A fall that goes on within a week of its end (a roster of agents, a weekend) is the same fall."""

_BLOCKS = (7, 14, 28)
_RETURN_ODDS = math.log(100.0)


@dataclass(frozen=True, slots=True)
class Usual:
    """How increments move when nothing happens.

    Attributes:
        mean: Expected increment per unit of exposure.
        variance: Variance of one increment of exposure 1.
        inflation: Long-run variance ÷ variance, ≥ 1; what serial dependence adds to sums.
        exposure: Exposure that it was learnt from.
        size: Increments that it was learnt from.
    """

    mean: float
    variance: float
    inflation: float
    exposure: float
    size: int


@dataclass(frozen=True, slots=True)
class SlowShift:
    """A fall of the increments.

    Attributes:
        start: Position of the first increment that fell.
        detected: Position at which it was noticed.
        end: Position of the first increment that is usual again; None while it lasts.
        usual: How increments moved before.
        statistic: Standardised distance when it was noticed.
    """

    start: int
    detected: int
    end: int | None
    usual: Usual
    statistic: float


def alarm_limit(interval: float, shortest: int = SHORTEST, longest: int = LONGEST) -> float:
    """Return the limit c at which a one-sided scan over `shortest`…`longest` increments errs once in `interval`.

    Window-limited generalised likelihood ratio for a normal mean (Siegmund and Venkatraman, 1995; Lai, 1995):
    the rate of false alarms is ½ c φ(c) ∫ x ν²(x) dx over c/√longest … c/√shortest, ν(x) ≈ exp(−0.583 x).

    Raises:
        ValueError: If `interval` is not above 1.
    """
    if interval <= 1:
        raise ValueError("the interval between false alarms must exceed one increment")
    low, high = 0.5, 12.0
    for _ in range(60):
        middle = (low + high) / 2
        edges = np.linspace(middle / math.sqrt(longest), middle / math.sqrt(shortest), 200)
        integrand = edges * np.exp(-2 * 0.583 * edges)
        area = float(np.sum((integrand[1:] + integrand[:-1]) / 2 * np.diff(edges)))
        rate = 0.5 * middle * math.exp(-middle * middle / 2) / math.sqrt(2 * math.pi) * area
        low, high = (middle, high) if rate * interval > 1 else (low, middle)
    return (low + high) / 2


def usual_increments(increments: Floats, exposure: Floats) -> Usual | None:
    """Return how increments usually move; None if there are fewer than `LEAST_HISTORY`.

    The inflation is the greatest of the variance ratios of sums over 7, 14 and 28 increments (Lo and MacKinlay,
    1988), as far as four such blocks exist, and never below 1: a wobble that lasts counts as a wobble.
    """
    plain = _independent(increments, exposure)
    return None if plain is None else _with_dependence(plain, increments, exposure)


def _independent(increments: Floats, exposure: Floats) -> Usual | None:
    size = len(increments)
    if size < LEAST_HISTORY:
        return None
    total = float(exposure.sum())
    mean = float(increments.sum()) / total
    apart = increments - mean * exposure
    return Usual(mean, float((apart * apart / exposure).sum()) / (size - 1), 1.0, total, size)


def _with_dependence(usual: Usual, increments: Floats, exposure: Floats) -> Usual:
    size = usual.size
    if usual.variance == 0:
        return usual
    residual = (increments - usual.mean * exposure) / np.sqrt(exposure)
    inflation = 1.0
    cumulated = np.concatenate([[0.0], np.cumsum(residual - residual.mean())])
    for block in (one for one in _BLOCKS if size >= 4 * one):
        sums = cumulated[block:] - cumulated[:-block]
        unbiased = block * (size - block + 1) * (1 - block / size)
        inflation = max(inflation, float(sums @ sums) / (unbiased * usual.variance))
    return replace(usual, inflation=inflation)


def find_falls(
    increments: Floats,
    exposure: Floats,
    *,
    first: int = 0,
    memory: int = 365,
    step: float = 0.0,
    interval: float = 3000.0,
) -> list[SlowShift]:
    """Return the falls that somebody who looked after every increment would have noticed.

    Each position from `first` on is judged with what was known then, so a fall keeps its start on later days. What
    the usual movement is learnt from leaves out earlier falls, and rises, which are looked for in the same way. The
    limit is raised for skewed and heavy-tailed increments by the first terms of the Cornish–Fisher expansion (a few
    one-star ratings in a small shop), and the statistic of an estimated variance is brought to the normal scale
    by Wallace (1959).

    Args:
        increments: Change from one published score to the next, without gaps and NaN.
        exposure: What each increment spans, > 0: days, or ratings in units of a usual day's.
        first: First position that is judged.
        memory: Increments that the usual movement is learnt from, at most.
        step: Unit of the last published digit.
        interval: Increments between two false alarms, on average.

    Raises:
        ValueError: If the series differ in length or hold something else than finite numbers, exposures above 0.
    """
    if increments.shape != exposure.shape or increments.ndim != 1:
        raise ValueError("every increment has one exposure")
    if not (np.all(np.isfinite(increments)) and np.all(exposure > 0) and np.all(np.isfinite(exposure))):
        raise ValueError("increments are finite and exposures positive")
    limit = alarm_limit(interval)
    rises = _found(_Scan(-increments, exposure, memory, step, limit), max(first - memory, 0))
    scan = _Scan(increments, exposure, memory, step, limit)
    for rise in rises:
        scan.set_aside(rise)
    return _found(scan, max(first, 0))


def _found(scan: _Scan, position: int) -> list[SlowShift]:
    found: list[SlowShift] = []
    quiet, size = 0, len(scan.increments)
    while position < size:
        alarm = scan.alarm(position, quiet)
        if alarm is None:
            position += 1
            continue
        end, resume = scan.end(alarm)
        last = found[-1] if found else None
        if last is not None and last.end is not None and alarm.start - last.end <= PAUSE:
            found[-1] = replace(last, end=end)
        else:
            found.append(replace(alarm, end=end))
        scan.set_aside(replace(alarm, end=end))
        if end is None:
            break
        quiet, position = end, resume + 1
    return found


class _Scan:
    """The series with what has been found in it so far."""

    def __init__(self, increments: Floats, exposure: Floats, memory: int, step: float, limit: float) -> None:
        self.increments, self.exposure = increments, exposure
        self.memory, self.step, self.limit = memory, step, limit
        # Position from which an increment is known to be out of the ordinary; beyond the end: never.
        self.aside_from = np.full(len(increments), len(increments))

    def set_aside(self, shift: SlowShift) -> None:
        """Take what belongs to a shift out of what the usual movement is learnt from, once it was noticed."""
        part = np.arange(shift.start, len(self.increments) if shift.end is None else shift.end)
        self.aside_from[part] = np.minimum(self.aside_from[part], np.maximum(part, shift.detected))

    def known(self, before: int, position: int) -> tuple[Floats, Floats]:
        """Return the increments and exposures before one position that at another seemed ordinary."""
        part = slice(max(0, before - self.memory), before)
        kept = self.aside_from[part] > position
        return self.increments[part][kept], self.exposure[part][kept]

    def alarm(self, position: int, quiet: int) -> SlowShift | None:
        """Return the fall that the increment at `position` lets one notice, if any."""
        longest = min(LONGEST, position + 1 - quiet)
        if longest < SHORTEST:
            return None
        lengths = np.arange(SHORTEST, longest + 1)
        # One variance for all starts: learnt without the newest increments, unless history is short.
        spare = min(LONGEST // 2, max(0, (position + 1 - LEAST_HISTORY) // 3))
        increments, exposure = self.known(position + 1 - max(spare, SHORTEST), position)
        plain = _independent(increments, exposure)
        if plain is None or plain.variance == 0 or not np.any(self._statistics(position, lengths, plain) > self.limit):
            return None  # dependence, skew and tails only ask for more
        usual = _with_dependence(plain, increments, exposure)
        statistic = self._statistics(position, lengths, usual)
        excess = statistic - self._limits(lengths, usual, increments, exposure)
        if not np.any(excess > 0):
            return None
        best = int(lengths[np.argmax(excess)])
        start = position + 1 - best
        before = usual_increments(*self.known(start, position)) or usual
        return SlowShift(start, position, None, before, float(statistic[best - SHORTEST]))

    def _statistics(self, position: int, lengths: npt.NDArray[np.int64], usual: Usual) -> Floats:
        newest = slice(position + 1 - int(lengths[-1]), position + 1)
        exposed = np.cumsum(self.exposure[newest][::-1])[lengths - 1]
        change = np.cumsum(self.increments[newest][::-1])[lengths - 1] - usual.mean * exposed
        variance = usual.variance * usual.inflation * exposed * (1 + exposed / usual.exposure) + self.step**2 / 6
        distance = np.maximum(-change - self.step, 0.0) / np.sqrt(variance)
        degrees = max(usual.size / usual.inflation - 1, 3.0)
        scale = (8 * degrees + 1) / (8 * degrees + 3)
        return np.asarray(scale * np.sqrt(degrees * np.log1p(distance * distance / degrees)))

    def _limits(self, lengths: npt.NDArray[np.int64], usual: Usual, increments: Floats, exposure: Floats) -> Floats:
        residual = (increments - usual.mean * exposure) / np.sqrt(exposure * usual.variance)
        skew = max(float(-np.mean(residual**3)), 0.0)
        tails = max(float(np.mean(residual**4)) - 3.0, 0.0)
        c = self.limit
        return c + skew * (c * c - 1) / (6 * np.sqrt(lengths)) + tails * (c**3 - 3 * c) / (24 * lengths)

    def end(self, shift: SlowShift) -> tuple[int | None, int]:
        """Return where a fall ends, and the position at which that is known."""
        usual = shift.usual
        for position in range(shift.detected + SHORTEST, len(self.increments)):
            part = slice(shift.start, position + 1)
            x, e = self.increments[part], self.exposure[part]
            fallen = float(x[: shift.detected + 1 - shift.start].sum() / e[: shift.detected + 1 - shift.start].sum())
            spread = 2 * usual.variance * usual.inflation * e
            odds = np.cumsum((((x - fallen * e) ** 2 - (x - usual.mean * e) ** 2) / spread)[::-1])
            odds = odds[SHORTEST - 1 : position - shift.detected]
            if len(odds) and float(odds.max()) >= _RETURN_ODDS:
                return position + 1 - (int(np.argmax(odds)) + SHORTEST), position
        return None, len(self.increments)
