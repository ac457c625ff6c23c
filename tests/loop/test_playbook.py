"""Advice: what the shop tried corrects what was believed, and money for an hour of work decides the order."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from statistics import NormalDist
from typing import Any

import pytest
from tests.loop.conftest import new_task
from tests.loop.test_effects import measured

from duoshou.loop.effects import Measured, record_effects
from duoshou.loop.entries import shipped_book
from duoshou.loop.playbook import advice, advice_on, standing
from duoshou.loop.tasks import decline_task, propose
from duoshou.model import Impact, Text, Verdict
from duoshou.state import State
from duoshou.statistics.pooling import pool

BOOK = shipped_book()
STAKE = Impact(Decimal(3000), "CNY", Decimal(1000), Decimal(5000), Text("30 天", "30 days"))


def tried(number: int, moved: float, half: float = 0.04, **other: Any) -> Measured:
    """Return the effect of having put the former image back."""
    verdict = Verdict.WORKED if moved > half else Verdict.CANNOT_TELL
    given = {
        "action": "image_back",
        "relative": moved,
        "relative_low": moved - half,
        "relative_high": moved + half,
        "verdict": verdict,
        "caveats": (),
    }
    return measured(number, **(given | other))


def test_what_was_never_tried_is_the_prior(alone: State) -> None:
    """Without tries the effect is what the entry says, and it is said that nobody tried."""
    first = next(one for one in advice(BOOK, alone, "main", "image_worse", STAKE) if one.entry.key == "image_back")
    prior = BOOK.entries["image_back"].prior
    half = NormalDist().inv_cdf(0.975) * prior.sd
    assert (first.mean, first.low, first.high) == pytest.approx((prior.mean, prior.mean - half, prior.mean + half))
    assert (first.tried, first.worked) == (0, 0)
    assert first.standing.told == Text("在本店还没试过", "not tried in this shop yet")


def test_tries_correct_the_prior(state: State) -> None:
    """The effect is the prior pooled with the measured ones of the shop and metric, the same on each database."""
    record_effects(state, "main", [tried(1, 0.3), tried(2, 0.2), tried(3, 0.01)], by="daily")
    record_effects(state, "other", [tried(1, -0.5)], by="daily")
    (first, _) = sorted(advice(BOOK, state, "main", "image_worse", STAKE), key=lambda one: one.entry.key)
    prior, error = BOOK.entries["image_back"].prior, 0.04 / NormalDist().inv_cdf(0.975)
    expected = pool([0.3, 0.2, 0.01], [error] * 3, prior_mean=prior.mean, prior_sd=prior.sd, between=prior.sd)
    assert first.mean == pytest.approx(expected.mean)
    assert (first.low, first.high) == pytest.approx((expected.low, expected.high))
    assert first.standing.told.zh == "在本店试过 3 次，2 次有效，1 次不能判断"
    assert first.standing.told.en == "tried 3 times here, worked 2, 1 cannot be told"


def test_what_tells_nothing_counts_as_a_try_alone(alone: State) -> None:
    """No interval, another metric, or changes that cannot be told apart: tried, but the belief stays."""
    silent = tried(1, 0.3, relative=None, relative_low=None, relative_high=None, verdict=Verdict.CANNOT_TELL)
    mixed = tried(2, 0.9, caveats=("not_separable",), verdict=Verdict.CANNOT_TELL)
    record_effects(alone, "main", [silent, mixed, tried(3, 0.9, metric="pay_orders")], by="daily")
    (stand,) = (one for one in standing(BOOK, alone, "main") if one.entry.key == "image_back")
    assert stand.effect.mean == pytest.approx(stand.entry.prior.mean)
    assert (stand.tries.tried, stand.tries.informed, stand.tries.cannot_tell) == (3, 0, 2)


def test_declined_tasks_are_counted_with_their_reasons(state: State) -> None:
    """Why nobody did it is kept with the entry, and what is mostly declined ranks lower."""
    before = {one.entry.key: one for one in advice(BOOK, state, "main", "image_worse", STAKE)}
    for reason in ("下周统一换季", "旧图找不到了"):
        task = propose(state, "main", new_task(action="image_back"), by="小王")
        decline_task(state, "main", task.id, reason=reason, by="小李")
    after = {one.entry.key: one for one in advice(BOOK, state, "main", "image_worse", STAKE)}
    tries = after["image_back"].standing.tries
    assert [(one.reason, one.by) for one in tries.reasons] == [("旧图找不到了", "小李"), ("下周统一换季", "小李")]
    assert after["image_back"].standing.told.zh == "在本店还没试过；2 次没有做"
    assert after["image_back"].rank == pytest.approx(before["image_back"].rank * (4 / 7) / (4 / 5))
    assert after["image_back"].money == before["image_back"].money
    assert after["image_new"].rank == before["image_new"].rank


def test_money_for_an_hour_decides_the_order(alone: State) -> None:
    """What wins most of the money at stake back for an hour comes first; a measured failure moves it down."""
    found = advice(BOOK, alone, "main", "image_worse", STAKE)
    assert [one.entry.key for one in found] == ["image_back", "image_new"]
    entry = found[0].entry
    assert found[0].money is not None
    assert float(found[0].money.amount) == pytest.approx(3000 * entry.recovers)
    assert float(found[0].money.low) < float(found[0].money.amount) < float(found[0].money.high)
    record_effects(alone, "main", [tried(number, -0.2) for number in range(1, 9)], by="daily")
    found = advice(BOOK, alone, "main", "image_worse", STAKE)
    assert [one.entry.key for one in found] == ["image_new", "image_back"]
    assert found[1].money is not None
    assert found[1].money.amount < 0


def test_the_interval_of_the_money_is_that_of_a_product(alone: State) -> None:
    """Its spread is that of money at stake × share won back, both uncertain."""
    (first, _) = advice(BOOK, alone, "main", "image_worse", STAKE)
    entry, stake_sd = first.entry, 4000 / (2 * NormalDist().inv_cdf(0.95))
    share_sd = entry.recovers / entry.prior.mean * entry.prior.sd
    sd = ((3000 * share_sd) ** 2 + (entry.recovers * stake_sd) ** 2 + (share_sd * stake_sd) ** 2) ** 0.5
    assert first.money is not None
    assert float(first.money.high - first.money.amount) == pytest.approx(NormalDist().inv_cdf(0.975) * sd, rel=1e-4)


def test_without_money_shares_decide(alone: State) -> None:
    """Where a finding has no money, or a gain that the action would undo, advice is ordered all the same."""
    assert [one.money for one in advice(BOOK, alone, "main", "slow_replies", None)] == [None, None]
    gain = replace(STAKE, amount=Decimal(-3000), low=Decimal(-5000), high=Decimal(-1000))
    assert {one.money for one in advice(BOOK, alone, "main", "price_rise", gain)} == {None}
    (kept,) = advice(BOOK, alone, "main", "image_better", gain)
    assert kept.money is not None
    assert kept.money.amount > 0


def test_an_uncertain_cause_weighs_less(alone: State) -> None:
    """Advice on a cause that is unlikely comes after that on a likely one; what answers both counts for both."""
    found = {
        one.entry.key: one for one in advice_on(BOOK, alone, "main", {"rank_lost": 0.9, "traffic_down": 0.1}, None)
    }
    assert found["search_ads_bridge"].chance == pytest.approx(1)
    assert found["search_ads_bridge"].causes == ("rank_lost", "traffic_down")
    assert found["traffic_check"].chance == pytest.approx(0.1)
    assert advice(BOOK, alone, "main", "nothing_of_the_kind", STAKE) == ()
