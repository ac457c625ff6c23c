"""How far each source reaches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from duoshou.model import Text
from duoshou.settings import Settings
from duoshou.warehouse.checks.context import CheckContext
from duoshou.warehouse.checks.daily import SOURCES, TAOBAO, export_of


@dataclass(frozen=True, slots=True)
class SourceFreshness:
    """The reach of one source of one shop.

    Attributes:
        shop: Shop key.
        source: Name for people.
        first: First day with rows.
        last: Last day with rows, None when there are none.
        days_behind: Days between `last` and the day of the report.
        file: The file behind the last day.
        exported_at: When that file was exported, in the shop's time zone.
        export: What to fetch on the platform.
    """

    shop: str
    source: Text
    first: date | None
    last: date | None
    days_behind: int | None
    file: str
    exported_at: datetime | None
    export: Text


def source_freshness(
    connection: duckdb.DuckDBPyConnection, settings: Settings, day: date, *, shop: str | None = None
) -> list[SourceFreshness]:
    """Return the reach of every daily source up to `day`, sources without rows last.

    Sources without rows are named for shops of Taobao and Tmall, and for empty workspaces: there it is known where to
    fetch them.

    Args:
        connection: Connection to a snapshot; it is only read.
        settings: Settings of the workspace.
        day: Day of the report.
        shop: Only this shop; all for None.
    """
    context = CheckContext(connection, settings, day)
    found = []
    for key in [shop] if shop else context.shops() or [settings.default_shop.key]:
        platform = context.platform(key)
        for source in SOURCES:
            days = context.days(source).get(key, {})
            if not days and platform and platform not in TAOBAO:
                continue
            last = max(days, default=None)
            exported = days[last].exported_at if last else None
            found.append(
                SourceFreshness(
                    key,
                    source.title,
                    min(days, default=None),
                    last,
                    (day - last).days if last else None,
                    days[last].file if last else "",
                    context.local(exported).replace(tzinfo=None) if exported else None,
                    export_of(source, platform or "taobao"),
                )
            )
    return sorted(found, key=lambda each: each.last is None)
