"""Takes the best cell, removes its leaves from every other cell, and repeats until no cell is worth its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from duoshou.statistics.localisation.cube import Cube, Floats

Score = Callable[[Floats, Floats], Floats]
"""From sums (sums, cells) and the lengths of the cells' names (cells,) to scores (cells,): evidence in nats, less what
the search and the free parameters cost. Cells without leaves get −∞."""

ScoreAgainstRest = Callable[[Floats, Floats, Floats], Floats]
"""The same with the sums (sums,) over all leaves that are left as third argument; never more than `Score`."""

FIRST_CANDIDATES = 256


@dataclass(frozen=True, slots=True)
class Pick:
    """A cell that was taken.

    Attributes:
        values: Code of each attribute, −1 where it is open.
        score: Evidence in nats that is left after the cost of the search.
        sums: Array (sums,) of the leaves that the cell still had when it was taken.
    """

    values: tuple[int, ...]
    score: float
    sums: Floats


def take_cells(cube: Cube, score: Score, limit: int, against_rest: ScoreAgainstRest | None = None) -> list[Pick]:
    """Return at most `limit` cells with a positive score, in the order in which they were taken; the cube shrinks."""
    scores = score(cube.sums, cube.search_space)
    picks: list[Pick] = []
    while len(picks) < limit:
        cell, best = _best(cube, scores, against_rest)
        if not best > 0:
            break
        picks.append(Pick(cube.values(cell), best, cube.sums[:, cell].copy()))
        changed = cube.remove(cell)
        scores[changed] = score(cube.sums[:, changed], cube.search_space[changed])
        scores[cell] = -np.inf
    return picks


def _best(cube: Cube, scores: Floats, against_rest: ScoreAgainstRest | None) -> tuple[int, float]:
    if against_rest is None:
        cell = int(np.argmax(scores))
        return cell, float(scores[cell])
    candidates = np.flatnonzero(scores > 0)
    cell, best = 0, -np.inf
    first = FIRST_CANDIDATES
    while candidates.size and scores[candidates].max() > best:
        # The plain score is an upper bound: the most promising ones are adjusted first.
        if candidates.size > first:
            split = np.argpartition(-scores[candidates], first)
            chosen, candidates = candidates[split[:first]], candidates[split[first:]]
        else:
            chosen, candidates = candidates, candidates[:0]
        adjusted = against_rest(cube.sums[:, chosen], cube.search_space[chosen], cube.total)
        place = int(np.argmax(adjusted))
        if adjusted[place] > best:
            cell, best = int(chosen[place]), float(adjusted[place])
        first *= 8
    return cell, best


def rank_cells(cube: Cube, scores: Floats, limit: int) -> list[Pick]:
    """Return the `limit` cells with the highest scores as they stand, overlapping ones and weak ones included."""
    order = np.argsort(-scores, kind="stable")[:limit]
    return [
        Pick(cube.values(int(cell)), float(scores[cell]), cube.sums[:, cell].copy())
        for cell in order
        if np.isfinite(scores[cell])
    ]
