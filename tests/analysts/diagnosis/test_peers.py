"""What all subjects did on the same days."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.analysts.diagnosis.peers import (
    FAMILY_WEIGHT,
    LEAST_PEERS,
    MANY_PEERS,
    PEERS_WEIGHT,
    apart,
    medians_of_others,
    widening,
)

RANDOM = np.random.default_rng(3)


def test_usual_scatter_widens_nothing_much() -> None:
    """Scores of a normal law ask for no more than the error of their own quantile."""
    scores = RANDOM.normal(size=(200, 4, 3))
    assert widening(scores, np.ones_like(scores)).max() < 1.2


@pytest.mark.parametrize("times", [1.5, 2.0, 3.0])
def test_a_day_on_which_all_go_apart_is_wider(times: float) -> None:
    """The scatter itself is the factor, up to what the number of subjects lets believe."""
    scores = RANDOM.normal(size=(2000, 1, 1)) * times
    believed = 2000 / (2000 + PEERS_WEIGHT)
    assert widening(scores, np.ones_like(scores))[0, 0] == pytest.approx(times**believed, rel=0.1)


def test_troubles_of_a_few_widen_little() -> None:
    """One subject in twenty that falls by ten deviations leaves the others' limits where they are."""
    scores = RANDOM.normal(size=(200, 1, 1))
    usual = widening(scores, np.ones_like(scores))[0, 0]
    scores[:10] -= 10.0
    assert widening(scores, np.ones_like(scores))[0, 0] < 1.3 * usual


def test_few_subjects_say_nothing() -> None:
    """Below the least number of peers, and where nothing is known, the factor is one."""
    scores = np.full((MANY_PEERS - 1, 2, 2), 9.0)
    assert (widening(scores, np.ones_like(scores)) == 1.0).all()
    unknown = np.full((50, 1, 1), np.nan)
    assert (widening(unknown, np.ones_like(unknown)) == 1.0).all()


@given(st.floats(-5, 5), st.integers(LEAST_PEERS, 40))
def test_what_moves_all_alike_is_taken_off(shift: float, subjects: int) -> None:
    """A common move leaves no trace, whatever its size; own moves stay."""
    own = np.zeros((subjects, 1, 1))
    own[0] = 2.0
    found = apart(own + shift, np.ones_like(own))
    assert found[0, 0, 0] == pytest.approx(2.0)
    assert np.abs(found[1:]).max() == pytest.approx(0.0, abs=1e-12)


@given(st.floats(-5, 5), st.integers(LEAST_PEERS, 40))
def test_what_moves_a_family_is_taken_off_as_far_as_its_size_lets_believe_it(shift: float, subjects: int) -> None:
    """A season that moves one category leaves the part that is not believed; the others stay where they are."""
    moves = np.zeros((3 * subjects, 1, 1))
    moves[:subjects] += shift
    moves[0] += 2.0
    families = ("dress",) * subjects + ("coat",) * subjects + (None,) * subjects
    found = apart(moves, np.ones_like(moves), families, (True,))[:, 0, 0]
    left = shift * FAMILY_WEIGHT / (subjects - 1 + FAMILY_WEIGHT)
    assert found[0] - found[1] == pytest.approx(2.0)
    assert found[1:subjects] == pytest.approx(left)
    assert found[subjects:] == pytest.approx(0.0)
    assert apart(moves, np.ones_like(moves), families, (False,)) == pytest.approx(apart(moves, np.ones_like(moves)))


def test_one_family_of_all_and_small_families_say_nothing_more() -> None:
    """What all are is no family, and fewer than the least number of peers have no median."""
    moves = RANDOM.normal(size=(12, 2, 2))
    plain = apart(moves, np.ones_like(moves))
    assert apart(moves, np.ones_like(moves), ("dress",) * 12, (True, True)) == pytest.approx(plain)
    few = ("dress",) * (LEAST_PEERS - 1) + (None,) * (13 - LEAST_PEERS)
    assert apart(moves, np.ones_like(moves), few, (True, True)) == pytest.approx(plain)


def test_a_heavy_subject_does_not_hide_its_own_move() -> None:
    """One that carries most of the weight is held against the others, not against itself."""
    moves, deviations = np.zeros((9, 1, 1)), np.ones((9, 1, 1))
    moves[0], deviations[0] = -0.5, 0.1
    found = apart(moves, deviations)
    assert found[0, 0, 0] == pytest.approx(-0.5)
    assert medians_of_others(moves[:, 0, 0], deviations[:, 0, 0] ** -2)[0] == 0.0


@given(
    st.lists(st.tuples(st.integers(-9, 9), st.integers(1, 9)), min_size=2, max_size=30),
)
def test_the_median_of_the_others_is_where_half_of_their_weight_lies(pairs: list[tuple[int, int]]) -> None:
    """As counted one by one, each value repeated as often as it weighs."""
    values, weights = (np.array(column, dtype=np.float64) for column in zip(*pairs, strict=True))
    for place, found in enumerate(medians_of_others(values, weights)):
        others = [value for other, (value, weight) in enumerate(pairs) if other != place for _ in range(weight)]
        assert found == sorted(others)[(len(others) + 1) // 2 - 1]
