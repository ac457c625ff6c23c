"""Which finding is about what, on truths made by hand."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from benchmarks.judgement.matching import Loss, Match, Reported, Verdict, loss_of, matched, reported
from tests.judgement.hand_made import FIRST, finding, incident, lost_orders, shop

STOCK_OUT = incident("stock_out", 60, 69)


def judged(incidents: list[dict[str, Any]], *findings: Reported, effects: Any = None, first: int = 30) -> list[Match]:
    """Return the matches of findings in a shop with incidents."""
    return matched(shop(incidents, effects), findings, first)


def verdicts(matches: list[Match]) -> list[str]:
    """Return the verdicts in the order of detection."""
    return [one.verdict.value for one in matches]


@pytest.mark.parametrize(
    ("start", "shown", "verdict"),
    [
        (60, 60, "found"),
        (62, 65, "found"),
        (66, 76, "found"),  # the last day of grace
        (66, 77, "false"),
        (58, 59, "false"),  # before it began
        (58, 60, "found"),
        (77, 76, "false"),  # not about its days
    ],
)
def test_a_finding_finds_an_incident_at_its_place_and_time(start: int, shown: int, verdict: str) -> None:
    """It must be first shown from the first day to the end of the grace, and be about those days."""
    assert verdicts(judged([STOCK_OUT], finding(start, [shown]))) == [verdict]


def test_a_finding_that_was_there_before_finds_nothing() -> None:
    """Luck that a false finding is still shown when an incident begins is no detection."""
    assert verdicts(judged([STOCK_OUT], finding(50, [50, 60, 61]))) == ["false"]


def test_another_place_is_false() -> None:
    """A neighbour's finding does not find, and no finding at all misses."""
    assert verdicts(judged([STOCK_OUT], finding(60, [60], identity="602"))) == ["false"]
    assert judged([STOCK_OUT]) == []


def test_a_second_finding_repeats() -> None:
    """One incident is found once; a second finding about it is neither found nor false."""
    found = judged([STOCK_OUT], finding(60, [60], name="a"), finding(62, [62], name="b"))
    assert verdicts(found) == ["found", "repeated"]
    assert {one.incident for one in found} == {"stock_out"}


def test_a_finding_that_names_two_finds_two() -> None:
    """Of two incidents at one place a finding is about the one that it names first, and the other if named too."""
    both = [STOCK_OUT, incident("rank_lost", 58, 70)]
    named = judged(both, finding(60, [60], ["rank_lost", "stock_out"]))[0]
    assert (named.incident, named.also) == ("rank_lost", ("stock_out",))
    only = judged(both, finding(60, [60], ["rank_lost"]))[0]
    assert (only.incident, only.also) == ("rank_lost", ())
    neither = judged(both, finding(60, [60], ["price_rise"]))[0]
    assert (neither.incident, neither.also) == ("stock_out", ())


def test_a_second_finding_at_the_place_is_about_the_other_incident() -> None:
    """Two incidents of one product and two findings: both are found."""
    both = [STOCK_OUT, incident("rank_lost", 58, 70)]
    found = judged(both, finding(60, [60], ["price_rise"], name="a"), finding(61, [61], ["price_rise"], name="b"))
    assert [(one.verdict, one.incident) for one in found] == [
        (Verdict.FOUND, "stock_out"),
        (Verdict.FOUND, "rank_lost"),
    ]


def test_what_began_before_the_judged_days_is_carried() -> None:
    """It counts neither as found nor as false."""
    assert verdicts(judged([STOCK_OUT], finding(61, [62]), first=62)) == ["carried"]


class TestConsequences:
    """What follows from an incident, by the truth."""

    # Product 601 loses ten orders a day, its substitute 602 gains four.
    effects: ClassVar[dict[str, Any]] = {"stock_out": lost_orders(60, 69, {1: -10, 2: 4})}

    @pytest.mark.parametrize(
        ("amount", "verdict"),
        [
            (-4 * 50 * 3.0, "consequence"),  # three days of four orders gained, 50 yuan each
            (-4 * 50 * 6.0, "consequence"),  # the truth is just half of it
            (-4 * 50 * 6.1, "false"),
            (4 * 50 * 3.0, "false"),  # the other direction
            (None, "false"),  # says no loss
            (0.0, "false"),
        ],
    )
    def test_a_substitute_gains(self, amount: float | None, verdict: str) -> None:
        """The truth must account for half of the reported loss, with its sign."""
        found = judged([STOCK_OUT], finding(60, [62], identity="602", amount=amount), effects=self.effects)
        assert verdicts(found) == [verdict]

    def test_the_shop_loses(self) -> None:
        """The shop lost six orders a day, all of them seen in its search."""
        found = judged(
            [STOCK_OUT], finding(60, [61], type_="shop", identity="main", amount=600.0), effects=self.effects
        )
        assert [(one.verdict, one.incident) for one in found] == [(Verdict.CONSEQUENCE, "stock_out")]
        source = finding(60, [61], type_="traffic_source", identity="手淘搜索", amount=600.0)
        assert verdicts(judged([STOCK_OUT], source, effects=self.effects)) == ["consequence"]
        other = finding(60, [61], type_="traffic_source", identity="手淘推荐", amount=600.0)
        assert verdicts(judged([STOCK_OUT], other, effects=self.effects)) == ["false"]

    def test_what_the_books_do_not_hold_is_no_consequence(self) -> None:
        """An unknown product, and a place of which no effect is kept."""
        unknown = finding(60, [61], identity="999", amount=600.0, name="a")
        odd = finding(60, [61], type_="cell", identity="product=602|city=杭州", amount=-600.0, name="b")
        assert verdicts(judged([STOCK_OUT], unknown, odd, effects=self.effects)) == ["false", "false"]

    def test_a_festival_excuses_nothing(self) -> None:
        """A finding about a platform festival is false, whatever the festival did."""
        festival = incident("platform_festival", 60, 62, place={}, names={})
        effects = {"platform_festival": lost_orders(60, 62, {1: 10, 2: 10})}
        found = judged([festival], finding(60, [60], type_="shop", identity="main", amount=-1000.0), effects=effects)
        assert verdicts(found) == ["false"]


def shape(day: int, **more: Any) -> dict[str, Any]:
    """Return the JSON shape of a finding, as the replay keeps it."""
    return {
        "id": "a",
        "kind": "diagnosis.shift",
        "subject": {"type": "product", "id": "601", "name": "x"},
        "period": {"from": "2026-01-06", "to": f"2026-01-{5 + day:02d}"},
        "causes": [{"kind": "stock_out"}],
        "evidence": [],
    } | more


def test_one_id_over_days_is_one_finding() -> None:
    """The first day is its detection; causes, loss and end are those of each day."""
    loss = {
        "id": "loss",
        "columns": ["from", "to", "amount", "low", "high"],
        "rows": [["2026-01-06", "2026-01-08", "12.50", "-1", 30]],
    }
    days = [(FIRST.replace(day=day), [shape(day - 5, evidence=[loss] if day == 8 else [])]) for day in (7, 8)]
    (one,) = reported(days, FIRST)
    assert (one.detected, one.start, one.end, one.shown) == (2, 1, 3, [2, 3])
    assert one.losses == {3: Loss(1, 3, 12.5, -1.0, 30.0)}
    assert one.first_causes() == ("stock_out",)


def test_a_cause_has_the_name_of_the_kind() -> None:
    """A page broken on the wireless device is a broken page."""
    causes = [{"kind": "page_broken_wireless"}, {"kind": "cannot_tell"}]
    (one,) = reported([(FIRST.replace(day=7), [shape(2, causes=causes)])], FIRST)
    assert one.first_causes() == ("page_broken", "cannot_tell")


@pytest.mark.parametrize("rows", [[], [["2026-01-06", "2026-01-08", None, None, None]]])
def test_no_amount_is_no_loss(rows: list[list[Any]]) -> None:
    """An empty table and an unknown amount say nothing."""
    evidence = {"id": "loss", "columns": ["from", "to", "amount", "low", "high"], "rows": rows}
    assert loss_of(shape(2, evidence=[evidence]), FIRST) is None
