"""Columns of the engine's answer as floating-point numbers and as groups."""

from __future__ import annotations

import math
from decimal import Decimal

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from duoshou.metrics.measure import floats
from duoshou.metrics.scan import ScanResult

AMOUNTS = st.none() | st.decimals(Decimal("-1e33"), Decimal("1e33"), places=2) | st.decimals(-1, 1, places=4)
NAMES = st.none() | st.sampled_from(["a", "b", "词"])


@settings(deadline=None)
@given(st.lists(AMOUNTS, max_size=20), st.integers(0, 3))
def test_money_is_rounded_as_python_rounds_it(amounts: list[Decimal | None], skipped: int) -> None:
    """Of any size, in a slice of a column too; what is NULL is NaN."""
    column = pa.chunked_array([pa.array(amounts, pa.decimal128(38, 4))]).slice(skipped)
    expected = [math.nan if one is None else float(one) for one in amounts[skipped:]]
    assert [str(one) for one in floats(column).tolist()] == [str(one + 0.0) for one in expected]


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(-(2**53), 2**53), max_size=20))
def test_counts_stay_what_they_are(counts: list[int | None]) -> None:
    """Whole numbers are exact; what is NULL is NaN."""
    found = floats(pa.chunked_array([pa.array(counts, pa.int64())])).tolist()
    assert [None if math.isnan(one) else int(one) for one in found] == counts


@settings(deadline=None)
@given(st.lists(st.tuples(NAMES, NAMES), max_size=20))
def test_groups_are_told_in_the_order_of_their_first_row(rows: list[tuple[str | None, str | None]]) -> None:
    """Each group once, and each row knows its own."""
    columns = {f"by_{name}": pa.array([row[place] for row in rows], pa.string()) for place, name in enumerate("xy")}
    groups, group = ScanResult(pa.table(columns), ("x", "y")).groups
    assert groups == list(dict.fromkeys(rows))
    assert [groups[number] for number in group] == rows
