"""What is said of a plan's keyword, found by the names that sheets and reports give it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from duoshou.analysts.advertising.searches import normal

Said = TypeVar("Said")


class OfKeyword(Generic[Said]):
    """Things said of plans' keywords, found by the exact names, else by those that a platform takes for the same.

    What different things are said of under one name is not found by it: two plans may have one name.
    """

    def __init__(self, said: Iterable[tuple[str, str, Said]]) -> None:
        exact: dict[tuple[str, str], set[Said]] = defaultdict(set)
        alike: dict[tuple[str, str], set[Said]] = defaultdict(set)
        for plan, keyword, one in said:
            exact[plan, keyword].add(one)
            alike[normal(plan), normal(keyword)].add(one)
        self._exact, self._alike = dict(exact), dict(alike)

    def find(self, plan: str, keyword: str) -> Said | None:
        """Return what is said of a keyword; None where nothing is, or it cannot be told which."""
        found = self._exact.get((plan, keyword)) or self._alike.get((normal(plan), normal(keyword))) or set()
        return next(iter(found)) if len(found) == 1 else None
