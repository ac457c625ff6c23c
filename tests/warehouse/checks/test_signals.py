"""Tests of how signals are joined."""

from __future__ import annotations

from datetime import date, timedelta

from duoshou.model import Confidence
from duoshou.warehouse.checks.signals import MOST_FINDINGS, Signal, joined, runs

DAY = date(2026, 3, 1)


def _signal(offset: int, kind: str = "data.cents", mark: str = "") -> Signal:
    day = DAY + timedelta(days=offset)
    return Signal(kind, "main", "shop", (day,), Confidence.LIKELY, {}, ("day",), ((day,),), mark)


def test_runs_of_days() -> None:
    """Consecutive days make one run, whatever their order."""
    days = [DAY + timedelta(days=offset) for offset in (5, 0, 1, 2, 5)]
    assert [len(run) for run in runs(days)] == [3, 1]


def test_neighbouring_days_are_one_signal() -> None:
    """Three days in a row of one kind are told together, with all their rows."""
    (signal,) = joined([_signal(2), _signal(0), _signal(1)])
    assert len(signal.days) == len(signal.rows) == 3


def test_distant_days_and_other_marks_stay_apart() -> None:
    """A gap, another file or another kind makes another signal."""
    assert len(joined([_signal(0), _signal(5), _signal(1, mark="b"), _signal(1, kind="data.copied_day")])) == 4


def test_many_faults_of_one_kind_are_one_list() -> None:
    """More than a handful of scattered days are told once."""
    (signal,) = joined([_signal(3 * offset) for offset in range(MOST_FINDINGS + 1)])
    assert len(signal.days) == MOST_FINDINGS + 1
