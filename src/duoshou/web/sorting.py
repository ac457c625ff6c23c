"""Addresses of lists sorted by a column."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from duoshou.gate import Visitor


def sorter(visitor: Visitor, order: StrEnum, *, descending: bool) -> Callable[[str], str]:
    """Return what gives the address of the list sorted by a column; a second click turns the order."""

    def link(name: str) -> str:
        turned = order.value == name and descending
        return visitor.link(sort=name, order="asc" if turned else None, page=None)

    return link
