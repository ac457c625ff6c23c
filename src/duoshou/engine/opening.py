"""Opens the engine that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.engine.backend import Backend
from duoshou.engine.errors import EngineError
from duoshou.model import Text

if TYPE_CHECKING:
    from duoshou.settings import Settings


def open_backend(settings: Settings, snapshot: Path | None) -> Backend:
    """Return a read-only backend: a DuckDB snapshot, or Spark over Parquet when the settings say so.

    Raises:
        EngineError: If there is no snapshot, or the engine cannot be opened.
        EngineMissing: If something that the engine needs is not installed.
    """
    if settings.engine.kind == "spark":
        from duoshou.engine.spark import SparkBackend

        return SparkBackend.open(settings.engine)
    if snapshot is None:
        raise EngineError(
            "no_snapshot",
            Text("还没有数据仓库", "there is no warehouse yet"),
            hint=Text("请先导入文件：duoshou import", "import files first: duoshou import"),
        )
    from duoshou.engine.reader import DuckDBBackend

    return DuckDBBackend.open(snapshot, settings.engine)
