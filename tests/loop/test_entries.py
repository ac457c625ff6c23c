"""The playbook as data: complete, and every mistake of a workspace's own file is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from duoshou.analysts.diagnosis.causes import cause_library
from duoshou.loop.entries import OWN_FILE, load_playbook, shipped_book, told_causes
from duoshou.loop.errors import LoopDataError
from duoshou.loop.kinds import kinds
from duoshou.metrics import load_catalogue
from duoshou.model import Role

ENTRY = """
[entry.mine]
causes = ["image_worse"]
zh = "请摄影师重拍"
owner_role = "designer"
effort = "days"
change_kind = "main_image"
metric = "visitors"
prior = { mean = 0.2, sd = 0.1 }
"""


def subjects_of(cause: str) -> set[str]:
    """Return the kinds of subject in which a cause shows; a fall of a score concerns the shop."""
    found = {one.subject for one in cause_library() if one.key == cause}
    return found or {"shop"}


def test_every_cause_that_is_told_has_an_entry() -> None:
    """Whatever a finding names as its first cause, the playbook knows at least one thing to do."""
    answered = {cause for one in shipped_book().entries.values() for cause in one.causes}
    assert answered == told_causes()
    assert {one.key for one in cause_library() if not one.silent} < answered


@pytest.mark.parametrize("key", shipped_book().entries)
def test_every_shipped_entry_can_be_measured(key: str) -> None:
    """Its metric and its guards are catalogued and can be told apart by every kind of subject of its causes."""
    entry, catalogue = shipped_book().entries[key], load_catalogue()
    assert entry.zh
    assert entry.en
    assert entry.effort in shipped_book().hours
    assert entry.role is not Role.VIEWER
    for cause in entry.causes:
        for subject in subjects_of(cause) - {"shop"}:
            for metric in (entry.metric, *entry.guards):
                assert subject in catalogue.dimensions_of(metric), (cause, metric)
    assert all(metric in catalogue.metrics for metric in (entry.metric, *entry.guards))
    assert entry.change_kind is None or entry.change_kind in kinds()


def test_a_workspace_adds_and_replaces(tmp_path: Path) -> None:
    """An own entry comes after those of the product; one with the key of a shipped entry takes its place."""
    (tmp_path / OWN_FILE).write_text(ENTRY + ENTRY.replace("mine", "image_back") + "[effort]\ndays = 8.0\n")
    book = load_playbook(tmp_path, load_catalogue().metrics.keys())
    assert [one.key for one in book.answers("image_worse")] == ["image_back", "image_new", "mine"]
    assert book.entries["image_back"].zh == book.entries["mine"].zh == "请摄影师重拍"
    assert book.entries["mine"].title.en == "请摄影师重拍"
    assert (book.hours["days"], book.hours["hours"]) == (8.0, 3.0)
    assert load_playbook(tmp_path / "none") == shipped_book()


@pytest.mark.parametrize(
    ("was", "is_", "named"),
    [
        ('"image_worse"', '"image_wors"', "entry.mine.causes"),
        ('"image_worse"', "", "entry.mine.causes"),
        ('zh = "请摄影师重拍"', 'zh = " "', "entry.mine.zh"),
        ('"designer"', '"viewer"', "entry.mine.owner_role"),
        ('"designer"', '"painter"', "entry.mine]"),
        ('"days"', '"weeks"', "entry.mine.effort"),
        ('"main_image"', '"image"', "entry.mine.change_kind"),
        ('"visitors"', '"visitor"', "entry.mine.metric"),
        ("mean = 0.2", "mean = 0", "entry.mine.prior.mean"),
        ("sd = 0.1", "sd = 0", "entry.mine.prior.sd"),
        ("sd = 0.1", "dev = 0.1", "entry.mine]"),
        ("prior", "recovers = 2\nprior", "entry.mine.recovers"),
        ("prior", "due_days = -1\nprior", "entry.mine.due_days"),
        ("prior", "horizon_days = 0\nprior", "entry.mine.horizon_days"),
        ("[entry.mine]", "[entrie.mine]", "entrie"),
        ("[entry.mine]", "[effort]\nweeks = 1\n[entry.mine]", "effort.weeks"),
        ("[entry.mine]", "[effort]\ndays = 0\n[entry.mine]", "effort.days"),
        ("[entry.mine]", "[effort]\ndays = 'x'\n[entry.mine]", "effort]"),
        ("[entry.mine]", "[entry.mine", "playbook"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(tmp_path: Path, was: str, is_: str, named: str) -> None:
    """Whoever writes a playbook reads which file, which entry and which key cannot be used."""
    assert was in ENTRY
    (tmp_path / OWN_FILE).write_text(ENTRY.replace(was, is_))
    with pytest.raises(LoopDataError) as told:
        load_playbook(tmp_path, load_catalogue().metrics.keys())
    assert told.value.place is not None
    assert told.value.place.file == str(tmp_path / OWN_FILE)
    assert named in str(told.value)
