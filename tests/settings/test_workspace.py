"""The folder of a shop."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from duoshou.settings import Settings, SettingsError, Workspace, WorkspaceError, load_settings


def test_create_makes_everything(tmp_path: Path) -> None:
    """A new workspace has its folders, its settings and its secret."""
    workspace = Workspace.create(tmp_path / "小店", Settings(name="小店", currency="GBP", timezone="Europe/London"))
    assert load_settings(workspace).currency == "GBP"
    assert all(
        folder.is_dir()
        for folder in (workspace.inbox, workspace.imported, workspace.archive, workspace.warehouse, workspace.reports)
    )
    assert len(workspace.secret()) == 32


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file mode")
def test_secret_is_private(tmp_path: Path) -> None:
    """Nobody but the owner reads the secret."""
    assert Workspace.create(tmp_path).key_file.stat().st_mode & 0o777 == 0o600


def test_create_refuses_to_overwrite(tmp_path: Path) -> None:
    """An existing workspace is left alone."""
    workspace = Workspace.create(tmp_path)
    secret = workspace.secret()
    with pytest.raises(WorkspaceError) as caught:
        Workspace.create(tmp_path)
    assert caught.value.code == "workspace_exists"
    assert workspace.secret() == secret


@pytest.mark.parametrize("settings", [Settings(timezone="Mars"), Settings(currency="yuan"), Settings(name="")])
def test_create_refuses_unfit_settings(tmp_path: Path, settings: Settings) -> None:
    """Nothing is written when a value cannot be meant."""
    with pytest.raises(SettingsError):
        Workspace.create(tmp_path / "new", settings)
    assert not (tmp_path / "new").exists()


def test_create_where_a_file_is(tmp_path: Path) -> None:
    """A folder that cannot be made gives a message."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(WorkspaceError) as caught:
        Workspace.create(tmp_path / "file")
    assert caught.value.code == "workspace_unwritable"


def test_find_looks_upward(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest folder upward that holds the settings is the workspace."""
    workspace = Workspace.create(tmp_path / "shop")
    assert Workspace.find(workspace.inbox) == workspace
    monkeypatch.chdir(workspace.inbox)
    assert Workspace.find() == workspace


def test_find_follows_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """DUOSHOU_WORKSPACE names the workspace, exactly."""
    workspace = Workspace.create(tmp_path / "shop")
    monkeypatch.setenv("DUOSHOU_WORKSPACE", str(workspace.directory))
    assert Workspace.find() == workspace
    monkeypatch.setenv("DUOSHOU_WORKSPACE", str(workspace.inbox))
    with pytest.raises(WorkspaceError):
        Workspace.find()


def test_find_nothing(tmp_path: Path) -> None:
    """Without a workspace there is a message that tells what to do."""
    with pytest.raises(WorkspaceError) as caught:
        Workspace.find(tmp_path)
    assert "duoshou init" in caught.value.in_language("en")


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 40])
def test_damaged_secret_is_never_replaced(tmp_path: Path, damage: bytes) -> None:
    """A damaged secret is told, because a new one would make every buyer look new."""
    workspace = Workspace.create(tmp_path)
    workspace.key_file.chmod(0o600)
    workspace.key_file.write_bytes(damage)
    with pytest.raises(WorkspaceError) as caught:
        workspace.secret()
    assert caught.value.code == "no_secret"
    assert workspace.key_file.read_bytes() == damage
