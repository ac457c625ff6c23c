"""What all subjects of a kind did on the same days: what moved them alike, and how far they went apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LEAST_PEERS = 5
"""Subjects from which on what moves them all on one day is told apart from what moves one of them."""
FAMILY_WEIGHT = 8.0
"""Subjects of a family at which half of what moved it is believed: its median then errs, with a variance of π/2 of that
of one subject ÷ their number, by as much as families differ."""
SPREAD = (0.9, 1.6448536269514722)
"""Level of |score| and its value for a normal law: a tenth of the subjects may be in trouble on one day."""
MANY_PEERS = 20
"""Subjects without which one of them would decide how far all went apart."""
PEERS_WEIGHT = 20.0
"""Subjects at which half of how far they went apart is believed."""


def apart(
    moves: Floats, deviations: Floats, families: Sequence[str | None] = (), seasonal: Sequence[bool] = ()
) -> Floats:
    """Return the moves without what moved all subjects alike on the same days, nor those of one family.

    The weighted median of all others is taken off each, then that of the others of its family as far as their number
    lets believe it: a season moves how many people look at a category, and the level of a product is not known so well
    that it would not show. A subject is no peer of itself: one that carries much of the weight would hide its own move.

    Args:
        moves: Subjects × windows × features; NaN where not known.
        deviations: Their standard deviations.
        families: Family of each subject; None where not known. Empty: there are none.
        seasonal: Features that move with the family. Empty: none.
    """
    if len(moves) < LEAST_PEERS:
        return moves
    result = moves - _of_others(moves, deviations)
    columns = np.flatnonzero(seasonal)
    labels = np.array([one or "" for one in families])
    for family in sorted({one for one in families if one}):
        cells = np.ix_(np.flatnonzero(labels == family), np.arange(moves.shape[1]), columns)
        if len(cells[0]) < len(moves):
            others = np.maximum(np.isfinite(result[cells]).sum(axis=0) - 1, 0)
            result[cells] -= others / (others + FAMILY_WEIGHT) * _of_others(result[cells], deviations[cells])
    return result


def _of_others(moves: Floats, deviations: Floats) -> Floats:
    """Return the weighted median of all other subjects, for each; 0 where fewer than `LEAST_PEERS` are known."""
    common = np.zeros(moves.shape)
    for window in range(moves.shape[1]):
        for feature in range(moves.shape[2]):
            column = moves[:, window, feature]
            known = np.isfinite(column)
            if known.sum() >= LEAST_PEERS:
                weights = deviations[known, window, feature] ** -2
                common[known, window, feature] = medians_of_others(column[known], weights)
    return common


def widening(moves: Floats, deviations: Floats) -> Floats:
    """Return by how much all subjects went further apart on these days than on usual ones: windows × features, ≥ 1.

    After a festival that the shop never lived through, at the turn of a season, after a change of the platform, what is
    expected is less sure of every subject than the past lets believe. The subjects themselves tell it: the scatter of
    their scores, of which troubles of a few move little (a robust scale across units, Huber 1981).

    Args:
        moves: Subjects × windows × features, without what moved all alike; NaN where not known.
        deviations: Their standard deviations on usual days.
    """
    level, score = SPREAD
    with np.errstate(all="ignore"):
        size = np.abs(moves / deviations)
    known = np.isfinite(size).sum(axis=0)
    seen = np.nanquantile(np.where(known > 0, size, 0.0), level, axis=0) / score
    believed = known / (known + PEERS_WEIGHT)
    return np.asarray(np.exp(np.log(np.maximum(seen, 1.0)) * np.where(known >= MANY_PEERS, believed, 0.0)))


def medians_of_others(values: Floats, weights: Floats) -> Floats:
    """Return for each value the weighted median of all the others: that at which half of their weight is reached.

    Args:
        values: Two or more.
        weights: Their weights, above 0.
    """
    order = np.argsort(values, kind="stable")
    ordered, weight = values[order], weights[order]
    reached = np.cumsum(weight)
    half = (reached[-1] - weight) / 2
    before = np.searchsorted(reached, half)
    after = np.searchsorted(reached, half + weight)
    own = np.arange(len(values))
    result = np.empty(len(values))
    result[order] = ordered[np.where(before < own, before, np.clip(after, own + 1, len(values) - 1))]
    return result
