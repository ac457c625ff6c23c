"""Readable names of products and campaigns, from the warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duoshou.engine import Backend
from duoshou.metrics import Catalogue
from duoshou.reports.context import Names


def names_from(backend: Backend, catalogue: Catalogue) -> Names:
    """Return what finds the readable names of a dimension's values: the latest one, in the order of the registry."""

    def names(dimension: str, values: Sequence[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for place in reversed(catalogue.dimensions[dimension].name_of):
            table, column = place.split(".")
            found |= _latest(backend, catalogue, dimension, table, column, [value for value in values if value])
        return found

    return names


def _latest(
    backend: Backend, catalogue: Catalogue, dimension: str, table: str, column: str, values: Sequence[str]
) -> dict[str, str]:
    sources = [each for each in catalogue.sources.values() if each.table == table and dimension in each.dimensions]
    if not values or not sources or not backend.has_table(table):
        return {}
    rows = backend.table(table)
    key = rows[sources[0].dimensions[dimension]]
    known = rows.filter(key.isin(list(values)) & rows[column].notnull())
    named = known.group_by(value=known[key.get_name()]).agg(name=known[column].argmax(known[sources[0].date]))
    return {row["value"]: row["name"] for row in backend.execute(named).to_pylist() if row["name"]}
