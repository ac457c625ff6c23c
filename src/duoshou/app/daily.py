"""The daily job: import the inbox, check the data, write the sheet."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.app.days import yesterday
from duoshou.app.results import DayReport, FindingList
from duoshou.metrics import QueryResult
from duoshou.model import Comparison, Grain, Language, Period, Text
from duoshou.reports import Ask, ReportError, names_from, source_freshness, write_daily
from duoshou.warehouse.checks import run_checks

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

KINDS = ("daily",)


def run_day(workbench: Workbench, day: date | None, *, shop: str | None) -> DayReport:
    """Do the daily job; see `Workbench.run_day`."""
    imported = workbench.import_files(shop=shop)
    chosen = day or workbench.last_complete_day()
    findings = findings_of(workbench, chosen, kind=None, shop=shop)
    path = write_report(workbench, "daily", day=chosen, output=None, language=None, shop=shop, findings=findings)
    return DayReport(chosen, imported, findings, (path,))


def findings_of(workbench: Workbench, day: date | None, *, kind: str | None, shop: str | None) -> FindingList:
    """Return the findings of a day; see `Workbench.findings`."""
    chosen = day or workbench.last_complete_day()
    key = workbench.settings.shop(shop).key if shop else None
    with contextlib.closing(workbench.reader()) as connection:
        found = run_checks(
            connection,
            workbench.settings,
            chosen,
            shop=key,
            detected_on=max(chosen, yesterday(workbench.settings.timezone)),
        )
    return FindingList(chosen, tuple(one for one in found if kind is None or _is_of(one.kind, kind)))


def _is_of(kind: str, wanted: str) -> bool:
    return kind == wanted or kind.startswith(wanted + ".")


def write_report(
    workbench: Workbench,
    kind: str,
    *,
    day: date | None,
    output: Path | None,
    language: Language | None,
    shop: str | None,
    findings: FindingList | None = None,
) -> Path:
    """Write a workbook; see `Workbench.report`."""
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise ReportError(
            "unknown_report",
            Text(f"没有“{kind}”这种报表", f"there is no report called {kind!r}"),
            hint=Text(f"可用：{known}", f"there are: {known}"),
        )
    chosen = day or workbench.last_complete_day()
    key = workbench.settings.shop(shop).key if shop else None
    told = findings or findings_of(workbench, chosen, kind=None, shop=shop)
    path = output or workbench.workspace.reports / _file_name(kind, chosen, key)
    with contextlib.closing(workbench.reader()) as connection:
        sources = source_freshness(connection, workbench.settings, chosen, shop=key)
    write_daily(
        _asker(workbench),
        told.findings,
        workbench.settings,
        workbench.catalogue,
        chosen,
        path,
        language or workbench.settings.report_language,
        shop=key,
        sources=sources,
        names=names_from(workbench.backend(), workbench.catalogue),
    )
    return path


def _file_name(kind: str, day: date, shop: str | None) -> str:
    return f"{kind}-{day.isoformat()}{f'-{shop}' if shop else ''}.xlsx"


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
