"""Advice of the week: what the analysts of range, launches, baskets, customers, advertising and channels would do.

Trouble is looked for every day. Range and customers do not change overnight, so advice is looked for once a week and
stays as it is until Monday.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from duoshou.app.advertising import advertising_of
from duoshou.app.assortment import range_of
from duoshou.app.baskets import BasketWish, bought_together
from duoshou.app.channel_budgets import channels_of
from duoshou.app.customers import customers_of
from duoshou.app.days import first_day
from duoshou.app.launches import launches_of
from duoshou.app.pricing import prices_of
from duoshou.model import DuoshouError, Finding, Period
from duoshou.state import history

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

Find = Callable[["Workbench", date, str], Sequence[Finding]]
LEAST_DAYS = 56
"""Days of data without which nothing is advised: eight weeks, of which the troubles of one are a small part."""
BASKET_DAYS = 90


@dataclass(frozen=True, slots=True)
class Adviser:
    """An analyst who advises.

    Attributes:
        family: First word of the kinds of its findings.
        find: From workspace, last day and key of the shop to findings.
    """

    family: str
    find: Find


@dataclass(frozen=True, slots=True)
class Advised:
    """What is advised on a day.

    Attributes:
        findings: The advice, by adviser.
        unjudged: Families of which nothing could be said: that their advice is not there means nothing.
    """

    findings: tuple[Finding, ...]
    unjudged: frozenset[str]


def _customers(workbench: Workbench, day: date, shop: str) -> Sequence[Finding]:
    return customers_of(workbench, day, shop=shop).findings


def _baskets(workbench: Workbench, day: date, shop: str) -> Sequence[Finding]:
    wish = BasketWish(period=Period(day - timedelta(days=BASKET_DAYS - 1), day))
    return bought_together(workbench, wish, shop=shop).findings


def _advertising(workbench: Workbench, day: date, shop: str) -> Sequence[Finding]:
    return advertising_of(workbench, day, shop=shop).findings


def _range(workbench: Workbench, day: date, shop: str) -> Sequence[Finding]:
    return range_of(workbench, day, shop=shop).findings


def _channels(workbench: Workbench, day: date, shop: str) -> Sequence[Finding]:
    return channels_of(workbench, day, shop=shop).findings


def _launches(workbench: Workbench, day: date, shop: str) -> Sequence[Finding]:
    return launches_of(workbench, day, shop=shop).findings


def _prices(workbench: Workbench, day: date, shop: str) -> Sequence[Finding]:
    return prices_of(workbench, day, shop=shop).findings


ADVISERS: tuple[Adviser, ...] = (
    Adviser("advertising", _advertising),
    Adviser("assortment", _range),
    Adviser("basket", _baskets),
    Adviser("channels", _channels),
    Adviser("customers", _customers),
    Adviser("launches", _launches),
    Adviser("pricing", _prices),
)


def advised(workbench: Workbench, day: date, shop: str, advisers: Sequence[Adviser] = ADVISERS) -> Advised:
    """Return the advice of a day.

    Args:
        workbench: The workspace.
        day: Last day that counts.
        shop: Key of the shop.
        advisers: Who advises.
    """
    first = first_day(workbench.backend(), shop)
    if first is None or (day - first).days < LEAST_DAYS:
        return Advised((), frozenset(one.family for one in advisers))
    findings: list[Finding] = []
    unjudged: set[str] = set()
    for one in advisers:
        try:
            findings += _of_this_week(workbench, day, shop, one.family) or one.find(workbench, day, shop)
        except DuoshouError:
            # Its page says what it lacks; the day's list tells of troubles.
            unjudged.add(one.family)
    return Advised(tuple(findings), frozenset(unjudged))


def _of_this_week(workbench: Workbench, day: date, shop: str, family: str) -> list[Finding]:
    """Return the advice of a family that was told on an earlier day of the week."""
    monday = day - timedelta(days=day.weekday())
    if day == monday:
        return []
    told = history(workbench.state, shop, kind=family, seen_from=monday, seen_to=day - timedelta(days=1))
    return [one.finding for one in told if one.last_seen < day]
