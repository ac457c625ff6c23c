"""The canonical tables as data: `tables/*.toml` read into typed values, and the SQL that makes them."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Literal

import msgspec

ColumnType = Literal["text", "integer", "money", "price", "rate", "day", "instant"]
MergeRule = Literal["latest", "lattice", "first_nonzero"]

SQL_TYPES: Mapping[ColumnType, str] = MappingProxyType(
    {
        "text": "VARCHAR",
        "integer": "BIGINT",
        "money": "DECIMAL(18,2)",
        "price": "DECIMAL(18,4)",
        "rate": "DOUBLE",
        "day": "DATE",
        "instant": "TIMESTAMP",
    }
)
LINEAGE: Mapping[str, str] = MappingProxyType(
    {
        "source_file": "VARCHAR",
        "source_hash": "VARCHAR",
        "source_row": "BIGINT",
        "exported_at": "TIMESTAMP",
        "batch_id": "VARCHAR",
        "loaded_at": "TIMESTAMP",
    }
)
# Raised when the meaning of a stored table changes although its columns do not: snapshots are then made again.
FOLD_VERSION = 1


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A wording in both languages."""

    zh: str
    en: str


class Column(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One column of a canonical table.

    Attributes:
        name: Its name in every engine.
        type: Canonical type.
        title: Wording for people.
        merge: How values of several exports become one: the `latest` known one, the furthest on the status
            `lattice`, or the first that is not zero.
        of: For `first_nonzero`, the column whose first value is kept.
        needs: For a derived table, the `table.column` that files must bring before it is known, unless settings do.
    """

    name: str
    type: ColumnType
    title: Words
    merge: MergeRule = "latest"
    of: str | None = None
    needs: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One canonical table.

    Attributes:
        name: Its name in every engine.
        title: Wording for people.
        grain: What one row is.
        key: Natural key; never NULL.
        columns: Columns without day columns and lineage.
        derived: Whether it is computed from other tables and no layout may fill it.
    """

    name: str
    title: Words
    grain: Words
    key: tuple[str, ...]
    columns: tuple[Column, ...] = msgspec.field(name="column")
    derived: bool = False

    @property
    def facts(self) -> dict[str, str]:
        """SQL types of all columns but lineage, in order; each instant is followed by its day."""
        types: dict[str, str] = {}
        for column in self.columns:
            types[column.name] = SQL_TYPES[column.type]
            if column.type == "instant":
                types[day_column(column.name)] = "DATE"
        return types

    @property
    def physical(self) -> dict[str, str]:
        """SQL types of all columns, lineage last."""
        return {**self.facts, **LINEAGE}

    def column(self, name: str) -> Column | None:
        """Return the column called `name`, if there is one."""
        return next((column for column in self.columns if column.name == name), None)


def day_column(instant: str) -> str:
    """Return the name of the DATE column beside the instant `instant`: `paid_at` → `paid_on`."""
    return instant.removesuffix("_at") + "_on"


def quoted(name: str) -> str:
    """Return `name` as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | None) -> str:
    """Return `value` as an SQL string."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def column_list(names: Mapping[str, str] | tuple[str, ...] | list[str], prefix: str = "") -> str:
    """Return the quoted names, separated by commas, each after `prefix`."""
    return ", ".join(prefix + quoted(name) for name in names)


def create_statement(table: Table, name: str | None = None) -> str:
    """Return the statement that makes `table`, called `name` where given."""
    columns = ", ".join(f"{quoted(column)} {type_}" for column, type_ in table.physical.items())
    return f"CREATE TABLE {quoted(name or table.name)} ({columns})"


@cache
def load_tables() -> Mapping[str, Table]:
    """Return every canonical table by name, read from the TOML files of this package.

    Raises:
        msgspec.ValidationError: If a file is no table; a fault of the program.
    """
    folder = resources.files("duoshou.warehouse") / "tables"
    tables: dict[str, Table] = {}
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            table = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Table)
            tables[table.name] = table
    return MappingProxyType(tables)


@cache
def schema_digest() -> str:
    """Return a digest of all tables: a snapshot made under another one is made again from the archive."""
    shape = [(table.name, table.key, list(table.physical.items())) for table in load_tables().values()]
    rules = [(table.name, column.name, column.merge) for table in load_tables().values() for column in table.columns]
    return hashlib.sha256(msgspec.json.encode([FOLD_VERSION, shape, rules])).hexdigest()[:16]
