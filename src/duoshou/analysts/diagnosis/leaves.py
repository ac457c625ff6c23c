"""A pandas, Arrow or Ibis table as leaves: one code per attribute and one sum per measure for each combination."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.diagnosis import localisation_errors as errors
from duoshou.engine.cells import leaf_table

if TYPE_CHECKING:
    import pyarrow as pa

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Leaves:
    """Combinations of attribute values, each once.

    Attributes:
        attributes: Attributes with at least two values; constant ones tell nothing and are left out.
        values: Per attribute its values, in ascending order.
        codes: Per attribute an array (leaves,) of places in `values`.
        measures: Name → array (leaves,) of finite sums.
    """

    attributes: tuple[str, ...]
    values: tuple[list[Any], ...]
    codes: tuple[Codes, ...]
    measures: dict[str, Floats]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of values of each attribute."""
        return tuple(len(values) for values in self.values)

    def name(self, codes: Sequence[int]) -> dict[str, Any]:
        """Return attribute → value of a cell; open attributes are left out."""
        return {
            attribute: values[code]
            for attribute, values, code in zip(self.attributes, self.values, codes, strict=True)
            if code >= 0
        }

    def inside(self, codes: Sequence[int]) -> NDArray[np.bool_]:
        """Return which leaves lie in a cell."""
        inside = np.ones(self.codes[0].size, dtype=bool)
        for column, code in zip(self.codes, codes, strict=True):
            if code >= 0:
                inside &= column == code
        return inside


def read_leaves(table: Any, attributes: Sequence[str], measures: Mapping[str, str]) -> Leaves:
    """Return the leaves of a table; rows with equal attributes are added up, of an Ibis table in its engine.

    Args:
        table: pandas data frame, Arrow table, anything with the Arrow stream interface, or Ibis table.
        attributes: Columns that say where a row belongs.
        measures: Name of the sum → column that is added up.

    Raises:
        NotLocalisable: If a column is missing, a value unknown, or no attribute has two values.
    """
    names = list(dict.fromkeys(attributes))
    arrow = _arrow(table, names, measures)
    if arrow.num_rows == 0:
        raise errors.nothing_to_search()
    numbers = {name: _numbers(arrow.column(name), column) for name, column in measures.items()}
    encoded = {name: _encode(arrow.column(_prefixed(name)), name) for name in names}
    telling = {name: pair for name, pair in encoded.items() if len(pair[1]) > 1}
    if not telling:
        raise errors.no_attribute_differs(names)
    codes = [codes for codes, _ in telling.values()]
    values = tuple(values for _, values in telling.values())
    codes, sums = _unique(codes, [len(value) for value in values], list(numbers.values()))
    return Leaves(tuple(telling), values, tuple(codes), dict(zip(numbers, sums, strict=True)))


def _prefixed(attribute: str) -> str:
    """Return the column of an attribute within the narrow table, apart from those of the measures."""
    return f"attribute {attribute}"


def _arrow(table: Any, attributes: Sequence[str], measures: Mapping[str, str]) -> pa.Table:
    """Return a table of only the attributes, under `_prefixed` names, and the measures under their own names."""
    import pyarrow as pa

    if isinstance(table, pa.Table):
        found = table
    elif type(table).__module__.startswith("ibis."):
        return _from_ibis(table, attributes, measures)
    elif type(table).__module__.startswith("pandas."):
        wanted = list(dict.fromkeys([*attributes, *measures.values()]))
        _require(wanted, [str(name) for name in table.columns])
        found = _from_pandas(table[wanted])
    elif hasattr(table, "__arrow_c_stream__"):
        found = pa.table(table)
    else:
        raise errors.not_a_table(table)
    _require([*attributes, *measures.values()], found.column_names)
    columns = {_prefixed(name): found.column(name) for name in attributes}
    return pa.table(columns | {name: found.column(column) for name, column in measures.items()})


def _from_pandas(frame: Any) -> pa.Table:
    import pyarrow as pa

    columns = {}
    for name in frame.columns:
        series = frame[name]
        try:
            columns[name] = pa.array(series, from_pandas=True)
        except (pa.ArrowInvalid, pa.ArrowTypeError):  # a column of mixed types
            columns[name] = pa.array(series.astype("string"), from_pandas=True)
    return pa.table(columns)


def _from_ibis(table: Any, attributes: Sequence[str], measures: Mapping[str, str]) -> pa.Table:
    _require([*attributes, *measures.values()], list(table.columns))
    for column in measures.values():
        if not (table[column].type().is_numeric() or table[column].type().is_boolean()):
            raise errors.not_a_number(column)
    summed = leaf_table(table, attributes, measures)
    return summed.rename_columns([*(_prefixed(name) for name in attributes), *measures])


def _require(wanted: Sequence[str], known: list[str]) -> None:
    for name in wanted:
        if name not in known:
            raise errors.column_missing(name, known)


def _numbers(column: pa.ChunkedArray, name: str) -> Floats:
    import pyarrow as pa

    kind = column.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        if not (pa.types.is_boolean(kind) or pa.types.is_null(kind)):
            raise errors.not_a_number(name)
        column = column.cast(pa.int8())
    if column.null_count:
        raise errors.number_unknown(name)
    values = np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
    if not np.isfinite(values).all():
        raise errors.number_unknown(name)
    return values


def _encode(column: pa.ChunkedArray, name: str) -> tuple[Codes, list[Any]]:
    """Return codes in the order of the values, so that nothing depends on the order of rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    encoded = column.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    if encoded.indices.null_count or encoded.dictionary.null_count:
        raise errors.attribute_unknown(name)
    if pa.types.is_floating(encoded.dictionary.type) and pc.any(pc.is_nan(encoded.dictionary)).as_py():
        raise errors.attribute_unknown(name)
    order = pc.sort_indices(encoded.dictionary)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    return rank[encoded.indices.to_numpy()], encoded.dictionary.take(order).to_pylist()


def _unique(codes: list[Codes], sizes: Sequence[int], sums: list[Floats]) -> tuple[list[Codes], list[Floats]]:
    """Return the combinations once each, in ascending order unless they were unique before."""
    key, sizes_left = np.zeros_like(codes[0]), list(sizes)
    for code, size in zip(codes, sizes_left, strict=True):
        if key.size and int(key.max()) + 1 > np.iinfo(np.int64).max // size:
            key = np.unique(key, return_inverse=True)[1].astype(np.int64)
        key = key * size + code
    space = math.prod(sizes)
    if space <= 4 * key.size + 100_000:
        rows = np.bincount(key, minlength=space)
        if rows.max() <= 1:
            return codes, sums
        present = np.flatnonzero(rows)
        place = np.cumsum(rows > 0) - 1
        place = place[key]
        first = np.empty(present.size, dtype=np.int64)
        first[place[::-1]] = np.arange(key.size)[::-1]
    else:
        unique, first, place = np.unique(key, return_index=True, return_inverse=True)
        if unique.size == key.size:
            return codes, sums
    totals = [np.bincount(place, weights, minlength=first.size).astype(np.float64) for weights in sums]
    return [code[first] for code in codes], totals
