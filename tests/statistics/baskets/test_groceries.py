"""The published rules of the Groceries data."""

from __future__ import annotations

import math
from pathlib import Path

import duckdb
import numpy as np
import pytest

from duoshou.statistics.baskets import Baskets, frequent_sets, rules


@pytest.mark.shared_data
def test_groceries_have_the_published_rules(shared_data: Path) -> None:
    """At support .006 and confidence .25 Groceries have 463 rules of two and more items (arules)."""
    file = shared_data / "market_basket_arules" / "groceries_long.csv.gz"
    read = (
        f"SELECT transaction_id, dense_rank() OVER (ORDER BY item) - 1 AS item FROM read_csv('{file}', header = true)"
    )
    lines = duckdb.connect().execute(read).fetchnumpy()
    baskets = Baskets.of(np.asarray(lines["transaction_id"]), np.asarray(lines["item"]))
    levels = frequent_sets(baskets, math.ceil(0.006 * 9835), 6)
    found = rules(levels, baskets.number_of_baskets, 0.25)
    assert (baskets.number_of_baskets, int(baskets.support.max())) == (9835, 2513)
    assert len(found) == 463
    assert [sum(len(one.given) == size - 1 for one in found) for size in (2, 3, 4)] == [150, 297, 16]
