"""What happened to the peers of each unit: those whom the same demand moves, such as products of one category."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from duoshou.statistics.effects.panel import Array
from duoshou.statistics.effects.ratios import log_ratio

PEER_HALF_LIVES = (8.0, 32.0)
"""Days after which a day before counts half."""

_WIDE = 1.0  # moves beyond a factor of e count as that


def moves_of_peers(
    values: Array, trials: Array, past: Array, judged: slice, event: Array, peers: NDArray[np.bool_]
) -> Array:
    """Return float[half-lives, units], the mean logarithmic change of each unit's peers less that of all other donors.

    From the days before, with weights that halve every so many days, to the judged ones. Each counts by the root of its
    size, between all alike and in proportion to it. Nought where a unit has no peers. The subject, row 0, is nobody's
    peer.

    Args:
        values: float[units, days].
        trials: float[units, days], what the values are of; 0 where nothing is known.
        past: float[units, days before], whether a day counts.
        judged: The days judged.
        event: float[units], what is added to every sum.
        peers: bool[units, units], whose peer (column) each (row) has.
    """
    days = past.shape[1]
    before, before_of = values[:, :days], trials[:, :days]
    whole, whole_of = (before * past).sum(axis=1), (before_of * past).sum(axis=1)
    rate = np.maximum(whole, event) / np.maximum(whole_of, 1e-9)
    after = log_ratio(values[:, judged].sum(axis=1), trials[:, judged].sum(axis=1), rate, event)
    counted = np.sqrt(before.mean(axis=1)) * (np.arange(len(values)) > 0)
    near, rest = peers * counted, (1 - np.eye(len(values))) * counted
    share = [one / np.maximum(one.sum(axis=1, keepdims=True), 1e-9) for one in (near, rest)]
    age = days - 1.0 - np.arange(days)
    found = []
    for half_life in PEER_HALF_LIVES:
        weight = past * 0.5 ** (age / half_life)
        moved = after - log_ratio((before * weight).sum(axis=1), (before_of * weight).sum(axis=1), rate, event)
        moved = np.clip(moved, -_WIDE, _WIDE)
        found.append(np.where(near.any(axis=1), (share[0] - share[1]) @ moved, 0.0))
    return np.asarray(np.clip(np.stack(found), -_WIDE, _WIDE))
