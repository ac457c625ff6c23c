"""What speaks for the return of a channel: tests on record, and spends that move together or not at all."""

from __future__ import annotations

import numpy as np
import pytest
from tests.analysts.channels.conftest import Asked, following_demand, made, telling

from duoshou.analysts.channels import ChannelTest, study_channels
from duoshou.analysts.channels.evidence import evidence_of
from duoshou.analysts.channels.maturity import Stage
from duoshou.analysts.channels.past import Past
from duoshou.analysts.channels.returns import Verdict
from duoshou.statistics.response import fit_response


@pytest.mark.parametrize("channel", ["ads_search", "ads_site"])
@pytest.mark.parametrize("test", [(700.0, 800.0, 2000.0), (400.0, 800.0, 4000.0)])
def test_a_test_that_says_nothing_does_not_vouch_for_the_days(
    asked: Asked, channel: str, test: tuple[float, float, float]
) -> None:
    """A spend that follows demand stays untold with a test whose error is far beyond break-even, and it is said."""
    low, high, error = test
    given = ChannelTest(channel, low, high, 0.0, error)
    one = study_channels(asked(following_demand(channel=channel), tests=(given,))).returns[0]
    assert one.verdict is Verdict.CANNOT_TELL
    assert one.marginal is None
    assert one.test is not None
    assert any("too coarse" in reason.en for reason in one.reasons)


@pytest.mark.parametrize("seen", [True, False])
def test_of_a_spend_that_follows_demand_only_the_test_tells(asked: Asked, seen: bool) -> None:
    """Off and on of a channel that brings nothing: it loses, whatever the days make of it, and by the test's error."""
    tables = following_demand()
    if not seen:
        tables["traffic_source_period"] = []
    given = ChannelTest("ads_search", 0.0, 800.0, 0.0, 400.0)
    one = study_channels(asked(tables, tests=(given,))).returns[0]
    assert one.verdict is Verdict.LOSES
    assert one.average is not None
    assert one.average.high < 2 * 1.645 * 400 / 800
    assert one.unseen == 0.0


def test_days_vouch_less_beside_a_better_test() -> None:
    """What is not seen widens a tested return by less, the better the test; several tests add what they tell."""
    random = np.random.default_rng(2)
    demand = random.gamma(20.0, 20.0, (120, 1))
    spend = demand * 2 * random.normal(1, 0.3, (120, 1))
    of = Past(1, spend, 10 * demand[:, 0] + random.normal(0, 200, 120), np.ones((120, 1)), np.hstack([demand, demand]))
    response = fit_response(of.sales, of.spend, of.base)

    def told(*errors: float) -> float:
        tests = [ChannelTest("x", 0.0, 100.0, 100.0, one) for one in errors]
        return evidence_of(of, 0, response, tests, 2.5).bias

    assert told() > told(200.0) > told(50.0) > told(10.0) > 0
    assert told(50.0, 50.0) == pytest.approx(told(50.0 / np.sqrt(2)))


def test_spends_that_move_together_are_named(asked: Asked) -> None:
    """Of two channels that always rise together neither is told by itself, and each names the other."""
    random = np.random.default_rng(1)
    visitors = 400 * np.exp(random.normal(0, 0.1, 120))
    first = 600 * np.exp(random.normal(0, 0.5, 120))
    second = 0.7 * first * np.exp(random.normal(0, 0.02, 120))
    sales = 15 * visitors + 12_000 * first / (first + 1_500) + random.normal(0, 400, 120)
    found = study_channels(asked(made(120, {"ads_search": first, "ads_audience": second}, sales, visitors)))
    for one, other in zip(found.returns, reversed(found.returns), strict=True):
        assert one.verdict is Verdict.CANNOT_TELL
        assert any(f"as that of “{other.title.en}” does" in reason.en for reason in one.reasons)
    alone = study_channels(asked(telling()))
    assert not any("one of them alone" in reason.en for one in alone.returns for reason in one.reasons)


@pytest.mark.parametrize("weeks", [6, 20])
def test_a_channel_that_was_let_go_is_neither_new_nor_tried(asked: Asked, weeks: int) -> None:
    """Whether it ran for six weeks or for twenty, four weeks without spend are told with the day, and get no money."""
    random = np.random.default_rng(1)
    days = (weeks + 5) * 7
    going = 300 * np.exp(random.normal(0, 0.3, days))
    gone = np.where(np.arange(days) < weeks * 7, 80.0, 0.0)
    tables = made(days, {"ads_search": going, "ads_audience": gone}, random.normal(9000, 100, days))
    found = study_channels(asked(tables))
    (stage,) = [one for one in found.maturities if one.channel == "ads_audience"]
    assert stage.stage is Stage.STOPPED
    assert stage.weeks == weeks
    assert str(tables["shop_period"][weeks * 7 - 1]["period_start"]) in stage.reason.en
    assert found.explorations == ()
