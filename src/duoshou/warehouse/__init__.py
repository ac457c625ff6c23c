"""Canonical tables, idempotent load with lineage, archive and snapshots.

store = Store(workspace, settings)
with store.writer("import") as session:
    results = import_paths(session, paths, ImportOptions(…))
store.snapshot()                         # the file that readers open
"""

from duoshou.warehouse.errors import DamagedArchive, UnknownBatch, UnreadableSnapshot, WarehouseError, WarehouseLocked
from duoshou.warehouse.importing import ImportOptions, import_paths
from duoshou.warehouse.interpret import Interpreter, LayoutInterpreter
from duoshou.warehouse.rejected import RejectedRow, RejectedRows, UnknownEntry, entry_named, rejected_rows
from duoshou.warehouse.results import FileResult, Problem, Problems, TableCounts
from duoshou.warehouse.schema import Column, Table, load_tables
from duoshou.warehouse.session import Session
from duoshou.warehouse.store import Store
from duoshou.warehouse.undo import RebuildReport, UndoReport, rebuild, undo

__all__ = [
    "Column",
    "DamagedArchive",
    "FileResult",
    "ImportOptions",
    "Interpreter",
    "LayoutInterpreter",
    "Problem",
    "Problems",
    "RebuildReport",
    "RejectedRow",
    "RejectedRows",
    "Session",
    "Store",
    "Table",
    "TableCounts",
    "UndoReport",
    "UnknownBatch",
    "UnknownEntry",
    "UnreadableSnapshot",
    "WarehouseError",
    "WarehouseLocked",
    "entry_named",
    "import_paths",
    "load_tables",
    "rebuild",
    "rejected_rows",
    "undo",
]
