"""Which days a case is judged over, and what else was done meanwhile."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.loop.conftest import COAT, DAY

from duoshou.loop.evaluation.case import Case, Done
from duoshou.loop.evaluation.rules import LEAST_DAYS, MOST_DAYS, PAST_DAYS, days_of, judged_kinds
from duoshou.loop.evaluation.windows import window_of
from duoshou.loop.kinds import kinds
from duoshou.model import Period, Source


def case(**other: Any) -> Case:
    """Return the case of a new main image of the coat."""
    given: dict[str, Any] = {"kind": "main_image", "own": frozenset({1})}
    return Case(Source.CHANGE, "1", COAT, "visitors", DAY, **(given | other))


def done(number: int, after: int, kind: str = "price", **other: Any) -> Done:
    """Return a change of the coat so many days after the case."""
    subjects = frozenset({("product", COAT.id)})
    return Done(number, kind, DAY + timedelta(days=after), **({"until": None, "subjects": subjects} | other))


def never(_: date) -> bool:
    """Say that no day belongs to a great sale."""
    return False


def length(one: Case, *others: Done) -> int:
    """Return the days that a case is judged over."""
    return window_of(one, others, never).judged.days


def test_the_kind_gives_the_length_unless_a_task_says_by_when() -> None:
    """Every kind of change has a length; an expectation replaces it, within a week and eight."""
    assert judged_kinds() == set(kinds())
    assert length(case()) == days_of("main_image") == 21
    assert length(case(expected_by=DAY + timedelta(days=13))) == 14
    assert length(case(expected_by=DAY)) == LEAST_DAYS
    assert length(case(expected_by=DAY + timedelta(days=300))) == MOST_DAYS


def test_what_ended_is_judged_over_its_own_days_and_then_looked_back_on() -> None:
    """A promotion of four days has a window of four, and two weeks after it in which early buyers are missing."""
    window = window_of(case(kind="promotion", ended=DAY + timedelta(days=3)), (), never)
    assert window.judged == Period(DAY, DAY + timedelta(days=3))
    assert window.after == Period(DAY + timedelta(days=4), DAY + timedelta(days=17))
    assert window.past.days == PAST_DAYS


def test_the_next_change_of_the_same_subject_cuts_the_window() -> None:
    """What comes later is not counted for the first; a change of something else cuts nothing."""
    cut = window_of(case(), [done(2, 10)], never)
    assert (cut.judged.days, cut.caveats, cut.overlaps) == (10, ("window_cut",), ())
    assert length(case(), done(2, 10, subjects=frozenset({("product", "9")}))) == 21
    assert length(case(), done(1, 10)) == 21


def test_changes_within_a_week_cannot_be_told_apart() -> None:
    """The other change is named, whether it came before or after; the same change told twice is one."""
    for after in (-6, 0, 6):
        near = done(2, after)
        window = window_of(case(), [near], never)
        assert (window.overlaps, "not_separable" in window.caveats) == ((near,), True)
    assert window_of(case(), [done(2, 1, "main_image")], never).overlaps == ()


def test_an_earlier_change_is_a_step_of_the_past() -> None:
    """Its first day is known, and its end where it ended; what lies before the past is forgotten."""
    ended = done(3, -40, until=DAY - timedelta(days=31))
    steps = window_of(case(), [done(2, -20), ended, done(4, -PAST_DAYS - 5)], never).steps
    assert steps == (DAY - timedelta(days=40), DAY - timedelta(days=30), DAY - timedelta(days=20))


def test_a_change_that_goes_on_and_then_ends_cuts_the_window() -> None:
    """A promotion that was on before the case began ends within its window."""
    window = window_of(case(), [done(2, -20, "promotion", until=DAY + timedelta(days=9))], never)
    assert (window.judged.days, window.caveats) == (10, ("window_cut",))


def test_a_great_sale_cuts_the_window_where_a_week_is_left() -> None:
    """What would be the sale's is not counted; where the sale begins within a week the days stay."""
    sale = DAY + timedelta(days=9)
    window = window_of(case(), (), lambda day: day >= sale)
    assert (window.judged.end, window.caveats) == (sale - timedelta(days=1), ("window_before_sale",))
    assert window_of(case(), (), lambda day: day >= DAY + timedelta(days=3)).judged.days == 21
    assert window_of(case(kind="promotion"), (), lambda day: day >= sale).judged.days == days_of("promotion")


changes = st.lists(st.tuples(st.integers(-150, 70), st.sampled_from(["price", "title", "main_image"])), max_size=6)


@given(changes, st.integers(0, 80), st.none() | st.integers(0, 90))
def test_a_window_begins_with_the_change_and_nothing_else_lies_in_it(
    others: list[tuple[int, str]], ended: int, expected: int | None
) -> None:
    """Whatever else was done: the past ends the day before, the window holds no change that is not named."""
    known = [done(number + 2, after, kind) for number, (after, kind) in enumerate(others)]
    by = None if expected is None else DAY + timedelta(days=expected)
    end = DAY + timedelta(days=ended) if ended < 60 else None
    window = window_of(case(expected_by=by, ended=end), known, never)
    assert window.judged.start == DAY == window.past.end + timedelta(days=1)
    assert window.judged.days <= MOST_DAYS
    assert all(window.past.start < day <= window.past.end for day in window.steps)
    same = {one for one in known if one.kind == "main_image" and abs((one.on - DAY).days) <= 1}
    inside = {one for one in known if DAY <= one.on <= window.judged.end} - same
    assert inside <= set(window.overlaps)
