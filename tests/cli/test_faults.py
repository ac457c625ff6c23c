"""What happens when the program itself fails, is interrupted, or nobody reads its output."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from duoshou.cli import main
from duoshou.cli.session import Session


def session_that_raises(error: BaseException) -> Session:
    """Return a session whose workspace cannot be opened because of `error`."""

    def opener(_directory: Path | None) -> NoReturn:
        raise error

    return Session(opener)


def test_a_fault_gives_a_message_and_a_file(capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 3, no traceback on the screen, the details in a private file."""
    assert main(["findings"], session_that_raises(ZeroDivisionError("secret detail"))) == 3
    output = capsys.readouterr()
    assert "Traceback" not in output.err
    assert "secret detail" not in output.err
    named = re.search(r"\S*duoshou-fault-\S+\.txt", output.err.replace("：", " "))
    assert named is not None
    details = Path(named[0])
    assert "secret detail" in details.read_text(encoding="utf-8")
    details.unlink()


def test_a_fault_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """With --json a fault is an object too."""
    assert main(["findings", "--json"], session_that_raises(ZeroDivisionError())) == 3
    error = json.loads(capsys.readouterr().err)["error"]
    assert error["code"] == "internal_fault"
    Path(re.findall(r"\S*duoshou-fault-\S+\.txt", error["hint"].replace("：", " "))[0]).unlink()


def test_interruption_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C gives one line and the customary code."""
    assert main(["findings"], session_that_raises(KeyboardInterrupt())) == 130
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_interruption_within_a_query_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    """DuckDB turns Ctrl-C into an error of its own; it is an interruption all the same."""

    def opener(_directory: Path | None) -> NoReturn:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt as error:
            raise RuntimeError("Query interrupted") from error
        raise AssertionError("no interruption")

    # Whoever started the tests may have had Ctrl-C ignored.
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert main(["findings"], Session(opener)) == 130
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, former)
    assert "duoshou-fault" not in capsys.readouterr().err


def test_closed_pipe_is_clean() -> None:
    """A reader that goes away, such as `head`, leaves no complaint."""
    program = [sys.executable, "-m", "duoshou", "query", "--help"]
    with subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 0


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252", "utf-8"])
@pytest.mark.parametrize("arguments", [["--help"], ["nonsense"], ["nonsense", "--json"]])
def test_any_code_page_will_do(encoding: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal or pipe that cannot show Chinese gets substitutes, not a crash."""
    monkeypatch.setenv("PYTHONIOENCODING", f"{encoding}:strict")
    monkeypatch.setenv("PYTHONUTF8", "0")
    done = subprocess.run([sys.executable, "-m", "duoshou", *arguments], capture_output=True)
    assert done.returncode == (0 if arguments == ["--help"] else 2)
    # Where the code page is ASCII, click writes UTF-8.
    text = (done.stdout + done.stderr).decode("utf-8" if encoding == "ascii" else encoding)
    assert "Traceback" not in text
    if "--json" in arguments:
        assert "nonsense" in json.loads(text)["error"]["message"]
