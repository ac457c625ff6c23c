"""Making the warehouse again from the archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from duoshou.warehouse.archive import Entry
from duoshou.warehouse.errors import DamagedArchive
from duoshou.warehouse.load import LoadFailed, load_entry
from duoshou.warehouse.results import FileResult
from duoshou.warehouse.session import Session

Progress = Callable[[int, int, str], None]


def replay(session: Session, entries: Sequence[Entry], progress: Progress | None = None) -> int:
    """Load `entries` in the order of the fold into the empty copy of `session`; return the rows read.

    Args:
        session: A session that began from nothing.
        entries: Entries of the archive.
        progress: Called before each entry with how many are done, how many there are, and the file's name.

    Raises:
        DamagedArchive: If an entry cannot be read any more.
    """
    rows = 0
    ordered = sorted(entries, key=lambda entry: entry.position)
    for number, entry in enumerate(ordered):
        if progress is not None:
            progress(number, len(ordered), entry.file)
        session.replay(entry)
        result = FileResult(entry.file, entry.layout)
        try:
            load_entry(session, entry, result)
        except LoadFailed as failure:
            raise DamagedArchive(session.parquet(entry), str(failure.error.message)) from failure
        rows += result.main.rows_read
    session.changed = True
    return rows
