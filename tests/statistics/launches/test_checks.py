"""At which ages a launch is judged."""

from __future__ import annotations

from duoshou.statistics.launches import last_check, next_check


def test_checks_follow_each_other() -> None:
    """Each age lies between its last check and its next one."""
    assert [last_check(age) for age in (1, 3, 6, 7, 100)] == [0, 3, 3, 7, 60]
    assert [next_check(age) for age in (1, 3, 59, 60)] == [3, 7, 60, None]
