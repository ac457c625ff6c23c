"""The cheapest assignment of points on a line to places on it, in order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

NEVER = float("inf")


def match(
    points: Sequence[int], places: Sequence[int], reach: int, prices: Sequence[int] | None = None
) -> list[int] | None:
    """Return for each point the position of its own place, so that the sum of distances and prices is smallest.

    On a line an assignment that keeps the order is never dearer than one that does not, so that dynamic programming
    over both ordered sequences finds the least sum. Of equal sums the earlier places win.

    Args:
        points: Ascending, each once.
        places: Ascending, each once.
        reach: Greatest distance of a point from its place.
        prices: What the use of each place costs besides; None: nothing.

    Returns:
        Positions in `places`, ascending; None where there is no such assignment.
    """
    costs: list[float] | None = None
    start = 0
    choices: list[tuple[int, list[int]]] = []
    for point in points:
        within = range(bisect_left(places, point - reach), bisect_right(places, point + reach))
        own = [abs(places[one] - point) + (prices[one] if prices else 0) for one in within]
        costs, chosen = _row(within, own, start, costs)
        start = within.start
        choices.append((start, chosen))
    if not costs or costs[-1] == NEVER:
        return None
    found: list[int] = []
    limit = len(places)
    for first, chosen in reversed(choices):
        limit = chosen[min(limit - 1 - first, len(chosen) - 1)]
        found.append(limit)
    return found[::-1]


def _row(
    within: range, prices: Sequence[int], start: int, costs: Sequence[float] | None
) -> tuple[list[float], list[int]]:
    """Return, for each place in reach, the least sum with this point there or earlier, and where it is then.

    Args:
        within: Positions that the point may take.
        prices: What each of them costs.
        start: Position to which `costs[0]` belongs.
        costs: The least sums of the point before; None for the first point.
    """
    sums: list[float] = []
    chosen: list[int] = []
    best, where = NEVER, -1
    for position, price in zip(within, prices, strict=True):
        before = 0.0 if costs is None else _up_to(costs, position - 1 - start)
        found = before + price
        if found < best:
            best, where = found, position
        sums.append(best)
        chosen.append(where)
    return sums, chosen


def _up_to(costs: Sequence[float], index: int) -> float:
    return NEVER if index < 0 or not costs else costs[min(index, len(costs) - 1)]
