"""Tasks in words and as JSON."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from duoshou.cli.session import Session
from duoshou.cli.width import one_line, shorten, table
from duoshou.model.numbers import relative_change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duoshou.loop.task import Step, Task

WIDEST_TITLE = 44
WIDEST_SUBJECT = 20


def tasks_text(tasks: Sequence[Task], total: int, today: date, session: Session) -> str:
    """Return tasks as a table, and how many more there are."""
    if not tasks:
        return session.say("没有这样的任务。", "There is no such task.")
    words = (
        *(("编号", "no."), ("到期", "due"), ("状态", "state"), ("给谁", "for"), ("负责人", "owner")),
        *(("对象", "subject"), ("任务", "task")),
    )
    lines = [table([session.say(*one) for one in words], [_row(one, today, session) for one in tasks], numeric=[True])]
    if total > len(tasks):
        more = total - len(tasks)
        lines.append(session.say(f"另有 {more} 个任务", f"{more} more tasks"))
    return "\n".join(lines)


def task_text(task: Task, steps: Sequence[Step], today: date, session: Session) -> str:
    """Return all that is known of a task, a line each."""
    from duoshou.loop.kinds import kinds

    what, expected = task.what, task.what.expected
    lines = [
        session.say(f"任务 {task.id}：{what.title}", f"Task {task.id}: {what.title}"),
        _line("状态", "state", _state(task, today, session), session),
        _line("对象", "subject", _subject(task), session),
        _line("给谁", "for", _who(task, session), session),
        _line("到期", "due", what.due_on.isoformat(), session),
        _line("预期", "expected", _expected(task, session), session),
    ]
    if what.guards:
        names = session.say("、", ", ").join(_metric(one, session) for one in what.guards)
        lines.append(_line("不能降", "must not fall", names, session))
    if what.change_kind in kinds():
        lines.append(_line("改什么", "changes", kinds()[what.change_kind].title.in_language(session.language), session))
    if what.finding_id is not None:
        lines.append(_line("来自发现", "from finding", what.finding_id, session))
    if expected.amount is not None:
        lines.append(_line("每月约值", "worth a month", f"{expected.amount:,}", session))
    if task.done_on is not None:
        lines.append(_line("完成于", "done on", task.done_on.isoformat(), session))
    lines += [f"  {line}" for line in what.detail.splitlines()]
    lines += [f"  {_step(one, session)}" for one in steps]
    return "\n".join(one_line(line) for line in lines)


def task_shape(task: Task, today: date) -> dict[str, Any]:
    """Return a task as JSON, and whether it is overdue."""
    return {**task.to_dict(), "overdue": task.is_overdue(today)}


def moment_text(moment: datetime, session: Session) -> str:
    """Return a moment as the clock shows it where the shop is."""
    return f"{moment.astimezone(ZoneInfo(session.workbench.settings.timezone)):%Y-%m-%d %H:%M}"


def _row(task: Task, today: date, session: Session) -> list[str]:
    from duoshou.access import role_title

    return [
        str(task.id),
        task.what.due_on.isoformat(),
        _state(task, today, session),
        role_title(task.what.owner_role).in_language(session.language),
        task.owner_name or "—",
        shorten(task.what.subject.name, WIDEST_SUBJECT),
        shorten(one_line(task.what.title), WIDEST_TITLE),
    ]


def _state(task: Task, today: date, session: Session) -> str:
    from duoshou.loop.checks import STATE_WORDS

    word = STATE_WORDS[task.state].in_language(session.language)
    late = session.say("·逾期", ", overdue") if task.is_overdue(today) else ""
    reason = f"{session.say('：', ': ')}{task.reason}" if task.reason else ""
    return f"{word}{late}{shorten(one_line(reason), WIDEST_TITLE)}"


def _subject(task: Task) -> str:
    one = task.what.subject
    return one.name if one.name == one.id else f"{one.name} ({one.type}:{one.id})"


def _who(task: Task, session: Session) -> str:
    from duoshou.access import role_title

    role = role_title(task.what.owner_role).in_language(session.language)
    return role if task.owner_name is None else f"{role} · {task.owner_name}"


def _expected(task: Task, session: Session) -> str:
    expected = task.what.expected
    by = session.say(f"，{expected.by} 前", f" by {expected.by}")
    return f"{_metric(expected.metric, session)} {relative_change(expected.change)}{by}"


def _metric(key: str, session: Session) -> str:
    found = session.workbench.catalogue.metrics.get(key)
    return key if found is None else found.title.in_language(session.language)


def _step(step: Step, session: Session) -> str:
    from duoshou.loop.checks import STATE_WORDS

    word = STATE_WORDS[step.state].in_language(session.language)
    told = f" · {step.note}" if step.note else ""
    return f"{moment_text(step.at, session)}  {word}  {step.by}{told}"


def _line(zh: str, en: str, value: str, session: Session) -> str:
    return f"  {session.say(zh, en)}{session.say('：', ': ')}{value}"
