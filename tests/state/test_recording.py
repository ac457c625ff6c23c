"""The record of days, on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.state.conftest import day, finding, rows

from duoshou.model import Finding, Text, Unjudged, Untold
from duoshou.state import (
    RefusedDecision,
    State,
    Status,
    UnknownFinding,
    audit_log,
    day_list,
    decline,
    history,
    ledger,
    record_day,
    reopen,
    story,
    watch,
)

A, B, C = finding("A"), finding("B"), finding("C", kind="refund.rate")


@dataclass(frozen=True)
class Known:
    """What is recorded for one day."""

    names: tuple[str, ...]
    over: tuple[str, ...] = ()
    unjudged: tuple[str, ...] = ()


BY_NAME = {"A": A, "B": B, "C": C}
NAMES = st.sampled_from("ABC")
KNOWN = st.builds(
    Known,
    st.lists(NAMES, unique=True).map(tuple),
    st.lists(NAMES, unique=True, max_size=1).map(tuple),
    st.sampled_from([(), (), ("traffic",), ("*",)]),
)
MONTH = st.dictionaries(st.integers(0, 24), KNOWN, min_size=1, max_size=14)
SHOPS = (f"shop{number}" for number in itertools.count())


def record(state: State, shop: str, number: int, known: Known) -> None:
    """Record a day; the money differs from day to day."""
    found = [finding(name, f"{number}.{place}0", BY_NAME[name].kind) for place, name in enumerate(known.names)]
    over = [BY_NAME[name].id for name in known.over]
    record_day(state, shop, day(number), found, over=over, unjudged=known.unjudged)


def in_order(state: State, month: Mapping[int, Known]) -> str:
    """Record the days of a month one after the other and return the shop."""
    shop = next(SHOPS)
    for number in sorted(month):
        record(state, shop, number, month[number])
    return shop


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(month=MONTH, data=st.data())
def test_the_order_of_days_does_not_matter(state: State, month: dict[int, Known], data: st.DataObject) -> None:
    """Days recorded in any order, and again, leave the same rows as the run in order."""
    ordered, shuffled = in_order(state, month), next(SHOPS)
    again = data.draw(st.lists(st.sampled_from(sorted(month)), max_size=5))
    for number in data.draw(st.permutations([*month, *again])):
        record(state, shuffled, number, month[number])
    assert rows(state, shuffled) == rows(state, ordered)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(month=MONTH, wrong=st.dictionaries(st.integers(0, 24), KNOWN, max_size=4))
def test_a_mended_day_leaves_no_trace_but_in_the_log(
    state: State, month: dict[int, Known], wrong: dict[int, Known]
) -> None:
    """A day that was recorded wrongly at first ends as if it had been right at once."""
    ordered, mended = in_order(state, month), next(SHOPS)
    for number in sorted(month):
        record(state, mended, number, wrong.get(number, month[number]))
    for number in sorted(wrong.keys() & month.keys()):
        record(state, mended, number, month[number])
    left, right = rows(state, mended), rows(state, ordered)
    # A finding of a mistaken day only stays, solved, because people may have seen it.
    known = {row["id"] for row in right["finding"]}
    assert all(row["status"] == "solved" for row in left["finding"] if row["id"] not in known)
    left["finding"] = [row for row in left["finding"] if row["id"] in known]
    assert left == right


def test_recording_a_day_again_writes_nothing(state: State) -> None:
    """The second run of the same day leaves the tables and the log as they are."""
    first = record_day(state, "main", day(0), [A, B], over=["x"], unjudged=["refund"])
    before = rows(state), audit_log(state)
    assert record_day(state, "main", day(0), [A, B], over=["x"], unjudged=["refund"]) == first
    assert (rows(state), audit_log(state)) == before


def test_what_could_not_be_judged_is_kept_with_the_day(state: State) -> None:
    """It comes back as it was told; a kind of which nothing was judged closes no finding, a part does not stop it."""
    whole = Unjudged(("refund",), Untold.LATE, True, Text("退款：只到昨天", "refunds: until yesterday"))
    part = Unjudged((A.kind,), Untold.NO_DATA, False, Text("成本：没有", "costs: none"))
    first = record_day(state, "main", day(0), [A, C], untold=[whole, part])
    assert (first.untold, day_list(state, "main", day(0)).untold) == ((whole, part), (whole, part))
    before = rows(state), audit_log(state)
    assert record_day(state, "main", day(0), [A, C], untold=[whole, part]) == first
    assert (rows(state), audit_log(state)) == before
    for number in range(1, 8):
        record_day(state, "main", day(number), [], untold=[whole, part])
    closed = {one.finding.kind: one.closed_on for one in history(state, "main")}
    assert closed == {A.kind: day(7), C.kind: None}
    assert day_list(state, "main", day(99)).untold == ()


def test_an_unchanged_trouble_is_updated_and_not_told_as_new(state: State) -> None:
    """The same id the next day is one finding with its latest words and money."""
    assert [one.status for one in record_day(state, "main", day(0), [A]).shown] == ["new"]
    later = record_day(state, "main", day(1), [B, finding("A", "999.994")])
    assert [(one.finding.id, one.finding.status, one.rank, one.since) for one in later.entries] == [
        (B.id, "new", 1, day(1)),
        (A.id, "open", 2, day(0)),
    ]
    (past,) = (one for one in history(state, "main") if one.finding.id == A.id)
    assert (past.first_seen, past.last_seen, past.spells) == (day(0), day(1), 1)
    assert past.finding.impact is not None
    assert past.finding.impact.amount == Decimal("999.994")
    assert [row["impact_amount"] for row in rows(state)["finding"] if row["id"] == A.id] == [Decimal("999.99")]
    assert day_list(state, "main", day(0)).shown == (A,)


def test_a_solved_one_keeps_its_id_when_it_comes_back(state: State) -> None:
    """Closed by the analyst or by the status of the finding, then found again: one row, two spells."""
    record_day(state, "main", day(0), [A, B])
    record_day(state, "main", day(1), [replace(B, status="solved")], over=[A.id])
    assert {(one.finding.status, one.closed_on) for one in history(state, "main")} == {("solved", day(1))}
    (back,) = record_day(state, "main", day(2), [A]).entries
    assert (back.finding.id, back.finding.status, back.spells, back.first_seen, back.since) == (
        A.id,
        "open",
        2,
        day(0),
        day(2),
    )


def test_a_declined_one_is_not_told_again(state: State) -> None:
    """It is in the day's list, quiet, on later days and after its return; reopened it is told."""
    record_day(state, "main", day(0), [A, B])
    assert decline(state, "main", A.id, on=day(0), by="小王", reason="清仓") is Status.DECLINED
    assert day_list(state, "main", day(0)).shown == (B,)
    for number in (1, 2, 12):
        listed = record_day(state, "main", day(number), [A], over=[B.id])
        assert (listed.shown, [one.status for one in listed.quiet]) == ((), ["declined"])
    assert reopen(state, "main", A.id, on=day(12), by="小王") is Status.OPEN
    assert [one.id for one in day_list(state, "main", day(12)).shown] == [A.id]
    assert [one.action for one in story(state, "main", A.id).decisions] == ["decline", "reopen"]


def test_a_watched_one_is_told_again_on_its_day(state: State) -> None:
    """Quiet before, told on the day that was named."""
    record_day(state, "main", day(0), [A])
    assert watch(state, "main", A.id, until=day(3), on=day(1), by="u") is Status.WATCHED
    told = [len(record_day(state, "main", day(number), [A]).shown) for number in (1, 2, 3)]
    assert told == [0, 0, 1]


def test_decisions_hold_when_days_are_replayed(state: State) -> None:
    """Days run again, in any order, after people have decided, change nothing."""
    month = {number: Known(("A", "B") if number % 3 else ("B",)) for number in range(12)}
    shop = in_order(state, month)
    decline(state, shop, A.id, on=day(5), by="u", reason="r")
    watch(state, shop, B.id, until=day(9), on=day(4), by="u")
    before = rows(state, shop)
    for number in (7, 2, 11, 0, 5, 4):
        record(state, shop, number, month[number])
    assert rows(state, shop) == before


def test_a_decision_is_made_once(state: State) -> None:
    """A second click changes nothing; another reason is another decision."""
    record_day(state, "main", day(0), [A])
    for reason in ("清仓", "清仓", "换季"):
        decline(state, "main", A.id, on=day(0), by="u", reason=reason)
    made = story(state, "main", A.id).decisions
    assert [(one.reason, one.by, one.at.utcoffset()) for one in made] == [
        ("清仓", "u", timedelta(0)),
        ("换季", "u", timedelta(0)),
    ]


def test_what_cannot_be_decided_is_refused(state: State) -> None:
    """An unknown finding, another shop's, no reason, a day that is past, nobody who decides: nothing is written."""
    record_day(state, "main", day(0), [A])
    before = audit_log(state)
    for shop, key in (("main", "nothing"), ("other", A.id), ("main", "")):
        with pytest.raises(UnknownFinding):
            decline(state, shop, key, on=day(0), by="u", reason="r")
        with pytest.raises(UnknownFinding):
            story(state, shop, key)
    with pytest.raises(RefusedDecision):
        decline(state, "main", A.id, on=day(0), by="u", reason=" \0")
    with pytest.raises(RefusedDecision):
        watch(state, "main", A.id, until=day(1), on=day(1), by="u")
    with pytest.raises(ValueError, match="name"):
        reopen(state, "main", A.id, on=day(1), by=" ")
    assert audit_log(state) == before


def test_two_shops_do_not_meet(state: State) -> None:
    """The same id in two shops is two findings."""
    record_day(state, "one", day(0), [A])
    record_day(state, "two", day(0), [A])
    decline(state, "one", A.id, on=day(0), by="u", reason="r")
    assert [one.finding.status for one in history(state, "one")] == ["declined"]
    assert day_list(state, "two", day(0)).shown == (A,)


def test_odd_findings_are_kept(state: State) -> None:
    """No finding at all, one twice, no money, money beyond any bound, NUL and half characters in names."""
    assert record_day(state, "main", day(0), []).entries == ()
    assert record_day(state, "main", day(0), [A, replace(A, kind="x")]).shown == (A,)
    assert A.impact is not None
    boundless = replace(A.impact, low=Decimal("-Infinity"), high=Decimal("NaN"), amount=Decimal("1e40"))
    odd = [
        replace(finding("N"), impact=None),
        replace(finding("I"), impact=boundless),
        replace(finding("Z"), id="z\0", subject=replace(A.subject, name="\0\ud83d", id="q\0")),
    ]
    assert [one.id for one in record_day(state, "main", day(1), odd).shown] == [odd[0].id, odd[1].id, "z"]
    money = {row["id"]: row["impact_amount"] for row in rows(state)["finding"]}
    assert (money[odd[0].id], money[odd[1].id]) == (None, None)


def test_more_findings_than_a_statement_may_name(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are recorded, closed and found again in parts, with none lost between two parts."""
    monkeypatch.setattr(ledger, "KEYS_AT_ONCE", 10)
    many = [replace(A, id=f"f{number:02}", impact=None, evidence=()) for number in range(41)]
    assert len(record_day(state, "main", day(0), many).shown) == 41
    record_day(state, "main", day(1), [], over=[one.id for one in many])
    assert {one.status for one in record_day(state, "main", day(2), many).shown} == {"open"}


def test_history_is_filtered_and_sorted_by_the_database(state: State) -> None:
    """By status, kind, days; the latest first, then by exact money, unknown last; in pages."""
    big, small = finding("big", "9007199254740993.01"), finding("small", "9007199254740993.00")
    none = replace(finding("none"), impact=None)
    record_day(state, "main", day(0), [C])
    record_day(state, "main", day(1), [none, small, big])
    decline(state, "main", none.id, on=day(1), by="u", reason="r")

    def ids(found: Sequence[object]) -> list[str]:
        return [one.finding.id for one in found]  # type: ignore[attr-defined]

    assert ids(history(state, "main")) == [big.id, small.id, none.id, C.id]
    assert ids(history(state, "main", statuses=[Status.DECLINED])) == [none.id]
    assert ids(history(state, "main", kind="refund")) == [C.id]
    assert ids(history(state, "main", kind="ref%")) == []
    assert ids(history(state, "main", seen_from=day(1), limit=2, offset=1)) == [small.id, none.id]
    assert ids(history(state, "main", seen_to=day(0))) == [C.id]
    assert story(state, "main", big.id).days == ((day(1), 3),)


def test_a_finding_that_was_told_by_mistake_is_closed(state: State) -> None:
    """When its only day is run again without it, it stays in the history as solved, and may come back."""
    record_day(state, "main", day(0), [A])
    record_day(state, "main", day(0), [])
    (past,) = history(state, "main")
    assert (past.finding.status, past.closed_on) == ("solved", day(0))
    assert day_list(state, "main", day(0)).entries == ()
    listed: tuple[Finding, ...] = record_day(state, "main", day(1), [A]).shown
    assert [one.status for one in listed] == ["new"]
