"""The study of channels, on shops of which the truth is known."""

from __future__ import annotations

import json
from datetime import timedelta

import numpy as np
import pytest
from tests.analysts.channels.conftest import FIRST, Asked, following_demand, made, telling

from duoshou.analysts.channels import ChannelStudy, ChannelTest, study_channels
from duoshou.analysts.channels.findings import REALLOCATE, STOP, TEST
from duoshou.analysts.channels.maturity import Stage
from duoshou.analysts.channels.past import Daily, past
from duoshou.analysts.channels.plan import _valued
from duoshou.analysts.channels.returns import Verdict, valued
from duoshou.model import Period
from duoshou.statistics.response import fit_response


@pytest.fixture(scope="module")
def told(asked: Asked) -> ChannelStudy:
    """Return the study of the shop whose spend tells."""
    return study_channels(asked(telling(), spend={"ads_search": 600.0}))


def test_what_earns_and_what_loses_is_told(told: ChannelStudy) -> None:
    """A channel that brings far more than break-even earns, one that brings next to nothing loses."""
    verdicts = {one.channel: one.verdict for one in told.returns}
    assert verdicts == {"ads_search": Verdict.EARNS, "ads_audience": Verdict.LOSES}
    earns = next(one for one in told.returns if one.channel == "ads_search")
    assert earns.average is not None
    spend = np.array([float(one["cost"]) for one in telling()["ad_period"] if one["campaign"] == "ads_search"])
    truth = (40_000 * spend / (spend + 3_000)).sum() / spend.sum()
    assert earns.average.value == pytest.approx(truth, rel=0.05)
    assert earns.break_even == pytest.approx(1 / 0.4)


def test_a_plan_moves_money_to_what_earns_within_the_steps(told: ChannelStudy) -> None:
    """The plan gives more to the channel that earns and less to the other, by no more than a step."""
    assert told.plan is not None
    assert told.plan.sure
    assert told.plan.gain.low > 0
    by = {one.channel: one for one in told.plan.budgets}
    assert by["ads_search"].today < by["ads_search"].planned <= by["ads_search"].most * 1.001
    assert by["ads_audience"].least * 0.999 <= by["ads_audience"].planned < by["ads_audience"].today
    finding = next(one for one in told.findings if one.kind == REALLOCATE)
    assert finding.impact is not None
    assert finding.impact.low > 0


def test_a_budget_that_is_given_is_split_and_no_more(asked: Asked, told: ChannelStudy) -> None:
    """With today's total as the budget the plan spends as much as today."""
    assert told.plan is not None
    found = study_channels(asked(telling(), budget=told.plan.today))
    assert found.plan is not None
    assert found.plan.planned == pytest.approx(told.plan.today, rel=0.01)
    assert found.findings == ()


def test_another_spend_is_held_against_todays(told: ChannelStudy) -> None:
    """A what-if of a channel that is told has a gain with its interval."""
    assert told.what_if is not None
    assert told.what_if.gain is not None
    assert told.what_if.gain.low <= told.what_if.gain.value <= told.what_if.gain.high


def test_spend_that_follows_demand_cannot_be_told(asked: Asked) -> None:
    """Spend that is set by demand and does nothing is not said to earn, whatever the platform claims."""
    found = study_channels(asked(following_demand(), spend={"ads_search": 1.0}))
    one = found.returns[0]
    assert one.verdict is not Verdict.EARNS
    assert one.claimed is not None
    assert one.claimed.value == pytest.approx(3.0, rel=0.05)
    assert found.plan is None
    assert found.what_if is not None
    assert found.what_if.gain is None
    assert one.reasons


def test_site_wide_promotion_cannot_be_told_without_a_test(asked: Asked) -> None:
    """Site-wide promotion is never judged by how sales moved; the smallest test is named, and a test is believed."""
    tables = following_demand(channel="ads_site")
    one = study_channels(asked(tables)).returns[0]
    assert one.verdict is Verdict.CANNOT_TELL
    assert "全站推广" in one.reasons[0].zh
    assert one.test is not None
    low, high = one.today * 0.5, one.today
    test = ChannelTest("ads_site", low, high, effect=0.1 * (high - low), error=0.05 * (high - low))
    tested = study_channels(asked(tables, tests=(test,))).returns[0]
    assert tested.verdict is Verdict.LOSES


def test_few_days_are_said_and_only_claims_are_compared(asked: Asked) -> None:
    """With forty days there is no model; what the platform claims is shown as a claim."""
    found = study_channels(asked(telling(40)))
    assert {one.verdict for one in found.returns} == {Verdict.CANNOT_TELL}
    assert all(one.marginal is None and one.claimed is not None for one in found.returns)
    assert any("不足 56 天" in one.zh for one in found.caveats)
    assert found.plan is None


def test_ninety_days_are_useful_or_say_that_they_cannot_tell(asked: Asked) -> None:
    """With ninety days a return that is told holds the truth, and the channel that loses is not said to earn."""
    found = {one.channel: one for one in study_channels(asked(telling(90, seed=1))).returns}
    assert found["ads_audience"].verdict is not Verdict.EARNS
    assert found["ads_search"].verdict is not Verdict.LOSES


def test_days_that_are_unknown_are_left_out() -> None:
    """Days without sales in the data are not days without sales: the fit is that without them."""
    random = np.random.default_rng(0)
    spend = random.gamma(2.0, 250.0, (100, 1))
    sales = 5_000 + 3 * spend[:, 0] + random.normal(0, 50, 100)
    sales[[20, 21, 75]] = np.nan
    period = Period(FIRST, FIRST + timedelta(days=99))
    of = past(Daily(period, ("ads_search",), spend, spend, spend, spend, sales, np.zeros((100, 0))), None)
    found = fit_response(of.sales, of.spend, of.base)
    assert np.median(found.returns[:, 0]) == pytest.approx(3.0, rel=0.1)
    assert found.deviation < 100


def test_spend_of_which_no_demand_is_seen_cannot_be_told(asked: Asked) -> None:
    """Without visitors who come unpaid nobody can see whether spend follows demand, and the answer says so."""
    tables = telling()
    tables["traffic_source_period"] = []
    one = study_channels(asked(tables)).returns[0]
    assert one.verdict is Verdict.CANNOT_TELL
    assert "流量来源" in one.reasons[0].zh


def test_maturity_is_told_from_price_and_flatness(asked: Asked) -> None:
    """Clicks that get dearer while spend buys fewer are mature; six weeks of spend are new."""
    random = np.random.default_rng(1)
    days = 182
    spend = 300 * np.exp(np.repeat(random.normal(0, 0.5, days // 7), 7))
    late = np.where(np.arange(days) >= days - 42, 80.0, 0.0)
    tables = made(days, {"ads_search": spend, "ads_audience": late}, random.normal(9000, 100, days))
    for number, row in enumerate(one for one in tables["ad_period"] if one["campaign"] == "ads_search"):
        row["clicks"] = int(30 * spend[number] ** 0.5 * 0.999**number)
    for row in (one for one in tables["ad_period"] if one["campaign"] == "ads_audience"):
        row["orders"] = 0
    found = study_channels(asked(tables))
    stages = {one.channel: one for one in found.maturities}
    assert stages["ads_search"].stage is Stage.MATURE
    assert stages["ads_search"].elasticity is not None
    assert stages["ads_search"].elasticity.value == pytest.approx(0.5, abs=0.05)
    assert stages["ads_audience"].stage is Stage.NEW
    tried = found.explorations[0]
    assert tried.channel == "ads_audience"
    assert tried.stop == any(one.kind == STOP for one in found.findings)


def test_a_spend_that_stopped_or_never_moved_is_not_judged(asked: Asked) -> None:
    """A channel without spend of late, and one of the same spend every day, cannot be told, with their reasons."""
    tables = telling(120)
    for row in tables["ad_period"]:
        if row["campaign"] == "ads_search":
            row["cost"] = "100.00"
        elif row["day"] > FIRST + timedelta(days=80):
            row["cost"] = "0.00"
    found = {one.channel: one for one in study_channels(asked(tables, budget=300.0)).returns}
    assert {one.verdict for one in found.values()} == {Verdict.CANNOT_TELL}
    assert "没有花费" in found["ads_audience"].reasons[0].zh
    assert "变动" in found["ads_search"].reasons[0].zh


def test_claims_are_held_against_what_was_sold(told: ChannelStudy) -> None:
    """What unpaid sources and advertising claim together is compared with the shop's own sales."""
    claims = told.table.claims
    assert claims.real is not None
    assert claims.advertising is not None
    assert claims.sources is not None
    assert claims.twice == max(claims.sources + claims.advertising - claims.real, 0)


def test_costs_are_hidden_and_the_shape_is_plain(told: ChannelStudy) -> None:
    """Without the right to costs neither margin nor anything made from it is told, and all goes into JSON."""
    hidden = told.without_costs()
    assert hidden.margin is None
    assert hidden.plan is None
    assert hidden.returns == ()
    assert hidden.findings == ()
    assert json.loads(json.dumps(told.to_dict()))["returns"][0]["verdict"] in {"earns", "loses"}


def test_a_shop_without_advertising_says_so(asked: Asked) -> None:
    """Without advertising reports there is a table, and a caveat."""
    tables = telling(60)
    tables["ad_period"] = []
    found = study_channels(asked(tables))
    assert found.returns == ()
    assert any("没有按渠道的推广花费或" in one.zh for one in found.caveats)
    assert found.table.rows[0].channel == "search"


def test_the_finding_of_a_test_names_days_and_change(asked: Asked) -> None:
    """Where a channel that costs much cannot be told, the smallest test is proposed."""
    random = np.random.default_rng(2)
    days = 120
    spend = np.full(days, 2_000.0)
    tables = made(days, {"ads_search": spend}, 20_000 + random.normal(0, 400, days))
    found = study_channels(asked(tables))
    finding = next(one for one in found.findings if one.kind == TEST)
    assert finding.subject.id == "ads_search"
    assert found.returns[0].test is not None
    assert found.returns[0].test.days in {14, 28, 42, 56, 70, 84}


def test_the_margins_error_is_in_the_gain_of_a_plan() -> None:
    """Only what is sold for a gain net of spend errs with the margin, and a margin that is known changes nothing."""
    gain = np.full(4000, 50.0)
    assert (_valued(gain, 100.0, 0.0) == gain).all()
    errs = _valued(gain, 100.0, 0.2)
    assert errs.mean() == pytest.approx(50.0, abs=2.0)
    assert errs.std() == pytest.approx(150.0 * 0.2, rel=0.1)
    assert (valued(4000, 0.2) > 0).all()


def test_new_customers_of_advertising_stand_in_the_table(asked: Asked) -> None:
    """With what one costs; where no report tells them the table is empty and says so."""
    tables = telling()
    for report in tables["ad_period"]:
        report["new_buyers"] = 2
    found = study_channels(asked(tables))
    row = next(one for one in found.table.rows if one.channel == "ads_search")
    assert row.values["ad_new_buyers"] == 2 * 28
    cost = row.values["ad_cost"]
    assert cost is not None
    assert float(row.values["cost_per_new_ad_buyer"] or 0) == pytest.approx(float(cost) / 56, abs=0.01)
    assert row.changes["ad_new_buyers"] == pytest.approx(0.0)
    assert any("call" in one.en for one in found.caveats)
    without = study_channels(asked(telling()))
    assert {"ad_new_buyers", "cost_per_new_ad_buyer"} <= set(without.table.untold)
    assert any("new customers" in one.en for one in without.caveats)
