"""What can be wrong with a table in which a cause is looked for."""

from __future__ import annotations

from duoshou.model import DuoshouError, Place, Text


class NotLocalisable(DuoshouError):
    """A table, or an option, with which no place can be looked for."""


def column_missing(name: str, known: list[str]) -> NotLocalisable:
    """Return the error of a column that is not there."""
    return NotLocalisable(
        "column_missing",
        Text(f"表里没有列 {name}", f"the table has no column {name}"),
        hint=Text(f"表里有：{'、'.join(known)}", f"it has: {', '.join(known)}"),
        place=Place(column=name),
    )


def attribute_unknown(name: str) -> NotLocalisable:
    """Return the error of an attribute with NULL values."""
    return NotLocalisable(
        "attribute_unknown",
        Text(f"维度 {name} 有空值", f"the attribute {name} has missing values"),
        hint=Text("请先填一个值，如“未知”", 'fill in a value first, such as "unknown"'),
        place=Place(column=name),
    )


def number_unknown(name: str) -> NotLocalisable:
    """Return the error of a measure with NULL, NaN or infinite values."""
    return NotLocalisable(
        "number_unknown",
        Text(f"列 {name} 有空值或无穷大", f"the column {name} has missing or infinite values"),
        hint=Text(
            "没有发生请填 0，不知道的行请去掉", "write 0 where nothing happened, leave out rows that are unknown"
        ),
        place=Place(column=name),
    )


def number_negative(name: str) -> NotLocalisable:
    """Return the error of a measure with negative values where none may be, or where they outweigh the others."""
    return NotLocalisable(
        "number_negative",
        Text(f"列 {name} 有负数，不能这样找", f"the column {name} has negative values and cannot be searched so"),
        hint=Text("请把退款等负数单独作为一个指标来找", "look at refunds and the like as a metric of their own"),
        place=Place(column=name),
    )


def not_a_number(name: str) -> NotLocalisable:
    """Return the error of a measure that is not numeric."""
    return NotLocalisable(
        "not_a_number",
        Text(f"列 {name} 不是数字", f"the column {name} is not numeric"),
        place=Place(column=name),
    )


def nothing_to_search() -> NotLocalisable:
    """Return the error of an empty table."""
    return NotLocalisable(
        "table_empty", Text("表是空的，没有可找的行", "the table is empty: there are no rows to search")
    )


def no_attribute_differs(names: list[str]) -> NotLocalisable:
    """Return the error of attributes that have one value each."""
    return NotLocalisable(
        "no_attribute_differs",
        Text(
            f"维度 {'、'.join(names) or '（无）'} 都只有一个值，分不出位置",
            f"the attributes {', '.join(names) or '(none)'} have one value each and tell no places apart",
        ),
        hint=Text("请换成至少有两个值的维度", "name at least one attribute with two values"),
    )


def option_invalid(name: str, value: object, allowed: str) -> NotLocalisable:
    """Return the error of an option out of its range."""
    return NotLocalisable(
        "option_invalid",
        Text(f"参数 {name} = {value} 不行，应为 {allowed}", f"{name} = {value} is not possible; allowed: {allowed}"),
    )


def not_a_table(value: object) -> NotLocalisable:
    """Return the error of something that is no table."""
    kind = type(value).__name__
    return NotLocalisable(
        "not_a_table",
        Text(f"{kind} 不是表", f"{kind} is not a table"),
        hint=Text("请给 pandas、Arrow 或 Ibis 的表", "give a pandas, Arrow or Ibis table"),
    )
