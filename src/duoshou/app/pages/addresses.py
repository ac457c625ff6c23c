"""What several pages read from an address in the same way: a period, what it is held against, filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from duoshou.metrics import Catalogue, NotAnswerable
from duoshou.model import EARLIEST, LATEST, Comparison, Period, Text

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

LONGEST = 1100
"""Days of a period: three years and some; more is a mistake in the address."""
MOST_FILTERS = 8


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter with its words.

    Attributes:
        dimension: Key of the dimension.
        title: Its name.
        value: The value; empty for "not known".
        name: The readable name of the value.
    """

    dimension: str
    title: Text
    value: str
    name: str

    @property
    def written(self) -> str:
        """The filter as an address carries it."""
        return f"{self.dimension}:{self.value}"


def parsed_filters(catalogue: Catalogue, written: Sequence[str]) -> dict[str, str]:
    """Return dimension → value of filters written `dimension:value`.

    Raises:
        UnknownName: For a dimension that nobody defined.
        NotAnswerable: For a filter that is written otherwise, or too many of them.
    """
    found: dict[str, str] = {}
    for text in written:
        name, colon, value = text.partition(":")
        if not colon:
            raise NotAnswerable(
                "filter_form",
                Text(f"筛选“{text[:60]}”看不懂", f"the filter {text[:60]!r} cannot be read"),
                hint=Text(
                    "写成 维度:值，例如 where=region:浙江省", "write dimension:value, such as where=region:浙江省"
                ),
            )
        found[catalogue.dimension(name).key] = value
    if len(found) > MOST_FILTERS:
        raise NotAnswerable(
            "too_many_filters", Text(f"最多 {MOST_FILTERS} 个筛选", f"at most {MOST_FILTERS} filters can be combined")
        )
    return found


def named_filters(workbench: Workbench, where: Mapping[str, str]) -> tuple[Filter, ...]:
    """Return filters with readable names."""
    from duoshou.reports.names import names_from

    def look() -> tuple[Filter, ...]:
        names = names_from(workbench.backend(), workbench.catalogue)
        return tuple(
            Filter(key, workbench.catalogue.dimensions[key].title, value, names(key, [value]).get(value, value))
            for key, value in where.items()
        )

    return workbench.remembered(("filters", tuple(where.items())), look) if where else ()


def checked_day(day: date) -> date:
    """Return a day that an address or a form names.

    Raises:
        NotAnswerable: If no shop can have it.
    """
    if not EARLIEST <= day <= LATEST:
        raise NotAnswerable(
            "day_out_of_reach",
            Text(f"日期 {day} 超出范围", f"the day {day} is out of reach"),
            hint=Text(f"可用 {EARLIEST} 到 {LATEST}", f"days from {EARLIEST} to {LATEST} can be meant"),
        )
    return day


def checked_period(period: Period) -> Period:
    """Return a period that an address names.

    Raises:
        NotAnswerable: If it is too long, or holds days that no shop can have.
    """
    checked_day(period.start)
    checked_day(period.end)
    if period.days > LONGEST:
        raise NotAnswerable(
            "period_too_long",
            Text(f"一次最多看 {LONGEST} 天", f"at most {LONGEST} days at once"),
            hint=Text("请选短一些的时间", "choose fewer days"),
        )
    return period


def held_against(workbench: Workbench, period: Period, comparison: Comparison) -> Period:
    """Return the days that a period is held against; by festival those that the calendar pairs with it."""
    if comparison is not Comparison.FESTIVAL:
        return period.compared(comparison)
    paired = [day for day in workbench.calendar.align(period).others if day is not None]
    return Period.of_days(paired) if paired else period.compared(Comparison.YEAR)


def days_up_to(period: Period, least: int) -> Period:
    """Return the period, begun earlier where it has fewer days than `least`."""
    if period.days >= least:
        return Period(period.start, period.end)
    return Period(period.end - timedelta(days=least - 1), period.end)
