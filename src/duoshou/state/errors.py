"""What can go wrong with the state.

StateError
├── StateUnusable   the database cannot be opened, read or written
├── StateTooNew     a newer version of the program made it
├── StateForeign    its tables are somebody else's
├── StateBusy       another process keeps writing
├── UnknownFinding  no such finding was ever recorded
└── RefusedDecision a decision that cannot be meant
"""

from __future__ import annotations

from duoshou.model import DuoshouError, Place, Text


class StateError(DuoshouError):
    """Base of every error of this layer. No message ever holds the address of the database with its password."""


class StateUnusable(StateError):
    """A database that cannot be opened, read or written."""

    def __init__(self, place: str, reason: str, hint: Text | None = None) -> None:
        super().__init__(
            "state_unusable",
            Text(f"状态库用不了：{reason}", f"the state database cannot be used: {reason}"),
            hint=hint
            or Text(
                "检查磁盘、权限，或数据库服务是否在运行；运行 duoshou doctor 查看",
                "check the disk, your rights, or whether the server runs; see duoshou doctor",
            ),
            place=Place(file=place),
        )


class StateTooNew(StateError):
    """A database that a newer version of the program has migrated."""

    def __init__(self, place: str, revision: str) -> None:
        super().__init__(
            "state_too_new",
            Text(
                f"状态库的版本是 {revision}，比本程序新",
                f"the state database has version {revision}, newer than this program",
            ),
            hint=Text("请升级舵手；没有改动任何数据", "upgrade Duoshou; nothing was changed"),
            place=Place(file=place),
        )


class StateForeign(StateError):
    """A database in which the names of our tables are taken by tables of another program."""

    def __init__(self, place: str, tables: list[str]) -> None:
        listed = ", ".join(tables)
        super().__init__(
            "state_foreign",
            Text(
                f"数据库里已有别的程序的表：{listed}",
                f"tables of another program are in the database: {listed}",
            ),
            hint=Text("换一个空的数据库；没有改动任何数据", "take an empty database; nothing was changed"),
            place=Place(file=place),
        )


class StateBusy(StateError):
    """Another process keeps writing."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "state_busy",
            Text("另一个进程一直在写状态库", "another process keeps writing to the state database"),
            hint=Text("等它结束后再试；没有写入任何内容", "try again when it is done; nothing was written"),
            place=Place(file=place),
        )


class UnknownFinding(StateError):
    """A finding that was never recorded for the shop."""

    def __init__(self, shop: str, finding_id: str) -> None:
        super().__init__(
            "unknown_finding",
            Text(f"店铺 {shop} 没有编号为 {finding_id} 的发现", f"shop {shop} has no finding {finding_id}"),
            hint=Text("编号见 duoshou findings --json", "duoshou findings --json gives the ids"),
        )


class RefusedDecision(StateError):
    """A decision that cannot be meant."""
