"""How far the features of subjects moved against what is expected of them, in relative terms and as logarithms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis.reading import FeatureSeries
from duoshou.statistics.expectation import Reason, Windows

Floats = NDArray[np.float64]
HALF = 0.5
"""Added to counts before a logarithm is taken, so that nothing has one (Anscombe 1956)."""
LEAST_AMOUNT = 0.01
"""The same for an amount, as a part of what is expected."""
FARTHEST = 4.0


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves of a day's windows against expectation: subjects × windows × features where not said otherwise.

    Attributes:
        sizes: The moves; NaN where not known.
        deviations: Their standard deviations when nothing happened.
        lowest: What each shows where nothing is left; −∞ where it has no such end.
        unseen: Subjects × windows: a calendar phase that the shop never lived through lies in the window.
        lengths: Days of the windows.
    """

    sizes: Floats
    deviations: Floats
    lowest: Floats
    unseen: NDArray[np.bool_]
    lengths: tuple[int, ...]


def moves_of(windows: Windows, rows: slice, one: FeatureSeries, day: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Return a feature's relative moves, their deviations, log(actual ÷ expected), and the least that it can be.

    All are subjects × windows. What is a logarithm or a share by itself has no other logarithm (NaN), and no end (−∞).

    Args:
        windows: Actual and expected sums of all features.
        rows: Those of the feature.
        one: The feature.
        day: Number of the day with which the windows end.
    """
    endless = np.full_like(windows.score[rows], -np.inf)
    nothing = np.full_like(windows.score[rows], np.nan)
    expected, deviation, score = windows.expected[rows], windows.deviation[rows], windows.score[rows]
    if one.feature.kind == "level":
        base = np.maximum(windows.days[rows], 1.0)
    elif one.feature.absolute:
        base = trials(one, windows.lengths, day)
    else:
        base = expected
    with np.errstate(all="ignore"):
        scale = deviation / base
    usable = (windows.reason[rows] == Reason.ENOUGH)[:, None] & (windows.days[rows] > 0) & (base > 0) & (scale > 0)
    usable &= np.isfinite(scale)
    if one.feature.absolute:  # always 0 so far: any day above it tells
        rare = (windows.reason[rows] != Reason.ENOUGH)[:, None] & (base > 0)
        share = np.where(rare, windows_share(one, windows.lengths, day), 0.0)
        moves = np.where(usable, score * scale, np.where(rare, share, np.nan))
        return moves, np.where(usable, np.maximum(scale, 0.02), np.where(rare, 0.05, np.nan)), nothing, endless
    moves, known = np.where(usable, score * scale, np.nan), np.where(usable, scale, np.nan)
    if one.feature.kind == "level":
        return moves, known, nothing, endless
    least = LEAST_AMOUNT * expected if one.feature.kind == "amount" else HALF
    with np.errstate(all="ignore"):
        logarithms = np.log((np.maximum(windows.actual[rows], 0.0) + least) / (expected + least))
        lowest = np.where(usable, np.log(least / (expected + least)), endless)
    return moves, known, np.where(usable, logarithms, np.nan), lowest


def as_logarithms(moves: Floats, deviations: Floats, logarithms: Floats) -> tuple[Floats, Floats]:
    """Return moves as logarithms and the deviations that leave their scores as they are.

    A relative move ends at −1, where everything is gone; its logarithm, in which causes are stated, does not. The score
    is right already, so that a deviation is the logarithm ÷ the score. Moves within one deviation, whose quotient is
    not stable, stay as they are: there both are the same.

    Args:
        moves: Relative moves.
        deviations: Their standard deviations.
        logarithms: log(actual ÷ expected); NaN where a move is a logarithm already.
    """
    with np.errstate(all="ignore"):
        score = moves / deviations
        quotient = np.clip(logarithms / score, deviations / FARTHEST, deviations * FARTHEST)
    clear = (np.abs(score) > 1) & (logarithms * score > 0)
    turned = np.where(clear, quotient, deviations)
    return np.where(clear, score * turned, moves), turned


def trials(one: FeatureSeries, lengths: tuple[int, ...], day: int) -> Floats:
    """Return the trials of each window of a rate: subjects × windows."""
    assert one.exposure is not None
    return np.stack([np.nansum(one.exposure[:, max(day - length + 1, 0) : day + 1], axis=1) for length in lengths], 1)


def windows_share(one: FeatureSeries, lengths: tuple[int, ...], day: int) -> Floats:
    """Return successes ÷ trials of each window."""
    hits = np.stack([np.nansum(one.values[:, max(day - length + 1, 0) : day + 1], axis=1) for length in lengths], 1)
    with np.errstate(all="ignore"):
        return np.nan_to_num(hits / trials(one, lengths, day))
