"""What export files can tell, what the warehouse holds of it, and what a judgement lacks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import duckdb

from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.definition import Condition, Measure
from duoshou.model import Period, Text
from duoshou.sources import Layout
from duoshou.sources.layout import TableMapping
from duoshou.warehouse import Column, Table, load_tables
from duoshou.warehouse.schema import day_column, literal, quoted

# The day on which a row of an event table counts, the first that the table has; a plain day column goes before.
EVENT_DAYS = ("created_on", "applied_on", "received_on", "happened_on", "booked_on")
PLAIN_DAYS = ("period_start", "day", "month", "valid_from")
Filled = Mapping[str, frozenset[str]]
"""Table → columns that have a value."""

NOTHING: Filled = {}
NO_DAY = "DATE '0001-01-01'"
MOST_EXPORTS = 2
OWN = "shop"
"""The platform of sheets that a shop keeps itself (costs, targets …): every shop may use them."""


@dataclass(frozen=True, slots=True)
class Fill:
    """One canonical table that a layout fills.

    Attributes:
        layout: Key of the layout.
        table: Canonical table.
        columns: Column → DuckDB expression over the layout's fields.
    """

    layout: str
    table: str
    columns: Mapping[str, str]

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """(table, column) of every column that is filled."""
        return {(self.table, column) for column in self.columns}

    def measures(self, measure: Measure, catalogue: Catalogue) -> bool:
        """Return whether the rows of this fill can answer a measure of a metric."""
        source = catalogue.sources[measure.use]
        if source.table != self.table or not set(measure.needed_columns(source)) <= self.columns.keys():
            return False
        tests = [*measure.where, *(Condition(column=name, equals=value) for name, value in source.fixed.items())]
        return all(self._can_meet(test) for test in tests)

    def _can_meet(self, test: Condition) -> bool:
        expression = self.columns.get(test.column)
        if expression is None:
            return test.column not in load_tables()[self.table].facts
        constant = expression.strip()
        if not (constant.startswith("'") and constant.endswith("'")) or not isinstance(test.equals, str):
            return True
        return constant == literal(test.equals)


class Offers:
    """Which layout fills which column of which canonical table."""

    def __init__(self, layouts: Mapping[str, Layout]) -> None:
        self.layouts = layouts

    @cached_property
    def fills(self) -> Mapping[str, tuple[Fill, ...]]:
        """Layout → what it fills; order lines, which are derived, count as filled by orders and their items."""
        return {key: tuple(_fills(layout)) for key, layout in self.layouts.items()}

    @cached_property
    def columns(self) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """Table → column → layouts that fill it, in the order of their keys."""
        found: dict[str, dict[str, list[str]]] = {name: {} for name in load_tables()}
        for key, fills in self.fills.items():
            for fill in fills:
                for column in fill.columns:
                    layouts = found[fill.table].setdefault(column, [])
                    if key not in layouts:
                        layouts.append(key)
        return {table: {column: tuple(keys) for column, keys in columns.items()} for table, columns in found.items()}

    @property
    def platforms(self) -> tuple[str, ...]:
        """Platforms that have a layout."""
        return tuple(sorted({layout.platform for layout in self.layouts.values()}))

    def best(self, table: str, columns: Iterable[str], platforms: Sequence[str] = ()) -> list[Layout]:
        """Return the layouts that fill some of the columns, those that fill most first, one for each title.

        Args:
            table: Canonical table.
            columns: Columns that are wanted.
            platforms: Only files of these; empty: of any.
        """
        wanted = set(columns)
        scored = []
        for key, fills in self.fills.items():
            layout = self.layouts[key]
            known = {column for fill in fills if fill.table == table for column in fill.columns}
            if known & wanted and (not platforms or layout.platform in platforms):
                scored.append((-len(known & wanted), layout.based_on is not None, key))
        ranked = [self.layouts[key] for *_, key in sorted(scored)]
        return list({_place(layout).zh: layout for layout in reversed(ranked)}.values())[::-1]

    def measurable(self, key: str, catalogue: Catalogue, filled: Filled = NOTHING) -> frozenset[str]:
        """Return the measured metrics that the file of a layout helps to answer, together with what is there.

        Args:
            key: The layout.
            catalogue: Definitions of the metrics.
            filled: What is there.
        """
        return frozenset(
            metric.key
            for metric in catalogue.metrics.values()
            if any(self._helps(self.fills[key], measure, catalogue, filled) for measure in metric.source)
        )

    @staticmethod
    def _helps(fills: Sequence[Fill], measure: Measure, catalogue: Catalogue, filled: Filled) -> bool:
        wanted = beside_columns(measure, catalogue)
        if not wanted:
            return any(fill.measures(measure, catalogue) for fill in fills)
        brought = {pair for fill in fills for pair in wanted if pair in fill.pairs}
        return bool(brought) and wanted <= brought | _pairs(filled)


def beside_columns(measure: Measure, catalogue: Catalogue) -> set[tuple[str, str]]:
    """Return (table, column) that files must bring before a measure over a derived table is known."""
    source = catalogue.sources[measure.use]
    columns = (load_tables()[source.table].column(name) for name in measure.needed_columns(source))
    pairs = (pair.partition(".") for column in columns if column is not None for pair in column.needs)
    return {(table, name) for table, _, name in pairs}


def needs(measure: Measure, catalogue: Catalogue) -> dict[str, set[str]]:
    """Return table → columns that a measure needs."""
    source = catalogue.sources[measure.use]
    wanted = beside_columns(measure, catalogue)
    found: dict[str, set[str]] = {} if wanted else {source.table: set(measure.needed_columns(source))}
    for table, column in sorted(wanted, reverse=True):
        found.setdefault(table, set()).add(column)
    return found


def is_known(measure: Measure, catalogue: Catalogue, filled: Filled) -> bool:
    """Return whether a measure can be answered from what is there."""
    source = catalogue.sources[measure.use]
    held = filled.get(source.table)
    return bool(held) and set(measure.needed_columns(source)) <= (held or set())


def _pairs(filled: Filled) -> set[tuple[str, str]]:
    return {(table, column) for table, columns in filled.items() for column in columns}


def _fills(layout: Layout) -> Iterable[Fill]:
    lines = load_tables()["order_line"].facts
    for mapping in layout.table:
        if mapping.name not in load_tables():
            continue
        columns = _filled_columns(mapping)
        yield Fill(layout.key, mapping.name, columns)
        if mapping.name in {"order_header", "order_item"}:
            shared = {name: expression for name, expression in columns.items() if name in lines}
            if "paid_amount" in shared:
                shared.setdefault("first_paid_amount", shared["paid_amount"])
            yield Fill(layout.key, "order_line", shared)


def _filled_columns(mapping: TableMapping) -> dict[str, str]:
    """Return the columns with a value, each instant followed by its day."""
    columns: dict[str, str] = {}
    known = load_tables()[mapping.name]
    for name, expression in mapping.columns.items():
        if expression.strip().upper() != "NULL":
            columns[name] = expression
            column = known.column(name)
            if column is not None and column.type == "instant":
                columns[day_column(name)] = expression
    return columns


@dataclass(frozen=True, slots=True)
class Contents:
    """What one table holds of one shop.

    Attributes:
        table: Canonical table.
        shop: Key of the shop; empty for a table without shops.
        rows: Number of rows.
        first: First day; None where no row has one.
        last: Last day.
        known: Column → rows in which it is known.
    """

    table: str
    shop: str
    rows: int
    first: date | None
    last: date | None
    known: Mapping[str, int] = field(default_factory=dict)


def contents(
    connection: duckdb.DuckDBPyConnection, table: str, period: Period | None = None, columns: Sequence[str] = ()
) -> list[Contents]:
    """Return what a table holds, one entry for each shop, found in one pass.

    Args:
        connection: Connection to a snapshot; it is only read.
        table: Canonical table.
        period: Only rows of these days; None: all.
        columns: Only these columns; empty: all.
    """
    definition = load_tables()[table]
    # A snapshot that an older version made lacks what is newer, until it is made again.
    sql = "SELECT column_name FROM information_schema.columns WHERE table_name = ?"
    present = {name for (name,) in connection.execute(sql, [table]).fetchall()}
    if not present:
        return []
    names = [name for name in columns or definition.facts if name in present]
    first, last = day_of(definition)
    shop = "shop" if "shop" in definition.facts else "''"
    counts = "".join(f", count({_known(definition, name)})" for name in names)
    window = "" if period is None else f"WHERE {first} <= ? AND {last} >= ?"
    rows = connection.execute(
        f"SELECT {shop}, count(*), min({first}), max({last}){counts} FROM {quoted(table)} {window} "
        "GROUP BY 1 ORDER BY 1",
        [] if period is None else [period.end, period.start],
    ).fetchall()
    return [Contents(table, row[0], row[1], row[2], row[3], dict(zip(names, row[4:], strict=True))) for row in rows]


def _known(table: Table, name: str) -> str:
    """Return the SQL value that is NULL where the column is not known: a key has a sentinel there."""
    return f"nullif({quoted(name)}, '-')" if name in table.key and table.facts[name] == "VARCHAR" else quoted(name)


def day_of(table: Table) -> tuple[str, str]:
    """Return SQL for the first and the last day that a row tells of; NULL for a table without days."""
    name = next((one for one in (*PLAIN_DAYS, *EVENT_DAYS) if one in table.facts), None)
    if name is None:
        return "CAST(NULL AS DATE)", "CAST(NULL AS DATE)"
    first = f"nullif({quoted(name)}, {NO_DAY})"
    if name == "month":
        return first, f"last_day({first})"
    if name == "period_start" and "grain" in table.facts:
        ends = f"WHEN 'week' THEN {first} + 6 WHEN 'month' THEN last_day({first})"
        return first, f'CASE "grain" {ends} ELSE {first} END'
    return first, first


def is_of_events(table: Table) -> bool:
    """Return whether a day without rows is a quiet day of the table, not an unknown one."""
    return not any(one in table.facts for one in PLAIN_DAYS)


def platforms_of(connection: duckdb.DuckDBPyConnection, layouts: Mapping[str, Layout]) -> dict[str, tuple[str, ...]]:
    """Return shop → platforms of the files that were imported for it, with the sheets that it may keep itself."""
    found: dict[str, set[str]] = {}
    for shop, key, platform in connection.execute("SELECT DISTINCT shop, layout, platform FROM import_file").fetchall():
        named = layouts[key].platform if key in layouts else platform
        found.setdefault(shop, {OWN}).update([named] if named else [])
    return {shop: tuple(sorted(platforms)) for shop, platforms in found.items()}


@dataclass(frozen=True, slots=True)
class Requirement:
    """Whether what a judgement needs is there.

    Attributes:
        table: Canonical table.
        missing: Columns that no row of the window knows.
        cannot_tell: What to say, and where to fetch the rest; None when nothing is missing.
    """

    table: str
    missing: tuple[str, ...]
    cannot_tell: Text | None

    @property
    def present(self) -> bool:
        """Whether everything is there."""
        return not self.missing


def requirement(
    connection: duckdb.DuckDBPyConnection,
    layouts: Mapping[str, Layout],
    table: str,
    columns: Sequence[str],
    *,
    shop: str | None = None,
    platforms: Sequence[str] = (),
    period: Period | None = None,
) -> Requirement:
    """Return whether columns are known, and if not, what to say instead of a judgement.

    Args:
        connection: Connection to a snapshot; it is only read.
        layouts: Layouts that are known.
        table: Canonical table.
        columns: Columns that the judgement needs.
        shop: Only rows of this shop; None: of any.
        platforms: Platforms whose files are proposed; empty: those of the shop's imported files.
        period: Days that the judgement needs; None: any.
    """
    held = [one for one in contents(connection, table, period, columns) if shop is None or one.shop in {shop, ""}]
    missing = tuple(name for name in columns if not any(one.known.get(name) for one in held))
    if not missing:
        return Requirement(table, (), None)
    used = platforms_of(connection, layouts)
    shops = [shop] if shop else list(used)
    own = tuple(platforms) or tuple(sorted({one for key in shops for one in used.get(key, ())}))
    return Requirement(table, missing, cannot_tell(Offers(layouts), table, missing, own, period))


def cannot_tell(
    offers: Offers, table: str, columns: Sequence[str], platforms: Sequence[str] = (), period: Period | None = None
) -> Text:
    """Return that columns are missing, and where to export them."""
    names = column_names(table, columns)
    exports = offers.best(table, columns, platforms)[:MOST_EXPORTS]
    if not exports:
        named = [one for one in platforms if one != OWN]
        where = Text("、".join(named), ", ".join(named)) if named else Text("已知平台", "known platforms")
        return Text(
            f"不能判断：缺 {names.zh}；{where.zh} 的导出文件里没有，可整理成表格用 duoshou map 导入",
            f"cannot tell: needs {names.en}; no export of {where.en} has it, load a table of your own (duoshou map)",
        )
    place = export_place(exports)
    days = Text("", "")
    if period is not None:
        days = Text(f" {period.start} 至 {period.end}", f", {period.start} to {period.end}")
    return Text(
        f"不能判断：缺 {names.zh}，请从 {place.zh} 导出{days.zh}",
        f"cannot tell: needs {names.en}, export it from {place.en}{days.en}",
    )


def column_names(table: str, columns: Iterable[str]) -> Text:
    """Return the names of columns for people."""
    definition = load_tables()[table]
    found = [column for name in columns if (column := definition.column(name) or _instant_of(definition, name))]
    return Text("、".join(one.title.zh for one in found), ", ".join(one.title.en for one in found))


def _instant_of(table: Table, day: str) -> Column | None:
    return table.column(day.removesuffix("_on") + "_at")


def export_place(layouts: Sequence[Layout]) -> Text:
    """Return where files are fetched: title and menu of each."""
    places = [_place(layout) for layout in layouts]
    return Text(" 或 ".join(one.zh for one in places), " or ".join(one.en for one in places))


def _place(layout: Layout) -> Text:
    if layout.menu is None:
        return layout.title.as_text()
    return Text(f"{layout.title.zh}（{layout.menu.zh}）", f"{layout.title.en} ({layout.menu.en})")
