"""The diagnosis of a workspace: settings, money, and what it says it could not judge."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest
from msgspec.structs import replace as changed
from tests.app.conftest import SHOP_HEAD, days, delimited, make_workbench, put

from duoshou.app import Workbench
from duoshou.app.diagnosis import Told, diagnose
from duoshou.model import Finding, Untold
from duoshou.settings.schema import DiagnosisSettings

FIRST, LAST = date(2026, 3, 2), date(2026, 8, 20)
TROUBLED = 8
"""Days before the end in which only a third of the usual buyers buy."""


def shop_days() -> str:
    """Return the shop's daily figures: 3,000 visitors of whom 4 % buy for about 100, fewer at the end."""
    rng = np.random.default_rng(7)
    rows: list[Sequence[object]] = [SHOP_HEAD]
    for day in days(FIRST, LAST):
        visitors = int(rng.poisson(3000))
        rate = 0.04 / 3 if (LAST - day).days < TROUBLED else 0.04
        orders = int(rng.binomial(visitors, rate))
        amount = f"{orders * rng.normal(100, 3):.2f}"
        rows.append([day.isoformat(), visitors, visitors * 3, orders, orders, orders, amount, orders * 3])
    return delimited(rows)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """A shop with daily figures alone, whose buyers stay away at the end, with its own margin and horizon."""
    workbench = make_workbench(tmp_path_factory.mktemp("troubled"))
    put(workbench, "days.csv", shop_days(), "main", LAST + timedelta(days=1))
    said = DiagnosisSettings(assumed_margin_rate=0.5, horizon_days=14)
    workbench.settings = changed(workbench.settings, diagnosis=said)
    return workbench


@pytest.fixture(scope="module")
def told(shop: Workbench) -> Told:
    """What is told of the last day."""
    return diagnose(shop, LAST, None)


@pytest.fixture(scope="module")
def trouble(told: Told) -> Finding:
    """The one trouble of the shop."""
    (found,) = told.findings
    return found


def test_the_trouble_is_found_with_its_first_day(trouble: Finding) -> None:
    """Conversion fell, eight days ago."""
    assert trouble.kind == "diagnosis.shop"
    assert trouble.causes[0].kind == "shop_converts_less"
    assert abs((trouble.period.start - (LAST - timedelta(days=TROUBLED - 1))).days) <= 2


def test_the_money_rests_on_the_margin_and_the_days_of_the_settings(trouble: Finding) -> None:
    """Two thirds of 120 orders of 100 a day, half of it contribution, over 14 days; and the finding says so."""
    assert trouble.impact is not None
    assert "14 天" in trouble.impact.basis.zh
    assert "50%" in trouble.impact.basis.en
    assert float(trouble.impact.amount) == pytest.approx(14 * 80 * 100 * 0.5, rel=0.15)
    assert any("diagnosis.assumed_margin_rate" in one.zh for one in trouble.caveats)


def test_a_place_is_not_made_up(trouble: Finding) -> None:
    """The shop's daily figures are split by nothing, so the finding says that its place cannot be told."""
    assert any("说不出在哪里" in one.zh for one in trouble.caveats)
    assert not any(one.id == "where" for one in trouble.evidence)


def test_what_no_file_tells_is_said(told: Told) -> None:
    """Products, campaigns, agents and scores have no file; the shop's own figures are judged."""
    kinds = {kind for one in told.unjudged if one.reason is Untold.NO_DATA and one.whole for kind in one.kinds}
    assert kinds == {f"diagnosis.{one}" for one in ("product", "agent", "region", "campaign", "keyword", "score")}
    assert not [one for one in told.unjudged if one.reason is Untold.LATE]


def test_a_day_after_the_last_file_is_not_called_quiet(shop: Workbench, trouble: Finding) -> None:
    """Three days later nothing was fetched: the figures are late, and days without money do not thin the mean."""
    told = diagnose(shop, LAST + timedelta(days=3), None)
    (late,) = (one for one in told.unjudged if one.reason is Untold.LATE)
    assert (late.kinds, late.whole) == (("diagnosis.shop",), True)
    assert LAST.isoformat() in late.text.zh
    assert told.findings[0].impact is not None
    assert trouble.impact is not None
    assert float(told.findings[0].impact.amount) == pytest.approx(float(trouble.impact.amount), rel=0.15)


def test_a_short_history_is_said(shop: Workbench) -> None:
    """After forty days the business is not judged, with the days that it takes."""
    (short,) = diagnose(shop, FIRST + timedelta(days=39), None).unjudged
    assert short.reason is Untold.SHORT_HISTORY
    assert "40 天" in short.text.zh
    assert "57" in short.text.en
