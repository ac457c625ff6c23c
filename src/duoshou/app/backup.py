"""A workspace in one file: state, archive, settings and keys; and the way back.

The file is a ZIP archive. Its last member, `manifest.json`, names every other member with its size and SHA-256. The
warehouse is not in it: it is made again from the archive.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

import msgspec

from duoshou import __version__
from duoshou.app.results import BackedUp, Restored
from duoshou.model import DuoshouError, Place, Text
from duoshou.settings import Workspace

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

FORMAT = 1
MANIFEST = "manifest.json"
CHUNK = 1 << 20
PRIVATE = 0o600
ORIGINALS = "imported"
STATE = "state.sqlite"
# Members that a backup may hold: what lies at the top, and folders with all that is in them.
TOP = (".key", STATE)
FOLDERS = ("archive", "layouts", ORIGINALS)
PACKED = (".parquet", ".xlsx", ".zip", ".gz")


class BackupError(DuoshouError):
    """A backup that cannot be made or cannot be used."""

    @classmethod
    def damaged(cls, path: Path, zh: str, en: str) -> BackupError:
        """Return the error for a file that is not, or no longer, a whole backup."""
        return cls(
            "backup_damaged",
            Text(f"备份文件不完整或被改动：{zh}", f"the backup is damaged or was changed: {en}"),
            hint=Text("换一份备份；没有写入任何文件", "take another backup; nothing was written"),
            place=Place(file=str(path)),
        )


class Member(msgspec.Struct, frozen=True):
    """One file of a backup: its name in the workspace, its length in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says of itself.

    Attributes:
        format: Version of this form.
        version: Version of the product that made it.
        workspace: Name of the workspace.
        created_at: When, UTC.
        originals: Whether imported originals, which may hold personal data, are in it.
        files: Every other member.
    """

    format: int
    version: str
    workspace: str
    created_at: str
    originals: bool
    files: tuple[Member, ...]


def back_up(workbench: Workbench, path: Path, *, force: bool = False, originals: bool = False) -> BackedUp:
    """Write a backup of the workspace, readable by its owner alone, whole or not at all.

    Other processes may import meanwhile: the backup holds what was whole when it began.

    Args:
        workbench: The workspace.
        path: The file to write.
        force: Whether a file that is there is replaced.
        originals: Whether the imported originals go in too; they may hold personal data.

    Raises:
        BackupError: If the file is there already or cannot be written.
        WarehouseLocked: If another process keeps writing.
    """
    target = path.expanduser().absolute()
    if target.exists() and not force:
        raise BackupError(
            "backup_exists",
            Text(f"{target} 已经存在", f"{target} is there already"),
            hint=Text("换一个文件名，或加 --force 覆盖", "choose another name, or replace it with --force"),
        )
    half = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with tempfile.TemporaryDirectory(prefix="duoshou-") as scratch:
            chosen = _chosen(workbench, Path(scratch), originals)
            descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE)
            with os.fdopen(descriptor, "wb") as file:
                members = _write(file, chosen, workbench.settings.name, originals)
                file.flush()
                os.fsync(file.fileno())
        if not force and target.exists():
            raise FileExistsError(17, "File exists", str(target))
        half.replace(target)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BackupError(
            "backup_unwritable",
            Text(f"写不了备份：{reason}", f"the backup cannot be written: {reason}"),
            hint=Text("检查目录、权限和剩余空间", "check the folder, your rights and the free space"),
            place=Place(file=str(target)),
        ) from error
    finally:
        half.unlink(missing_ok=True)
    return BackedUp(target, len(members), target.stat().st_size)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """One file to back up: its name in the backup, and its bytes or where it lies."""

    name: str
    path: Path
    content: bytes | None = None

    @contextlib.contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the file; an archive entry that was taken back meanwhile lies among the undone ones."""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            file = (self.path.parents[1] / "undone" / self.path.name).open("rb")
        with file:
            yield file


def _chosen(workbench: Workbench, scratch: Path, originals: bool) -> list[_Chosen]:
    """Return what goes into the backup, as it is while nobody writes.

    Small files, which may change, are read at once; the raw cells of archive entries never change.
    """
    workspace = workbench.workspace
    with workbench.store.locked("backup"):
        chosen = _state(workbench, scratch)
        for path in _files(workspace, originals):
            name = path.relative_to(workspace.directory).as_posix()
            if path.suffix in {".json", ".toml"} or name == ".key":
                chosen.append(_Chosen(name, path, path.read_bytes()))
            else:
                chosen.append(_Chosen(name, path))
    return chosen


def _files(workspace: Workspace, originals: bool) -> Iterable[Path]:
    directory = workspace.directory
    yield from sorted(path for path in directory.glob("*.toml") if path.is_file())
    yield from (path for path in (workspace.key_file,) if path.is_file())
    for folder in FOLDERS:
        if folder != ORIGINALS or originals:
            found = (directory / folder).rglob("*")
            yield from sorted(path for path in found if path.is_file() and not _is_temporary(path))


def _is_temporary(path: Path) -> bool:
    return path.name.startswith(".") and path.suffix == ".tmp"


def _state(workbench: Workbench, scratch: Path) -> list[_Chosen]:
    """Return the state as one SQLite file, wherever it is kept; nothing where there is none yet."""
    copy, path = scratch / STATE, workbench.workspace.state
    if workbench.settings.state.url:
        from duoshou.state import write_file

        write_file(workbench.state, copy)
    elif path.is_file():
        _copy_database(path, copy)
    else:
        return []
    return [_Chosen(STATE, copy)]


def _copy_database(path: Path, copy: Path) -> None:
    """Copy a database as it is between two transactions, with what its log holds."""
    with (
        contextlib.closing(sqlite3.connect(path)) as source,
        contextlib.closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
        # One file, readable where nothing may be written.
        target.execute("PRAGMA journal_mode = DELETE")


def _write(file: IO[bytes], chosen: Iterable[_Chosen], name: str, originals: bool) -> list[Member]:
    members = []
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in chosen:
            entry = _entry(one.name)
            if one.content is not None:
                archive.writestr(entry, one.content)
                members.append(Member(one.name, len(one.content), hashlib.sha256(one.content).hexdigest()))
                continue
            with one.open() as source, archive.open(entry, "w", force_zip64=True) as target:
                members.append(Member(one.name, *_copy(source, target)))
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        manifest = Manifest(FORMAT, __version__, name, moment, originals, tuple(members))
        archive.writestr(_entry(MANIFEST), msgspec.json.format(msgspec.json.encode(manifest)))
    return members


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    entry.external_attr = PRIVATE << 16
    entry.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
    return entry


def _copy(source: IO[bytes], target: IO[bytes], most: int | None = None) -> tuple[int, str]:
    """Copy a file in pieces and return its length and SHA-256; stop after more than `most` bytes."""
    size, digest = 0, hashlib.sha256()
    while piece := source.read(CHUNK):
        size += len(piece)
        digest.update(piece)
        if most is not None and size > most:
            break
        target.write(piece)
    return size, digest.hexdigest()


def restore(path: Path, directory: Path) -> Restored:
    """Make a workspace from a backup, verify every file, and make its warehouse again.

    Args:
        path: The backup.
        directory: A folder that is empty or not there.

    Raises:
        BackupError: If the folder holds anything, or the backup is cut, changed, or from a newer version.
        DamagedArchive: If an archived file cannot be read; the files are restored nevertheless.
    """
    from duoshou.app.workbench import open_workbench

    source, target = path.expanduser().absolute(), directory.expanduser().absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupError(
            "restore_not_empty",
            Text(f"{target} 不是空目录", f"{target} is not an empty folder"),
            hint=Text("换一个新目录；还原不会覆盖任何文件", "name a new folder; nothing is ever overwritten"),
        )
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        half = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent))
        try:
            members = _extract(source, half)
            # Where the rename cannot take the place of an empty folder, the folder goes first.
            if target.exists():
                target.rmdir()
            half.replace(target)
        finally:
            shutil.rmtree(half, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise BackupError(
            "restore_failed",
            Text(f"无法还原：{reason}", f"cannot restore: {reason}"),
            hint=Text("检查文件、权限和剩余空间", "check the file, your rights and the free space"),
            place=Place(file=str(source)),
        ) from error
    with open_workbench(target) as workbench:
        for folder in (workbench.workspace.inbox, workbench.workspace.imported, workbench.workspace.reports):
            folder.mkdir(exist_ok=True)
        return Restored(target, len(members), workbench.rebuild())


def _extract(source: Path, folder: Path) -> tuple[Member, ...]:
    """Write every member of the backup below `folder` and return them, each found to be as it was."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest(source, archive)
            for member in manifest.files:
                _extract_one(source, archive, member, folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BackupError.damaged(source, f"不是完整的 ZIP（{error}）", f"not a whole ZIP ({error})") from error
    return manifest.files


def _manifest(source: Path, archive: zipfile.ZipFile) -> Manifest:
    names = archive.namelist()
    if MANIFEST not in names:
        raise BackupError.damaged(source, f"没有 {MANIFEST}", f"there is no {MANIFEST}")
    content = archive.read(MANIFEST)
    try:
        version = msgspec.json.decode(content, type=dict[str, Any]).get("format")
        if isinstance(version, int) and version > FORMAT:
            raise BackupError(
                "backup_too_new",
                Text(
                    f"备份的格式版本是 {version}，比本程序新",
                    f"the backup has format {version}, newer than this program",
                ),
                hint=Text("先升级舵手", "upgrade Duoshou first"),
                place=Place(file=str(source)),
            )
        manifest = msgspec.json.decode(content, type=Manifest)
    except msgspec.DecodeError as error:
        raise BackupError.damaged(source, f"{MANIFEST} 无法读取", f"{MANIFEST} cannot be read") from error
    listed = [member.name for member in manifest.files]
    if sorted([*listed, MANIFEST]) != sorted(names):
        raise BackupError.damaged(source, "文件清单与内容不符", "the list of files does not fit the content")
    for name in listed:
        if not _is_allowed(name):
            raise BackupError.damaged(source, f"不该有的文件 {name}", f"the file {name} does not belong there")
    return manifest


def _is_allowed(name: str) -> bool:
    """Return whether a name is one that a backup gives: no way out of the folder, nothing but what is backed up."""
    path = PurePosixPath(name)
    if path.is_absolute() or path.as_posix() != name or ".." in path.parts or any(mark in name for mark in "\\:\0"):
        return False
    if len(path.parts) == 1:
        return name in TOP or path.suffix == ".toml"
    return path.parts[0] in FOLDERS


def _extract_one(source: Path, archive: zipfile.ZipFile, member: Member, folder: Path) -> None:
    path = folder / member.name
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "wb") as target, archive.open(member.name) as content:
        found = _copy(content, target, member.size)
    if found != (member.size, member.sha256):
        raise BackupError.damaged(source, f"{member.name} 的校验和不符", f"the checksum of {member.name} is wrong")
