"""Files that arrive."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from duoshou.app.schedule import InboxWatch


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An empty inbox."""
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(inbox: Path, name: str, text: str = "x", changed: int = 1) -> Path:
    """Write a file that was changed at a second."""
    path = inbox / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (changed, changed))
    return path


def ready(watch: InboxWatch, moment: float) -> bool:
    """Look and return whether there is something to take."""
    watch.look(moment)
    return watch.is_ready(moment)


def test_a_file_is_taken_once_it_has_stopped_growing(inbox: Path) -> None:
    """Ten seconds without a change of length or time; the first look only begins the wait."""
    watch = InboxWatch(inbox)
    assert not ready(watch, 0)
    put(inbox, "a.csv")
    assert not ready(watch, 5)
    assert not ready(watch, 14.9)
    put(inbox, "a.csv", "xx", 2)
    assert not ready(watch, 15)
    put(inbox, "a.csv", "yy", 3)
    assert not ready(watch, 24)
    assert not ready(watch, 33.9)
    assert ready(watch, 34)


def test_nothing_is_taken_while_any_file_grows(inbox: Path) -> None:
    """The import would take the growing one too."""
    watch = InboxWatch(inbox)
    put(inbox, "a.csv")
    watch.look(0)
    put(inbox, "b.csv")
    assert not ready(watch, 10)
    assert ready(watch, 20)


def test_what_stays_is_not_taken_again_until_it_changes(inbox: Path) -> None:
    """An unknown file waits for a person, who may mend it; a new one is taken beside it."""
    watch = InboxWatch(inbox)
    put(inbox, "unknown.csv")
    watch.look(0)
    assert ready(watch, 10)
    watch.take()
    assert not ready(watch, 1000)
    put(inbox, "new.csv")
    assert not ready(watch, 1001)
    assert ready(watch, 1011)
    watch.take()
    put(inbox, "unknown.csv", "mended", 5)
    assert not ready(watch, 1012)
    assert ready(watch, 1022)


def test_a_file_that_comes_back_the_same_after_it_was_taken_is_new(inbox: Path) -> None:
    """It was imported and moved away; whoever drops it again wants it again."""
    watch = InboxWatch(inbox)
    path = put(inbox, "a.csv")
    watch.look(0)
    assert ready(watch, 10)
    watch.take()
    path.unlink()
    assert not ready(watch, 15)
    put(inbox, "a.csv")
    assert not ready(watch, 20)
    assert ready(watch, 30)


def test_leftovers_and_folders_are_no_files(inbox: Path) -> None:
    """What a browser or a spreadsheet leaves while it works; files in folders count."""
    watch = InboxWatch(inbox)
    put(inbox, "a.csv.crdownload")
    put(inbox, "~$a.xlsx")
    (inbox / "folder").mkdir()
    watch.look(0)
    assert not ready(watch, 60)
    put(inbox / "folder", "a.csv")
    watch.look(60)
    assert ready(watch, 70)


def test_an_inbox_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    """Somebody may have removed it."""
    assert not ready(InboxWatch(tmp_path / "none"), 0)
