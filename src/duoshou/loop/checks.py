"""What a task or a change must hold before it is written down."""

from __future__ import annotations

import math

from duoshou.loop.errors import TaskRefused
from duoshou.loop.kinds import kind_of
from duoshou.loop.task import EFFORTS, NewTask
from duoshou.model import TaskState, Text

LONGEST_TITLE = 200
LONGEST_TEXT = 4000
STATE_WORDS = {
    TaskState.PROPOSED: Text("待接", "proposed"),
    TaskState.ACCEPTED: Text("已接", "accepted"),
    TaskState.DOING: Text("进行中", "being done"),
    TaskState.DONE: Text("已完成", "done"),
    TaskState.EVALUATED: Text("已评估", "evaluated"),
    TaskState.DECLINED: Text("不做", "declined"),
}


def check_new_task(new: NewTask) -> None:
    """Raise where a task lacks what is mandatory or cannot be meant.

    Raises:
        TaskRefused: It says what is wrong and how to mend it.
        ChangeRefused: If it names a kind of change that there is not.
    """
    if not new.title.strip() or len(new.title) > LONGEST_TITLE or len(new.detail) > LONGEST_TEXT:
        raise TaskRefused(
            "task_title",
            Text(f"任务要有一行标题，最多 {LONGEST_TITLE} 字", f"a task needs a title of at most {LONGEST_TITLE}"),
            hint=Text("一句话写清要做什么", "say in one sentence what is to be done"),
        )
    expected = new.expected
    if not expected.metric.strip() or not math.isfinite(expected.change) or expected.change == 0:
        raise TaskRefused(
            "task_without_expectation",
            Text("任务要写明预期：哪个指标、变多少", "a task says which metric should move, and by how much"),
            hint=Text("例如：访客 +10 %，14 天内", "such as: visitors +10 % within 14 days"),
        )
    if expected.by < new.due_on:
        raise TaskRefused(
            "expected_before_due",
            Text(
                f"预期在 {expected.by} 见效，早于 {new.due_on} 完成",
                f"the effect is expected by {expected.by}, before the task is due on {new.due_on}",
            ),
            hint=Text("见效日不早于完成日", "let the effect show on the day it is due, or later"),
        )
    if new.effort not in EFFORTS:
        raise TaskRefused(
            "task_effort",
            Text(f"工作量“{new.effort}”不认识", f"the effort {new.effort!r} is unknown"),
            hint=Text("可用：minutes、hours、days", "there are: minutes, hours, days"),
        )
    if new.change_kind is not None:
        kind_of(new.change_kind)


def refused_step(task: int, now: TaskState, to: TaskState) -> TaskRefused:
    """Return the error of a step that a task cannot take."""
    is_, becomes = STATE_WORDS[now], STATE_WORDS[to]
    return TaskRefused(
        "task_step",
        Text(
            f"任务 {task} 是“{is_.zh}”，不能变成“{becomes.zh}”",
            f"task {task} is {is_.en} and cannot become {becomes.en}",
        ),
        hint=Text("先接下任务，再完成；不做的可以重新提出", "take it on first; a declined one can be proposed again"),
    )
