"""The jobs that people ask for: import files, take in mended rows, run the day, take an import back."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duoshou.app.imports import import_mended
from duoshou.app.jobs.outcomes import FileOutcome, outcomes
from duoshou.app.jobs.registry import Course, Ended, Work
from duoshou.app.pages.checks import look_ahead
from duoshou.model import Text

if TYPE_CHECKING:
    from duoshou.app.results import DayReport, ImportReport
    from duoshou.app.workbench import Workbench

CHECKS = Text("检查数据", "checking the data")
NOTHING = Text("没有可导入的文件：收件箱是空的", "nothing to import: the inbox is empty")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What became of every file of an import.

    Attributes:
        files: The files.
        data_faults: How many faults the checks of the data tell afterwards.
    """

    files: tuple[FileOutcome, ...]
    data_faults: int

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {"files": [one.to_dict() for one in self.files], "data_faults": self.data_faults}


@dataclass(frozen=True, slots=True)
class DayOutcome:
    """What the daily job did.

    Attributes:
        day: The day that was reported.
        files: What became of the inbox.
        findings: How many findings it told.
        reports: Names of the workbooks in `reports/`.
    """

    day: date
    files: tuple[FileOutcome, ...]
    findings: int
    reports: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "date": self.day.isoformat(),
            "files": [one.to_dict() for one in self.files],
            "findings": self.findings,
            "reports": list(self.reports),
        }


def import_job(files: Sequence[Path], shop: str | None = None) -> Work:
    """Return the work of importing these files."""

    def work(bench: Workbench, course: Course) -> Ended:
        return _imported(bench, course, bench.import_files(files, shop=shop, progress=course.at))

    return work


def inbox_job(shop: str | None = None) -> Work:
    """Return the work of importing whatever lies in the inbox."""
    return import_job((), shop)


def mend_job(entry: str, file: Path) -> Work:
    """Return the work of importing rows that were mended, for the archived table called `entry`."""

    def work(bench: Workbench, course: Course) -> Ended:
        return _imported(bench, course, import_mended(bench, entry, file, progress=course.at))

    return work


def day_job(day: date | None = None, shop: str | None = None) -> Work:
    """Return the work of the daily job."""

    def work(bench: Workbench, course: Course) -> Ended:
        report = bench.run_day(day, shop=shop, progress=course.at)
        files = _outcomes(bench, report.imported)
        course.tell(*(one.line for one in files), *_day_lines(report))
        look_ahead(bench)
        names = tuple(path.name for path in report.reports)
        return Ended(DayOutcome(report.day, files, len(report.findings), names), report.needs_person)

    return work


def undo_job(batch: str | None = None) -> Work:
    """Return the work of taking an import back, by default the latest."""

    def work(bench: Workbench, course: Course) -> Ended:
        done = bench.undo(batch)
        course.tell(done.text)
        look_ahead(bench)
        return Ended(done)

    return work


def _imported(bench: Workbench, course: Course, report: ImportReport) -> Ended:
    files = _outcomes(bench, report)
    course.tell(*(one.line for one in files) if files else [NOTHING])
    course.at(CHECKS.in_language(bench.settings.language), None)
    count = look_ahead(bench)
    course.tell(Text(f"数据检查：{count} 条", f"checks of the data: {count} faults"))
    return Ended(ImportOutcome(files, count), report.needs_person)


def _outcomes(bench: Workbench, report: ImportReport) -> tuple[FileOutcome, ...]:
    if not report.files:
        return ()
    with contextlib.closing(bench.reader()) as connection:
        rows = connection.execute("SELECT DISTINCT source_hash, coalesce(sheet, ''), entry FROM import_file").fetchall()
    return outcomes(bench, report.files, {(source, sheet): entry for source, sheet, entry in rows})


def _day_lines(report: DayReport) -> list[Text]:
    lines = [
        Text(
            f"{one.day}：日报 {one.report.name}" + ("" if one.has_data else "（这一天没有数据）"),
            f"{one.day}: {one.report.name}" + ("" if one.has_data else " (no data of that day)"),
        )
        for one in report.shops
        if one.report is not None
    ]
    count, due = len(report.findings), len(report.checklist.due)
    lines.append(Text(f"发现 {count} 条", f"{count} findings"))
    if due:
        lines.append(Text(f"还要下载 {due} 个文件", f"{due} files to fetch"))
    return lines
