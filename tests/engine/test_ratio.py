"""One division for the whole product."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest

from duoshou.engine.ratio import ratio, ratio_expression
from duoshou.engine.reader import DuckDBBackend


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [
        (1, 4, 0.25),
        (0, 4, 0.0),
        (Decimal("10.00"), 4, Decimal("2.5")),
        (Decimal(1), Decimal(8), Decimal("0.125")),
        (Decimal(1), 2.0, 0.5),
        (1, 0, None),
        (0, 0, None),
        (Decimal(1), Decimal(0), None),
        (None, 4, None),
        (4, None, None),
    ],
)
def test_nothing_is_divided_by_nothing(
    numerator: float | Decimal | None, denominator: float | Decimal | None, expected: float | Decimal | None
) -> None:
    """A ratio over 0 or over the unknown is unknown; money stays exact."""
    found = ratio(numerator, denominator)
    assert found == expected
    assert type(found) is type(expected)


def test_the_engine_divides_as_python_does() -> None:
    """Inside the engine a ratio over 0 or NULL is NULL as well."""
    with duckdb.connect() as connection, DuckDBBackend(connection) as backend:
        connection.execute("CREATE TABLE pairs AS SELECT * FROM (VALUES (1, 4), (1, 0), (NULL, 4)) AS pairs(n, d)")
        rows = backend.table("pairs")
        answer = backend.execute(rows.select(share=ratio_expression(rows.n, rows.d)))
    assert answer.column("share").to_pylist() == [0.25, None, None]
