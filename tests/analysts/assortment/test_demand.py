"""Demand ahead and what to order, on shops whose demand is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from scipy import stats
from tests.analysts.assortment.conftest import asked, in_stock, sold
from tests.analysts.conftest import fill

from duoshou.analysts.assortment import RangeStudy, Rules, study_range
from duoshou.analysts.assortment.demand import Demand, Reorder, demand_design
from duoshou.analysts.assortment.reorder import when, why_now
from duoshou.engine.reader import DuckDBBackend
from duoshou.model import Untold
from duoshou.settings import Settings
from duoshou.settings.calendar import load_calendar

AS_OF = date(2026, 6, 28)
DAYS = 150
FIRST = AS_OF - timedelta(days=DAYS - 1)
RATES = {"runs": 10.0, "rests": 10.0, "fast": 25.0, "slow": 2.0, "more": 6.0, "other": 8.0}
USUAL = Rules()
DAY = timedelta(days=1)
Ask = Callable[..., RangeStudy]


def lines(
    rates: Mapping[str, float], *, gone: tuple[str, range] = ("", range(0)), seed: int = 3
) -> list[dict[str, Any]]:
    """Return an order line a product and day; a product that is gone on some days sells nothing on them."""
    random = np.random.default_rng(seed)
    rows = []
    for product, rate in rates.items():
        for number, units in enumerate(random.poisson(rate, DAYS)):
            if units and not (product == gone[0] and number in gone[1]):
                rows.append(sold(product, FIRST + timedelta(days=number), int(units)))
    return rows


@pytest.fixture
def ask() -> Iterator[Ask]:
    """Return what studies a shop of some rows by some rules."""
    with ExitStack() as stack:

        def study(rules: Rules = USUAL, first: date = FIRST, **tables: Any) -> RangeStudy:
            connection = duckdb.connect()
            fill(connection, tables)
            question = asked(stack.enter_context(DuckDBBackend(connection)), as_of=AS_OF)
            return study_range(replace(question, calendar=load_calendar(Settings()), rules=rules), first)

        yield study


def demand(study: RangeStudy, name: str) -> Demand:
    """Return the demand of a product."""
    return next(one.demand for one in study.products if one.id == name)


def ordered(study: RangeStudy, name: str) -> Reorder:
    """Return what to order of a product."""
    found = demand(study, name).reorder
    assert found is not None
    return found


def test_demand_and_orders_are_those_of_the_known_rates(ask: Ask) -> None:
    """Ten a day with 60 pieces: gone in six days, ordered up to three weeks' 95 % quantile; plenty orders nothing."""
    study = ask(order_line=lines(RATES), stock_day=in_stock({"runs": 60, "rests": 900}))
    for ahead in demand(study, "runs").ahead:
        assert ahead.units == pytest.approx(10.0 * ahead.days, rel=0.12)
        assert ahead.low < 10 * ahead.days < ahead.high
    found = ordered(study, "runs")
    assert found.runs_out is not None
    assert found.runs_out_low is not None
    assert found.runs_out_high is not None
    assert found.runs_out_low <= found.runs_out <= found.runs_out_high
    assert abs((found.runs_out - AS_OF).days - 6) <= 1
    assert found.point == pytest.approx(stats.poisson.ppf(0.95, 140), rel=0.15)
    assert found.up_to == pytest.approx(stats.poisson.ppf(0.95, 210), rel=0.15)
    assert found.pieces == found.up_to - 60
    assert found.lost_units == pytest.approx(150, rel=0.15)
    assert found.too_late_units == pytest.approx(80, rel=0.2)
    assert found.lost_low <= found.lost <= found.lost_high
    assert found.lost == pytest.approx(Decimal(20) * Decimal(str(found.lost_units)), abs=2)
    rests = ordered(study, "rests")
    assert (rests.pieces, rests.runs_out, rests.lost) == (0, None, Decimal("0.00"))
    assert demand(study, "fast").reorder is None


def test_the_finding_names_product_day_and_pieces(ask: Ask) -> None:
    """One product: the finding is about it, with the money of what would be lost and its interval."""
    study = ask(order_line=lines(RATES), stock_day=in_stock({"runs": 60, "rests": 900}))
    (told,) = [one for one in study.findings if one.kind == "assortment.reorder"]
    found = ordered(study, "runs")
    assert told.subject.id == "runs"
    assert f"{found.pieces:,}" in told.headline.zh
    assert str(found.runs_out) in told.headline.en
    assert told.impact is not None
    assert (told.impact.low, told.impact.amount, told.impact.high) == (found.lost_low, found.lost, found.lost_high)


def test_many_products_are_one_finding_the_dearest_first(ask: Ask) -> None:
    """Three products that run out: one finding of the shop, its rows by the money at stake, which is their sum."""
    study = ask(order_line=lines(RATES), stock_day=in_stock({"runs": 60, "fast": 0, "slow": 5, "rests": 900}))
    (told,) = [one for one in study.findings if one.kind == "assortment.reorder"]
    assert told.subject.type == "shop"
    assert [row[0] for row in told.evidence[0].rows] == ["fast", "runs", "slow"]
    assert "已经卖完" in told.headline.zh
    assert told.impact is not None
    assert told.impact.amount == sum(ordered(study, name).lost for name in ("fast", "runs", "slow"))


def test_days_without_stock_are_no_demand(ask: Ask) -> None:
    """Fifteen days out of stock leave the forecast at ten a day; where no file tells of them it falls to a fifth."""
    gone = ("runs", range(DAYS - 15, DAYS))
    stock = [
        row
        for number in range(DAYS)
        for row in in_stock({"runs": 0 if number in gone[1] else 60}, FIRST + timedelta(days=number))
    ]
    told = demand(ask(order_line=lines(RATES, gone=gone), stock_day=stock), "runs")
    blind = demand(ask(order_line=lines(RATES, gone=gone)), "runs")
    assert told.ahead[1].units == pytest.approx(140, rel=0.12)
    assert blind.ahead[1].units < 0.2 * told.ahead[1].units


def test_what_was_long_out_of_stock_cannot_be_told(ask: Ask) -> None:
    """After four weeks without stock nobody knows the demand: nothing is ordered."""
    gone = ("runs", range(DAYS - 28, DAYS))
    stock = [row for number in gone[1] for row in in_stock({"runs": 0}, FIRST + timedelta(days=number))]
    found = demand(ask(order_line=lines(RATES, gone=gone), stock_day=stock), "runs")
    assert (found.untold, found.ahead, found.reorder) == (Untold.NO_DATA, (), None)


def test_little_history_cannot_be_told(ask: Ask) -> None:
    """A product that began two weeks ago, and one of four pieces, are not forecast and not ordered."""
    young = [sold("young", AS_OF - timedelta(days=back), 9) for back in range(14)]
    few = [sold("few", AS_OF - timedelta(days=25 * back + 3), 1) for back in range(4)]
    study = ask(order_line=[*lines(RATES), *young, *few], stock_day=in_stock({"young": 1, "few": 0}))
    assert (demand(study, "young").untold, demand(study, "few").untold) == (Untold.SHORT_HISTORY, Untold.TOO_FEW)
    assert demand(study, "young").reorder is None
    assert not [one for one in study.findings if one.kind == "assortment.reorder"]


def test_an_old_stock_file_is_counted_down_and_then_not_used(ask: Ask) -> None:
    """A stock of four days ago is less what was sold since; one of ten days ago orders nothing, and that is said."""
    study = ask(order_line=lines(RATES), stock_day=in_stock({"runs": 200}, AS_OF - timedelta(days=4)))
    rows = [one for one in lines(RATES) if one["product_id"] == "runs" and one["paid_on"] > AS_OF - timedelta(days=4)]
    assert ordered(study, "runs").units == 200 - sum(one["quantity"] for one in rows)
    old = ask(order_line=lines(RATES), stock_day=in_stock({"runs": 200}, AS_OF - timedelta(days=10)))
    assert demand(old, "runs").reorder is None
    assert any("太旧" in one.zh for one in old.caveats)


def test_what_is_under_way_need_not_be_ordered(ask: Ask) -> None:
    """Sixty at hand and 300 under way last; they are still gone from the shelf in six days."""
    row = in_stock({"runs": 60})[0] | {"inbound_units": 300}
    found = ordered(ask(order_line=lines(RATES), stock_day=[row]), "runs")
    assert (found.inbound, found.pieces) == (300, 0)
    assert found.runs_out is not None


def test_longer_lead_times_and_more_service_order_more(ask: Ask) -> None:
    """The settings do what they say."""
    tables = {"order_line": lines(RATES), "stock_day": in_stock({"runs": 60})}
    usual = ordered(ask(**tables), "runs")
    longer, surer = (
        ordered(ask(Rules(30, 7, 0.95), **tables), "runs"),
        ordered(ask(Rules(14, 7, 0.99), **tables), "runs"),
    )
    assert longer.point > usual.point
    assert surer.up_to > usual.up_to


def terms(sku: str, lead: int | None, least: int | None, pack: int | None, day: date = date.min) -> dict[str, Any]:
    """Return a row of the terms of supply."""
    return {"sku": sku, "valid_from": day, "lead_days": lead, "minimum_units": least, "pack_units": pack}


def test_each_product_has_its_own_lead_time(ask: Ask) -> None:
    """Sixty days to the shelf ask for four times the stock; what has no row keeps the settings; a newer row counts."""
    tables = {"order_line": lines(RATES), "stock_day": in_stock({"runs": 60, "rests": 60})}
    usual = ordered(ask(**tables), "runs")
    rows = [
        terms("runs", 5, None, None),
        terms("runs", 60, None, None, AS_OF),
        terms("runs", 9, None, None, AS_OF + DAY),
    ]
    study = ask(supply=rows, **tables)
    found = ordered(study, "runs")
    assert (found.lead_days, found.minimum, found.pack) == (60, 1, 1)
    assert found.up_to == pytest.approx(stats.poisson.ppf(0.95, 670), rel=0.15)
    assert found.up_to > 2.5 * usual.up_to
    assert ordered(study, "rests").lead_days == USUAL.lead_days
    (told,) = [one for one in study.findings if one.kind == "assortment.reorder"]
    assert "14–60" in told.recommendations[0].action.zh


def test_terms_of_a_sellers_code_are_those_of_its_product(ask: Ask) -> None:
    """Two codes of one product: the longest lead time, the least minimum, a pack only where both have the same."""
    stock = [row | {"sku": code} for row in in_stock({"runs": 30}) for code in ("red", "blue")]
    rows = [terms("red", 20, 300, 12), terms("blue", 40, 100, 12)]
    found = ordered(ask(order_line=lines(RATES), stock_day=stock, supply=rows), "runs")
    assert (found.lead_days, found.minimum, found.pack) == (40, 100, 12)
    assert found.pieces % 12 == 0
    assert 0 <= found.pieces - found.wanted < 12
    apart = [terms("red", 20, 300, 12), terms("blue", 40, 100, 10)]
    assert ordered(ask(order_line=lines(RATES), stock_day=stock, supply=apart), "runs").pack == 1


def test_less_than_the_minimum_waits_unless_it_is_urgent(ask: Ask) -> None:
    """Stock for 18 days: the 30 pieces that are missing wait for a minimum of 200; with 60 pieces it is ordered now."""
    tables = {"order_line": lines(RATES), "supply": [terms("runs", None, 200, 50)]}
    study = ask(stock_day=in_stock({"runs": 200, "slow": 0}), **tables)
    calm = ordered(study, "runs")
    assert not calm.urgent
    assert calm.waits
    assert (calm.pieces, calm.lead_days) == (0, USUAL.lead_days)
    assert 0 < calm.wanted < 200
    (told,) = [one for one in study.findings if one.kind == "assortment.reorder"]
    assert any("不到起订量" in one.zh and "Runs" in one.zh for one in told.caveats)
    late = ordered(ask(stock_day=in_stock({"runs": 100}), **tables), "runs")
    assert late.urgent
    assert late.pieces == 200


def test_stock_lasts_by_the_forecast(ask: Ask) -> None:
    """Sixty pieces at ten a day last six days; 900 last ninety, beyond the forecast; without stock nothing is said."""
    study = ask(order_line=lines(RATES), stock_day=in_stock({"runs": 60, "rests": 900}))
    for name, days, within in (("runs", 6, True), ("rests", 90, False)):
        lasting = demand(study, name).lasting
        assert lasting is not None
        assert lasting.days is not None
        assert lasting.days == pytest.approx(days, rel=0.15)
        assert lasting.within is within
        assert lasting.low is not None
        assert lasting.high is not None
        assert lasting.low < lasting.days < lasting.high
    assert demand(study, "fast").lasting is None


def test_festivals_ahead_are_named(ask: Ask) -> None:
    """Phases within four weeks, each once, in order; the shape of the study is JSON."""
    study = ask(order_line=lines(RATES), stock_day=in_stock({"runs": 60}))
    days = [one.period.start for one in study.festivals]
    assert days == sorted(set(days))
    assert all(AS_OF < day <= AS_OF + timedelta(days=28) for day in days)
    shape = study.to_dict()["products"][0]["demand"]
    assert {"ahead", "untold", "new_phase", "price", "lasting", "reorder"} == set(shape)


def test_a_long_sale_has_an_eve_and_a_day_after() -> None:
    """Beside the calendar of the diagnosis: 10 and 12 November, as far as the peak reaches, no other day."""
    first = date(2025, 10, 1)
    days = [first + timedelta(days=number) for number in range(90)]
    design = demand_design(load_calendar(Settings()), days)
    marked = {
        group: [days[place] for place in np.flatnonzero(design.columns[:, number])]
        for number, group in enumerate(design.groups)
        if group in {"eve", "day_after"}
    }
    assert marked == {"eve": [date(2025, 11, 10)], "day_after": [date(2025, 11, 12)]}


def test_the_headline_says_how_pressing_it_is() -> None:
    """A product that lasts through the lead time is not told to be short, and nobody is pressed who can deliver."""
    day = date(2026, 6, 1)
    terms = (14, 1, 1)
    calm = Reorder(90, 0, None, None, None, 60, 100, 10, 10, *terms, 2.0, 0.0, Decimal(20), Decimal(0), Decimal(50))
    late = Reorder(5, 0, day, day, day, 60, 100, 95, 95, *terms, 30.0, 12.0, Decimal(300), Decimal(100), Decimal(500))
    assert not calm.urgent
    assert "交期" not in when(calm).zh
    assert "2026-06-01" in when(late).zh
    assert "催货" not in why_now([calm]).zh
    assert "12" in why_now([late]).zh
