"""The sheets of worn creatives and of coefficients."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from duoshou.analysts.advertising import AdStudy
from duoshou.analysts.advertising.bid_plan import Amount
from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.splits import Coefficient
from duoshou.analysts.advertising.wear import State, Wear
from duoshou.app.studies.ad_parts import part_sheets

DAY = date(2026, 11, 26)
MONEY = Amount(Decimal("123.00"), Decimal("50.00"), Decimal("200.00"))
WORN = Wear("c", "plan", "7", "picture", date(2026, 9, 1), 9000, 0.03, 0.02, 0.31, 0.2, 0.4, State.WORN, MONEY)
NIGHT = Coefficient(Level.HOUR, "c", "plan", "03", 900, 0.6, 0.5, 0.7, 0.7, MONEY)


def study(creatives: tuple[Wear, ...], splits: tuple[Coefficient, ...]) -> AdStudy:
    """Return a study of nothing but these."""
    return AdStudy(DAY, None, "CNY", None, None, (), None, None, creatives, splits, (), ())


@pytest.mark.parametrize("costs", [True, False])
def test_each_has_a_sheet_and_money_is_for_those_who_may_see_it(monkeypatch: pytest.MonkeyPatch, costs: bool) -> None:
    """As many cells as columns; what is empty has no sheet."""
    monkeypatch.setattr("duoshou.app.studies.ad_parts.advertising_of", lambda *_, **__: study((WORN,), (NIGHT,)))
    bench: Any = SimpleNamespace()
    creatives, splits = part_sheets(bench, DAY, None, costs=costs)
    assert (creatives.name.en, splits.name.en) == ("Creatives", "Coefficients")
    for sheet in (creatives, splits):
        (row,) = sheet.rows
        assert len(row) == len(sheet.columns)
        assert (MONEY.value in row) is costs
    monkeypatch.setattr("duoshou.app.studies.ad_parts.advertising_of", lambda *_, **__: study((), ()))
    assert part_sheets(bench, DAY, None, costs=costs) == []
