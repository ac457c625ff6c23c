"""Sources whose visitors do not fit the shop, and parts of which nothing is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from tests.analysts.customers.conftest import AS_OF, Asked, bought

from duoshou.analysts.customers import study_customers
from duoshou.analysts.customers.audience import paying
from duoshou.analysts.customers.traffic import Fit, Source, sources
from duoshou.metrics import load_catalogue

SEARCH, FEED, DIRECT = "手淘搜索", "手淘推荐", "我的淘宝"
NAMES = {SEARCH: "search", FEED: "recommendation", DIRECT: "direct"}
CATALOGUE = load_catalogue()


def visits(weeks: int = 16, *, more: float = 1.0, rate: float = 1.0, sale: float = 1.0) -> list[dict[str, Any]]:
    """Return days of three sources; in the last four weeks recommendation brings `more` visitors at `rate`.

    Meanwhile a sale multiplies the visitors, and the part that buys, of all of them.
    """
    random = np.random.default_rng(4)
    rows = []
    for source, people, part in ((SEARCH, 900, 0.05), (FEED, 700, 0.03), (DIRECT, 400, 0.12)):
        for back in range(7 * weeks):
            is_now, is_feed = back < 28, source == FEED
            many = people * (sale if is_now else 1) * (more if is_now and is_feed else 1)
            converts = part * (sale if is_now else 1) * (rate if is_now and is_feed else 1)
            came = int(random.poisson(many * random.gamma(50, 1 / 50)))
            day = AS_OF - timedelta(back)
            rows.append({"source_path": source, "period_start": day, "visitors": came})
            rows[-1] |= {"buyers": int(random.binomial(came, converts)), "paid_amount": "1.00"}
    return rows


def asked_of(asked: Asked, rows: list[dict[str, Any]], lines: list[dict[str, Any]] | None = None) -> dict[str, Source]:
    """Return the sources by channel."""
    known = asked(
        [bought("b", AS_OF)] if lines is None else lines,
        tables={"traffic_source_period": rows},
        catalogue=CATALOGUE,
        today=AS_OF + timedelta(1),
    )
    return {one.channel: one for one in sources(known)}


def test_days_that_make_no_week_tell_nothing(asked: Asked) -> None:
    """Five days of one source are no week: no source is judged, and nothing fails."""
    few = [one for one in visits(1) if one["period_start"] > AS_OF - timedelta(5)]
    assert asked_of(asked, few) == {}


def test_more_visitors_of_whom_fewer_buy_do_not_fit(asked: Asked) -> None:
    """A source that brings a half more, of whom two thirds buy: it is named first, and the others are not."""
    found = asked_of(asked, visits(more=1.5, rate=0.66))
    assert [one.fit for one in found.values()] == [Fit.MISFIT, Fit.NO_SIGN, Fit.NO_SIGN]
    one = found["recommendation"]
    assert one.more is not None
    assert one.converting is not None
    assert one.more.low <= 0.5 <= one.more.high
    assert one.converting.low <= -0.34 <= one.converting.high
    assert one.visitors == pytest.approx(1050, rel=0.05)
    assert one.conversion == pytest.approx(0.02, abs=0.002)


@pytest.mark.parametrize(
    ("more", "rate", "sale"), [(1.0, 1.0, 1.0), (1.5, 1.0, 1.0), (1.0, 0.66, 1.0), (1.0, 1.0, 2.0), (0.6, 1.4, 1.0)]
)
def test_one_of_both_is_no_misfit_and_a_sale_is_none(asked: Asked, more: float, rate: float, sale: float) -> None:
    """Only more visitors, only a lower conversion, a festival of all sources: no sign."""
    found = asked_of(asked, visits(more=more, rate=rate, sale=sale))
    assert {one.fit for one in found.values()} == {Fit.NO_SIGN}


def test_a_short_past_or_few_buyers_cannot_be_told(asked: Asked) -> None:
    """Seven weeks hold no four before the last four; a source without thirty buyers has no conversion to compare."""
    assert {one.fit for one in asked_of(asked, visits(weeks=7)).values()} == {Fit.CANNOT_TELL}
    few = [{**row, "visitors": 3, "buyers": 0} if row["source_path"] == FEED else row for row in visits()]
    found = asked_of(asked, few)
    assert found["recommendation"].fit is Fit.CANNOT_TELL
    assert found["recommendation"].more is None


def test_no_report_of_sources_is_no_answer(asked: Asked) -> None:
    """Nor is a shop without a catalogue of metrics."""
    assert not asked_of(asked, [])
    assert sources(asked([bought("b", AS_OF)])) == ()


def test_a_shop_whose_buyers_are_masked_still_sees_its_traffic(asked: Asked) -> None:
    """Sources and parts of the visitors need no buyer: they are told where no customer is known."""
    lines = [bought(None, AS_OF - timedelta(day)) for day in range(20)]
    rows = visits(more=1.5, rate=0.66)
    known = asked(lines, tables={"traffic_source_period": rows}, catalogue=CATALOGUE, today=AS_OF + timedelta(1))
    study = study_customers(known)
    assert study.known.customers == 0
    assert study.sources[0].fit is Fit.MISFIT
    assert {one.dimension for one in study.paying} >= {"channel"}


def test_no_sale_of_a_part_is_unknown_where_sales_of_unknown_parts_are_there(asked: Asked) -> None:
    """A region with no paid order reads 0 only if every order tells its region."""
    lines = [bought(f"b{day}", AS_OF - timedelta(day), province="浙江") for day in range(20)]
    lines += [bought("c", AS_OF - timedelta(3), paid="0.00", province="西藏", refund_amount=None)]

    def paid(rows: list[dict[str, Any]]) -> dict[str | None, object]:
        known = asked(rows, catalogue=CATALOGUE, today=AS_OF + timedelta(1))
        return {one.value: one.values["pay_amount"] for one in paying(known) if one.dimension == "region"}

    assert paid(lines)["西藏"] == 0
    masked = [*lines, bought("d", date(2026, 6, 20), province=None)]
    assert paid(masked)["西藏"] is None
    assert paid(masked)["浙江"] == 2000


def test_parts_that_two_sources_name_otherwise_have_no_zeros(asked: Asked) -> None:
    """A channel that converts by its own report, and that no order names, does not read as one that nobody pays in."""
    lines = [bought(f"b{day}", AS_OF - timedelta(day), traffic_source=SEARCH) for day in range(20)]
    tables = {"traffic_source_period": visits()}
    known = asked(lines, tables=tables, catalogue=CATALOGUE, today=AS_OF + timedelta(1))
    for one in paying(known):
        if one.dimension == "channel" and one.values["pay_conversion_rate"]:
            assert one.values["pay_amount"] != 0
            assert one.values["pay_buyers"] != 0
