"""Which columns of a file go to the archive, and in what form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from duoshou.sources.headers import (
    ANY_BRACKETS,
    header_forms,
    looks_personal,
    normalise_header,
    own_names,
    positions,
)
from duoshou.sources.layout import IN_HEADER, Layout, LayoutField
from duoshou.sources.personal import buyer_key_sql, city_sql, contact_free_sql, province_sql

BUYER_KEY, REFERRED_BY, PROVINCE, CITY = "buyer_key", "referred_by", "province", "city"


@dataclass(frozen=True)
class ArchiveColumn:
    """One column of the archive: its name and the SQL over the file's cells `c0`, `c1` … that fills it."""

    name: str
    expression: str


def column_of(field: LayoutField, headers: Sequence[str]) -> str | None:
    """Return the header under which a file has a field; of several spellings, the one the layout names first."""
    if field.after is not None:
        return _column_after(field, field.after, tuple(headers))
    places = positions(tuple(headers))
    for spelling in field.header:
        if (place := places.get(normalise_header(spelling))) is not None:
            return headers[place]
    return None


def _column_after(field: LayoutField, after: str, headers: tuple[str, ...]) -> str | None:
    """Return the first column of a spelling to the right of the header `after`, where headers may repeat."""
    start = positions(headers).get(normalise_header(after))
    if start is None:
        return None
    spellings = frozenset(map(normalise_header, field.header))
    for header, name in list(zip(headers, own_names(headers), strict=True))[start + 1 :]:
        if spellings.intersection((*header_forms(header), *header_forms(name))):
            return header
    return None


def header_currency(layout: Layout, headers: Sequence[str]) -> str | None:
    """Return the ISO code in the brackets of a header that is written with `(*)`, if the layout looks for it there."""
    for field in layout.field if layout.currency == IN_HEADER else ():
        header = column_of(field, headers) if any(map(_takes_brackets, field.header)) else None
        if header is not None and (code := re.search(r"[(（]\s*([A-Za-z]{3})\s*[)）]\s*$", header)):
            return code[1].upper()
    return None


def _takes_brackets(spelling: str) -> bool:
    return normalise_header(spelling).endswith(ANY_BRACKETS)


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
    # Of several fields that share a column, a personal one decides.
    ordered = sorted(layout.field, key=lambda field: field.personal is not None)
    fields = {column: field for field in ordered if (column := column_of(field, headers)) is not None}
    spellings = layout.spellings()
    own = own_names(tuple(headers))
    kept = frozenset(map(normalise_header, layout.keep))
    dropped = frozenset(map(normalise_header, layout.drop))
    columns: list[ArchiveColumn] = []
    derived: list[ArchiveColumn] = []
    for position, header in enumerate(headers):
        cell, names = f"c{position}", {*header_forms(header), *header_forms(own[position])}
        field = fields.get(header)
        if field is not None and field.personal is not None:
            derived += _derived(field, cell, buyer_key)
        elif field is not None or not kept.isdisjoint(header_forms(header)):
            free = field is not None and field.contact_free
            columns.append(ArchiveColumn(header, contact_free_sql(cell) if free else cell))
        elif not (names & dropped or any(_personal_spelling(spellings.get(name)) for name in names)) and not (
            looks_personal(header)
        ):
            columns.append(ArchiveColumn(header, contact_free_sql(cell)))
    taken = {column.name.casefold() for column in derived}
    return [*(column for column in columns if column.name.casefold() not in taken), *derived]


def _personal_spelling(field: LayoutField | None) -> bool:
    return field is not None and field.personal is not None


def _derived(field: LayoutField, cell: str, buyer_key: str) -> list[ArchiveColumn]:
    if field.personal == "buyer":
        return [ArchiveColumn(BUYER_KEY, buyer_key)]
    if field.personal == "referrer":
        return [ArchiveColumn(REFERRED_BY, buyer_key_sql(cell))]
    if field.personal == "address":
        return [ArchiveColumn(PROVINCE, province_sql(cell)), ArchiveColumn(CITY, city_sql(cell))]
    return []
