"""What can go wrong in the closed loop.

LoopError
├── UnknownTask, UnknownChange, UnknownNotice, UnknownTrial, UnknownEffect   no such thing in the shop
├── TaskTaken       somebody else was first
├── TaskRefused     a task, or a step of it, that cannot be meant
├── ChangeRefused   a change that cannot be meant
├── TrialRefused    a test, or a count of it, that cannot be meant
└── LoopDataError   a file of the loop's own data that cannot be used
"""

from __future__ import annotations

from duoshou.model import DuoshouError, Text


class LoopError(DuoshouError):
    """Base of every error of this layer."""


class UnknownTask(LoopError):
    """A task that the shop does not have."""

    def __init__(self, shop: str, task: int) -> None:
        super().__init__(
            "unknown_task",
            Text(f"店铺 {shop} 没有编号为 {task} 的任务", f"shop {shop} has no task {task}"),
            hint=Text("编号见 duoshou tasks", "duoshou tasks gives the numbers"),
        )


class UnknownChange(LoopError):
    """A change that the shop does not have."""

    def __init__(self, shop: str, change: int) -> None:
        super().__init__(
            "unknown_change",
            Text(f"店铺 {shop} 没有编号为 {change} 的改动", f"shop {shop} has no change {change}"),
            hint=Text("编号见 duoshou change list", "duoshou change list gives the numbers"),
        )


class UnknownNotice(LoopError):
    """A notice that the shop does not have."""

    def __init__(self, shop: str, notice: int) -> None:
        super().__init__(
            "unknown_notice",
            Text(f"店铺 {shop} 没有编号为 {notice} 的通知", f"shop {shop} has no notice {notice}"),
            hint=Text("编号见 duoshou notices", "duoshou notices gives the numbers"),
        )


class UnknownTrial(LoopError):
    """A test that the shop does not have."""

    def __init__(self, shop: str, trial: int) -> None:
        super().__init__(
            "unknown_trial",
            Text(f"店铺 {shop} 没有编号为 {trial} 的测试", f"shop {shop} has no test {trial}"),
            hint=Text("编号见 duoshou ab list", "duoshou ab list gives the numbers"),
        )


class UnknownEffect(LoopError):
    """An effect that the shop does not have."""

    def __init__(self, shop: str, effect: str) -> None:
        super().__init__(
            "unknown_effect",
            Text(f"店铺 {shop} 没有编号为 {effect} 的效果", f"shop {shop} has no effect {effect}"),
            hint=Text("编号见 duoshou effects", "duoshou effects gives the ids"),
        )


class TaskTaken(LoopError):
    """A task that somebody else has taken on already.

    Attributes:
        by: Who.
    """

    def __init__(self, task: int, by: str, since: str) -> None:
        super().__init__(
            "task_taken",
            Text(f"任务 {task} 已由 {by} 于 {since} 接下", f"task {task} was taken on by {by} at {since}"),
            hint=Text("看看这个任务，或和对方商量", "look at the task, or talk to them"),
        )
        self.by = by


class TaskRefused(LoopError):
    """A task, or a step of it, that cannot be meant."""


class ChangeRefused(LoopError):
    """A change that cannot be meant."""


class TrialRefused(LoopError):
    """A test, or a count of it, that cannot be meant."""


class LoopDataError(LoopError):
    """A file of the loop's own data that cannot be used."""
