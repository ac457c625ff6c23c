"""Readable names of products and campaigns, from the warehouse, and of channels, from the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duoshou.engine import Backend
from duoshou.metrics import Catalogue
from duoshou.metrics.request import CHANNEL
from duoshou.reports.context import Names

PAID = "paid_amount"


def names_from(backend: Backend, catalogue: Catalogue) -> Names:
    """Return what finds the readable names of a dimension's values: the latest one, in the order of the registry.

    A row that brought money names what was sold; a line of 0, such as a correction of stock, may say "damaged" instead,
    and names only what never sold.
    """

    def names(dimension: str, values: Sequence[str]) -> Mapping[str, str]:
        if dimension == CHANNEL:
            titles = {value: catalogue.channels.title(value) for value in values}
            return {value: title.zh for value, title in titles.items() if title is not None}
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
    day, name = known[sources[0].date], known[column]
    found = {"name": name.argmax(day)}
    if PAID in known.columns:
        found["sold"] = name.argmax(day, where=known[PAID] > 0)
    named = backend.execute(known.group_by(value=known[key.get_name()]).agg(**found)).to_pylist()
    return {row["value"]: told for row in named if (told := row.get("sold") or row["name"])}
