"""Whoever may not see costs is told none, in a workbook neither."""

from __future__ import annotations

from contextlib import closing
from datetime import date

import pytest
from tests.app.conftest import LAST

from duoshou.app import Workbench
from duoshou.app.discreet import DiscreetWorkbench
from duoshou.app.material import material
from duoshou.app.results import FindingList
from duoshou.metrics import MetricError
from duoshou.model import Period


def test_metrics_that_tell_costs_are_refused(two_shops: Workbench) -> None:
    """By key and by name; every other metric is answered as before."""
    with closing(DiscreetWorkbench.of(two_shops)) as discreet:
        for name in ("gross_margin", "gross_margin_rate", "毛利"):
            with pytest.raises(MetricError, match="costs"):
                discreet.query([name], shop="tb")
        period = Period.of_day(LAST)
        answer = discreet.query(["visitors"], period=period, shop="tb")
        assert answer == two_shops.query(["visitors"], period=period, shop="tb")


def test_a_workbook_asks_the_discreet_one(two_shops: Workbench) -> None:
    """What a report is made of refuses costs too, and the state stays open for the others."""
    with closing(DiscreetWorkbench.of(two_shops)) as discreet:
        made_of = material(discreet, LAST, "tb", FindingList(LAST, ()), discreet.checklist(date(2026, 11, 19)))
        assert made_of.ask(["visitors"], period=Period.of_day(LAST), where={"shop": "tb"}).rows
        with pytest.raises(MetricError, match="costs"):
            made_of.ask(["gross_margin"], period=Period.of_day(LAST), where={"shop": "tb"})
    with two_shops.state.reading() as session:
        assert session is not None
