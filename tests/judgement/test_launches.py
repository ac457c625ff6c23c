"""The scorer of launch tests: what counts as a false pass, and what is drawn."""

from __future__ import annotations

import numpy as np
from benchmarks.judgement.launches import LAWS, Told, draw_shop


def test_a_pass_is_false_where_the_truth_is_no_hit() -> None:
    """Of two that pass one is none; of two hits one passed; a fail above the median is wrong."""
    told = Told()
    told.add((True, False), is_hit=True, is_low=False)
    told.add((True, False), is_hit=False, is_low=False)
    told.add((False, False), is_hit=True, is_low=False)
    told.add((False, True), is_hit=False, is_low=False)
    assert told.row("x") == ("x", "4", "2", "50.0%", "50.0%", "1", "100.0%")
    assert Told().row() == ("0", "0", "—", "—", "0", "—")


def test_drawn_shops_are_those_of_their_seed() -> None:
    """The same draw gives the same truth and the same verdicts, by each law."""
    for _, law, scatter in LAWS:
        first, again = (draw_shop(np.random.default_rng(4), law, 12, scatter) for _ in range(2))
        assert (first[0] == again[0]).all()
        assert (first[1] == again[1]).all()
        assert not (first[1][0] & first[1][1]).any() or scatter > 0
