"""设置 → 日历: where the shop sells, what comes in the next months, and the shop's own days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from duoshou.app.editing import edit_calendar, edit_settings, version_of
from duoshou.app.pages.typed import day as typed_day
from duoshou.app.pages.typed import refused
from duoshou.app.workbench import Workbench
from duoshou.model import Text, plain
from duoshou.settings import SettingsError, Workspace
from duoshou.settings.calendar import CALENDAR_FILE, PHASE_NAMES, DayInfo, default_countries
from duoshou.settings.calendar.festival import Festival, FestivalFile, Rule, festival_file
from duoshou.settings.writing import Change, Put, PutItem, TakeItem
from duoshou.state import State

AHEAD = timedelta(days=183)
LONGEST = timedelta(days=92)
FIRST_YEAR, LAST_YEAR = 1990, 2100
MAKEUP, HOLIDAY = Text("调休上班", "make-up workday"), Text("公共假日", "public holiday")
WEEKDAYS = {
    "monday": Text("周一", "Monday"),
    "tuesday": Text("周二", "Tuesday"),
    "wednesday": Text("周三", "Wednesday"),
    "thursday": Text("周四", "Thursday"),
    "friday": Text("周五", "Friday"),
    "saturday": Text("周六", "Saturday"),
    "sunday": Text("周日", "Sunday"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """Days in a row of one phase, or of a holiday."""

    title: Text
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Coming:
    """A festival, a holiday or a make-up workday of the next months.

    Attributes:
        name: Its name.
        spans: Its phases that are still to come or under way.
        is_estimated: Whether its phases are the usual ones, while platforms fix them anew each year.
        is_own: Whether it is one of the shop's own.
    """

    name: Text
    spans: tuple[Span, ...]
    is_estimated: bool = False
    is_own: bool = False

    @property
    def first(self) -> date:
        """Its first day."""
        return self.spans[0].first

    @property
    def last(self) -> date:
        """Its last day."""
        return self.spans[-1].last


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A festival of `calendar.toml`.

    Attributes:
        key: Its key.
        name: Its name.
        when: When it is, in words.
    """

    key: str
    name: Text
    when: Text


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The calendar of a shop.

    Attributes:
        version: What `duoshou.toml` is at present.
        calendar_version: What `calendar.toml` is; empty where there is none.
        countries: What the settings say; empty: by currency and time zone.
        used: Countries that count.
        own: The shop's own days.
        coming: What comes, the nearest first.
        until: Last day that was looked at.
        is_announced: Whether the days off of all these days are known.
    """

    version: str
    calendar_version: str
    countries: tuple[str, ...]
    used: tuple[str, ...]
    own: tuple[OwnDay, ...]
    coming: tuple[Coming, ...]
    until: date
    is_announced: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return plain(self)  # type: ignore[no-any-return]


def calendar_page(workbench: Workbench) -> CalendarPage:
    """Return the calendar of the next half year.

    Raises:
        SettingsError: If `calendar.toml` or a country cannot be meant.
    """
    workspace, settings = workbench.workspace, workbench.settings
    path = workspace.directory / CALENDAR_FILE
    own = _own_file(workspace)
    first = datetime.now(ZoneInfo(settings.timezone)).date()
    infos = workbench.calendar.days(first, first + AHEAD)
    countries = settings.calendar.countries
    return CalendarPage(
        version_of(workspace.settings_file),
        version_of(path),
        countries,
        countries or default_countries(settings.currency, settings.timezone),
        tuple(OwnDay(one.key, one.name, _when(one, own)) for one in own.festival),
        tuple(sorted(_coming(infos, {one.key for one in own.festival}), key=lambda one: (one.first, one.last))),
        infos[-1].day,
        all(info.announced for info in infos),
    )


def set_countries(workspace: Workspace, state: State, countries: Sequence[str], *, version: str, by: str) -> None:
    """Say where the shop sells; nothing: by currency and time zone.

    Raises:
        SettingsError: If a country is unknown, or the file is another one by now.
    """
    edit_settings(workspace, state, [Put("calendar.countries", list(countries))], version=version, by=by)


def add_day(
    workspace: Workspace,
    state: State,
    name: Text,
    first: date,
    last: date,
    *,
    yearly: bool,
    version: str,
    by: str,
) -> str:
    """Add a day, or days in a row, of the shop's own and return its key.

    Args:
        workspace: Whose `calendar.toml`; it is made where there is none.
        state: Where the audit log is.
        name: What it is called.
        first: Its first day.
        last: Its last day.
        yearly: Whether it comes again each year on the same date.
        version: What the file was when it was shown; empty for none.
        by: Who adds it.

    Raises:
        SettingsError: If it cannot be so, or the file is another one by now.
    """
    title = Text("日期", "Days")
    if not (first.year >= FIRST_YEAR and last.year <= LAST_YEAR):
        raise refused(
            title,
            Text(f"应在 {FIRST_YEAR} 到 {LAST_YEAR} 年之间", f"it should lie between {FIRST_YEAR} and {LAST_YEAR}"),
        )
    if not first <= last <= first + LONGEST:
        raise refused(
            title,
            Text(
                f"最后一天不能早于第一天，最多 {LONGEST.days + 1} 天",
                "the last day must not lie before the first, nor 93 days or more after it",
            ),
        )
    if not (name.zh.strip() and name.en.strip()):
        raise refused(Text("名称", "Name"), Text("请写名称", "say the name"))
    key = _free_key(_own_file(workspace), first)
    festival: dict[str, object] = {"key": key, "name": {"zh": name.zh.strip(), "en": name.en.strip()}}
    changes: list[Change] = []
    if yearly:
        rule = {"month": first.month, "day": first.day}
        phases: list[dict[str, object]] = [{"phase": "peak", "from": 0, "to": (last - first).days}]
        changes.append(PutItem("festival", None, {**festival, "rule": rule, "phases": phases}))
    else:
        phases = [{"phase": "peak", "from": first, "to": last}]
        changes.append(PutItem("festival", None, festival))
        changes.append(PutItem("dates", None, {"festival": key, "year": first.year, "phases": phases}))
    edit_calendar(workspace, state, changes, version=version, by=by)
    return key


def remove_day(workspace: Workspace, state: State, key: str, *, version: str, by: str) -> None:
    """Take one of the shop's own days away, with the dates of its years.

    Raises:
        SettingsError: If there is none of that key, or the file is another one by now.
    """
    own = _own_file(workspace)
    place = next((place for place, one in enumerate(own.festival) if one.key == key), None)
    if place is None:
        raise SettingsError(
            "no_such_day", Text("没有这个日子", "there is no such day"), hint=Text("请刷新页面", "reload the page")
        )
    dates = [place for place, one in enumerate(own.dates) if one.festival == key]
    changes: list[Change] = [TakeItem("dates", one) for one in reversed(dates)]
    edit_calendar(workspace, state, [*changes, TakeItem("festival", place)], version=version, by=by)


def day_of_form(form: Mapping[str, str]) -> tuple[Text, date, date, bool]:
    """Return name, first day, last day and whether it comes each year, as a form says.

    Raises:
        SettingsError: If a day is none.
    """
    first = typed_day(Text("第一天", "First day"), form.get("first", "").strip())
    if first is None:
        raise refused(Text("第一天", "First day"), Text("请写日期", "say the day"))
    last = typed_day(Text("最后一天", "Last day"), form.get("last", "").strip()) or first
    name = form.get("name", "").strip()
    return Text(name, form.get("name_en", "").strip() or name), first, last, bool(form.get("yearly"))


def _own_file(workspace: Workspace) -> FestivalFile:
    path = workspace.directory / CALENDAR_FILE
    if not path.is_file():
        return FestivalFile()
    return festival_file(path.read_text(encoding="utf-8-sig"), path.name)


def _free_key(own: FestivalFile, first: date) -> str:
    taken = {one.key for one in own.festival}
    names = (f"own_{first:%Y%m%d}{suffix}" for suffix in ("", *(f"_{number}" for number in range(2, 1000))))
    return next(name for name in names if name not in taken)


def _coming(infos: Sequence[DayInfo], own: set[str]) -> Iterator[Coming]:
    festivals: dict[str, list[Coming]] = {}
    for info in infos:
        for one in info.festivals:
            holdings = festivals.setdefault(one.key, [])
            span = Span(PHASE_NAMES[one.phase], info.day, info.day)
            before = holdings[-1] if holdings and holdings[-1].last >= info.day - timedelta(days=1) else None
            if before is None:
                holdings.append(Coming(one.name, (span,), one.estimated, one.key in own))
            else:
                holdings[-1] = Coming(one.name, _longer(before.spans, span), one.estimated, one.key in own)
    for holdings in festivals.values():
        yield from holdings
    for title, names in (
        (HOLIDAY, {info.day: info.holidays for info in infos}),
        (MAKEUP, {info.day: (MAKEUP,) for info in infos if info.is_makeup_workday}),
    ):
        yield from _runs(title, names)


def _longer(spans: tuple[Span, ...], span: Span) -> tuple[Span, ...]:
    if spans[-1].title == span.title:
        return (*spans[:-1], Span(span.title, spans[-1].first, span.last))
    return (*spans, span)


def _runs(title: Text, names: Mapping[date, tuple[Text, ...]]) -> Iterator[Coming]:
    """Yield days in a row of one name as one."""
    open_: dict[Text, Span] = {}
    for day, found in names.items():
        for name in found:
            span = open_.get(name)
            if span is not None and span.last == day - timedelta(days=1):
                open_[name] = Span(title, span.first, day)
                continue
            if span is not None:
                yield Coming(name, (span,))
            open_[name] = Span(title, day, day)
    for name, span in open_.items():
        yield Coming(name, (span,))


def _when(festival: Festival, own: FestivalFile) -> Text:
    dates = [one for one in own.dates if one.festival == festival.key]
    spans = [f"{one.phases[0].first} – {one.phases[-1].last}" for one in dates if one.phases]
    fixed = Text("、".join(spans), ", ".join(spans))
    if festival.rule is None:
        return fixed
    rule = _rule(festival.rule)
    days = festival.phases[-1].last - festival.phases[0].first + 1
    yearly = Text(f"每年{rule.zh}，共 {days} 天", f"each year {rule.en}, {days} day(s)")
    return Text(f"{yearly.zh}；{fixed.zh}", f"{yearly.en}; {fixed.en}") if spans else yearly


def _rule(rule: Rule) -> Text:
    if rule.day is not None:
        return Text(f" {rule.month} 月 {rule.day} 日", f"on {rule.month}-{rule.day}")
    if rule.weekday is not None:
        name = WEEKDAYS[rule.weekday]
        which = Text("最后一个", "last") if rule.nth < 0 else Text(f"第 {rule.nth} 个", f"{rule.nth}.")
        return Text(f" {rule.month} 月{which.zh}{name.zh}", f"on the {which.en} {name.en} of month {rule.month}")
    if rule.lunar is not None:
        return Text(f"农历 {rule.lunar}", f"on {rule.lunar} of the Chinese calendar")
    return Text("清明", "at Qingming")
