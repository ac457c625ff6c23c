"""Which columns of a file go to the archive, and in what form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from duoshou.sources.headers import looks_personal, matches, normalise_header
from duoshou.sources.layout import Layout, LayoutField
from duoshou.sources.personal import city_sql, contact_free_sql, province_sql

BUYER_KEY, PROVINCE, CITY = "buyer_key", "province", "city"


@dataclass(frozen=True)
class ArchiveColumn:
    """One column of the archive: its name and the SQL over the file's cells `c0`, `c1` … that fills it."""

    name: str
    expression: str


def column_of(field: LayoutField, headers: Sequence[str]) -> str | None:
    """Return the header under which a file has a field; of several spellings, the one the layout names first."""
    positions = matches(headers)
    for spelling in field.header:
        if (place := positions.get(normalise_header(spelling))) is not None:
            return headers[place]
    return None


def buyer_cell(layout: Layout, headers: Sequence[str]) -> str | None:
    """Return the cell (`c0`, `c1` …) that names the buyer, None when the file has none."""
    for field in layout.field:
        if field.personal == "buyer" and (header := column_of(field, headers)) is not None:
            return f"c{list(headers).index(header)}"
    return None


def archive_columns(layout: Layout, headers: Sequence[str], buyer_key: str) -> list[ArchiveColumn]:
    """Return the archive's columns in the file's order; the columns derived from personal ones stand at the end.

    Args:
        layout: Says which columns are read, kept, hashed or dropped.
        headers: Column names of the file.
        buyer_key: SQL for the buyer's key.
    """
    fields = {column: field for field in layout.field if (column := column_of(field, headers)) is not None}
    spellings = layout.spellings()
    kept = frozenset(map(normalise_header, layout.keep))
    dropped = frozenset(map(normalise_header, layout.drop))
    columns: list[ArchiveColumn] = []
    derived: list[ArchiveColumn] = []
    for position, header in enumerate(headers):
        cell, name = f"c{position}", normalise_header(header)
        field = fields.get(header)
        if field is not None and field.personal is not None:
            derived += _derived(field, cell, buyer_key)
        elif field is not None or name in kept:
            columns.append(ArchiveColumn(header, cell))
        elif name not in dropped and not _personal_spelling(spellings.get(name)) and not looks_personal(header):
            columns.append(ArchiveColumn(header, contact_free_sql(cell)))
    taken = {column.name.casefold() for column in derived}
    return [*(column for column in columns if column.name.casefold() not in taken), *derived]


def _personal_spelling(field: LayoutField | None) -> bool:
    return field is not None and field.personal is not None


def _derived(field: LayoutField, cell: str, buyer_key: str) -> list[ArchiveColumn]:
    if field.personal == "buyer":
        return [ArchiveColumn(BUYER_KEY, buyer_key)]
    if field.personal == "address":
        return [ArchiveColumn(PROVINCE, province_sql(cell)), ArchiveColumn(CITY, city_sql(cell))]
    return []
