"""What findings tell those who may not see costs."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests import business

from duoshou.analysts.advice_kinds import ADVICE_KINDS, BELOW_COST, OF_COSTS
from duoshou.app.discreet import HIDDEN_MONEY, discreet_finding
from duoshou.model import Evidence, EvidenceType, Text

FOUND = business.finding()
TABLES = (
    Evidence("cases", EvidenceType.TABLE, Text("代价", "cost"), ("case_zh", "case_en", "money"), (("a", "b", "9.00"),)),
    Evidence("targets", EvidenceType.TABLE, Text("对象", "targets"), ("target", "ad_cost"), (("a", "9.00"),)),
)


@pytest.mark.parametrize("kind", sorted(OF_COSTS))
def test_money_made_from_costs_is_left_out(kind: str) -> None:
    """No impact, no effect that is expected, no evidence of what sales leave; what it is about and what to do stay."""
    found = replace(FOUND, kind=kind, evidence=TABLES, id="")
    told = discreet_finding(found)
    assert told.impact is None
    assert [one.id for one in told.evidence] == ["targets"]
    assert (told.id, told.headline) == (found.id, found.headline)
    assert [replace(one, expected_effect=None) for one in found.recommendations] == list(told.recommendations)
    assert any(one.expected_effect for one in found.recommendations)
    assert told.caveats == (*found.caveats, HIDDEN_MONEY)
    assert discreet_finding(told) == told


def test_products_below_their_cost_are_not_named() -> None:
    """That there are some may be known, not which."""
    found = replace(FOUND, kind=BELOW_COST, id="")
    told = discreet_finding(found)
    assert FOUND.subject.name not in str(told.to_dict())
    assert FOUND.subject.id not in str(told.to_dict()).replace(told.id, "")
    assert told.id == found.id
    assert told.caveats == (HIDDEN_MONEY,)


def test_troubles_stay_as_they_are() -> None:
    """What a trouble costs is for everybody."""
    assert discreet_finding(FOUND) is FOUND


def test_the_kinds_are_kinds_that_there_are() -> None:
    """A kind that is renamed must be renamed here too."""
    assert set(ADVICE_KINDS) >= OF_COSTS | {BELOW_COST}
