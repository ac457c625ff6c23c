"""The archive: what was read, as raw cells without personal data. The source of truth of the warehouse.

Each entry is a Parquet file and a JSON sidecar beside it, `archive/<first two digits>/<hash>[-part]`. The sidecar is
written last: an entry exists when its sidecar does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from duoshou.warehouse.durable import remove, replace_with, sync_directory, sync_file
from duoshou.warehouse.errors import DamagedArchive


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the sidecar says of one archived table of one file. It holds no personal data.

    Attributes:
        content_hash: SHA-256 of the original file, in hex.
        part: Which table of the file, or an empty string for its only one.
        layout: Key of the layout that read it.
        layout_digest: Digest of that layout as it was then.
        mapping: The mapping itself, when the user gave one.
        file: Name of the original file.
        sheet: Sheet of a workbook or member of a ZIP file.
        headers: Headers as found, made unique.
        first_row: Row of the first data row as a spreadsheet numbers it.
        rows: Data rows read.
        exported_at: When the platform made the export, UTC without a zone.
        shop: Key of the shop.
        platform: Platform of the shop or the layout.
        currency: Currency of the amounts.
        timezone: Time zone of the instants in the file.
        batch_id: Import that brought it.
        arrival: Position within that import, from 1.
        arrived_at: When it was imported, UTC without a zone.
        period_hint: What the file name or a notice says of the period, as `sources` writes it.
        mends: Name of the entry of which these rows, mended by a person, are the rejected ones.
    """

    content_hash: str
    part: str
    layout: str
    layout_digest: str
    mapping: str | None = None
    file: str
    sheet: str | None = None
    headers: tuple[str, ...]
    first_row: int
    rows: int
    exported_at: datetime
    shop: str
    platform: str
    currency: str
    timezone: str
    batch_id: str
    arrival: int
    arrived_at: datetime
    period_hint: str | None = None
    mends: str | None = None

    @property
    def name(self) -> str:
        """Name of the entry: the content hash, and the part where there is one."""
        return f"{self.content_hash}-{self.part}" if self.part else self.content_hash

    @property
    def position(self) -> tuple[datetime, str, str]:
        """Place in the fold: later entries win."""
        return (self.exported_at, self.content_hash, self.part)


class Archive:
    """The folder of archived entries."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def parquet(self, entry: Entry) -> Path:
        """Return where the raw cells of `entry` lie."""
        return self.path(entry.name)

    def path(self, name: str) -> Path:
        """Return where the raw cells of the entry called `name` lie."""
        return self.folder / name[:2] / f"{name}.parquet"

    def find(self, name: str) -> Entry | None:
        """Return the entry called `name`, if there is one."""
        sidecar = self.path(name).with_suffix(".json")
        return _read(sidecar) if sidecar.exists() else None

    def add(self, entry: Entry, raw: Path) -> None:
        """Move the Parquet file `raw` into the archive as `entry`; durable when this returns."""
        target = self.parquet(entry)
        target.parent.mkdir(parents=True, exist_ok=True)
        sync_file(raw)
        raw.replace(target)
        sync_directory(target.parent)
        replace_with(target.with_suffix(".json"), msgspec.json.encode(entry))

    def remove(self, name: str) -> None:
        """Delete the entry called `name`: first its sidecar, with which it ends to exist."""
        parquet = self.path(name)
        remove(parquet.with_suffix(".json"))
        remove(parquet)

    def take_out(self, name: str) -> None:
        """Move the entry called `name` into the folder of undone entries, where nothing reads it."""
        parquet = self.path(name)
        undone = self.folder / "undone"
        undone.mkdir(parents=True, exist_ok=True)
        for path in (parquet.with_suffix(".json"), parquet):
            if path.exists():
                path.replace(undone / path.name)

    def entries(self) -> list[Entry]:
        """Return all entries in the order of the fold."""
        sidecars = self.folder.glob("[0-9a-f][0-9a-f]/*.json")
        return sorted((_read(path) for path in sidecars), key=lambda entry: entry.position)

    def names(self) -> set[str]:
        """Return the names of all entries."""
        return {path.stem for path in self.folder.glob("[0-9a-f][0-9a-f]/*.json")}

    def remove_batch(self, batch_id: str) -> None:
        """Delete all entries of an import that was never published."""
        for entry in self.entries():
            if entry.batch_id == batch_id:
                self.remove(entry.name)

    def clean(self) -> None:
        """Delete raw cells without a sidecar and temporary files, which a killed writer left."""
        for path in self.folder.glob("[0-9a-f][0-9a-f]/.*.tmp"):
            remove(path)
        for path in self.folder.glob("[0-9a-f][0-9a-f]/*.parquet"):
            if not path.with_suffix(".json").exists():
                remove(path)

    def batch_ids(self) -> Iterable[str]:
        """Return the ids of batches that were undone, so that none is given twice."""
        return [_read(path).batch_id for path in (self.folder / "undone").glob("*.json")]


def _read(sidecar: Path) -> Entry:
    try:
        return msgspec.json.decode(sidecar.read_bytes(), type=Entry)
    except (OSError, msgspec.DecodeError) as error:
        raise DamagedArchive(sidecar, str(error)) from error
