"""Where a finding stands on a day."""

from __future__ import annotations

from datetime import date

import pytest
from tests.state.conftest import day

from duoshou.state.standing import QUIET_DAYS, Action, Decision, Run, Standing, Status, standing


def stands(found: set[int], runs: list[Run], *decisions: Decision, as_of: date | None = None) -> Standing:
    """Return where the finding `f` of kind `traffic.drop` stands."""
    now = standing("f", "traffic.drop", {day(one) for one in found}, runs, decisions, as_of)
    assert now is not None
    return now


def every(*days: int) -> list[Run]:
    """Return runs on days."""
    return [Run(day(one)) for one in days]


def test_on_its_first_day_it_is_new_and_then_open() -> None:
    """A finding is new on the day on which it was first found, also while it is only not found again."""
    assert stands({3}, every(2, 3)).status is Status.NEW
    assert stands({3, 4}, every(2, 3, 4)).status is Status.OPEN
    assert stands({3}, every(2, 3, 4)).status is Status.OPEN
    assert stands({3, 4}, every(2, 3, 4), as_of=day(3)).status is Status.NEW


def test_before_its_first_day_it_is_nowhere() -> None:
    """A day before the first one knows nothing of the finding."""
    assert standing("f", "k", {day(3)}, every(2, 3), [], day(2)) is None
    assert standing("f", "k", set(), every(2, 3), []) is None
    assert standing("f", "k", set(), [], []) is None


def test_it_is_solved_when_every_weekday_passed_without_it() -> None:
    """Seven judged days in a row close it, on the seventh; six do not, and a day of finding starts anew."""
    assert stands({0}, every(*range(QUIET_DAYS))).closed_on is None
    over = stands({0}, every(*range(QUIET_DAYS + 1)))
    assert (over.status, over.closed_on) == (Status.SOLVED, day(QUIET_DAYS))
    assert stands({0, 6}, every(*range(13))).closed_on is None
    assert stands({0, 6}, every(*range(14))).closed_on == day(13)


def test_days_that_were_not_run_or_not_judged_say_nothing() -> None:
    """Only judged days count towards the end."""
    assert stands({0}, every(0, 30)).closed_on is None
    for family in ("*", "traffic", "traffic.drop"):
        assert stands({0}, [*every(0), *(Run(day(one), unjudged=(family,)) for one in range(1, 20))]).closed_on is None
    for family in ("refund", "traffic.dro", "traf", ""):
        runs = [*every(0), *(Run(day(one), unjudged=(family,)) for one in range(1, 20))]
        assert stands({0}, runs).closed_on == day(7)


def test_an_analyst_may_say_that_it_is_over() -> None:
    """It is closed on that day, whatever the days before; for a finding of the same day the finding counts."""
    assert stands({0}, [*every(0), Run(day(1), frozenset({"f"}))]).closed_on == day(1)
    assert stands({0}, [*every(0), Run(day(1), frozenset({"g"}))]).closed_on is None
    assert stands({0, 1}, [*every(0), Run(day(1), frozenset({"f"}))]).closed_on is None


def test_what_comes_back_is_the_same_finding() -> None:
    """A second spell has its own beginning, the first day stays, and it is open, not new."""
    now = stands({0, 3}, [*every(0), Run(day(1), frozenset({"f"})), *every(2, 3)])
    assert now == Standing(Status.OPEN, day(0), day(3), day(3), 2, None)


@pytest.mark.parametrize(("at", "expected"), [(2, "open"), (3, "watched"), (5, "watched"), (6, "open"), (7, "open")])
def test_a_watched_one_is_quiet_until_its_day(at: int, expected: str) -> None:
    """From the day of the decision up to the day before the one that was named."""
    decision = Decision(Action.WATCH, day(3), day(6))
    assert stands(set(range(9)), every(*range(9)), decision, as_of=day(at)).status == expected


def test_a_watched_one_that_ends_is_solved() -> None:
    """To watch a trouble does not keep it alive."""
    assert stands({0}, every(*range(8)), Decision(Action.WATCH, day(0), day(90))).status is Status.SOLVED


def test_a_declined_one_stays_declined_until_it_is_reopened() -> None:
    """Neither its end nor its return changes that; the last decision counts, also one for an earlier day."""
    decline = Decision(Action.DECLINE, day(1))
    back = stands({0, 9}, every(*range(10)), decline)
    assert (back.status, back.spells) == (Status.DECLINED, 2)
    assert stands({0}, every(*range(9)), decline).closed_on == day(7)
    assert stands({0, 1}, every(0, 1), decline, as_of=day(0)).status is Status.NEW
    assert stands({0, 1}, every(0, 1), decline, Decision(Action.REOPEN, day(1))).status is Status.OPEN
    assert (
        stands({0, 1}, every(0, 1), Decision(Action.DECLINE, day(5)), Decision(Action.REOPEN, day(0))).status == "open"
    )


def test_a_decision_counts_before_the_next_run() -> None:
    """A decision for a day after the last run takes effect at once."""
    assert stands({0}, every(0), Decision(Action.DECLINE, day(1))).status is Status.DECLINED
