"""Linear algebra of the command uses one thread, unless somebody has said how many."""

from __future__ import annotations

import os

import pytest

from duoshou.cli import THREADS, main


@pytest.fixture
def unset(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Return an environment that says nothing of threads, and is as it was afterwards."""
    for name in (*THREADS, "OMP_NUM_THREADS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def test_one_thread_where_nobody_says_otherwise(unset: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """What a person has set stays; the rest is one."""
    unset.setenv("MKL_NUM_THREADS", "3")
    assert main(["--version"]) == 0
    assert capsys.readouterr().out
    assert [os.environ[name] for name in THREADS] == ["1", "3", "1"]


def test_a_number_for_all_libraries_stays(unset: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Who has said it for every library has said it for each."""
    unset.setenv("OMP_NUM_THREADS", "2")
    assert main(["--version"]) == 0
    assert capsys.readouterr().out
    assert not set(THREADS) & set(os.environ)
