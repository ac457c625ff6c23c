"""Answers to the prices of others, in shops where there are none."""

from __future__ import annotations

from datetime import date

import numpy as np
from benchmarks.elasticity_cases import case

from duoshou.analysts.pricing.answers import crossed
from duoshou.analysts.pricing.question import Priced


def test_where_no_product_answers_anothers_price_hardly_any_pair_stands() -> None:
    """Of nine shops without substitutes one at most shows a pair, as a false discovery rate of a tenth has it."""
    shown = 0
    for kind in ("promotions", "festivals", "steps"):
        for seed in range(3):
            made = case(kind, seed, products=8)
            count, days = made.units.shape
            names, yes = tuple(map(str, range(count))), np.ones(count, dtype=np.bool_)
            groups = tuple(str(one) for one in made.category)
            unknown = np.full((count, days), np.nan)
            shop = Priced(
                names, names, groups, date(2025, 1, 1), made.units, made.price, unknown, yes, yes, made.festivals
            )
            found, pairs = crossed(shop)
            assert pairs > 5
            shown += bool(found)
    assert shown <= 1
