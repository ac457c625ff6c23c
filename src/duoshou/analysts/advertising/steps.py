"""How far each bid may go in one step, and the bids as they are written: whole cents within that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.advertising.history import History
from duoshou.statistics.bidding import rises, varied

Floats = NDArray[np.float64]
LEAST_CHANGE = 0.03
"""Changes below this are left: they cost work and move nothing."""
CENT = 0.01
"""Smallest bid, and smallest change of one."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Most that each bid may fall and rise in a step, as a part of it; both float[S].

    A cent is always within reach: a quarter of a bid below four cents is less than that, and it could never move.
    """

    fall: Floats
    rise: Floats


def reach_of(history: History, step: float) -> Reach:
    """Return how far the bids of a history may go.

    Args:
        history: The keywords.
        step: Most that a bid changes; what is hardly clicked may rise by several steps.
    """
    # A bid that no report tells is changed by a part, in no cents of ours.
    cent = np.where(history.known, CENT / history.now, 0.0)
    fall = np.minimum(np.maximum(step, cent), np.maximum(1 - cent, 0.0))
    return Reach(fall, np.maximum(rises(history.clicks_of_week, step), cent))


def settled(history: History, bids: Floats, cap: Floats, reach: Reach, size: float, number: int) -> Floats:
    """Return the bids as they are written: varied, the nearest whole cent within reach and cap, small changes left out.

    Args:
        history: The keywords and their bids of today.
        bids: float[S], the chosen ones.
        cap: float[S], what is not exceeded; a bid above it falls as far as it may.
        reach: How far each may go.
        size: How far bids are varied to learn the curves.
        number: Of the step.
    """
    now = history.now
    low = (1 - reach.fall) * now
    high = np.maximum(np.minimum(cap, (1 + reach.rise) * now), low)
    moved = np.clip(varied(bids, number, size), low, high)
    left = np.abs(moved / now - 1) < LEAST_CHANGE
    whole = np.minimum(np.round(moved / CENT), np.floor(high / CENT + 1e-4))
    whole = np.maximum(np.maximum(whole, np.ceil(low / CENT - 1e-4)), 1.0) * CENT
    return np.where(left, now, np.where(history.known, whole, moved))
