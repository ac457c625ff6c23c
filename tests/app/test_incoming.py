"""No name that somebody sends reaches the file system unchecked."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.app.imports import waiting_files
from duoshou.app.incoming import MOST_BYTES, NameRefused, checked_name, clear_away, take_in


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("订单 2026-11.csv", "订单 2026-11.csv"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\wang\\导出.xlsx", "导出.xlsx"),
        ("a:b?.csv", "a_b_.csv"),
        ("report.csv. . ", "report.csv"),
        ("e\u0301.csv", "\u00e9.csv"),
        ("confer.csv", "confer.csv"),
    ],
)
def test_the_base_name_is_kept(given_name: str, kept: str) -> None:
    """What follows the last slash of either kind, as the file system can hold it."""
    assert checked_name(given_name) == kept


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "/",
        "a/..",
        ".hidden.csv",
        "~$orders.xlsx",
        "a\x00.csv",
        "a\nb.csv",
        "\u202egpj.exe",
        "CON",
        "com1.csv",
        "aux.tar.gz",
        "half.crdownload",
        "x" * 200,
        "订" * 70 + ".csv",
    ],
)
def test_a_name_that_could_do_harm_is_refused(name: str) -> None:
    """Hidden, reserved, unfinished, over-long names and those with characters that nobody sees."""
    with pytest.raises(NameRefused):
        checked_name(name)


@given(st.text(max_size=300))
def test_whatever_is_sent_stays_in_its_folder(name: str) -> None:
    """A name is refused, or it is a plain name within bounds that means the same when it is checked again."""
    try:
        kept = checked_name(name)
    except NameRefused:
        return
    assert Path(kept).name == kept
    assert not {"/", "\\", "\x00"} & set(kept)
    assert len(kept.encode()) <= MOST_BYTES
    assert checked_name(kept) == kept


def test_files_lie_whole_in_a_folder_of_their_own(tmp_path: Path) -> None:
    """Names stay as they are evidence; of two that differ by capitals only the second gets a number."""
    first = take_in(tmp_path, [("a.csv", io.BytesIO(b"1")), ("sub/A.csv", io.BytesIO(b"2"))])
    again = take_in(tmp_path, [("a.csv", io.BytesIO(b"3"))])
    assert [path.name for path in (*first, *again)] == ["a.csv", "A-2.csv", "a.csv"]
    assert [path.read_bytes() for path in (*first, *again)] == [b"1", b"2", b"3"]
    assert first[0].parent == first[1].parent != again[0].parent
    assert sorted(waiting_files(tmp_path)) == sorted([*first, *again])


def test_one_bad_name_leaves_nothing(tmp_path: Path) -> None:
    """Either all files are taken or none."""
    with pytest.raises(NameRefused):
        take_in(tmp_path, [("a.csv", io.BytesIO(b"1")), ("nul", io.BytesIO(b"2"))])
    assert list(tmp_path.rglob("*")) == []


def test_only_folders_of_uploads_are_cleared_away(tmp_path: Path) -> None:
    """An empty folder that a person made stays, and so does one that still holds a file."""
    own = tmp_path / "mine"
    own.mkdir()
    one, two = take_in(tmp_path, [("a.csv", io.BytesIO(b"1"))]), take_in(tmp_path, [("b.csv", io.BytesIO(b"1"))])
    one[0].unlink()
    clear_away([*one, *two, own / "gone.csv"])
    assert not one[0].parent.exists()
    assert two[0].exists()
    assert own.is_dir()
