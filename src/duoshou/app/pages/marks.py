"""What happened to a shop on the days of a chart: festivals, and changes of price, picture, title, campaigns …

A change that people recorded or confirmed is marked at once; once it has entered the warehouse, its event is that mark.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from duoshou.loop.changes import WantedChanges, list_changes
from duoshou.loop.entering import PREFIX, event_id
from duoshou.loop.kinds import kinds
from duoshou.model import ChangeStanding, Period, Text
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
Concerned = tuple[str, str]
"""Type and id of what something is about."""
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


def marks(workbench: Workbench, period: Period, shop: str | None, subject: Concerned | None = None) -> tuple[Mark, ...]:
    """Return what is marked on a chart, in the order of time.

    Args:
        workbench: The workspace.
        period: Days of the chart.
        shop: Key of the shop; None where there is only one.
        subject: Type and id of what the chart is about; None: the whole shop, whose chart marks what concerns it all.
    """
    events = workbench.remembered(
        ("marks", period, shop, subject), lambda: tuple(_events(workbench, period, shop, subject))
    )
    held = {id_ for id_, _ in events}
    # A change of several subjects is one mark, also on a chart that two of them concern.
    once = {_change_of(id_): (id_, mark) for id_, mark in (*events, *_changes(workbench, period, shop, subject, held))}
    told = [mark for _, mark in sorted(once.values(), key=_latest)[:MOST]]
    return tuple(sorted([*_festivals(workbench, period), *told], key=lambda one: one.day))


def _change_of(id_: str) -> str:
    """Return what the events of one change have in common; of an event that people imported, its id."""
    return id_.rpartition("-")[0] if id_.startswith(PREFIX) else id_


def _latest(marked: tuple[str, Mark]) -> tuple[int, str]:
    """Return what puts the latest first, and those of a day in the order of their ids."""
    id_, mark = marked
    return -mark.day.toordinal(), id_


def _events(
    workbench: Workbench, period: Period, shop: str | None, subject: Concerned | None
) -> Iterator[tuple[str, Mark]]:
    """Yield the events of the warehouse, each with its id."""
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
    columns = ("event_id", "happened_on", "ended_on", "kind", "before", "after")
    for row in backend.execute(told.select(*columns)).to_pylist():
        id_, on, until, kind, before, after = (row[name] for name in columns)
        yield id_, _mark(kind or "other", on, until, before or "", after or "")


def _changes(
    workbench: Workbench, period: Period, shop: str | None, subject: Concerned | None, held: Collection[str]
) -> Iterator[tuple[str, Mark]]:
    """Yield the changes that count, whether or not they entered the warehouse; not those that it told already."""
    key = workbench.settings.shop(shop).key
    for concerned in dict.fromkeys(filter(None, (("shop", key), subject))):
        wanted = WantedChanges(ChangeStanding.CONFIRMED, period.start, period.end, concerned)
        for change in list_changes(workbench.state, key, wanted, limit=MOST)[0]:
            (about,) = [one for one in change.what.subjects if (one.type, one.id) == concerned]
            id_ = event_id(change, about)
            if id_ not in held:
                what = change.what
                yield id_, _mark(what.kind, what.on, what.until, what.before, what.after)


def _mark(kind: str, on: date, until: date | None, before: str, after: str) -> Mark:
    word = WORDS.get(kind) or (kinds()[kind].title if kind in kinds() else OTHER)
    if kind == "price" and before and after:
        change = f" {before[:9]}→{after[:9]}"
        word = Text(word.zh + change, word.en + change)
    return Mark(on, until if until and until > on else None, word, kind)


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
