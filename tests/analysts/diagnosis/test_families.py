"""Which family each product is one of."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import numpy as np

from duoshou.analysts.diagnosis.reading import Shop, families_of
from duoshou.analysts.diagnosis.watched import watched_subjects
from duoshou.metrics import DailyPanel, load_catalogue
from duoshou.model import Period

PERIOD = Period(date(2026, 1, 1), date(2026, 1, 3))
SUBJECTS = {one.type: one for one in watched_subjects()}
SOLD = {("a", "dress"): [5.0, 5.0, np.nan], ("a", "coat"): [1.0, 1.0, 1.0], ("b", "coat"): [2.0, 0.0, 0.0]}


class Files(Shop):
    """A shop whose sales are known by product and category."""

    def panel(self, metric: str, by: tuple[str, ...] = ()) -> DailyPanel | None:
        """Return the sales; no other figure is known."""
        if metric != "pay_amount" or by != ("product", "category"):
            return None
        splits = (*SOLD, ("c", None))
        values = np.array([*SOLD.values(), [9.0, 9.0, 9.0]])
        return DailyPanel(PERIOD, by, splits, {metric: values}, {}, {})


def test_a_product_is_of_the_category_in_which_most_of_it_was_sold() -> None:
    """One that changed its category is of the greater part; one without any, or without sales, is of none."""
    shop = Files(cast("Any", None), load_catalogue(), PERIOD, PERIOD.end, None)
    assert families_of(shop, SUBJECTS["product"], ("a", "b", "c", "d")) == ("dress", "coat", None, None)


def test_other_subjects_and_shops_without_categories_have_no_families() -> None:
    """Provinces and campaigns are of no family, nor are products whose files tell no category."""
    shop = Files(cast("Any", None), load_catalogue(), PERIOD, PERIOD.end, None)
    assert families_of(shop, SUBJECTS["region"], ("浙江",)) == (None,)
    assert families_of(shop, SUBJECTS["shop"], ("",)) == (None,)
    read: dict[tuple[str, tuple[str, ...]], DailyPanel | None] = {("pay_amount", ("product", "category")): None}
    blind = Shop(cast("Any", None), load_catalogue(), PERIOD, PERIOD.end, None, read)
    assert families_of(blind, SUBJECTS["product"], ("a",)) == (None,)
