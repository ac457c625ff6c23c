"""Pages of findings, sorted and cut by SQLite and by PostgreSQL."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.state.conftest import day, finding

from duoshou.state import State, Status, decline, record_day
from duoshou.state.browsing import Order, Wanted, browse, kinds_of

A = finding("A", "120.50")
B = finding("B", "-9000.00")
C = finding("C", "3000.00", kind="refund.rate")
D = replace(finding("D", kind="data.missing_day"), impact=None)
EVERYTHING = Wanted()


@pytest.fixture
def shop(state: State) -> State:
    """Two days: A, C and D on the first, A and B on the second; C was declined; another shop has A too."""
    record_day(state, "main", day(0), [A, C, D])
    record_day(state, "main", day(1), [A, B])
    record_day(state, "other", day(1), [A])
    decline(state, "main", C.id, on=day(1), by="小王", reason="清仓")
    return state


def names(state: State, wanted: Wanted = EVERYTHING, **asked: object) -> list[str]:
    """Return whose findings stand on a page, in order."""
    return [one.finding.subject.id for one in browse(state, "main", wanted, **asked).found]  # type: ignore[arg-type]


def test_findings_are_sorted_by_money_whatever_its_sign(shop: State) -> None:
    """Lost or gained, the dearest stands first; what has no money stands last in either direction."""
    assert names(shop, order=Order.MONEY) == ["B", "C", "A", "D"]
    assert names(shop, order=Order.MONEY, descending=False) == ["A", "C", "B", "D"]


def test_findings_are_sorted_by_their_days(shop: State) -> None:
    """By the last day found, then by money; by the first day of the spell."""
    assert names(shop) == ["B", "A", "C", "D"]
    assert names(shop, order=Order.SINCE)[0] == "B"
    assert names(shop, order=Order.SINCE, descending=False)[-1] == "B"


def test_a_page_is_a_part_of_the_whole_and_tells_its_size(shop: State) -> None:
    """Pages follow one another without gap and overlap."""
    pages = [browse(shop, "main", EVERYTHING, order=Order.MONEY, limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [one.finding.subject.id for page in pages for one in page.found] == ["B", "C", "A", "D"]
    assert {page.total for page in pages} == {4}


def test_findings_are_filtered_by_status_kind_and_days(shop: State) -> None:
    """Each filter leaves what it names, and the size is that of what is left."""
    assert names(shop, Wanted(statuses=(Status.DECLINED,))) == ["C"]
    assert names(shop, Wanted(kind="refund")) == ["C"]
    assert names(shop, Wanted(kind="data.missing_day")) == ["D"]
    assert names(shop, Wanted(kind="data.miss")) == []
    assert names(shop, Wanted(kind="%")) == []
    assert set(names(shop, Wanted(seen_from=day(1)))) == {"A", "B"}
    assert set(names(shop, Wanted(seen_to=day(0)))) == {"A", "C", "D"}
    assert browse(shop, "main", Wanted(seen_to=day(0)), limit=1).total == 3


def test_kinds_are_those_of_the_shop(shop: State) -> None:
    """Only what was ever found for the shop can be filtered by."""
    assert kinds_of(shop, "main") == ("data.missing_day", "refund.rate", "traffic.drop")
    assert kinds_of(shop, "other") == ("traffic.drop",)
    assert kinds_of(shop, "nobody") == ()
