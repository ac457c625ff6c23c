"""A workspace in one file, and back."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.app.conftest import LAST, make_workbench, put, shop_file

from duoshou.app import Workbench, backup, open_workbench
from duoshou.app.backup import MANIFEST, BackupError, restore
from duoshou.engine.duckdb import connect_reader
from duoshou.model import DuoshouError
from duoshou.warehouse import WarehouseLocked


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two imports, own sheets, an original, and a state; tests work on copies."""
    workbench = make_workbench(tmp_path_factory.mktemp("made"))
    put(workbench, "one.csv", shop_file(1), "main", LAST)
    put(workbench, "two.csv", shop_file(2), "main", LAST)
    folder = workbench.workspace.directory
    (folder / "sheets.toml").write_text("# own\n", encoding="utf-8")
    (folder / "imported" / "person.csv").write_text("name,phone\n", encoding="utf-8")
    with contextlib.closing(sqlite3.connect(folder / "state.sqlite")) as state:
        state.execute("CREATE TABLE task (id INTEGER)")
        state.execute("INSERT INTO task VALUES (7)")
        state.commit()
    return folder


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Workbench:
    """A workspace of the test's own."""
    return open_workbench(shutil.copytree(made, tmp_path / "shop"))


def rewritten(source: Path, target: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write a backup again with other members."""
    with zipfile.ZipFile(source) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target


def tables(workbench: Workbench) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table of the warehouse, in a fixed order."""
    with contextlib.closing(connect_reader(workbench.store.snapshot())) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return {name: connection.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in names}


def test_a_restored_workspace_is_the_same(shop: Workbench, tmp_path: Path) -> None:
    """Every table with its lineage, the settings, the key and the state come back; nothing else does."""
    shop.undo()
    before = tables(shop)
    assert before["shop_period"]
    done = shop.back_up(tmp_path / "shop.zip")
    back = restore(tmp_path / "shop.zip", tmp_path / "deep" / "new")
    again = open_workbench(tmp_path / "deep" / "new")
    assert tables(again) == before
    assert back.files == done.files
    assert back.rebuilt.rows == len(before["shop_period"])
    assert again.workspace.secret() == shop.workspace.secret()
    assert again.settings == shop.settings
    with contextlib.closing(sqlite3.connect(again.workspace.state)) as state:
        assert state.execute("SELECT id FROM task").fetchall() == [(7,)]
    # The numbers of batches that were taken back are not given again.
    assert len(list(again.workspace.archive.glob("undone/*.json"))) == 1


def test_a_backup_holds_what_it_should(shop: Workbench, tmp_path: Path) -> None:
    """No snapshot, no report, no original unless asked for; the manifest names every member with its hash."""
    path = shop.back_up(tmp_path / "a.zip").path
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        manifest = json.loads(archive.read(MANIFEST))
    assert {"duoshou.toml", "sheets.toml", ".key", "state.sqlite", MANIFEST} <= names
    assert not [name for name in names if name.startswith(("warehouse", "imported", "inbox", "reports"))]
    assert {entry["name"] for entry in manifest["files"]} == names - {MANIFEST}
    assert (manifest["format"], manifest["originals"]) == (1, False)
    with zipfile.ZipFile(shop.back_up(tmp_path / "b.zip", originals=True).path) as archive:
        assert "imported/person.csv" in archive.namelist()


@pytest.mark.skipif(os.name != "posix", reason="rights of files are otherwise there")
def test_nobody_else_may_read_it(shop: Workbench, tmp_path: Path) -> None:
    """The backup and the restored key are the owner's alone, whatever the umask."""
    old = os.umask(0)
    try:
        path = shop.back_up(tmp_path / "a.zip").path
        restore(path, tmp_path / "new")
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new" / ".key").stat().st_mode) == 0o600


def test_nothing_is_overwritten_unasked(shop: Workbench, tmp_path: Path) -> None:
    """A file that is there stays unless --force is given; a folder with anything in it is never restored into."""
    path = tmp_path / "a.zip"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(BackupError) as caught:
        shop.back_up(path)
    assert caught.value.code == "backup_exists"
    assert path.read_text(encoding="utf-8") == "mine"
    shop.back_up(path, force=True)
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(BackupError) as caught:
        restore(path, tmp_path / "new")
    assert caught.value.code == "restore_not_empty"
    assert [one.name for one in (tmp_path / "new").iterdir()] == ["mine.txt"]


def test_an_unwritable_place_leaves_nothing(shop: Workbench, tmp_path: Path) -> None:
    """A folder that is not there is a clear error, and no half of a file stays anywhere."""
    before = sorted(tmp_path.rglob("*.tmp"))
    with pytest.raises(BackupError) as caught:
        shop.back_up(tmp_path / "nowhere" / "a.zip")
    assert caught.value.code == "backup_unwritable"
    assert sorted(tmp_path.rglob("*.tmp")) == before


def cell_changed(members: dict[str, bytes]) -> None:
    """Change one byte of one archived file."""
    name = next(name for name in members if name.endswith(".parquet"))
    content = bytearray(members[name])
    content[len(content) // 2] ^= 1
    members[name] = bytes(content)


def member_lost(members: dict[str, bytes]) -> None:
    """Lose the key."""
    del members[".key"]


def member_added(members: dict[str, bytes]) -> None:
    """Add a file that the manifest does not name."""
    members["archive/extra.json"] = b"{}"


def manifest_lost(members: dict[str, bytes]) -> None:
    """Lose the manifest."""
    del members[MANIFEST]


def manifest_garbled(members: dict[str, bytes]) -> None:
    """Write something else into the manifest."""
    members[MANIFEST] = b"[1, 2"


def size_lied(members: dict[str, bytes]) -> None:
    """Say that a file is shorter than it is."""
    manifest = json.loads(members[MANIFEST])
    manifest["files"][0]["size"] = 3
    members[MANIFEST] = json.dumps(manifest).encode()


CHANGES = (cell_changed, member_lost, member_added, manifest_lost, manifest_garbled, size_lied)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_changed_backup_is_refused(
    shop: Workbench, tmp_path: Path, change: Callable[[dict[str, bytes]], None]
) -> None:
    """Whatever was changed, the message says so and nothing is left behind."""
    path = rewritten(shop.back_up(tmp_path / "a.zip").path, tmp_path / "b.zip", change)
    with pytest.raises(BackupError) as caught:
        restore(path, tmp_path / "out" / "new")
    assert caught.value.code == "backup_damaged"
    assert caught.value.place.file == str(path)
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_cut_backup_is_refused(shop: Workbench, tmp_path: Path, share: float) -> None:
    """A download that broke off is told from a whole file, wherever it was cut."""
    whole = shop.back_up(tmp_path / "a.zip").path.read_bytes()
    (tmp_path / "b.zip").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupError) as caught:
        restore(tmp_path / "b.zip", tmp_path / "new")
    assert caught.value.code == "backup_damaged"
    assert not (tmp_path / "new").exists()


HOSTILE = (
    "../evil.toml", "/tmp/evil.toml", "archive/../../evil", "archive\\evil", "C:evil.toml", "warehouse/current",
    "evil.sh", "archive//evil", "./duoshou.toml", "imported/../.key",
)  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_member_leaves_the_folder(shop: Workbench, tmp_path: Path, name: str) -> None:
    """A name that leads elsewhere, or that no backup gives, is refused although the manifest names it."""

    def change(members: dict[str, bytes]) -> None:
        manifest = json.loads(members[MANIFEST])
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        manifest["files"].append({"name": name, "size": 0, "sha256": empty})
        members[name] = b""
        members[MANIFEST] = json.dumps(manifest).encode()

    path = rewritten(shop.back_up(tmp_path / "a.zip").path, tmp_path / "b.zip", change)
    with pytest.raises(BackupError) as caught:
        restore(path, tmp_path / "out" / "new")
    assert caught.value.code == "backup_damaged"
    assert list((tmp_path / "out").iterdir()) == []
    assert not list(tmp_path.rglob("*evil*"))


def test_a_newer_form_asks_for_an_upgrade(shop: Workbench, tmp_path: Path) -> None:
    """A backup of a later format version is not guessed at."""

    def change(members: dict[str, bytes]) -> None:
        members[MANIFEST] = json.dumps({"format": 2, "other": True}).encode()

    path = rewritten(shop.back_up(tmp_path / "a.zip").path, tmp_path / "b.zip", change)
    with pytest.raises(BackupError) as caught:
        restore(path, tmp_path / "new")
    assert caught.value.code == "backup_too_new"


def test_an_import_taken_back_meanwhile_is_still_in_it(
    shop: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backup is of the moment at which it began: entries that move away while it is written are found."""
    before = tables(shop)
    write = backup._write

    def undone_first(*arguments: object) -> object:
        open_workbench(shop.workspace.directory).undo()
        return write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(backup, "_write", undone_first)
    shop.back_up(tmp_path / "a.zip")
    assert tables(open_workbench(shop.workspace.directory)) != before
    restore(tmp_path / "a.zip", tmp_path / "new")
    assert tables(open_workbench(tmp_path / "new")) == before


def test_a_half_import_is_waited_for(shop: Workbench, tmp_path: Path) -> None:
    """While another process writes, the backup waits; it gives up as an import does, with the same message."""
    settings = shop.workspace.settings_file
    text = settings.read_text(encoding="utf-8").replace("lock_wait_seconds = 60", "lock_wait_seconds = 0")
    settings.write_text(text, encoding="utf-8")
    impatient = open_workbench(shop.workspace.directory)
    held, leave = threading.Event(), threading.Event()

    def write() -> None:
        with shop.store.locked("import"):
            held.set()
            leave.wait(30)

    writer = threading.Thread(target=write)
    writer.start()
    assert held.wait(30)
    try:
        with pytest.raises(WarehouseLocked):
            impatient.back_up(tmp_path / "a.zip")
    finally:
        leave.set()
        writer.join()
    assert not (tmp_path / "a.zip").exists()
    assert impatient.back_up(tmp_path / "a.zip").files > 0


def test_a_missing_backup_is_a_clear_error(tmp_path: Path) -> None:
    """A path that names nothing is an error with that path."""
    with pytest.raises(DuoshouError) as caught:
        restore(tmp_path / "none.zip", tmp_path / "new")
    assert caught.value.code == "restore_failed"
