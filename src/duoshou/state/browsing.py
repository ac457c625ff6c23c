"""The findings of a shop, filtered, sorted and cut into pages by the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, select

from duoshou.state.content import finding_of
from duoshou.state.database import State
from duoshou.state.listing import Past
from duoshou.state.models import FindingRow
from duoshou.state.standing import Status


class Order(StrEnum):
    """By what findings are sorted: money at stake, first day of the present spell, last day found."""

    MONEY = "money"
    SINCE = "since"
    LAST_SEEN = "last_seen"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which findings are wanted.

    Attributes:
        statuses: Only these; empty: all.
        kind: Only this kind or family of kinds.
        seen_from: Only those found on this day or later.
        seen_to: Only those found first on this day or earlier.
        subject: Only those about this type and id.
    """

    statuses: Collection[Status] = ()
    kind: str | None = None
    seen_from: date | None = None
    seen_to: date | None = None
    subject: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PastPage:
    """A page of findings, and how many there are in all."""

    found: tuple[Past, ...]
    total: int


def browse(
    state: State,
    shop: str,
    wanted: Wanted,
    *,
    order: Order = Order.LAST_SEEN,
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
) -> PastPage:
    """Return a page of the findings of a shop.

    Args:
        state: Where they are recorded.
        shop: Key of the shop.
        wanted: Which of them.
        order: By what they are sorted; those without money come last by money, whatever the direction.
        descending: Whether the largest, or the latest, come first.
        limit: At most so many.
        offset: How many to leave out at the beginning.

    Raises:
        StateError: If the database cannot be read.
    """
    tests = [FindingRow.shop == shop, *_tests(wanted)]
    columns: dict[Order, ColumnElement[Any]] = {
        Order.MONEY: func.abs(FindingRow.impact_amount),
        Order.SINCE: FindingRow.since.expression,
        Order.LAST_SEEN: FindingRow.last_seen.expression,
    }
    column = columns[order]
    first = (column.desc() if descending else column.asc()).nulls_last()
    then = (FindingRow.last_seen.desc(), func.abs(FindingRow.impact_amount).desc().nulls_last(), FindingRow.id)
    with state.reading() as session:
        total = session.scalar(select(func.count()).select_from(FindingRow).where(*tests)) or 0
        rows = session.scalars(select(FindingRow).where(*tests).order_by(first, *then).limit(limit).offset(offset))
        return PastPage(tuple(map(_past, rows)), total)


def kinds_of(state: State, shop: str) -> tuple[str, ...]:
    """Return the kinds of finding that a shop ever had, in the order of the alphabet."""
    query = select(FindingRow.kind).filter_by(shop=shop).distinct().order_by(FindingRow.kind)
    with state.reading() as session:
        return tuple(session.scalars(query))


def _tests(wanted: Wanted) -> list[ColumnElement[bool]]:
    tests: list[ColumnElement[bool]] = []
    if wanted.statuses:
        tests.append(FindingRow.status.in_([Status(one).value for one in wanted.statuses]))
    if wanted.kind is not None:
        family = FindingRow.kind.startswith(f"{wanted.kind}.", autoescape=True)
        tests.append((FindingRow.kind == wanted.kind) | family)
    if wanted.seen_from is not None:
        tests.append(FindingRow.last_seen >= wanted.seen_from)
    if wanted.seen_to is not None:
        tests.append(FindingRow.first_seen <= wanted.seen_to)
    if wanted.subject is not None:
        tests += [FindingRow.subject_type == wanted.subject[0], FindingRow.subject_id == wanted.subject[1]]
    return tests


def _past(row: FindingRow) -> Past:
    finding = finding_of(row.content, Status(row.status))
    return Past(row.shop, finding, row.first_seen, row.last_seen, row.since, row.spells, row.closed_on)
