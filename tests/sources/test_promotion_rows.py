"""Rows of promotion: what cannot be is rejected in every layout, and a name is not taken for a sum."""

from __future__ import annotations

import pytest

from duoshou.sources import load_layouts
from duoshou.sources.layout import Layout

LAYOUTS = [one for one in load_layouts().values() if any(table.name == "ad_period" for table in one.table)]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.key)
def test_negative_figures_are_rejected_by_every_layout_of_promotion(layout: Layout) -> None:
    """The row is kept among the rejected ones with a message in both languages; nobody pays less than nothing."""
    (rule,) = [one for one in layout.reject if one.code == "negative_figures"]
    names = {field.name for field in layout.field} & {"impressions", "clicks", "cost"}
    assert names == {"impressions", "clicks", "cost"}
    assert all(f"{name} < 0" in rule.when for name in names)
    assert not rule.keeps_row
    assert rule.message.zh
    assert rule.message.en


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda one: one.key)
def test_what_names_a_row_is_neither_a_day_nor_the_word_itself(layout: Layout) -> None:
    """A row of sums may have a day; only ids and finer names tell it from a detail."""
    if layout.totals is None:
        return
    types = {field.name: field.type for field in layout.field}
    for name, proofs in layout.totals.named_by.items():
        assert name in layout.totals.fields
        assert name not in proofs
        assert {types[one] for one in proofs} <= {"id", "text"}
