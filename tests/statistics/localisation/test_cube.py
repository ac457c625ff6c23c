"""Sums of all cells, dense and thin."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.statistics.localisation.cube import ANY, Cube, DenseCube, SparseCube, build_cube

SIZES = (3, 2, 4)


def leaves(seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Return 15 random leaves, some of them equal."""
    generator = np.random.default_rng(seed)
    return [generator.integers(0, size, 15) for size in SIZES], generator.random((2, 15))


def by_hand(codes: list[np.ndarray], sums: np.ndarray, values: tuple[int, ...]) -> np.ndarray:
    """Return the sums of a cell, leaf by leaf."""
    inside = np.ones(sums.shape[1], dtype=bool)
    for code, value in zip(codes, values, strict=True):
        inside &= (value == ANY) | (code == value)
    return np.asarray(sums[:, inside].sum(axis=1))


def cubes(seed: int) -> list[tuple[Cube, list[np.ndarray], np.ndarray]]:
    """Return both forms over the same leaves."""
    codes, sums = leaves(seed)
    return [(form(codes, SIZES, sums, 3), codes, sums) for form in (DenseCube, SparseCube)]


@given(st.integers(0, 10_000))
def test_every_cell_holds_the_sum_of_its_leaves(seed: int) -> None:
    """Both forms agree with adding up leaf by leaf, for every cell."""
    for cube, codes, sums in cubes(seed):
        for values in itertools.product(*[[ANY, *range(size)] for size in SIZES]):
            cell = cube.find(values)
            expected = by_hand(codes, sums, values)
            found = cube.sums[:, cell] if cell >= 0 else np.zeros(2)
            assert found == pytest.approx(expected)
            if cell >= 0:
                assert cube.values(cell) == values


@given(st.integers(0, 10_000), st.integers(0, 100))
def test_a_removed_cell_leaves_every_other_sum_right(seed: int, pick: int) -> None:
    """After a removal every cell holds what it had outside the removed one, and the changed cells are named."""
    for cube, codes, sums in cubes(seed):
        candidates = np.flatnonzero(np.isfinite(cube.search_space) & (cube.sums[0] > 0))
        cell = int(candidates[pick % candidates.size])
        values = cube.values(cell)
        before = cube.sums.copy()
        changed = set(cube.remove(cell).tolist())
        inside = np.ones(sums.shape[1], dtype=bool)
        for code, value in zip(codes, values, strict=True):
            inside &= (value == ANY) | (code == value)
        kept = np.where(inside, 0.0, sums)
        for other in range(cube.sums.shape[1]):
            assert cube.sums[:, other] == pytest.approx(by_hand(codes, kept, cube.values(other)), abs=1e-12)
            if other not in changed:
                assert cube.sums[:, other] == pytest.approx(before[:, other])


def test_the_length_of_a_name_counts_cuboids_and_cells() -> None:
    """A cell's name costs the log of the number of cuboids times the cells in its own."""
    codes = [np.repeat(np.arange(3), 2), np.tile(np.arange(2), 3)]
    for form in (DenseCube, SparseCube):
        cube = form(codes, (3, 2), np.ones((1, 6)), 2)
        assert cube.search_space[cube.find((1, ANY))] == pytest.approx(np.log(3 * 3))
        assert cube.search_space[cube.find((1, 1))] == pytest.approx(np.log(3 * 6))
        assert np.isinf(cube.search_space[cube.find((ANY, ANY))])


def test_a_thin_space_is_held_by_its_cells() -> None:
    """Millions of possible combinations with few leaves take no array of millions."""
    codes = [np.arange(50) * 37 % 1000 for _ in range(4)]
    cube = build_cube(codes, (1000,) * 4, np.ones((1, 50)))
    assert isinstance(cube, SparseCube)
    assert cube.sums.shape[1] == 1 + 14 * 50
