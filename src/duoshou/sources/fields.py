"""A layout's fields as typed columns of one file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from duoshou.model import Text
from duoshou.sources.cells import cell_name
from duoshou.sources.columns import BUYER_KEY, CITY, PROVINCE, REFERRED_BY, column_of
from duoshou.sources.dates import YearSource, zoned_sql
from duoshou.sources.layout import Layout, LayoutField
from duoshou.sources.moments import hint_days
from duoshou.sources.sql import identifier, literal
from duoshou.sources.values import SQL_TYPES, Rule, period_end, rule, status_rule
from duoshou.sources.zones import to_local


@dataclass(frozen=True)
class Fault:
    """What bit `i` of a row's `fault_mask` means.

    Attributes:
        field: Name in the layout; `row` for the row as a whole.
        column: Header of the column in the file, None for the row as a whole or a column that the file lacks.
        code: The layout's own for rows that it refuses; else `row_shape`,
            `missing`, `id_lost_digits`, `unknown_status`, `unreadable_date`, `unreadable_number` …
        rejects: Whether the row is rejected; otherwise only the cell is NULL.
        reason: What the layout says of rows that it refuses.
        when: Its condition over the fields.
    """

    field: str
    column: str | None
    code: str
    rejects: bool = False
    reason: Text | None = None
    when: str | None = None

    @property
    def message(self) -> Text:
        """What is said about a cell with this fault."""
        return self.reason or _MESSAGES[self.code]


_MESSAGES = {
    "row_shape": Text(
        "整行已损坏（列数不符或被截断）", "the row as a whole is damaged (wrong number of cells, or cut)"
    ),
    "missing": Text("必填的单元格为空", "a cell that must have a value is empty"),
    "id_lost_digits": Text(
        "编号被表格软件存成科学计数，末尾数字已丢失；请重新导出，不要用 Excel 另存",
        "a spreadsheet stored the id in scientific notation and lost its last digits; export again "
        "without saving in Excel",
    ),
    "unknown_status": Text("不认识的状态", "a status that the layout does not know"),
    "unreadable_date": Text("读不出日期", "not a date that can be read without guessing"),
    "unreadable_number": Text("读不出数字", "not a number"),
    "unreadable_duration": Text("读不出时长", "not a duration"),
    "period_not_calendar": Text(
        "统计区间不是整天、自然周或自然月", "the period is no day, calendar week or calendar month"
    ),
}


@dataclass(frozen=True)
class TypedColumn:
    """One typed column of the inner query.

    Attributes:
        name: Field, or a part of it.
        rule: `fast` over the archive's column `text`, `slow` over the cleaned cell.
        text: SQL name of the archive's column, None when nothing can be faulty.
    """

    name: str
    rule: Rule
    text: str | None = None
    fault: Fault | None = None


def typed_columns(
    layout: Layout, headers: Sequence[str], timezone: str, hint: str | None, exported_at: datetime | None = None
) -> list[TypedColumn]:
    """Return the typed columns that a layout's fields become in this file.

    Args:
        layout: What kind of table it is.
        headers: Column names of the file.
        timezone: IANA zone of the shop.
        hint: Period of the table when its rows have none.
        exported_at: When the export was made (naive UTC), for dates without a year.
    """
    columns: list[TypedColumn] = []
    years = _years(hint, exported_at, layout.timezone or timezone)
    for field in layout.field:
        header = column_of(field, headers)
        if field.personal is not None:
            columns += _personal_columns(field, header)
        elif header is None:
            columns += _absent_columns(field, hint)
        else:
            columns += _present_columns(layout, field, header, timezone, years)
    return columns


def _years(hint: str | None, exported_at: datetime | None, timezone: str) -> YearSource | None:
    days = hint_days(hint)
    if days is not None:
        return YearSource.of_period(days)
    return YearSource(to_local(exported_at, timezone)) if exported_at is not None else None


def _personal_columns(field: LayoutField, header: str | None) -> list[TypedColumn]:
    names = {"buyer": (BUYER_KEY,), "referrer": (REFERRED_BY,), "address": (PROVINCE, CITY)}.get(
        field.personal or "", ()
    )
    return [TypedColumn(name, Rule(identifier(name) if header else "CAST(NULL AS VARCHAR)")) for name in names]


def _absent_columns(field: LayoutField, hint: str | None) -> list[TypedColumn]:
    """Return NULLs for a field whose column the file lacks; a day or period comes from the file's name or notice."""
    start, end = hint_sql(hint)
    if field.type == "period":
        return [TypedColumn(f"{field.name}_start", Rule(start)), TypedColumn(f"{field.name}_end", Rule(end))]
    # Figures of several days are of none of them.
    told = start if field.type == "day" and start == end else f"CAST(NULL AS {SQL_TYPES[field.type]})"
    return [TypedColumn(field.name, Rule(told))]


def hint_sql(hint: str | None) -> tuple[str, str]:
    """Return SQL for the first and the last day that a file's name or notice tells, NULL without one."""
    days = hint_days(hint)
    if days is None:
        return "CAST(NULL AS DATE)", "CAST(NULL AS DATE)"
    return f"DATE '{days[0]}'", f"DATE '{days[1]}'"


def grain_sql(name: str) -> str:
    """Return SQL for the calendar unit that a period is, NULL when it is none."""
    start, end = identifier(f"{name}_start"), identifier(f"{name}_end")
    week = f"isodow({start}) = 1 AND {end} = {start} + 6"
    return (
        f"CASE WHEN {start} = {end} THEN 'day' WHEN {week} THEN 'week' "
        f"WHEN day({start}) = 1 AND {end} = last_day({start}) THEN 'month' END"
    )


def _present_columns(
    layout: Layout, field: LayoutField, header: str, timezone: str, years: YearSource | None
) -> list[TypedColumn]:
    text, dates = cell_name(field, header), field.dates or layout.dates
    bare = identifier("bare " + field.name)
    if field.type == "status":
        return [
            TypedColumn(
                field.name, status_rule(text, bare, layout.status), text, Fault(field.name, header, "unknown_status")
            )
        ]
    if field.type == "period":
        start, end = (f"{field.name}_{suffix}" for suffix in ("start", "end"))
        fault = Fault(field.name, header, "unreadable_date")
        first = rule("period", text, identifier("bare " + start), dates=dates, years=years)
        return [
            TypedColumn(start, first, text, fault),
            TypedColumn(end, period_end(text, identifier("bare " + end), dates=dates, years=years), text),
        ]
    read = rule(field.type, text, bare, dates=dates, header=header, years=years)
    if field.type == "instant":
        zone_name = literal(layout.timezone or timezone)
        zoned = f"timezone({zone_name}, timezone('UTC', {zoned_sql(bare)}))"
        read = Rule(read.fast, f"coalesce({read.slow}, {zoned})")
    code = _CODES.get(field.type)
    return [
        TypedColumn(
            field.name, read, text if read.slow or code else None, Fault(field.name, header, code) if code else None
        )
    ]


_CODES = {
    "id": "id_lost_digits",
    "integer": "unreadable_number",
    "money": "unreadable_number",
    "price": "unreadable_number",
    "rate": "unreadable_number",
    "instant": "unreadable_date",
    "day": "unreadable_date",
    "duration": "unreadable_duration",
}
