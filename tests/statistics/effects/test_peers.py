"""What happened to the peers of a unit: against a plain loop, and where there is nothing to tell."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.effects import Panel
from duoshou.statistics.effects.peers import PEER_HALF_LIVES, moves_of_peers

DAYS, START = 70, 49


def moved(values: np.ndarray, peers: np.ndarray, event: float = 1e-9) -> np.ndarray:
    """Return the moves of peers from all days before to the last three weeks."""
    past = np.ones((len(values), START))
    return moves_of_peers(values, np.ones_like(values), past, slice(START, DAYS), np.full(len(values), event), peers)


@given(st.integers(0, 1000))
def test_it_is_the_mean_change_of_peers_less_that_of_the_rest(seed: int) -> None:
    """Unit by unit: the changes of weighted means, weighted by the root of size, of peers and of all other donors."""
    random = np.random.default_rng(seed)
    values = random.gamma(30.0, random.uniform(1, 9, (8, 1)), (8, DAYS))
    peers = random.random((8, 8)) < 0.4
    peers[:, 0] = False
    np.fill_diagonal(peers, False)
    table = moved(values, peers)
    for place, half_life in enumerate(PEER_HALF_LIVES):
        weight = 0.5 ** (np.arange(START - 1, -1, -1) / half_life)
        change = [np.log(row[START:].mean() / np.average(row[:START], weights=weight)) for row in values]
        size = np.sqrt(values[:, :START].mean(axis=1))
        for unit in range(8):
            own = [one for one in range(8) if peers[unit, one]]
            rest = [one for one in range(1, 8) if one != unit]
            expected = 0.0
            if own:
                means = [np.average([change[one] for one in group], weights=size[group]) for group in (own, rest)]
                expected = means[0] - means[1]
            assert table[place, unit] == pytest.approx(expected, abs=1e-6)


def test_the_subject_is_nobodys_peer() -> None:
    """Whatever the subject does makes no difference to anybody."""
    values = np.random.default_rng(1).gamma(30.0, 3.0, (6, DAYS))
    peers = np.ones((6, 6), dtype=bool)
    other = values.copy()
    other[0, START:] *= 3
    np.testing.assert_allclose(moved(values, peers), moved(other, peers))


def test_a_table_of_peers_has_all_units() -> None:
    """Rows and columns of peers are the units of the outcome."""
    with pytest.raises(ValueError, match="peer"):
        Panel(np.ones((4, DAYS)), START, DAYS, peers=np.ones((3, 3), dtype=bool))
