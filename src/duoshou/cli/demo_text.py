"""What the demonstration made, in a few lines, and what to open next."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.cli.day_text import key_figures_text
from duoshou.cli.finding_text import findings_text
from duoshou.cli.import_text import import_report_text
from duoshou.cli.session import Session

if TYPE_CHECKING:
    from duoshou.app import DayReport, ImportReport
    from duoshou.demo.simulated import Recipe


def made_text(recipe: Recipe, imported: ImportReport, report: DayReport, session: Session) -> str:
    """Return which shop it is, what was imported, the key figures, the findings and where the sheet lies."""
    parts = [
        session.say(
            f"{session.workbench.settings.name} · {recipe.first} 至 {recipe.until} · 种子 {recipe.seed}",
            f"{session.workbench.settings.name} · {recipe.first} to {recipe.until} · seed {recipe.seed}",
        ),
        _imported(imported, session),
        key_figures_text(report, session),
        findings_text(report.findings.findings, session),
        "\n".join(session.say(f"日报：{path}", f"Daily sheet: {path}") for path in map(_from_here, report.reports)),
    ]
    return "\n\n".join(part for part in parts if part)


def next_text(directory: Path, commands: Sequence[tuple[str, str, str]], session: Session) -> str:
    """Return commands to try, each with what it shows in Chinese and English."""
    start = f"{_program()} --workspace {_quoted(str(directory))}"
    lines = [session.say("接着试试：", "Try next:")]
    for words, zh, en in commands:
        lines += [f"  {session.say(zh, en)}", f"    {start} {words}"]
    return "\n".join(lines)


def _imported(imported: ImportReport, session: Session) -> str:
    """Return one line where every file went in whole, else the list of the files."""
    if imported.failed or imported.needs_person:
        return import_report_text(imported, session)
    files = len({one.file for one in imported.files})
    layouts = len({one.layout for one in imported.files})
    rows = sum(one.main.rows_read for one in imported.files)
    return session.say(
        f"导入平台文件 {files} 个（{layouts} 种格式），{rows:,} 行，没有拒收。",
        f"Imported {files} platform files of {layouts} layouts, {rows:,} rows, none rejected.",
    )


def _program() -> str:
    """Return how this person can start the program from here: by name, or by its path where it is not on the PATH."""
    if shutil.which("duoshou") is not None:
        return "duoshou"
    installed = shutil.which("duoshou", path=str(Path(sys.executable).parent))
    if installed is None:
        return f"{_quoted(sys.executable)} -m duoshou"
    return _quoted(str(_from_here(Path(installed))))


def _from_here(path: Path) -> Path:
    """Return the path as one would type it here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
