"""Additive sums for every cell of every combination of attributes, from which the leaves of a cell can be taken out.

A cell fixes some attributes and leaves the others open. Cells are numbered; `-1` stands for an open attribute.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]

ANY = -1
DENSE_CELLS_PER_LEAF = 8
DENSE_CELLS = 200_000
SPARSE_DEPTH = 3


class Cube(Protocol):
    """Sums of all cells.

    Attributes:
        sums: Array (sums, cells).
        search_space: Array (cells,): log of (number of cuboids × cells in the cell's cuboid), the length in nats of
            the cell's name; infinite for what is no candidate, such as the whole.
        cuboids: Array (cells,): number of the cell's cuboid, the set of attributes that it fixes.
    """

    sums: Floats
    search_space: Floats
    cuboids: NDArray[np.int32]

    @property
    def total(self) -> Floats:
        """Array (sums,) over all leaves that are left."""

    def remove(self, cell: int) -> Indexes:
        """Take the leaves of the cell out of every sum; return the numbers of the cells that changed."""

    def values(self, cell: int) -> tuple[int, ...]:
        """Return the code of each attribute, `ANY` where it is open."""

    def find(self, values: Sequence[int]) -> int:
        """Return the number of the cell that fixes these codes, −1 where no leaf lies in it."""


def build_cube(
    codes: Sequence[NDArray[np.integer]],
    sizes: Sequence[int],
    leaves: Floats,
    depth: int | None = None,
) -> Cube:
    """Return the cube of the leaves' sums.

    A small or well filled space of combinations is held as one array with an extra place per attribute for "any"
    (Gray et al., 1997, call it the data cube); a thinly filled one as lists of the cells that occur, up to `depth`
    attributes.

    Args:
        codes: Per attribute an array (leaves,) of codes from 0.
        sizes: Per attribute the number of codes.
        leaves: Array (sums, leaves).
        depth: Most attributes that a cell may fix; None: all in the dense form, three in the thin one.
    """
    space = math.prod(size + 1 for size in sizes)
    if space <= max(DENSE_CELLS, DENSE_CELLS_PER_LEAF * leaves.shape[1]):
        return DenseCube(codes, sizes, leaves, depth or len(sizes))
    return SparseCube(codes, sizes, leaves, min(depth or SPARSE_DEPTH, len(sizes)))


class DenseCube:
    """One array with a place for every combination, empty ones too."""

    def __init__(self, codes: Sequence[NDArray[np.integer]], sizes: Sequence[int], leaves: Floats, depth: int) -> None:
        # The longest attribute lies innermost, so that sums run over contiguous memory.
        self._order = sorted(range(len(sizes)), key=lambda axis: (sizes[axis], axis))
        self._sizes = tuple(sizes[axis] for axis in self._order)
        self._shape = tuple(size + 1 for size in self._sizes)
        self._strides = [math.prod(self._shape[axis + 1 :]) for axis in range(len(sizes))]
        cells = math.prod(self._shape)
        place = np.zeros(leaves.shape[1], dtype=np.int64)
        for stride, axis in zip(self._strides, self._order, strict=True):
            place += codes[axis].astype(np.int64) * stride
        self.sums = np.zeros((len(leaves), cells))
        alone = place.size == 0 or int(np.bincount(place).max()) == 1
        for row, weights in zip(self.sums, leaves, strict=True):
            if alone:
                row[place] = weights
            else:
                row[:] = np.bincount(place, weights, minlength=cells)
        self._roll_up()
        self.cuboids, self.search_space = self._names(depth)
        self.search_space[-1] = math.inf

    @property
    def total(self) -> Floats:
        """Array (sums,) over all leaves that are left."""
        return self.sums[:, -1]

    def _roll_up(self) -> None:
        for axis, size in enumerate(self._sizes):
            block = self.sums.reshape(-1, size + 1, self._strides[axis])
            ones = np.ones(size)
            if self._strides[axis] == 1:
                block[:, size, 0] = block[:, :size, 0] @ ones
            else:
                block[:, size] = np.matmul(ones, block[:, :size])

    def _names(self, depth: int) -> tuple[NDArray[np.int32], Floats]:
        axes = len(self._sizes)
        count = sum(math.comb(axes, fixed) for fixed in range(1, min(depth, axes) + 1))
        length = np.full(self._shape, math.log(max(count, 1)))
        cuboids = np.zeros(self._shape, dtype=np.int32)
        for axis, size in enumerate(self._sizes):
            along = [1] * axes
            along[axis] = size + 1
            part = np.full(size + 1, math.log(size))
            part[size] = 0.0
            length += part.reshape(along)
            cuboids += (np.arange(size + 1) < size).astype(np.int32).reshape(along) << axis
        if depth < axes:
            length[np.bitwise_count(cuboids) > depth] = math.inf
        return cuboids.reshape(-1), length.reshape(-1)

    def values(self, cell: int) -> tuple[int, ...]:
        """Return the code of each attribute, `ANY` where it is open."""
        values = [ANY] * len(self._order)
        for place, size, axis in zip(np.unravel_index(cell, self._shape), self._sizes, self._order, strict=True):
            if place != size:
                values[axis] = int(place)
        return tuple(values)

    def find(self, values: Sequence[int]) -> int:
        """Return the number of the cell that fixes these codes, −1 where no leaf lies in it."""
        return sum(
            (size if values[axis] == ANY else values[axis]) * stride
            for size, axis, stride in zip(self._sizes, self._order, self._strides, strict=True)
        )

    def remove(self, cell: int) -> Indexes:
        """Take the leaves of the cell out of every sum; return the numbers of the cells that changed."""
        places = [int(place) for place in np.unravel_index(cell, self._shape)]
        inside = np.zeros(1, dtype=np.int64)  # the cell and all that lie in it
        upward = [0]  # from a cell inside to the same cell with some of the fixed attributes open
        for place, size, stride in zip(places, self._sizes, self._strides, strict=True):
            if place == size:
                inside = (inside[:, None] + np.arange(size + 1) * stride).reshape(-1)
            else:
                inside = inside + place * stride
                upward += [move + (size - place) * stride for move in upward]
        taken = self.sums[:, inside]
        changed = [inside + move for move in upward]
        for above in changed:
            self.sums[:, above] -= taken
        self.sums[:, inside] = 0.0
        return np.concatenate(changed)


class SparseCube:
    """The cells that occur, cuboid after cuboid."""

    def __init__(self, codes: Sequence[NDArray[np.integer]], sizes: Sequence[int], leaves: Floats, depth: int) -> None:
        self._codes = [code.astype(np.int64) for code in codes]
        self._sizes = tuple(sizes)
        self._leaves = leaves.copy()
        self._cuboids = [
            axes for fixed in range(depth + 1) for axes in itertools.combinations(range(len(sizes)), fixed)
        ]
        grouped = self._group_all(depth)
        self._keys = [grouped[axes][0] for axes in self._cuboids]
        self._starts = [0, *itertools.accumulate(len(keys) for keys in self._keys)]
        self.sums = np.concatenate([grouped[axes][1] for axes in self._cuboids], axis=1)
        count = max(len(self._cuboids) - 1, 1)
        lengths = [math.log(count) + math.log(max(len(keys), 1)) for keys in self._keys]
        cells = np.diff(self._starts)
        self.search_space = np.repeat(np.array(lengths), cells)
        self.search_space[:1] = math.inf
        self.cuboids = np.repeat(np.arange(len(self._cuboids), dtype=np.int32), cells)

    def _group_all(self, depth: int) -> dict[tuple[int, ...], tuple[Indexes, Floats]]:
        """Return the cells of every cuboid: the deepest from the leaves, each other from its smallest parent."""
        grouped: dict[tuple[int, ...], tuple[Indexes, Floats]] = {}
        for axes in reversed(self._cuboids):
            if len(axes) == depth:
                grouped[axes] = self._group(self._key(axes), self._leaves, axes)
                continue
            parents = [parent for parent in grouped if len(parent) == len(axes) + 1 and set(axes) <= set(parent)]
            parent = min(parents, key=lambda one: (len(grouped[one][0]), one))
            keys, sums = grouped[parent]
            codes = self._decode(keys, parent)
            key = np.zeros_like(keys)
            for axis in axes:
                key = key * self._sizes[axis] + codes[axis]
            grouped[axes] = self._group(key, sums, axes)
        return grouped

    def _decode(self, keys: Indexes, axes: Sequence[int]) -> dict[int, Indexes]:
        codes = {}
        for axis in reversed(axes):
            keys, codes[axis] = np.divmod(keys, self._sizes[axis])
        return codes

    @property
    def total(self) -> Floats:
        """Array (sums,) over all leaves that are left."""
        return self.sums[:, 0]

    def _key(self, axes: Sequence[int], rows: Indexes | slice = slice(None)) -> Indexes:
        key = np.zeros_like(self._codes[0][rows])
        for axis in axes:
            key = key * self._sizes[axis] + self._codes[axis][rows]
        return key

    def _group(self, key: Indexes, weights: Floats, axes: Sequence[int]) -> tuple[Indexes, Floats]:
        space = math.prod(self._sizes[axis] for axis in axes)
        if space <= max(4 * len(key), DENSE_CELLS):
            present = np.flatnonzero(np.bincount(key, minlength=space)).astype(np.int64)
            return present, np.stack([np.bincount(key, row, minlength=space)[present] for row in weights])
        keys, place = np.unique(key, return_inverse=True)
        return keys.astype(np.int64), np.stack([np.bincount(place, row, minlength=len(keys)) for row in weights])

    def _cuboid_of(self, cell: int) -> int:
        return int(np.searchsorted(self._starts, cell, side="right")) - 1

    def values(self, cell: int) -> tuple[int, ...]:
        """Return the code of each attribute, `ANY` where it is open."""
        cuboid = self._cuboid_of(cell)
        key = int(self._keys[cuboid][cell - self._starts[cuboid]])
        values = [ANY] * len(self._sizes)
        for axis in reversed(self._cuboids[cuboid]):
            key, values[axis] = divmod(key, self._sizes[axis])
        return tuple(values)

    def find(self, values: Sequence[int]) -> int:
        """Return the number of the cell that fixes these codes, −1 where no leaf lies in it."""
        axes = tuple(axis for axis, value in enumerate(values) if value != ANY)
        if axes not in self._cuboids:
            return -1
        cuboid = self._cuboids.index(axes)
        key = 0
        for axis in axes:
            key = key * self._sizes[axis] + values[axis]
        place = int(np.searchsorted(self._keys[cuboid], key))
        if place == len(self._keys[cuboid]) or self._keys[cuboid][place] != key:
            return -1
        return self._starts[cuboid] + place

    def remove(self, cell: int) -> Indexes:
        """Take the leaves of the cell out of every sum; return the numbers of the cells that changed."""
        rows = np.flatnonzero(self._inside(self.values(cell)))
        taken = self._leaves[:, rows]
        changed = list(self._subtract(rows, taken))
        self._leaves[:, rows] = 0.0
        return np.concatenate(changed)

    def _inside(self, values: Sequence[int]) -> NDArray[np.bool_]:
        inside = np.ones(self._leaves.shape[1], dtype=bool)
        for axis, value in enumerate(values):
            if value != ANY:
                inside &= self._codes[axis] == value
        return inside

    def _subtract(self, rows: Indexes, taken: Floats) -> Iterator[Indexes]:
        for cuboid, axes in enumerate(self._cuboids):
            keys, place = np.unique(self._key(axes, rows), return_inverse=True)
            cells = self._starts[cuboid] + np.searchsorted(self._keys[cuboid], keys)
            for total, weights in zip(self.sums, taken, strict=True):
                total[cells] -= np.bincount(place, weights, minlength=len(keys))
            yield cells
