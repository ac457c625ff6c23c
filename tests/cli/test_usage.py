"""Command lines that cannot be meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from duoshou.cli import main

WRONG = [
    (["qurey"], "query"),
    (["query"], "duoshou metrics"),
    (["query", "pay_amount", "--jsn"], "--json"),
    (["query", "pay_amount", "--grain", "year"], "day"),
    (["query", "pay_amount", "--from", "2026-02-30", "--to", "2026-03-01"], "2026-11-22"),
    (["query", "pay_amount", "--from", "2026-02-01"], "--to"),
    (["query", "pay_amount", "--from", "2026-02-01", "--to", "2026-01-01"], "--from"),
    (["query", "pay_amount", "--last", "7d", "--from", "2026-02-01", "--to", "2026-02-02"], "--last"),
    (["query", "pay_amount", "--where", "France"], "country=France"),
    (["query", "pay_amount", "--json", "--csv"], "--csv"),
    (["report", "hourly"], "daily"),
    (["init"], "DIR"),
    (["sql", "SELECT 1", "--limit", "0"], "--limit"),
    (["basket", "--discount", "nan"], "--discount"),
    (["basket", "--margin", "1"], "--margin"),
    (["customers", "--money", "inf"], "--money"),
]


@pytest.mark.parametrize(("arguments", "told"), WRONG)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_wrong_usage_is_explained(
    arguments: list[str], told: str, language: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, nothing on standard output, and what to do on standard error."""
    assert main(["--lang", language, *arguments]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert told in output.err
    assert "Traceback" not in output.err


def test_wrong_usage_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json the error is one JSON object on standard error."""
    assert main(["query", "pay_amount", "--grain", "year", "--json"]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    error = json.loads(output.err)["error"]
    assert set(error) >= {"code", "message", "hint"}


def test_no_workspace_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Outside a workspace a command tells how to make one."""
    monkeypatch.chdir(tmp_path)
    assert main(["query", "pay_amount", "--last", "7d"]) == 2
    assert "duoshou init" in capsys.readouterr().err
