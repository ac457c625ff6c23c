"""What a person reads of a trouble."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from duoshou.analysts.diagnosis.causes import cause_library
from duoshou.analysts.diagnosis.findings import Event, finding_of, move_text
from duoshou.analysts.diagnosis.judging import is_material
from duoshou.analysts.diagnosis.ledger import events_around, with_events
from duoshou.analysts.diagnosis.money import Loss, Margin
from duoshou.analysts.diagnosis.troubles import Trouble
from duoshou.analysts.diagnosis.watched import watched_subjects
from duoshou.model import Confidence

CAUSES = {one.key: one for one in cause_library()}
START, DAY = date(2026, 7, 14), date(2026, 7, 20)


def trouble(*causes: tuple[str, float]) -> Trouble:
    """Return a trouble of a product with causes and weights."""
    named = tuple((CAUSES[key], weight) for key, weight in causes)
    return Trouble("product", "61", START, DAY, named, 0.5, 9.0, {"order_rate_wireless": (-0.5, -6.0)}, unseen=False)


def loss(amount: float, half: float, *, imputed: bool = False) -> Loss:
    """Return a loss with a symmetric interval."""
    return Loss(START, DAY, amount, amount - half, amount + half, Margin(0.4, imputed))


def test_a_finding_tells_money_cause_and_deed_in_both_languages() -> None:
    """Headline with money, loss so far and impact over the horizon that agree, the cause's weight, who acts."""
    found = finding_of(
        trouble(("page_broken_wireless", 0.9), ("competitor_price_cut", 0.1)),
        loss(700, 350),
        name="连衣裙",
        currency="CNY",
        horizon=28,
    )
    assert "连衣裙" in found.headline.zh
    assert "少赚约 700 元" in found.headline.zh
    assert "下降 39%" in found.headline.zh
    assert "about 700 CNY of contribution lost" in found.headline.en
    assert found.impact is not None
    assert (found.impact.amount, found.impact.low) == (Decimal("2800.00"), Decimal("1400.00"))
    assert [one.kind for one in found.causes] == ["page_broken_wireless", "competitor_price_cut"]
    assert found.confidence is Confidence.LIKELY
    (row,) = next(one.rows for one in found.evidence if one.id == "loss")
    assert row == ("2026-07-14", "2026-07-20", "700.00", "350.00", "1050.00")
    assert found.recommendations[0].owner_role == "designer"


def test_an_amount_that_may_be_nothing_is_not_in_the_headline() -> None:
    """Where the interval holds 0 the headline says no money; a margin that was assumed is said to be."""
    found = finding_of(
        trouble(("page_broken_wireless", 1.0)), loss(100, 400, imputed=True), name="裙", currency="CNY", horizon=28
    )
    assert "元" not in found.headline.zh
    assert any("和 0 分不开" in one.zh for one in found.caveats)
    assert found.recommendations[0].expected_effect is None
    assert found.impact is not None
    assert "成本未知" in found.impact.basis.zh
    assert any("毛利率 40%" in one.zh and "assumed_margin_rate" in one.en for one in found.caveats)


def test_money_of_a_margin_that_leaves_costs_out_says_so() -> None:
    """Where fees are not known the amount stands without them, and its basis tells."""
    whole = loss(700, 350)
    part = replace(whole, margin=replace(whole.margin, profit="known_margin"))
    told = [
        finding_of(trouble(("page_broken_wireless", 1.0)), one, name="裙", currency="CNY", horizon=28)
        for one in (whole, part)
    ]
    assert ["只扣了已知的成本" in one.impact.basis.zh for one in told if one.impact] == [False, True]


def test_money_reckoned_from_a_rate_is_told_only_beyond_chance() -> None:
    """A slow agent whose inquiries close as before has no gain and no loss: the impact is left open, and said to be."""
    wide, sure = replace(loss(-40, 400), direct=False), replace(loss(700, 400), direct=False)
    found = [
        finding_of(trouble(("rank_lost", 1.0)), money, name="小满", currency="CNY", horizon=28)
        for money in (wide, sure)
    ]
    assert found[0].impact is None
    assert [any(one.id == "loss" for one in each.evidence) for each in found] == [False, True]
    assert any("分不开" in caveat.zh for caveat in found[0].caveats)
    assert found[1].impact is not None


def test_what_cannot_be_told_apart_is_said() -> None:
    """Two causes of about equal weight: cannot tell, and both are named."""
    found = finding_of(
        trouble(("page_broken_wireless", 0.45), ("competitor_price_cut", 0.4), ("fake_orders", 0.15)),
        None,
        name="裙",
        currency="CNY",
        horizon=28,
    )
    assert found.confidence is Confidence.CANNOT_TELL
    assert any("分不清" in caveat.zh for caveat in found.caveats)
    assert found.impact is None


def test_the_id_stays_while_the_cause_changes() -> None:
    """The same subject and first day are the same finding, whatever is thought of its cause."""
    one = finding_of(trouble(("rank_lost", 1.0)), None, name="裙", currency="CNY", horizon=28)
    other = finding_of(trouble(("image_worse", 1.0)), None, name="裙", currency="CNY", horizon=28)
    assert one.id == other.id


def test_an_event_of_the_right_kind_speaks_for_a_cause() -> None:
    """The ledger decides between causes that the data hold for equally likely, and only around the start."""
    event = Event("e1", "detail_page", "61", START, "改版")
    causes = trouble(("competitor_price_cut", 0.5), ("page_broken_wireless", 0.5)).causes
    assert with_events(causes, [event])[0][0].key == "page_broken_wireless"
    assert sum(weight for _, weight in with_events(causes, [event])) == pytest.approx(1)
    assert events_around([event], "61", START) == (event,)
    assert events_around([event], "62", START) == ()
    assert events_around([event], "61", date(2026, 8, 1)) == ()


def test_what_costs_next_to_nothing_is_not_told() -> None:
    """What surely costs less than the floor, or earns, is silent; what may go either way counts by its size."""
    down = trouble(("page_broken_wireless", 1.0))
    assert is_material(down, loss(500, 10), 100)
    assert not is_material(down, loss(50, 10), 100)
    assert not is_material(down, loss(-500, 10), 100)
    assert is_material(trouble(("fake_orders", 1.0)), loss(-500, 10), 100)
    assert is_material(down, None, 100)


@pytest.mark.parametrize(("cause", "amount"), [("page_broken_wireless", 50), ("image_better", -50), ("price_rise", 0)])
def test_money_that_may_reach_the_floor_silences_nothing(cause: str, amount: float) -> None:
    """On its first day the money of a trouble is hardly known: one chance in five that it is large is enough."""
    assert is_material(trouble((cause, 1.0)), loss(amount, 200), 100)
    assert not is_material(trouble((cause, 1.0)), loss(amount, 20), 100)


def test_moves_are_told_as_percentages() -> None:
    """A logarithm is told as the percentage that it stands for, a share as points."""
    features = {one.key: one for subject in watched_subjects() for one in subject.feature}
    assert move_text(features["search"], math.log(0.5)).zh == "下降 50%"
    assert move_text(features["stock_out"], 0.25).en == "rose by 25 points"


def test_money_that_cannot_be_told_silences_nothing() -> None:
    """A loss reckoned from a rate that may be nothing is asked for its upper end, as no estimate of it is told."""
    slow = trouble(("slow_replies", 1.0))
    untold = replace(loss(-300, 450), direct=False)
    assert not untold.is_told
    assert is_material(slow, untold, 100)
    assert not is_material(slow, replace(untold, direct=True), 100)
