"""Which files to fetch today: what is missing, what is stale, and what else a platform could tell."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import duckdb

from duoshou.app.results import SCHEMA_VERSION
from duoshou.metrics import Catalogue
from duoshou.metrics.availability import (
    Filled,
    Offers,
    beside_columns,
    contents,
    day_of,
    is_known,
    is_of_events,
    platforms_of,
)
from duoshou.model import DuoshouError, Grain, Language, Text
from duoshou.sources import Layout
from duoshou.warehouse import load_tables
from duoshou.warehouse.schema import quoted

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

MOST_METRICS = 6

RULES = Text(
    "规则：每日文件应覆盖到昨天，每周文件到上周日，每月文件到上月末；不到就列为要下载。其他文件按需要下载。",
    "Rules: a daily file should reach yesterday, a weekly one last Sunday, a monthly one the end of last month; what "
    "does not is to be fetched. Other files are fetched when needed.",
)


class ChecklistError(DuoshouError):
    """A checklist that cannot be made."""


class State(StrEnum):
    """What is to be done about a file."""

    STALE = "stale"
    CURRENT = "current"
    OCCASIONAL = "occasional"
    OPTIONAL = "optional"


CADENCES = ("daily", "weekly", "monthly", "occasional")


@dataclass(frozen=True, slots=True)
class Item:
    """One file that a shop could fetch.

    Attributes:
        shop: Key of the shop.
        platform: Platform that has the file.
        layout: Key of the layout.
        title: What the file is.
        menu: Where it is fetched.
        cadence: How often it should be.
        state: What is to be done.
        last_day: Last day that the imported files cover; None where none was imported.
        inferred: Whether `last_day` is judged by the time of the export, because newer files replaced all rows.
        first_missing: First day to fetch.
        last_missing: Last day to fetch.
        tables: Canonical tables that it fills.
        metrics: Metrics that it answers; for a file never imported, those that nothing else answers yet.
    """

    shop: str
    platform: str
    layout: str
    title: Text
    menu: Text | None
    cadence: str
    state: State
    last_day: date | None = None
    inferred: bool = False
    first_missing: date | None = None
    last_missing: date | None = None
    tables: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[int, int, int, str]:
        """Place in the list: what is late first, then what is fetched most often; optional files by what they tell."""
        often, telling = CADENCES.index(self.cadence), -len(self.metrics)
        first, second = (telling, often) if self.state is State.OPTIONAL else (often, telling)
        return list(State).index(self.state), first, second, self.layout

    def to_dict(self, language: Language) -> dict[str, Any]:
        """Return the JSON shape of one file."""
        days = (self.last_day, self.first_missing, self.last_missing)
        last, first_missing, last_missing = (None if day is None else day.isoformat() for day in days)
        return {
            "shop": self.shop,
            "platform": self.platform,
            "layout": self.layout,
            "title": self.title.in_language(language),
            "menu": None if self.menu is None else self.menu.in_language(language),
            "cadence": self.cadence,
            "state": self.state.value,
            "last_day": last,
            "last_day_inferred": self.inferred,
            "fetch": None if first_missing is None else {"from": first_missing, "to": last_missing},
            "tables": list(self.tables),
            "metrics": list(self.metrics),
        }


@dataclass(frozen=True, slots=True)
class Checklist:
    """What to fetch on one day.

    Attributes:
        day: The day on which files are fetched.
        items: Files, the most urgent and useful first.
        titles: Metric → name.
        seen: What was imported until then.
    """

    day: date
    items: tuple[Item, ...]
    titles: Mapping[str, Text]
    seen: Seen

    @property
    def due(self) -> tuple[Item, ...]:
        """Files that are to be fetched today."""
        return tuple(item for item in self.items if item.state is State.STALE)

    def gains(self, item: Item, most: int = MOST_METRICS) -> Text:
        """Return the names of the first metrics of a file, and how many there are; without any, of its tables."""
        if not item.metrics:
            tables = [load_tables()[name].title for name in item.tables]
            return Text("、".join(one.zh for one in tables), ", ".join(one.en for one in tables))
        named = [self.titles[key] for key in item.metrics[:most]]
        more = len(item.metrics) - len(named)
        zh = "、".join(one.zh for one in named) + (f" 等 {len(item.metrics)} 个指标" if more > 0 else "")
        en = ", ".join(one.en for one in named) + (f" and {more} more" if more > 0 else "")
        return Text(zh, en)

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Return the JSON object of the command `checklist`."""
        items = [item.to_dict(language) for item in self.items]
        rules = RULES.in_language(language)
        return {"schema_version": SCHEMA_VERSION, "date": self.day.isoformat(), "rules": rules, "files": items}


def checklist(
    workbench: Workbench, day: date | None = None, *, shop: str | None = None, platform: str | None = None
) -> Checklist:
    """Return which files to fetch.

    Args:
        workbench: The workspace.
        day: The day on which files are fetched; None: today in the time zone of the workspace.
        shop: Only this shop; None: every shop of the settings or of the warehouse.
        platform: Only this platform, whether or not it is in use; None: those whose files were imported.

    Raises:
        ChecklistError: If no layout is of the platform.
    """
    settings = workbench.settings
    offers = Offers(workbench.layouts)
    if platform is not None and platform not in offers.platforms:
        known = "、".join(offers.platforms), ", ".join(offers.platforms)
        raise ChecklistError(
            "unknown_platform",
            Text(f"没有平台“{platform}”的文件格式", f"no layout is of a platform called {platform!r}"),
            hint=Text(f"已知平台：{known[0]}", f"known platforms: {known[1]}"),
        )
    today = day or datetime.now(ZoneInfo(settings.timezone)).date()
    with contextlib.closing(workbench.reader()) as connection:
        seen = Seen.read(connection, workbench.layouts, workbench.catalogue, settings.timezone, today)
    shops = [settings.shop(shop).key] if shop else list(dict.fromkeys([one.key for one in settings.shops] + seen.shops))
    families = _families(offers)
    items = [
        _item(key, members, offers, workbench.catalogue, seen, today)
        for key in shops
        for members in families
        if members[0].platform in ([platform] if platform else seen.platforms.get(key, ()))
    ]
    titles = {key: metric.title for key, metric in workbench.catalogue.metrics.items()}
    order = {key: position for position, key in enumerate(shops)}
    kept = [item for item in items if item.state is not State.OPTIONAL or item.tables]
    return Checklist(today, tuple(sorted(kept, key=lambda item: (order[item.shop], *item.order))), titles, seen)


@dataclass(frozen=True)
class Seen:
    """What was imported until now.

    Attributes:
        platforms: Shop → platforms of its files.
        reach: Shop and layout → last covered day, and whether it is judged by the time of the export.
        filled: Shop → table → columns that metrics measure and that have a value.
    """

    platforms: Mapping[str, tuple[str, ...]]
    reach: Mapping[tuple[str, str], tuple[date, bool]]
    filled: Mapping[str, Mapping[str, frozenset[str]]]

    @property
    def shops(self) -> list[str]:
        """Shops with files."""
        return sorted(self.platforms)

    @classmethod
    def read(
        cls,
        connection: duckdb.DuckDBPyConnection,
        layouts: Mapping[str, Layout],
        catalogue: Catalogue,
        timezone: str,
        today: date,
    ) -> Seen:
        """Return what was imported before `today`."""
        files = connection.execute(
            "SELECT DISTINCT shop, layout, table_name, source_hash, exported_at FROM import_file"
        ).fetchall()
        ends = {table: _ends(connection, table) for table in {row[2] for row in files} if table in load_tables()}
        covered: dict[tuple[str, str], date] = {}
        exported: dict[tuple[str, str], date] = {}
        for shop, layout, table, source, moment in files:
            made = moment.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).date()
            place, before = (shop, layout), made - timedelta(days=1)
            if before >= today:
                continue
            exported[place] = max(before, exported.get(place, before))
            end = ends.get(table, {}).get(source)
            if end is not None:
                # The day of the export is not over. A quiet day of an event table has no rows, yet was looked at.
                last = before if is_of_events(load_tables()[table]) and before == today - timedelta(days=1) else end
                last = min(last, before)
                covered[place] = max(last, covered.get(place, last))
        reach = {place: (covered.get(place, before), place not in covered) for place, before in exported.items()}
        filled: dict[str, dict[str, frozenset[str]]] = {}
        for table, columns in _measured(catalogue).items():
            for held in contents(connection, table, None, columns):
                known = frozenset(name for name, rows in held.known.items() if rows)
                filled.setdefault(held.shop, {})[table] = known
        return cls(platforms_of(connection, layouts), reach, filled)


def _measured(catalogue: Catalogue) -> dict[str, list[str]]:
    """Return table → columns that some metric measures: no others need to be counted."""
    found: dict[str, set[str]] = {}
    for metric in catalogue.metrics.values():
        for measure in metric.source:
            source = catalogue.sources[measure.use]
            for table, column in (
                *((source.table, name) for name in measure.needed_columns(source)),
                *beside_columns(measure, catalogue),
            ):
                if table in load_tables() and column in load_tables()[table].facts:
                    found.setdefault(table, set()).add(column)
    return {table: sorted(columns) for table, columns in found.items()}


def _ends(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, date]:
    """Return file → last day of its rows that still stand."""
    _, last = day_of(load_tables()[table])
    rows = connection.execute(f"SELECT source_hash, max({last}) FROM {quoted(table)} GROUP BY 1").fetchall()
    return {source: day for source, day in rows if day is not None}


def _families(offers: Offers) -> list[list[Layout]]:
    """Return layouts of one and the same file over the years together, the one in use today first."""
    families: dict[tuple[str, str], list[Layout]] = {}
    for layout in offers.layouts.values():
        root = layout
        while root.based_on is not None and root.based_on in offers.layouts:
            root = offers.layouts[root.based_on]
        menu = layout.menu.zh if layout.menu else layout.title.zh
        families.setdefault((root.key, menu), []).append(layout)
    return [sorted(members, key=lambda one: (one.based_on is not None, one.key)) for members in families.values()]


def _item(shop: str, members: Sequence[Layout], offers: Offers, catalogue: Catalogue, seen: Seen, today: date) -> Item:
    layout = members[0]
    reach = max((seen.reach[shop, one.key] for one in members if (shop, one.key) in seen.reach), default=None)
    fills = offers.fills[layout.key]
    tables = tuple(dict.fromkeys(fill.table for fill in fills))
    filled = seen.filled.get(shop, {})
    answers = offers.measurable(layout.key, catalogue, filled)
    state, span = (State.OPTIONAL, None) if reach is None else _judged(layout.cadence, reach[0], today)
    gains = Gains(catalogue, filled)
    metrics = gains.answerable(answers) if reach is not None else gains.new(answers)
    return Item(
        shop,
        layout.platform,
        layout.key,
        layout.title.as_text(),
        None if layout.menu is None else layout.menu.as_text(),
        layout.cadence,
        state,
        None if reach is None else reach[0],
        reach is not None and reach[1],
        None if span is None else span[0],
        None if span is None else span[1],
        tables,
        metrics,
    )


def _judged(cadence: str, last: date, today: date) -> tuple[State, tuple[date, date] | None]:
    """Return the state of a file that reaches `last`, and the days to fetch."""
    wanted = wanted_day(cadence, today)
    if wanted is None:
        return State.OCCASIONAL, None
    return (State.CURRENT, None) if last >= wanted else (State.STALE, (last + timedelta(days=1), wanted))


def wanted_day(cadence: str, today: date) -> date | None:
    """Return the day that a file should reach: yesterday, last Sunday, the end of last month; None for no day."""
    if cadence == "daily":
        return today - timedelta(days=1)
    if cadence == "weekly":
        return Grain.WEEK.start(today) - timedelta(days=1)
    return Grain.MONTH.start(today) - timedelta(days=1) if cadence == "monthly" else None


@dataclass(frozen=True)
class Gains:
    """Which metrics a file makes possible."""

    catalogue: Catalogue
    filled: Filled

    @cached_property
    def known(self) -> frozenset[str]:
        """Measured metrics that the warehouse answers already."""
        return frozenset(
            metric.key
            for metric in self.catalogue.metrics.values()
            if any(is_known(measure, self.catalogue, self.filled) for measure in metric.source)
        )

    def answerable(self, measured: Iterable[str]) -> tuple[str, ...]:
        """Return the metrics that need nothing but these measured ones and what is known."""
        having = self.known | set(measured)
        touched = set(measured)
        return tuple(
            key
            for key in self.catalogue.metrics
            if (leaves := set(self.catalogue.leaves(key))) <= having and leaves & touched
        )

    def new(self, measured: Iterable[str]) -> tuple[str, ...]:
        """Return those of `answerable` that cannot be answered yet."""
        return tuple(key for key in self.answerable(measured) if not set(self.catalogue.leaves(key)) <= self.known)
