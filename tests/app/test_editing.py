"""Writing the settings: checked, in one step, and in the log or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from duoshou.app.editing import SettingsChanged, edit_calendar, edit_settings, version_of
from duoshou.settings import SettingsError, Workspace, load_settings
from duoshou.settings.writing import Put, PutItem
from duoshou.state import State, audit_log, open_state

RENAMED = [Put("name", "新名")]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new workspace."""
    return Workspace.create(tmp_path / "shop")


@pytest.fixture
def state(workspace: Workspace) -> Iterator[State]:
    """Its state."""
    with open_state(workspace, load_settings(workspace)) as opened:
        yield opened


def rename(workspace: Workspace, state: State) -> None:
    """Change the name as whoever has just read the file."""
    edit_settings(workspace, state, RENAMED, version=version_of(workspace.settings_file), by="店主")


def test_a_change_that_the_log_cannot_keep_is_undone(workspace: Workspace, state: State) -> None:
    """The file says what it said; one that was new is gone."""
    before = workspace.settings_file.read_bytes()

    def fail(_: object) -> None:
        raise OSError("no space left")

    event.listen(state.engine, "commit", fail)
    try:
        with pytest.raises(Exception, match="no space left"):
            rename(workspace, state)
        festival = PutItem("festival", None, {"key": "a", "name": {"zh": "甲", "en": "A"}})
        with pytest.raises(Exception, match="no space left"):
            edit_calendar(workspace, state, [festival], version="", by="店主")
    finally:
        event.remove(state.engine, "commit", fail)
    assert workspace.settings_file.read_bytes() == before
    assert not (workspace.directory / "calendar.toml").exists()
    assert audit_log(state, entity="duoshou.toml") == []


def test_a_change_that_is_refused_is_not_in_the_log(workspace: Workspace, state: State) -> None:
    """Neither one that cannot be meant nor one that comes too late."""
    version = version_of(workspace.settings_file)
    with pytest.raises(SettingsError, match="时区"):
        edit_settings(workspace, state, [Put("timezone", "Mars/Olympus")], version=version, by="店主")
    with pytest.raises(SettingsChanged):
        edit_settings(workspace, state, RENAMED, version="0" * 32, by="店主")
    assert audit_log(state, entity="duoshou.toml") == []


def test_the_mark_of_notepad_stays(workspace: Workspace, state: State) -> None:
    """What was there in front of the text is there afterwards."""
    content = b"\xef\xbb\xbf" + workspace.settings_file.read_bytes()
    workspace.settings_file.write_bytes(content)
    rename(workspace, state)
    assert workspace.settings_file.read_bytes().startswith(b"\xef\xbb\xbf# ")
    assert load_settings(workspace).name == "新名"


def test_a_link_goes_on_leading_to_the_file(workspace: Workspace, state: State, tmp_path: Path) -> None:
    """The file to which it leads is changed."""
    real = tmp_path / "elsewhere.toml"
    workspace.settings_file.rename(real)
    try:
        workspace.settings_file.symlink_to(real)
    except OSError:
        pytest.skip("this system makes no links")
    rename(workspace, state)
    assert workspace.settings_file.is_symlink()
    assert 'name = "新名"' in real.read_text(encoding="utf-8")


def test_another_encoding_is_told(workspace: Workspace, state: State) -> None:
    """And nothing is written."""
    content = 'name = "老店"\n'.encode("gbk")
    workspace.settings_file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        rename(workspace, state)
    assert caught.value.code == "settings_encoding"
    assert workspace.settings_file.read_bytes() == content


def test_a_text_that_no_file_can_hold_is_refused(workspace: Workspace, state: State) -> None:
    """Half of a surrogate pair, as a program may send it."""
    with pytest.raises(SettingsError) as caught:
        edit_settings(workspace, state, [Put("name", "\ud800")], version=version_of(workspace.settings_file), by="店主")
    assert caught.value.code == "settings_text"
