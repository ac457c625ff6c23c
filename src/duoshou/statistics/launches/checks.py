"""At which ages a launch is judged: a few, because each look more is a chance more to pass by luck (Pocock 1977)."""

from __future__ import annotations

CHECKS = (3, 7, 14, 21, 28, 42, 60)
"""Ages in days at which a launch is judged."""


def last_check(age: int) -> int:
    """Return the age at which a launch was last judged; 0: never."""
    return max((check for check in CHECKS if check <= age), default=0)


def next_check(age: int) -> int | None:
    """Return the age at which a launch is judged next; None: its test is over."""
    return min((check for check in CHECKS if check > age), default=None)
