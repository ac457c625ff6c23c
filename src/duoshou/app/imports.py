"""Files → warehouse: which files, which shop, and what becomes of the originals."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from duoshou.app.results import ImportReport
from duoshou.model import Place, Text
from duoshou.sources import SourceError, load_mapping
from duoshou.warehouse import FileResult, ImportOptions, LayoutInterpreter, Store, entry_named, import_paths

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

Progress = Callable[[str, float], None]

# What programs leave in a folder while they work on a file that is not yet whole.
UNFINISHED = (".part", ".crdownload", ".download", ".tmp")
LEFTOVERS = ("~$", ".")


def open_store(workbench: Workbench) -> Store:
    """Return the warehouse of a workspace, reading with the workspace's own layouts too."""
    return Store(workbench.workspace, workbench.settings, LayoutInterpreter(workbench.layouts))


def waiting_files(inbox: Path) -> list[Path]:
    """Return the files in the inbox and its folders, in the order of their names; leftovers are not files."""
    if not inbox.is_dir():
        return []
    return sorted(
        path
        for path in inbox.rglob("*")
        if path.is_file() and not path.name.startswith(LEFTOVERS) and path.suffix.lower() not in UNFINISHED
    )


def import_files(
    workbench: Workbench,
    files: Sequence[Path],
    *,
    layout: str | None,
    mapping: Path | None,
    dry_run: bool,
    shop: str | None,
    progress: Progress | None,
) -> ImportReport:
    """Import files, or the inbox; see `Workbench.import_files`."""
    inbox = workbench.workspace.inbox
    paths = [_existing(path) for path in files] if files else waiting_files(inbox)
    if not paths:
        if not dry_run:
            _take_up_costs(workbench, progress)
        return ImportReport((), workbench.settings.language, dry_run)
    return _import(workbench, paths, _options(workbench, layout, mapping, shop), dry_run=dry_run, progress=progress)


def import_mended(workbench: Workbench, entry: str, file: Path, *, progress: Progress | None = None) -> ImportReport:
    """Import rows of an archived table that were mended: as that table was read, for its shop, and to count after it.

    Args:
        workbench: The workspace.
        entry: Name of the archived table.
        file: The mended rows, under the headers of the table.
        progress: Called with what is being done and the share that is done, from 0 to 1.

    Raises:
        UnknownEntry: If there is no such table.
        WarehouseLocked: If another process keeps writing.
    """
    mended = entry_named(workbench.store, entry)
    options = _options(workbench, None if mended.mapping else mended.layout, None, mended.shop)
    options = replace(options, mapping=mended.mapping, mends=mended)
    return _import(workbench, [_existing(file)], options, dry_run=False, progress=progress)


def _import(
    workbench: Workbench, paths: list[Path], options: ImportOptions, *, dry_run: bool, progress: Progress | None
) -> ImportReport:
    with workbench.store.writer("import", waiting=_tell_waiting(workbench, progress), dry_run=dry_run) as session:
        results = import_paths(session, paths, options, _shares(progress))
    if not dry_run:
        _put_away(workbench, paths, results)
    return ImportReport(tuple(results), workbench.settings.language, dry_run)


def _take_up_costs(workbench: Workbench, progress: Progress | None) -> None:
    """Compute the contributions again where the cost settings changed since the last import."""
    if workbench.settings.engine.kind == "duckdb" and workbench.store.costs_changed():
        with workbench.store.writer("costs", waiting=_tell_waiting(workbench, progress)):
            pass


def _existing(path: Path) -> Path:
    """Return the absolute path of a file.

    Raises:
        SourceError: If there is no such file.
    """
    absolute = path.expanduser().absolute()
    if absolute.is_file():
        return absolute
    kind = Text("是一个文件夹", "is a folder") if absolute.is_dir() else Text("不存在", "does not exist")
    raise SourceError(
        "no_such_file",
        Text(f"文件 {path} {kind.zh}", f"the file {path} {kind.en}"),
        hint=Text("写文件的路径，或放进 inbox/ 后不写文件名", "name files, or drop them into inbox/ and name none"),
        place=Place(file=str(path)),
    )


def _options(workbench: Workbench, layout: str | None, mapping: Path | None, shop: str | None) -> ImportOptions:
    settings = workbench.settings
    if layout is not None:
        workbench.layouts.get_or_raise(layout)
    if mapping is not None:
        load_mapping(mapping, known=workbench.layouts)
    return ImportOptions(
        layouts=workbench.layouts,
        secret=workbench.workspace.secret(),
        shop=settings.shop(shop).key,
        timezone=settings.timezone,
        currency=settings.currency,
        layout_key=layout,
        mapping=mapping.read_text(encoding="utf-8") if mapping is not None else None,
    )


def _shares(progress: Progress | None) -> Callable[[int, int, str], None] | None:
    if progress is None:
        return None
    return lambda done, all_of_them, name: progress(name, done / max(all_of_them, 1))


def _tell_waiting(workbench: Workbench, progress: Progress | None) -> Callable[[dict[str, Any]], None] | None:
    if progress is None:
        return None

    def tell(holder: dict[str, Any]) -> None:
        text = Text(f"等待另一个进程（{holder.get('pid')}）", f"waiting for process {holder.get('pid')}")
        progress(text.in_language(workbench.settings.language), 0.0)

    return tell


def _put_away(workbench: Workbench, paths: Sequence[Path], results: Sequence[FileResult]) -> None:
    """Move the originals whose every table is safe in the warehouse out of the inbox, or delete them.

    A file that could not be read, or whose layout is unknown, stays in the inbox and is reported.
    """
    inbox, imported = workbench.workspace.inbox, workbench.workspace.imported
    for path in paths:
        mine = [result for result in results if result.file == path.name]
        if not path.is_relative_to(inbox) or not mine or any(result.error is not None for result in mine):
            continue
        if workbench.settings.privacy.originals == "delete":
            path.unlink(missing_ok=True)
            continue
        imported.mkdir(exist_ok=True)
        _move(path, imported)


def _move(path: Path, folder: Path) -> None:
    """Move a file into a folder; another file of the same name there gets company, not replaced."""
    target = folder / path.name
    if target.exists():
        if _digest(target) == _digest(path):
            path.unlink()
            return
        target = folder / f"{path.stem}-{_digest(path)[:8]}{path.suffix}"
    try:
        path.replace(target)
    except OSError:  # another file system
        shutil.move(path, target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
