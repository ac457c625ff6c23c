"""协同 → 日历: the changes of a month over its festivals, campaigns and days off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from duoshou.app.loop.tasks import today_of
from duoshou.app.pages.marks import OTHER, WORDS
from duoshou.loop.changes import Change, WantedChanges, list_changes
from duoshou.loop.entering import PREFIX
from duoshou.loop.kinds import kinds
from duoshou.model import ChangeStanding, Subject, Text, plain
from duoshou.settings.calendar import PHASE_NAMES, DayInfo, Phase

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

WEEK = 7
MOST_CHANGES = 1000


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one kind that began on one day and stand alike.

    Attributes:
        kind: Key of the kind.
        on: Their first day.
        standing: Whether they count.
        changes: The changes.
    """

    kind: str
    on: date
    standing: ChangeStanding
    changes: tuple[Change, ...]

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """What they concern."""
        return tuple(subject for one in self.changes for subject in one.what.subjects)


@dataclass(frozen=True, slots=True)
class Entry:
    """What an imported sheet of events says: a campaign, a festival, a change.

    Attributes:
        title: What it was.
        told: What it concerned and what it became, as the sheet says it.
        on: First day.
        until: Last day.
    """

    title: Text
    told: str
    on: date
    until: date


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the calendar.

    Attributes:
        day: The day.
        is_inside: Whether it belongs to the month, and not to the weeks at its ends.
        is_off: Whether people do not work.
        names: Festivals with their phase, and holidays.
        is_peak: Whether a festival is at its busiest.
        begun: Changes of this day, by kind.
        lasting: Changes that began earlier and last, by kind and first day.
        entries: What imported sheets of events say of it.
    """

    day: date
    is_inside: bool
    is_off: bool
    names: tuple[Text, ...]
    is_peak: bool
    begun: tuple[Group, ...]
    lasting: tuple[Group, ...]
    entries: tuple[Entry, ...] = ()

    @property
    def is_told(self) -> bool:
        """Whether anything happens on it."""
        return bool(self.names or self.begun or self.lasting or self.entries)


@dataclass(frozen=True, slots=True)
class ChangeCalendar:
    """A month.

    Attributes:
        shop: Key of the shop.
        first: Its first day.
        today: The day that it is where the shop is.
        weeks: Weeks from Monday to Sunday that hold it.
        more: How many changes there are that are not shown.
    """

    shop: str
    first: date
    today: date
    weeks: tuple[tuple[CalendarDay, ...], ...]
    more: int

    @property
    def before(self) -> date:
        """First day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def after(self) -> date:
        """First day of the month after."""
        return _month_after(self.first)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape: the days of the month on which something happens."""
        days = [
            {
                "day": one.day.isoformat(),
                "names": plain(one.names),
                "is_off": one.is_off,
                "changes": [change.to_dict() for group in one.begun for change in group.changes],
                "entries": plain(one.entries),
                "lasting": [change.id for group in one.lasting for change in group.changes],
            }
            for week in self.weeks
            for one in week
            if one.is_inside and one.is_told
        ]
        return {"shop": self.shop, "month": f"{self.first:%Y-%m}", "days": days, "more": self.more}


def change_calendar(workbench: Workbench, month: date | None, shop: str | None) -> ChangeCalendar:
    """Return the calendar of a month.

    Args:
        workbench: The workspace.
        month: Any day of it; None: this month.
        shop: Key of the shop; None where there is only one.
    """
    key, today = workbench.shop_key(shop), today_of(workbench)
    first = (month or today).replace(day=1)
    last = _month_after(first) - timedelta(days=1)
    start = first - timedelta(days=first.weekday())
    end = last + timedelta(days=WEEK - 1 - last.weekday())
    found, total = list_changes(workbench.state, key, WantedChanges(first=start, last=end), limit=MOST_CHANGES)
    counted = [one for one in reversed(found) if one.standing is not ChangeStanding.REJECTED]
    infos = workbench.calendar.days(start, end)
    entries = workbench.remembered(
        ("calendar entries", key, start, end), lambda: tuple(_entries(workbench, key, start, end))
    )
    days = [_day(info, first, counted, entries) for info in infos]
    weeks = tuple(tuple(days[number : number + WEEK]) for number in range(0, len(days), WEEK))
    return ChangeCalendar(key, first, today, weeks, total - len(found))


def _entries(workbench: Workbench, shop: str, first: date, last: date) -> Iterator[Entry]:
    """Yield what imported sheets of events say of some days; changes of this workspace's own people stand elsewhere."""
    backend = workbench.backend()
    if not backend.has_table("event"):
        return
    events: Any = backend.table("event")
    end = events["ended_on"].coalesce(events["happened_on"])
    found = events.filter(
        events["shop"] == shop,
        events["happened_on"] <= last,
        end >= first,
        ~events["event_id"].startswith(PREFIX),
    )
    columns = ("kind", "subject_type", "subject_id", "after", "happened_on", "ended_on")
    chosen = found.order_by("happened_on", "event_id").limit(MOST_CHANGES).select(*columns)
    for row in backend.execute(chosen).to_pylist():
        kind = row["kind"] or ""
        title = kinds()[kind].title if kind in kinds() else WORDS.get(kind, OTHER)
        subject = None if row["subject_type"] == "shop" else row["subject_id"]
        told = " ".join(word for word in (subject, row["after"]) if word)
        yield Entry(title, told, row["happened_on"], max(row["ended_on"] or row["happened_on"], row["happened_on"]))


def _day(info: DayInfo, month: date, changes: Sequence[Change], entries: Sequence[Entry]) -> CalendarDay:
    begun = _grouped(one for one in changes if one.what.on == info.day)
    lasting = _grouped(
        one for one in changes if one.what.until is not None and one.what.on < info.day <= one.what.until
    )
    is_peak = any(one.phase is Phase.PEAK for one in info.festivals)
    return CalendarDay(
        info.day,
        info.day.month == month.month,
        not info.is_workday,
        _names(info),
        is_peak,
        begun,
        lasting,
        tuple(one for one in entries if one.on <= info.day <= one.until),
    )


def _grouped(changes: Iterable[Change]) -> tuple[Group, ...]:
    groups: dict[tuple[str, date, ChangeStanding], list[Change]] = {}
    for one in changes:
        groups.setdefault((one.what.kind, one.what.on, one.standing), []).append(one)
    return tuple(Group(*key, tuple(found)) for key, found in groups.items())


def _names(info: DayInfo) -> tuple[Text, ...]:
    """Return the festivals of a day, with their phase unless they are at their busiest, and its holidays."""
    named = []
    for one in info.festivals:
        phase = PHASE_NAMES[one.phase]
        whole = Text(f"{one.name.zh}·{phase.zh}", f"{one.name.en}, {phase.en}")
        named.append(one.name if one.phase is Phase.PEAK else whole)
    known = {one.zh for one in named}
    return (*named, *(one for one in info.holidays if one.zh not in known))


def _month_after(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
