"""The page and the print: what the scorers say, and how to say it again."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from unicodedata import east_asian_width

from benchmarks.judgement.scorers import Evaluation, Section, Table, scorers
from benchmarks.judgement.shops import stated_of

from duoshou import __version__

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "judgement.md"
NOTICE = "<!-- Written by python -m benchmarks.judgement report; run it again instead of changing this page. -->"
HEAD = """\
# How well it judges

{notice}

Simulated shops know their own truth ([the simulated shop](simulated-shop.md)). Here the product reads their export
files, as it reads a user's, and says its findings day by day; they are held against what really happened. The numbers
of this page come from one run:

{run}
"""


def sections(evaluation: Evaluation) -> list[Section]:
    """Return what every scorer says."""
    return [score(evaluation) for score in scorers().values()]


def page(evaluation: Evaluation, found: Sequence[Section], command: str, day: date) -> str:
    """Return the page as Markdown."""
    parts = [HEAD.format(notice=NOTICE, run="\n".join(f"- {line}" for line in run_lines(evaluation, command, day)))]
    parts += [_markdown(section) for section in found]
    return "\n".join(parts)


def run_lines(evaluation: Evaluation, command: str, day: date) -> list[str]:
    """Return what one must know to repeat the run."""
    stated = [stated_of(folder) for folder in evaluation.folders]
    seeds = [f"{one['seed']}{' (nothing happens)' if one['is_quiet'] else ''}" for one in stated]
    versions = sorted({str(one["model"]) for one in stated})
    windows = sorted({f"{one['days']} days to {one['until']}" for one in stated})
    density = sorted({f"{one['per_month']:g}" for one in stated if one["per_month"] is not None})
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30 if hasattr(os, "sysconf") else 0
    return [
        f"shops by seed: {', '.join(seeds) or 'none'}",
        f"window: {'; '.join(windows) or 'none'}, the last {evaluation.number_judged} judged",
        f"random incidents a month: {', '.join(density) or 'as the model has them'}",
        f"version of the product {__version__}, of the model {', '.join(versions) or '—'}; judge `{evaluation.label}`",
        f"command: `{command}`",
        f"{day}: {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, Python {platform.python_version()}",
    ]


def printed(found: Sequence[Section]) -> str:
    """Return the tables of the sections for a terminal."""
    lines: list[str] = []
    for section in found:
        lines += [section.title, "=" * len(section.title), *section.notes]
        for above, table in section.tables:
            lines += ["", above, *_columns(table)]
    return "\n".join(lines) + "\n"


def _markdown(section: Section) -> str:
    lines = [f"## {section.title}", ""]
    for note in section.notes:
        lines += [note, ""]
    for above, table in section.tables:
        lines += [above, "", *_rows(table), ""]
    return "\n".join([*lines, section.text, ""])


def _rows(table: Table) -> list[str]:
    lines = [table.header, tuple("---" for _ in table.header), *table.rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def _columns(table: Table) -> list[str]:
    lines = [table.header, *table.rows]
    widths = [max(_width(line[at]) for line in lines) for at in range(len(table.header))]
    return [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True))
        for line in lines
    ]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
