"""What became of every file of an import, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.numbers import UNKNOWN, count
from duoshou.cli.session import Session
from duoshou.cli.width import one_line, shorten, table
from duoshou.model import Place

if TYPE_CHECKING:
    from duoshou.app import ImportReport
    from duoshou.warehouse.results import FileResult, Problem

SHOWN_PROBLEMS = 5
LONGEST_CELL = 40


def import_report_text(report: ImportReport, session: Session) -> str:
    """Return a table of the files and, below it, the first problems of each."""
    if not report.files:
        return session.say("没有可导入的文件：收件箱是空的。", "Nothing to import: the inbox is empty.")
    lines = [_overview(report, session)] if any(result.tables for result in report.files) else []
    for result in report.files:
        lines += _remarks(result, session)
    if report.dry_run:
        lines.append(session.say("（只检查，没有写入）", "(checked only, nothing was written)"))
    return "\n".join(lines)


def _overview(report: ImportReport, session: Session) -> str:
    header = ["文件", "格式", "表", "读入行", "新增", "更新", "未变", "拒收"]
    if session.language == "en":
        header = ["file", "layout", "table", "rows", "new", "updated", "unchanged", "rejected"]
    rows = []
    for result in report.files:
        for position, counts in enumerate(result.tables):
            name = shorten(one_line(result.file), LONGEST_CELL) if position == 0 else ""
            numbers = (counts.rows_read, counts.new, counts.updated, counts.unchanged, counts.rejected)
            layout = (result.layout or UNKNOWN) if position == 0 else ""
            rows.append([name, layout, counts.table, *(count(number) for number in numbers)])
    return table(header, rows, numeric=[False] * 3 + [True] * 5)


def _remarks(result: FileResult, session: Session) -> list[str]:
    """Return what a person should know of one file beyond its counts."""
    language = session.language
    name = one_line(result.file)
    if result.error is not None:
        return [f"✗ {name}{session.say('：', ': ')}" + result.error.in_language(language).replace("\n", "\n  ")]
    lines = []
    if result.already_imported:
        lines.append(session.say(f"= {name}：以前导入过，内容相同", f"= {name}: imported before, the same content"))
    if result.totals_check is not None and not getattr(result.totals_check, "agrees", True):
        lines.append(session.say(f"! {name}：合计行与明细不符", f"! {name}: the total row disagrees with the detail"))
    shown = result.problems.kept[:SHOWN_PROBLEMS]
    lines += [f"! {name}{_place(problem, session)}" + problem.message.in_language(language) for problem in shown]
    more = sum(result.problems.totals.values()) - len(shown)
    if more > 0:
        lines.append(session.say(f"  {name} 另有 {more:,} 处，详见 --json", f"  {name}: {more:,} more, see --json"))
    return lines


def _place(problem: Problem, session: Session) -> str:
    place = Place(sheet=problem.sheet, row=problem.row, column=problem.column).in_language(session.language)
    if session.language == "zh":
        return f"（{place}）：" if place else "："
    return f" ({place}): " if place else ": "
