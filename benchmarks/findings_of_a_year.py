"""Tells what the diagnosis would have told on each day of a year of real orders, one line a trouble.

    PYTHONPATH=src:. .venv/bin/python -m benchmarks.findings_of_a_year WORKSPACE --from 2011-03-01 --to 2011-12-08

What is usual is learnt anew every eight weeks from what lies before. A trouble is written as it stood on its last day.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from duoshou.app import open_workbench
from duoshou.app.diagnosis import replay
from duoshou.model import Finding

REFIT = 56


@dataclass
class Spell:
    """A trouble as it was told.

    Attributes:
        first: First day on which it was told.
        last: Last day.
        days: Number of days on which it was told.
        finding: Its words of the last day.
    """

    first: date
    last: date
    days: int
    finding: Finding

    def line(self) -> str:
        """Return it in one line: when it was told, cause and its weight, loss with its interval, headline."""
        one = self.finding
        lost = next((each.rows[0][2:] for each in one.evidence if each.id == "loss"), ("", "", ""))
        cause = f"{one.causes[0].kind} {one.causes[0].share:.2f}" if one.causes else "-"
        told = (self.first, self.last, str(self.days), one.kind, cause, *lost, one.headline.en)
        return "\t".join(str(part) for part in told)


def spells(workspace: Path, first: date, last: date) -> list[Spell]:
    """Return every trouble of the days, in the order in which they were first told."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    found: dict[str, Spell] = {}
    with open_workbench(workspace) as workbench:
        for day, findings in replay(workbench, days, refit=REFIT):
            for one in findings:
                before = found.get(one.id)
                found[one.id] = Spell(before.first if before else day, day, before.days + 1 if before else 1, one)
            sys.stderr.write(f"{day} {len(findings)}\n")
    return list(found.values())


def main() -> None:
    """Write the troubles to standard output, tab-separated."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
    asked = parser.parse_args()
    print("first told\tlast told\tdays\tkind\tcause\tlost\tlow\thigh\theadline")
    for one in spells(asked.workspace, asked.first, asked.last):
        print(one.line())


if __name__ == "__main__":
    main()
