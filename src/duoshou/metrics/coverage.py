"""Which days each source knows. Learnt once for each snapshot, which never changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ibis.expr.types import Table

from duoshou.engine import Backend
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.derived import of_source
from duoshou.metrics.source import Source, SourceKind


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows that belong together: never added over platform, currency or variant."""

    shop: str
    platform: str | None
    currency: str | None
    variant: int | str | None
    whole: str | None


@dataclass(slots=True)
class Known:
    """What a source knows within one scope.

    Attributes:
        first: First day with rows.
        last: Last day with rows.
        columns: Columns that hold anything at all.
        days: Grain → first day of a row → columns known in it. Events also know quiet days in between.
        exported: Day → day of the newest export that told of it.
    """

    first: date
    last: date
    columns: frozenset[str] = frozenset()
    days: dict[str, dict[date, frozenset[str]]] = field(default_factory=lambda: defaultdict(dict))
    exported: dict[date, date] = field(default_factory=dict)

    def take(self, grain: str, day: date, columns: frozenset[str], exported: date | None) -> None:
        """Add what one day, week or month tells."""
        self.columns |= columns
        self.days[grain][day] = columns
        if exported is not None and grain == "day":
            self.exported[day] = max(exported, self.exported.get(day, exported))


Coverage = dict[Scope, Known]
SCOPES = frozenset({"shop", "platform", "currency"})


def coverage_of(backend: Backend, catalogue: Catalogue, source: Source) -> Coverage:
    """Return what the source knows, per scope; empty when the table is missing or has no rows."""
    memory_key = ("coverage", source.key, id(catalogue))
    if memory_key not in backend.memory:
        backend.memory[memory_key] = _learn(backend, source, _watched_columns(backend, catalogue, source))
    found: Coverage = backend.memory[memory_key]
    return found


def used_columns(catalogue: Catalogue, source: Source) -> tuple[str, ...]:
    """Return the stored columns of the source without which some metric says nothing."""
    names: set[str] = set()
    for metric in catalogue.metrics.values():
        for measure in metric.source:
            if measure.use == source.key:
                names.update(measure.needed_columns(source))
    return tuple(sorted(names))


def dimension_columns(source: Source) -> dict[str, str]:
    """Return the dimensions that a row may leave open, with their stored columns; those that tell a scope are none."""
    open_ = {name: column for name, column in source.dimensions.items() if name not in SCOPES}
    return {name: stored[0] for name, column in open_.items() if (stored := source.stored_columns(column))}


def _watched_columns(backend: Backend, catalogue: Catalogue, source: Source) -> tuple[str, ...]:
    """Return the columns of which it is learnt whether they hold anything: of metrics and of dimensions."""
    used = used_columns(catalogue, source)
    stored = backend.table(source.table).columns if backend.has_table(source.table) else ()
    split = {column for column in dimension_columns(source).values() if column in stored}
    return tuple(sorted({*used, *split}))


def _learn(backend: Backend, source: Source, columns: tuple[str, ...]) -> Coverage:
    if not backend.has_table(source.table):
        return {}
    table = of_source(backend.table(source.table), source)
    present = tuple(column for column in columns if column in table.columns)
    if source.kind is SourceKind.EVENTS:
        return _learn_events(backend, source, table, present)
    return _learn_days(backend, source, table, present)


def _scope_columns(source: Source) -> dict[str, str]:
    columns = {"shop": "shop"} if source.shop else {}
    if source.platform:
        columns["platform"] = "platform"
    if source.currency:
        columns["currency"] = "currency"
    if source.variant:
        columns["variant"] = source.variant
    for column in source.whole:
        columns["whole"] = source.dimensions[column]
    return columns


def _scope(row: dict[str, Any]) -> Scope:
    return Scope(row.get("shop", ""), row.get("platform"), row.get("currency"), row.get("variant"), row.get("whole"))


def _grouped(source: Source, table: Table, extra: dict[str, str], figures: dict[str, Any]) -> Table:
    names = {**_scope_columns(source), **extra}
    groups = [table[column].name(name) for name, column in names.items()]
    return table.group_by(groups).aggregate(exported=table["exported_at"].max(), **figures)


def _counts(table: Table, columns: Iterable[str]) -> dict[str, Any]:
    return {f"has_{column}": table[column].count() for column in columns}


def _learn_events(backend: Backend, source: Source, table: Table, columns: tuple[str, ...]) -> Coverage:
    figures: dict[str, Any] = _counts(table, columns)
    for position, day in enumerate(source.days):
        figures |= {f"first_{position}": table[day].min(), f"last_{position}": table[day].max()}
    positions = range(len(source.days))
    coverage: Coverage = {}
    for row in backend.execute(_grouped(source, table, {"day": source.date}, figures)).to_pylist():
        bounds = [row[f"{end}_{position}"] for position in positions for end in ("first", "last")]
        dated = [day for day in bounds if day is not None]
        if dated:
            known = coverage.setdefault(_scope(row), Known(min(dated), max(dated)))
            known.first, known.last = min(known.first, *dated), max(known.last, *dated)
            known.take("day", row["day"] or min(dated), _present(row, columns), _day(row["exported"]))
    return coverage


def _learn_days(backend: Backend, source: Source, table: Table, columns: tuple[str, ...]) -> Coverage:
    is_told = source.kind is SourceKind.STORED and source.grain is None
    extra = {"day": source.date, **({"tile": "grain"} if is_told else {})}
    coverage: Coverage = {}
    for row in backend.execute(_grouped(source, table, extra, _counts(table, columns))).to_pylist():
        day = row["day"]
        known = coverage.setdefault(_scope(row), Known(day, day))
        known.first, known.last = min(known.first, day), max(known.last, day)
        known.take(row.get("tile") or source.grain or "day", day, _present(row, columns), _day(row["exported"]))
    return coverage


def _present(row: dict[str, Any], columns: tuple[str, ...]) -> frozenset[str]:
    return frozenset(column for column in columns if row[f"has_{column}"])


def _day(instant: datetime | None) -> date | None:
    return instant.date() if instant else None
