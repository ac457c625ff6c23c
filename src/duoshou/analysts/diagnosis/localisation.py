"""The smallest set of attribute combinations that explains why a number left its expectation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis import localisation_errors as errors
from duoshou.analysts.diagnosis.leaves import Leaves, read_leaves
from duoshou.analysts.diagnosis.located import UNEXPLAINED_LIMIT, Cell, Localisation, RatioCell, RatioLocalisation
from duoshou.statistics.localisation.additive import AdditiveCase, locate_additive, rank_additive
from duoshou.statistics.localisation.greedy import Pick
from duoshou.statistics.localisation.rate import RateCase, expected_events, locate_rate, rank_rate

FALSE_RATE = 0.01
LIMIT = 20

Floats = NDArray[np.float64]


def localise(
    leaves: Any,
    attributes: Sequence[str],
    actual: str,
    expected: str,
    *,
    limit: int = LIMIT,
    alternatives: bool = False,
    false_rate: float = FALSE_RATE,
    depth: int | None = None,
) -> Localisation[Cell]:
    """Return where an additive number left its expectation, as ranked cells that share no leaf.

    Works on any table: visitors, orders, amounts; drops and rises may occur together. Small counts and relative noise
    are told apart by how the scatter grows with size, and all noise is learnt from the table itself.

    Args:
        leaves: pandas, Arrow or Ibis table, a row per combination of attributes or finer; equal ones are added up.
        attributes: Columns that say where a row belongs.
        actual: Column of what came. A few negative leaves (a day of refunds) count as 0 in the search, in full in the
            sums.
        expected: Column of what was expected (forecast, or an equal period before), in the same unit.
        limit: Most cells to return.
        alternatives: Return instead the `limit` cells with the most evidence each by itself, which may overlap and
            may be chance (score ≤ 0).
        false_rate: Chance of finding anything where nothing happened, 0…1.
        depth: Most attributes that a cell may fix; None: all, or three in a thinly filled space.

    Raises:
        NotLocalisable: If the table lacks a column, has unknown or negative numbers, unknown attribute values or no
            attribute with two values, or an option is out of range.
    """
    _check_options(limit, false_rate, depth)
    table = read_leaves(leaves, attributes, {"actual": actual, "expected": expected})
    came, due = table.measures["actual"], table.measures["expected"]
    for values, column in ((came, actual), (due, expected)):
        if values[values < 0].sum() < -values[values > 0].sum():
            raise errors.number_negative(column)
    case = AdditiveCase(table.codes, table.sizes, np.maximum(came, 0.0), np.maximum(due, 0.0))
    search = rank_additive if alternatives else locate_additive
    found = search(case, limit=limit, false_rate=false_rate, depth=depth)
    owners = _owners(table, found.picks, shared=alternatives)
    sums = [(float(came[rows].sum()), float(due[rows].sum())) for rows in owners]
    whole = float(came.sum()), float(due.sum())
    shares, unexplained = _shares([a - e for a, e in sums], whole[0] - whole[1], shared=alternatives)
    cells = tuple(
        Cell(table.name(pick.values), pick.score, share, *pair)
        for pick, share, pair in zip(found.picks, shares, sums, strict=True)
    )
    outside = found.rest_moved and unexplained > UNEXPLAINED_LIMIT
    return Localisation(cells, *whole, unexplained, outside, alternatives, _constant(attributes, table))


def localise_ratio(
    leaves: Any,
    attributes: Sequence[str],
    numerator: str,
    denominator: str,
    expected_numerator: str,
    expected_denominator: str,
    *,
    limit: int = LIMIT,
    alternatives: bool = False,
    false_rate: float = FALSE_RATE,
    depth: int | None = None,
) -> RatioLocalisation:
    """Return where a ratio of two sums moved, as ranked cells that share no leaf; a mix shift is no move.

    Each leaf is held against its own earlier rate, so that visitors who only went elsewhere move nothing. A numerator
    that counts some of the denominator (buyers among visitors) is binomial, any other (amount per buyer) a sum of
    events.

    Args:
        leaves: pandas, Arrow or Ibis table, a row per combination of attributes or finer; equal ones are added up.
        attributes: Columns that say where a row belongs.
        numerator: Column of the numerator now, ≥ 0.
        denominator: Column of the denominator now, ≥ 0.
        expected_numerator: Column of the numerator of an earlier time of any length, or of a forecast, ≥ 0.
        expected_denominator: Column of the denominator of the same time, ≥ 0.
        limit: Most cells to return.
        alternatives: Return instead the `limit` cells with the most evidence each by itself, which may overlap and
            may be chance (score ≤ 0).
        false_rate: Chance of finding anything where nothing happened, 0…1.
        depth: Most attributes that a cell may fix; None: all, or three in a thinly filled space.

    Raises:
        NotLocalisable: As `localise`.
    """
    _check_options(limit, false_rate, depth)
    columns = {
        "numerator": numerator,
        "denominator": denominator,
        "expected_numerator": expected_numerator,
        "expected_denominator": expected_denominator,
    }
    table = read_leaves(leaves, attributes, columns)
    for name, column in columns.items():
        if (table.measures[name] < 0).any():
            raise errors.number_negative(column)
    case = RateCase(table.codes, table.sizes, **table.measures)
    search = rank_rate if alternatives else locate_rate
    picks, rest_moved = search(case, limit=limit, false_rate=false_rate, depth=depth)
    due = expected_events(case)
    owners = _owners(table, picks, shared=alternatives)
    parts = (case.numerator, due, case.denominator)
    sums = [tuple(float(part[rows].sum()) for part in parts) for rows in owners]
    came, expected, trials = (float(part.sum()) for part in parts)
    shares, unexplained = _shares([one[0] - one[1] for one in sums], came - expected, shared=alternatives)
    cells = tuple(
        RatioCell(table.name(pick.values), pick.score, share, *one)
        for pick, share, one in zip(picks, shares, sums, strict=True)
    )
    earlier = _divided(float(case.expected_numerator.sum()), float(case.expected_denominator.sum()))
    mixed = _divided(expected, trials)
    return RatioLocalisation(
        cells,
        came,
        expected,
        unexplained,
        rest_moved and unexplained > UNEXPLAINED_LIMIT,
        alternatives,
        _constant(attributes, table),
        _divided(came, trials),
        earlier,
        None if mixed is None or earlier is None else mixed - earlier,
    )


def _check_options(limit: int, false_rate: float, depth: int | None) -> None:
    if limit < 1:
        raise errors.option_invalid("limit", limit, "≥ 1")
    if not 0 < false_rate < 1:
        raise errors.option_invalid("false_rate", false_rate, "0 < … < 1")
    if depth is not None and depth < 1:
        raise errors.option_invalid("depth", depth, "≥ 1")


def _constant(attributes: Sequence[str], table: Leaves) -> tuple[str, ...]:
    return tuple(name for name in dict.fromkeys(attributes) if name not in table.attributes)


def _owners(table: Leaves, picks: Sequence[Pick], *, shared: bool) -> list[NDArray[np.bool_]]:
    """Return which leaves each cell owns: a leaf belongs to the first cell that holds it, unless they are shared."""
    free = np.ones(table.codes[0].size, dtype=bool)
    owners = []
    for pick in picks:
        inside = table.inside(pick.values)
        owners.append(inside if shared else inside & free)
        free &= ~inside
    return owners


def _shares(changes: Sequence[float], whole: float, *, shared: bool) -> tuple[list[float], float]:
    """Return the cells' shares of the gross movement, and the rest's; with shared leaves each beside its own rest."""
    if shared:
        pairs = [abs(change) / max(abs(change) + abs(whole - change), 1e-300) for change in changes]
        return pairs, 1 - max(pairs, default=0.0) if whole else 0.0
    rest = abs(whole - sum(changes))
    gross = rest + sum(abs(change) for change in changes)
    if gross == 0:
        return [0.0] * len(changes), 0.0
    return [abs(change) / gross for change in changes], rest / gross


def _divided(numerator: float, denominator: float) -> float | None:
    return numerator / denominator if denominator else None
