"""The one place where a definition becomes an Ibis expression, and the engine's figures become the value."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from ibis.expr.types import BooleanValue, Table
from ibis.expr.types import Value as Expression
from msgspec import UNSET

from duoshou.engine.ratio import ratio
from duoshou.metrics.definition import Condition, Measure, Repeat

ORDER_NUMBER = "order_id"
"""Part of a key: never NULL, and unique only within a shop."""
Figure = int | float | Decimal | None
Value = tuple[Figure, bool]
"""A figure, and whether it is only approximate."""


def condition_expression(table: Table, condition: Condition) -> BooleanValue:
    """Return the condition over the columns of `table`."""
    column: Any = table[condition.column]
    if condition.equals is not UNSET:
        return column == condition.equals
    if condition.above is not UNSET:
        return column > condition.above
    if condition.below is not UNSET:
        return column < condition.below
    if condition.one_of is not UNSET:
        return column.isin(condition.one_of)
    return column.notnull() if condition.known else column.isnull()


def measure_expressions(
    table: Table, measure: Measure, conditions: tuple[Condition, ...], date: str, several_shops: bool
) -> dict[str, Expression]:
    """Return the aggregates of a measure by name, for the rows that meet the conditions.

    Args:
        table: Rows of the source.
        measure: The measure; `repeat` is not one aggregate and is handled by the scan.
        conditions: Those conditions of the measure that the scan does not apply to every row anyway.
        date: Day column, for the last value.
        several_shops: Whether order numbers of several shops meet, which may be alike.
    """
    where = None
    for condition in conditions:
        test = condition_expression(table, condition)
        where = test if where is None else where & test
    if measure.sum:
        column: Any = table[measure.sum]
        return {"sum": (column.coalesce(table[measure.otherwise]) if measure.otherwise else column).sum(where=where)}
    if measure.distinct:
        counted: Any = table[measure.distinct]
        if measure.distinct == ORDER_NUMBER:
            number = table["shop"].concat("\n", counted) if several_shops else counted
            return {"numbers": number.nunique(where=where)}
        return {"distinct": counted.nunique(where=where), "known": counted.count(where=where), **_count(table, where)}
    if measure.last:
        return {"last": table[measure.last].argmax(table[date], where=_and(where, table[measure.last].notnull()))}
    if measure.mean:
        value: Any = table[measure.mean.value]
        weight: Any = table[measure.mean.weight]
        both = _and(where, value.notnull() & weight.notnull())
        return {
            "weighted": (value.cast("float64") * weight.cast("float64")).sum(where=both),
            "weight": weight.sum(where=both),
        }
    return _count(table, where)


def _count(table: Table, where: BooleanValue | None) -> dict[str, Expression]:
    return {"count": table.count(where=where)}


def _and(first: BooleanValue | None, second: BooleanValue) -> BooleanValue:
    return second if first is None else first & second


def repeat_expression(table: Table, repeat: Repeat, groups: list[str]) -> Table:
    """Return, for each group, how many came at least so often (`repeat`), and how many rows name nobody."""
    who, what = table[repeat.who], table[repeat.what]
    each = table.group_by([*groups, who.name("who")]).aggregate(
        times=what.nunique(), known=who.count(), rows=table.count()
    )
    came_again = each["who"].notnull() & (each["times"] >= repeat.at_least)
    figures = {"repeat": came_again.sum(), "known": each["known"].sum(), "count": each["rows"].sum()}
    return each.group_by(groups).aggregate(**figures) if groups else each.aggregate(**figures)


def value_reader(
    measure: Measure, figures: Mapping[str, Sequence[Any]], is_zero: bool
) -> tuple[Callable[[int], Value], Value]:
    """Return how to read the value of a row, and the value where the engine returned no row.

    Args:
        measure: The measure.
        figures: Columns of the engine's answer by aggregate name; empty when nothing was read.
        is_zero: Whether no row means 0 (nothing happened) and not "unknown".
    """
    nothing = (0 if is_zero and not (measure.last or measure.mean) else None), False
    if not figures:
        return (lambda _: nothing), nothing
    if measure.mean:
        weighted, weights = figures["weighted"], figures["weight"]
        return (lambda row: (ratio(weighted[row], weights[row]), False)), nothing
    if measure.repeat or "distinct" in figures:
        return _people_reader(figures, figures["distinct" if measure.distinct else "repeat"]), nothing
    (column,) = figures.values()
    empty = nothing[0]
    return (lambda row: (empty if column[row] is None else column[row], False)), nothing


def _people_reader(figures: Mapping[str, Sequence[Any]], counted: Sequence[Any]) -> Callable[[int], Value]:
    """Return a count of the known: None where rows name nobody at all, approximate where some do not."""
    rows, known = figures["count"], figures["known"]

    def read(row: int) -> Value:
        if rows[row] and not known[row]:
            return None, False
        return counted[row] or 0, (known[row] or 0) < (rows[row] or 0)

    return read
