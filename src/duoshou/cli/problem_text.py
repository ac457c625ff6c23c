"""What is odd in one file, each kind of problem once, with the rows where it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import one_line, shorten
from duoshou.model import Place
from duoshou.model.numbers import runs

if TYPE_CHECKING:
    from duoshou.warehouse.results import Problem, Problems

SHOWN_PROBLEMS = 5
SHOWN_RUNS = 4
LONGEST_VALUE = 24


def problem_lines(name: str, problems: Problems, session: Session) -> list[str]:
    """Return a line for each kind of problem of the file `name`, then how many more there are."""
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems.kept:
        key = (problem.code, problem.sheet, problem.column, problem.message.in_language(session.language))
        groups.setdefault(key, []).append(problem)
    shown = list(groups.values())[:SHOWN_PROBLEMS]
    lines = [_line(name, group, session) for group in shown]
    more = sum(problems.totals.values()) - sum(map(len, shown))
    if more > 0:
        lines.append(session.say(f"  {name} 另有 {more:,} 处，详见 --json", f"  {name}: {more:,} more, see --json"))
    return lines


def _line(name: str, group: Sequence[Problem], session: Session) -> str:
    first = group[0]
    parts = [Place(sheet=first.sheet).in_language(session.language)]
    rows = sorted({problem.row for problem in group if problem.row is not None})
    if rows:
        parts.append(session.say("行 ", "row " if len(rows) == 1 else "rows ") + _runs(rows, session))
    parts.append(Place(column=first.column).in_language(session.language))
    place = session.say("，", ", ").join(part for part in parts if part)
    where = session.say(f"（{place}）", f" ({place})") if place else ""
    text = first.message.in_language(session.language) + _example(group, session)
    return f"! {name}{where}{session.say('：', ': ')}{text}"


def _runs(rows: Sequence[int], session: Session) -> str:
    """Return rows as `2–4, 9`; of many runs the first ones."""
    texts = runs(rows)
    shown = session.say("、", ", ").join(texts[:SHOWN_RUNS])
    return shown + (session.say(" 等", " …") if len(texts) > SHOWN_RUNS else "")


def _example(group: Sequence[Problem], session: Session) -> str:
    value = next((problem.value for problem in group if problem.value), None)
    if value is None:
        return ""
    text = shorten(one_line(value), LONGEST_VALUE)
    if len(group) == 1:
        return session.say(f"（原文“{text}”）", f" (it says “{text}”)")
    return session.say(f"（如“{text}”）", f" (such as “{text}”)")
