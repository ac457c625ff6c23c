"""What happened to a shop on the days of a chart: festivals, and changes of price, picture, title, campaigns …"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from duoshou.model import Period, Text
from duoshou.settings.calendar import Phase

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

WORDS = {
    "price": Text("改价", "price"),
    "main_image": Text("换主图", "main image"),
    "title": Text("改标题", "title"),
    "detail_page": Text("改详情页", "detail page"),
    "stock_out": Text("缺货", "out of stock"),
    "campaign": Text("推广变动", "campaign"),
    "festival": Text("活动", "festival"),
    "staff": Text("人员变动", "staff"),
}
OTHER = Text("变动", "change")
MOST = 12
"""More marks than these hide the line they stand beside; the latest stay."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, as a chart marks it.

    Attributes:
        day: First day.
        until: Last day of what lasted; None for what happened once.
        label: What it was, in few words.
        kind: Kind of the event, or `festival`.
    """

    day: date
    until: date | None
    label: Text
    kind: str


def marks(
    workbench: Workbench, period: Period, shop: str | None, subject: tuple[str, str] | None = None
) -> tuple[Mark, ...]:
    """Return what is marked on a chart, in the order of time.

    Args:
        workbench: The workspace.
        period: Days of the chart.
        shop: Key of the shop; None where there is only one.
        subject: Type and id of what the chart is about; None: the whole shop, whose chart marks what concerns it all.
    """
    changes = workbench.remembered(
        ("marks", period, shop, subject), lambda: tuple(_changes(workbench, period, shop, subject))
    )
    return tuple(sorted([*_festivals(workbench, period), *changes], key=lambda one: one.day))


def _changes(workbench: Workbench, period: Period, shop: str | None, subject: tuple[str, str] | None) -> Iterator[Mark]:
    backend = workbench.backend()
    if not backend.has_table("event"):
        return
    events: Any = backend.table("event")
    last = events["ended_on"].coalesce(events["happened_on"])
    found = events.filter(events["happened_on"] <= period.end, last >= period.start)
    if shop is not None:
        found = found.filter(found["shop"] == workbench.settings.shop(shop).key)
    whole = found["subject_type"].isnull() | (found["subject_type"] == "shop")
    if subject is not None:
        whole = whole | ((found["subject_type"] == subject[0]) & (found["subject_id"] == subject[1]))
    told = found.filter(whole).order_by([found["happened_on"].desc(), "event_id"]).limit(MOST)
    for row in backend.execute(told.select("happened_on", "ended_on", "kind", "before", "after")).to_pylist():
        until = row["ended_on"] if row["ended_on"] and row["ended_on"] > row["happened_on"] else None
        yield Mark(row["happened_on"], until, _label(row), row["kind"] or "other")


def _label(row: dict[str, Any]) -> Text:
    word = WORDS.get(row["kind"] or "", OTHER)
    if row["kind"] != "price" or not row["before"] or not row["after"]:
        return word
    change = f" {row['before'][:9]}→{row['after'][:9]}"
    return Text(word.zh + change, word.en + change)


def _festivals(workbench: Workbench, period: Period) -> Iterator[Mark]:
    """Yield each festival's busiest days and each holiday."""
    named: list[tuple[Text, date]] = []
    for info in workbench.calendar.days(period.start, period.end):
        peaks = [one.name for one in info.festivals if one.phase is Phase.PEAK][:1]
        named += [(name, info.day) for name in peaks or info.holidays[:1]]
    for _, run in groupby(enumerate(named), key=lambda one: (one[1][0], one[1][1] - timedelta(days=one[0]))):
        held = [one for _, one in run]
        (name, first), (_, last) = held[0], held[-1]
        yield Mark(first, last if last > first else None, name, "festival")
