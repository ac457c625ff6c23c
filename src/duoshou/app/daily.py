"""The daily job: import the inbox, check the data, judge, measure, write the sheet; and the workbooks by name."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.analysts.advice_kinds import is_advice
from duoshou.app.advising import Advised, advised
from duoshou.app.checklist import Checklist, checklist
from duoshou.app.days import has_rows, yesterday
from duoshou.app.diagnosis import Told, diagnose, is_of
from duoshou.app.loop.daily import LoopDay, LoopOfDay
from duoshou.app.loop.lateness import late_findings, over_since, without_acknowledged
from duoshou.app.material import material
from duoshou.app.results import DayReport, FindingList, ShopDay
from duoshou.model import Confidence, Finding, Language, Text, Unjudged
from duoshou.reports import ReportError, write_daily, write_summary, write_weekly
from duoshou.state import day_list, record_day
from duoshou.warehouse.checks import run_checks

if TYPE_CHECKING:
    from duoshou.app.imports import Progress
    from duoshou.app.workbench import Workbench

FAULTS = "data"
KINDS = {"daily": write_daily, "weekly": write_weekly, "summary": write_summary}
STUDIES = "studies"
ALL_KINDS = (*KINDS, STUDIES)


def run_day(workbench: Workbench, day: date | None, *, shop: str | None, progress: Progress | None = None) -> DayReport:
    """Do the daily job; see `Workbench.run_day`."""
    imported = workbench.import_files(shop=shop, progress=progress)
    fetch = _to_fetch(workbench, day, shop)
    told: list[FindingList] = []
    shops: list[ShopDay] = []
    loops: list[LoopDay] = []
    reported = _shops_to_report(workbench, shop, fetch)
    for number, (key, has_files) in enumerate(reported):
        chosen = day or workbench.last_complete_day(key)
        if progress is not None:
            progress(" ".join(filter(None, (chosen.isoformat(), key))), number / len(reported))
        if not has_files:
            shops.append(ShopDay(key, chosen, has_data=False, report=None))
            continue
        loop = LoopOfDay(workbench, key or workbench.settings.default_shop.key)
        loop.take_in()
        judged = _judge(workbench, chosen, key)
        loop.measure()
        found = _record(workbench, chosen, judged)
        loops.append(loop.done)
        path = write_report(
            workbench, "daily", day=chosen, output=None, language=None, shop=key, findings=found, fetch=fetch
        )
        with contextlib.closing(workbench.reader()) as connection:
            shops.append(ShopDay(key, chosen, has_rows(connection, chosen, key), path))
        told.append(found)
    latest = max(one.day for one in shops if one.report is not None)
    findings = sorted((one for found in told for one in found), key=_gravity)
    unjudged = tuple(one for found in told for one in found.unjudged)
    return DayReport(
        latest, imported, FindingList(latest, tuple(findings), unjudged), tuple(shops), fetch, tuple(loops)
    )


def _shops_to_report(workbench: Workbench, shop: str | None, fetch: Checklist) -> list[tuple[str | None, bool]]:
    """Return the shops of the day, and whether each has files: the one asked for, or all; None is the only one."""
    shops = workbench.settings.shops
    if shop:
        return [(workbench.settings.shop(shop).key, True)]
    having = [one.key for one in shops if one.key in fetch.seen.shops]
    return [(one.key, one.key in having) for one in shops] if len(shops) > 1 and having else [(None, True)]


def _gravity(finding: Finding) -> tuple[int, int, float, int, int, str]:
    """Return the order of findings: faults of data first, for they fake others; advice last; by money."""
    is_fault = is_of(finding.kind, FAULTS)
    money = 0.0 if finding.impact is None else float(abs(finding.impact.amount))
    sure = list(Confidence).index(finding.confidence)
    return not is_fault, is_advice(finding.kind), -money, sure, -finding.period.end.toordinal(), finding.id


def _to_fetch(workbench: Workbench, day: date | None, shop: str | None) -> Checklist:
    """Return the files to fetch today, or on the morning after a day that was asked for."""
    return checklist(workbench, None if day is None else day + timedelta(days=1), shop=shop)


def findings_of(workbench: Workbench, day: date | None, *, kind: str | None, shop: str | None) -> FindingList:
    """Return the findings of a day; see `Workbench.findings`.

    Faults of data are looked for anew. Troubles of the business are those that the daily job told of that day, or
    are judged now where it has not run.
    """
    chosen = day or workbench.last_complete_day(shop)
    found = _faults(workbench, chosen, shop)
    unjudged: list[Unjudged] = []
    if kind is None or not is_of(kind, FAULTS):
        for key in _judged_shops(workbench, shop):
            troubles, untold = _troubles(workbench, chosen, key)
            found += troubles
            unjudged += _named(workbench, key, untold)
    wanted = tuple(one for one in found if kind is None or is_of(one.kind, kind))
    return FindingList(chosen, wanted, tuple(one for one in unjudged if kind is None or _bears_on(one, kind)))


def _bears_on(unjudged: Unjudged, kind: str) -> bool:
    """Return whether findings of a kind or family might be among what could not be judged."""
    return any(is_of(one, kind) or is_of(kind, one) for one in unjudged.kinds)


def _named(workbench: Workbench, shop: str | None, unjudged: Sequence[Unjudged]) -> Iterator[Unjudged]:
    """Yield what could not be judged, under the name of its shop where there are several."""
    for one in unjudged:
        if shop is None or len(workbench.settings.shops) == 1:
            yield one
            continue
        title = workbench.settings.shop(shop).title
        yield replace(one, text=Text(f"{title}：{one.text.zh}", f"{title}: {one.text.en}"))


Judged = tuple[list[Finding], list[tuple[str | None, Told, Advised]]]
"""Faults of the data, and what was told of each shop's business and advised."""


def _judge(workbench: Workbench, day: date, shop: str | None) -> Judged:
    """Judge a day: the data, then each shop's business."""
    faults = _faults(workbench, day, shop)
    default = workbench.settings.default_shop.key
    return faults, [
        (key, diagnose(workbench, day, key), advised(workbench, day, key or default))
        for key in _judged_shops(workbench, shop)
    ]


def _record(workbench: Workbench, day: date, judged: Judged) -> FindingList:
    """Record what was found, and return what is told of it: what was declined or is watched is not."""
    faults, shops = judged
    told: list[Finding] = []
    unjudged: list[Unjudged] = []
    for key, of_shop, advice in shops:
        name = key or workbench.settings.default_shop.key
        late = late_findings(workbench, name, day)
        over = {*of_shop.over, *over_since(workbench, name, late)}
        found = [*faults, *of_shop.findings, *advice.findings, *late]
        told += record_day(
            workbench.state, name, day, found, over=over, unjudged=advice.unjudged, untold=of_shop.unjudged
        ).shown
        unjudged += _named(workbench, key, of_shop.unjudged)
    return FindingList(day, tuple({one.id: one for one in told}.values()), tuple(unjudged))


def _troubles(workbench: Workbench, day: date, shop: str | None) -> tuple[tuple[Finding, ...], tuple[Unjudged, ...]]:
    """Return the troubles that the daily job told of a day, as people decided since, and what it could not judge.

    Where it has not run, the day is judged now.
    """
    key = shop or workbench.settings.default_shop.key
    listed = day_list(workbench.state, key, day)
    if not listed.was_run:
        judged = diagnose(workbench, day, shop)
        return (*judged.findings, *late_findings(workbench, key, day)), judged.unjudged
    troubles = [one for one in listed.shown if not is_of(one.kind, FAULTS)]
    return without_acknowledged(workbench, key, troubles, day), listed.untold


def _judged_shops(workbench: Workbench, shop: str | None) -> list[str | None]:
    """Return the shops whose business is judged, each by itself; None is the only one."""
    settings = workbench.settings
    if shop is not None:
        return [settings.shop(shop).key]
    return [one.key for one in settings.shops] if len(settings.shops) > 1 else [None]


def _faults(workbench: Workbench, day: date, shop: str | None) -> list[Finding]:
    """Return the faults of the data, the surest and latest first."""
    with contextlib.closing(workbench.reader()) as connection:
        return run_checks(
            connection,
            workbench.settings,
            day,
            shop=workbench.settings.shop(shop).key if shop else None,
            detected_on=max(day, yesterday(workbench.settings.timezone)),
        )


def write_report(
    workbench: Workbench,
    kind: str,
    *,
    day: date | None,
    output: Path | None,
    language: Language | None,
    shop: str | None,
    findings: FindingList | None = None,
    fetch: Checklist | None = None,
) -> Path:
    """Write a workbook; see `Workbench.report`."""
    if kind not in ALL_KINDS:
        known = ", ".join(ALL_KINDS)
        raise ReportError(
            "unknown_report",
            Text(f"没有“{kind}”这种报表", f"there is no report called {kind!r}"),
            hint=Text(f"可用：{known}", f"there are: {known}"),
        )
    chosen = day or workbench.last_complete_day(shop)
    key = workbench.settings.shop(shop).key if shop else None
    path = output or workbench.workspace.reports / _file_name(kind, chosen, key)
    spoken = language or workbench.settings.report_language
    if kind == STUDIES:
        from duoshou.app.studies import write_studies

        return write_studies(workbench, chosen, key, path, spoken)
    # A book of one shop is told nothing of the others.
    only = workbench.settings.shop(shop).key if len(workbench.settings.shops) > 1 and kind != "summary" else key
    # Only the daily book tells of troubles of the business.
    asked = None if kind == "daily" else FAULTS
    told = findings if findings is not None and only == key else workbench.findings(chosen, asked, only)
    made_of = material(workbench, chosen, only, told, fetch or _to_fetch(workbench, day, shop))
    return KINDS[kind](made_of, chosen, path, spoken, shop=key)


def _file_name(kind: str, day: date, shop: str | None) -> str:
    return f"{kind}-{day.isoformat()}{f'-{shop}' if shop else ''}.xlsx"
