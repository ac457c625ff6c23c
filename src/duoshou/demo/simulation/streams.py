"""Random numbers by name: adding a stream, or a cell to a stream's use, moves no other number.

Arrays of fixed shape come from NumPy generators keyed by seed, name and day. What belongs to one order comes from a
counter-based hash of the order's own key, so that an order keeps its draws whatever happens to the orders around it.
That is what lets a shop be rerun without one incident on common random numbers.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

Keys = NDArray[np.uint64]
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
TO_UNIT = 2.0**-53


class Streams:
    """The tree of random numbers of one seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def generator(self, name: str, number: int = 0) -> np.random.Generator:
        """Return a fresh generator of the stream `name` at `number`, such as a day."""
        return np.random.Generator(np.random.SFC64(np.random.SeedSequence([self._root(name), number + 2**20])))

    def key(self, name: str, *parts: NDArray[np.integer] | int) -> Keys:
        """Return one key per element of the integer arrays `parts`, which are broadcast."""
        key = np.asarray(self._root(name), dtype=np.uint64)
        for part in parts:
            key = _mixed(key ^ np.asarray(part).astype(np.int64).view(np.uint64))
        return key

    def uniform(self, name: str, keys: Keys) -> NDArray[np.float64]:
        """Return one number of (0, 1) per key, of the stream `name`."""
        bits = _mixed(keys ^ np.asarray(self._root(name), dtype=np.uint64))
        return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * TO_UNIT

    def _root(self, name: str) -> int:
        found = _ROOTS.get((self.seed, name))
        if found is None:
            digest = blake2b(f"{self.seed}/{name}".encode(), digest_size=8).digest()
            found = _ROOTS[self.seed, name] = int.from_bytes(digest, "little")
        return found


_ROOTS: dict[tuple[int, str], int] = {}


def _mixed(key: Keys) -> Keys:
    with np.errstate(over="ignore"):
        key = key + GOLDEN
        key = (key ^ (key >> np.uint64(30))) * FIRST
        key = (key ^ (key >> np.uint64(27))) * SECOND
    return key ^ (key >> np.uint64(31))
