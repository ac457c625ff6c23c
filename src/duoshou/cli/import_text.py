"""What became of every file of an import, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from duoshou.cli.problem_text import problem_lines
from duoshou.cli.session import Session
from duoshou.cli.width import one_line, shorten, table
from duoshou.model import DuoshouError, Place
from duoshou.model.numbers import UNKNOWN, count

if TYPE_CHECKING:
    from duoshou.app import ImportReport
    from duoshou.warehouse.results import FileResult, TableCounts

SHOWN_NAMES = 5
LONGEST_CELL = 40

Fate = Literal["loaded", "unchanged", "waiting", "failed"]
"""What became of a file: in the table, nothing new, kept for later, or not loaded."""


def import_report_text(report: ImportReport, session: Session) -> str:
    """Return a table of the files that brought something and, below it, what a person should know of the others."""
    if not report.files:
        return session.say("没有可导入的文件：收件箱是空的。", "Nothing to import: the inbox is empty.")
    groups: dict[Fate, list[FileResult]] = {"loaded": [], "unchanged": [], "waiting": [], "failed": []}
    for result in report.files:
        groups[_fate(result)].append(result)
    lines = [_overview(groups["loaded"], session)] if groups["loaded"] else []
    lines += _unchanged(groups["unchanged"], session) + _waiting(groups["waiting"], session)
    for result in groups["loaded"]:
        lines += problem_lines(one_line(result.file), result.problems, session)
    lines += _failed(groups["failed"], session)
    if len(report.files) > 1:
        lines.append(_sum(groups, session))
    if report.dry_run:
        lines.append(session.say("（只检查，没有写入）", "(checked only, nothing was written)"))
    return "\n".join(lines)


def _fate(result: FileResult) -> Fate:
    from duoshou.warehouse.results import NOT_USED_YET

    if result.error is not None:
        return "failed"
    if result.problems.totals:
        return "waiting" if set(result.problems.totals) == {NOT_USED_YET} else "loaded"
    brought = not result.already_imported and any(one.new or one.updated or one.rejected for one in result.tables)
    return "loaded" if brought else "unchanged"


def _overview(results: Sequence[FileResult], session: Session) -> str:
    header = ["文件", "格式", "表", "读入行", "新增", "更新", "未变", "拒收"]
    if session.language == "en":
        header = ["file", "layout", "table", "rows", "new", "updated", "unchanged", "rejected"]
    rows = []
    for result in results:
        name, layout = shorten(one_line(result.file), LONGEST_CELL), result.layout or UNKNOWN
        for key, *numbers in _merged(result.tables):
            rows.append([name, layout, str(key), *(count(number) for number in numbers)])
            name = layout = ""
    return table(header, rows, numeric=[False] * 3 + [True] * 5)


def _merged(tables: Sequence[TableCounts]) -> Iterable[tuple[str, int, int, int, int, int]]:
    """Return the counts of each table once, without tables that got nothing.

    A layout may put one row of the file into a table in several ways (a fee a row): the row was read once.
    """
    names = dict.fromkeys(one.table for one in tables)
    for position, name in enumerate(names):
        mine = [one for one in tables if one.table == name]
        read, rejected = max(one.rows_read for one in mine), max(one.rejected for one in mine)
        if read or position == 0:
            sums = (sum(getattr(one, part) for one in mine) for part in ("new", "updated", "unchanged"))
            yield (name, read, *sums, rejected)


def _unchanged(results: Sequence[FileResult], session: Session) -> list[str]:
    if not results:
        return []
    names = _names(results, session)
    if len(results) == 1:
        return [session.say(f"= 没有变化：{names}", f"= nothing new: {names}")]
    return [
        session.say(f"= {len(results)} 个文件没有变化：{names}", f"= {len(results)} files with nothing new: {names}")
    ]


def _names(results: Sequence[FileResult], session: Session) -> str:
    names = [one_line(result.file) for result in results]
    more = len(names) - SHOWN_NAMES
    shown = session.say("、", ", ").join(names[:SHOWN_NAMES])
    return shown + (session.say(" 等", f" and {more} more") if more > 0 else "")


def _waiting(results: Sequence[FileResult], session: Session) -> list[str]:
    """Return the files that are known and kept but not used yet; nobody need act on them."""
    if not results:
        return []
    lines = [
        session.say(
            "· 认得、已存档（不含个人信息），这个版本还用不上：",
            "· known, kept in the archive (without personal data), not used yet:",
        )
    ]
    for result in results:
        layout = session.workbench.layouts.get(result.layout or "")
        title = "" if layout is None else layout.title.as_text().in_language(session.language)
        lines.append(f"    {one_line(result.file)}{session.say('：', ': ')}{title}")
    return lines


def _failed(results: Sequence[FileResult], session: Session) -> list[str]:
    """Return why files were not loaded; what to do is said once for files in a row of which it is the same."""
    lines = []
    told = [(result, result.error) for result in results if result.error is not None]
    for hint, group in groupby(told, key=lambda one: one[1].hint):
        lines += [_failure(result, error, session) for result, error in group]
        if hint is not None:
            lines += [
                f"  {'→ ' if not number else '  '}{line}"
                for number, line in enumerate(hint.in_language(session.language).split("\n"))
            ]
    return lines


def _failure(result: FileResult, error: DuoshouError, session: Session) -> str:
    at = error.place
    place = Place(sheet=at.sheet, row=at.row, column=at.column).in_language(session.language)
    where = session.say(f"（{place}）", f" ({place})") if place else ""
    text = error.message.in_language(session.language).replace("\n", "\n  ")
    return f"✗ {one_line(result.file)}{where}{session.say('：', ': ')}{text}"


def _sum(groups: Mapping[Fate, Sequence[FileResult]], session: Session) -> str:
    files = sum(map(len, groups.values()))
    odd, lost = sum(result.needs_person for result in groups["loaded"]), len(groups["failed"])
    zh, en = [f"共 {files} 个文件"], [f"{files} files in all"]
    if odd:
        zh.append(f"{odd} 个有要看的地方")
        en.append(f"{odd} to be looked at")
    if lost:
        zh.append(f"{lost} 个没有导入")
        en.append(f"{lost} not imported")
    return session.say("，".join(zh), ", ".join(en))
