"""Which days a case is judged over, against which days before, and what else was done meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from duoshou.loop.evaluation.case import Case, Done
from duoshou.loop.evaluation.rules import AFTER_DAYS, LEAST_DAYS, MOST_DAYS, PAST_DAYS, days_of
from duoshou.model import Period

IsSale = Callable[[date], bool]
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The days of a case.

    Attributes:
        past: Days before that say what would have been.
        judged: Days over which it is judged.
        after: Days after its end in which buyers who came early are missing; None: it did not end.
        steps: First days of earlier changes of the same subject within the past.
        overlaps: Changes that cannot be told apart from it.
        caveats: Codes.
    """

    past: Period
    judged: Period
    after: Period | None
    steps: tuple[date, ...]
    overlaps: tuple[Done, ...]
    caveats: tuple[str, ...]

    @property
    def last(self) -> date:
        """Last day that matters."""
        return self.judged.end if self.after is None else self.after.end


def window_of(case: Case, done: Sequence[Done], is_sale: IsSale) -> Window:
    """Return the days of a case.

    It is judged from its first day on: until the day by which it should show, or for the usual days of its kind, or as
    long as it lasted. The next change of the same subject cuts the window, and so does a great sale; each leaves at
    least `LEAST_DAYS` or does not cut. A change nearer than that, before or after, cannot be told apart. Earlier ones
    are steps of the past.

    Args:
        case: What was done.
        done: Every confirmed change of the shop.
        is_sale: Whether a day belongs to a great sale.
    """
    planned = _planned_end(case)
    near, steps, following = _others(case, done, planned)
    caveats = []
    end = planned
    if following is not None:
        end = following - _DAY
        caveats.append("window_cut")
    sale = next((day for day in Period(case.start, end) if is_sale(day)), None)
    if sale is not None and (sale - case.start).days >= LEAST_DAYS and case.kind != "promotion":
        end = sale - _DAY
        caveats.append("window_before_sale")
    if near:
        caveats.append("not_separable")
    after = None
    if case.ended is not None and end == case.ended:
        after = Period(end + _DAY, end + timedelta(days=AFTER_DAYS))
    past = Period(case.start - timedelta(days=PAST_DAYS), case.start - _DAY)
    return Window(past, Period(case.start, end), after, steps, near, tuple(caveats))


def _planned_end(case: Case) -> date:
    least = case.start + timedelta(days=LEAST_DAYS - 1)
    most = case.start + timedelta(days=MOST_DAYS - 1)
    usual = case.start + timedelta(days=days_of(case.kind) - 1)
    wanted = usual if case.expected_by is None else max(case.expected_by, least)
    end = min(wanted, most)
    if case.ended is not None:
        # What lasted is judged over its own days, however few: nothing of it is left afterwards.
        end = min(case.ended, most) if case.expected_by is None else min(case.ended, end)
    return end


def _others(case: Case, done: Sequence[Done], end: date) -> tuple[tuple[Done, ...], tuple[date, ...], date | None]:
    """Return what cannot be told apart, the first days of earlier changes, and of the next that cuts the window."""
    near, steps, following = [], set(), []
    for one in done:
        if one.id in case.own or not case.is_touched_by(one):
            continue
        if one.kind == case.kind and abs((one.on - case.start).days) <= 1:
            continue  # the same change, told twice
        apart = (one.on - case.start).days
        still = one.until is not None and one.on < case.start <= one.until
        if abs(apart) < LEAST_DAYS and one.on <= end:
            near.append(one)
        elif apart < 0:
            steps.add(one.on)
            if one.until is not None and not still:
                steps.add(one.until + _DAY)
            elif still and one.until is not None and one.until < end:
                following.append(one.until + _DAY)
        elif one.on <= end:
            following.append(one.on)
    first = case.start - timedelta(days=PAST_DAYS)
    kept = tuple(sorted(day for day in steps if first < day < case.start))
    cut = min(following, default=None)
    return tuple(near), kept, cut
