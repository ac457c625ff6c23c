"""What can go wrong with the warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from duoshou.model import DuoshouError, Place, Text


class WarehouseError(DuoshouError):
    """Base of every error of this layer."""


class WarehouseLocked(WarehouseError):
    """Another process writes to the warehouse.

    Attributes:
        holder: What is known of it: `pid`, `host`, `command`, `since`.
    """

    def __init__(self, holder: dict[str, Any]) -> None:
        self.holder = holder
        who = f"PID {holder.get('pid', '?')} @ {holder.get('host', '?')}"
        command, since = holder.get("command", "?"), holder.get("since", "?")
        super().__init__(
            "warehouse_locked",
            Text(
                f"另一个进程正在写入本工作区：{who}，命令“{command}”，自 {since} 起",
                f"another process is writing to this workspace: {who}, command '{command}', since {since}",
            ),
            hint=Text(
                "等它结束后再试；查询和报表不受影响", "try again when it is done; queries and reports go on meanwhile"
            ),
        )


class UnknownBatch(WarehouseError):
    """A batch that the warehouse does not hold."""

    def __init__(self, batch_id: str | None) -> None:
        name = batch_id or "-"
        super().__init__(
            "unknown_batch",
            Text("没有可以撤销的导入", "there is no import to take back")
            if batch_id is None
            else Text(f"没有批次 {name}", f"there is no batch {name}"),
            hint=Text("批次号见导入结果", "the result of an import names its batch"),
        )


class DamagedArchive(WarehouseError):
    """An archive entry that cannot be read again."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            "damaged_archive",
            Text(f"归档文件 {path.name} 无法读取：{why}", f"the archived file {path.name} cannot be read: {why}"),
            hint=Text("从备份恢复 archive/ 目录", "restore the folder archive/ from a backup"),
            place=Place(file=str(path)),
        )


class UnreadableSnapshot(WarehouseError):
    """The pointer names a snapshot that is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "unreadable_snapshot",
            Text(f"数据仓库文件 {path.name} 不存在或已损坏", f"the warehouse file {path.name} is missing or damaged"),
            hint=Text("运行 duoshou rebuild 由归档重建", "make it again from the archive with duoshou rebuild"),
            place=Place(file=str(path)),
        )
