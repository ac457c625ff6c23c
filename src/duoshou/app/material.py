"""What a report is made of, collected from one workspace."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from duoshou.app.checklist import Checklist, Gains, Item, Seen
from duoshou.app.results import FindingList
from duoshou.app.targets import progress
from duoshou.metrics import QueryResult
from duoshou.metrics.availability import Filled, Offers, export_place, needs
from duoshou.model import Comparison, Grain, Period, Text
from duoshou.reports import (
    Ask,
    Exports,
    FileToFetch,
    Material,
    load_own,
    names_from,
    source_freshness,
)

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

OWN_SHEETS = "sheets.toml"
TRAFFIC = ("traffic_source", "traffic_source_period", ("visitors", "buyers", "paid_amount"))


def material(workbench: Workbench, day: date, shop: str | None, told: FindingList, fetch: Checklist) -> Material:
    """Return what the reports of a day are made of.

    Args:
        workbench: The workspace.
        day: The day of the report.
        shop: Key of the only shop, or None.
        told: Findings of the day, and what could not be judged.
        fetch: Files to fetch.
    """
    settings, catalogue = workbench.settings, workbench.catalogue
    with contextlib.closing(workbench.reader()) as connection:
        sources = source_freshness(connection, settings, day, shop=shop)
    titles = {one.key: one.title for one in settings.shops}
    targets = progress(workbench, as_of=day, shop=shop)
    return Material(
        ask=_asker(workbench),
        settings=settings,
        catalogue=catalogue,
        findings=told.findings,
        unjudged=[one.text for one in told.unjudged],
        sources=sources,
        names=names_from(workbench.backend(), catalogue),
        fetch=[_file(item, fetch, titles) for item in fetch.items if shop in {None, item.shop}],
        exports=exports_of(workbench, fetch.seen),
        targets=targets.targets,
        odd_targets=tuple(targets.problems.values()),
        own=load_own(workbench.workspace.directory / OWN_SHEETS, catalogue),
    )


def exports_of(workbench: Workbench, seen: Seen) -> Exports:
    """Return what says where to export the file that a metric of a shop lacks."""
    offers, catalogue = Offers(workbench.layouts), workbench.catalogue

    @cache
    def measurable(layout: str, shop: str) -> frozenset[str]:
        return offers.measurable(layout, catalogue, seen.filled.get(shop, {}))

    @cache
    def known(shop: str) -> frozenset[str]:
        return Gains(catalogue, seen.filled.get(shop, {})).known

    def together(leaf: str, filled: Filled, platforms: Sequence[str]) -> Text | None:
        """Return the files that answer a measured metric only together, such as orders and unit costs."""
        for measure in catalogue.metrics[leaf].source:
            lacking = {
                table: columns - filled.get(table, set()) for table, columns in needs(measure, catalogue).items()
            }
            best = [offers.best(table, columns, platforms)[:1] for table, columns in lacking.items() if columns]
            if platforms and best and all(best):
                places = list(dict.fromkeys(export_place(files) for files in best))
                return Text(" 和 ".join(one.zh for one in places), " and ".join(one.en for one in places))
        return None

    def place(shop: str, metric: str) -> Text | None:
        platforms = seen.platforms.get(shop, ())
        if metric == TRAFFIC[0]:
            files = offers.best(TRAFFIC[1], TRAFFIC[2], platforms)
            return export_place(files[:1]) if files and platforms else None
        leaves = set(catalogue.leaves(metric))
        lacking = leaves - known(shop) or leaves
        scored = [
            (-len(measurable(key, shop) & lacking), layout.based_on is not None, key)
            for key, layout in workbench.layouts.items()
            if layout.platform in platforms and measurable(key, shop) & lacking
        ]
        if scored:
            return export_place([workbench.layouts[min(scored)[2]]])
        filled = seen.filled.get(shop, {})
        return next((found for leaf in sorted(lacking) if (found := together(leaf, filled, platforms))), None)

    return place


def _file(item: Item, fetch: Checklist, titles: Mapping[str, str]) -> FileToFetch:
    return FileToFetch(
        titles.get(item.shop, item.shop),
        item.title,
        item.menu,
        item.state.value,
        item.last_day,
        item.first_missing,
        item.last_missing,
        fetch.gains(item) if item.state.value == "optional" else Text("", ""),
    )


def _asker(workbench: Workbench) -> Ask:
    def ask(
        metrics: Sequence[str],
        *,
        by: Sequence[str] = (),
        period: Period,
        grain: Grain | None = None,
        compare: Comparison | None = None,
        where: Mapping[str, str] | None = None,
    ) -> QueryResult:
        return workbench.query(metrics, by=by, period=period, grain=grain, compare=compare, where=where)

    return ask
