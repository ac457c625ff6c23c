"""The process that prints."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.reports.figures.conftest import full_trend

from duoshou.reports.figures import FigureError, Look, Press, spec_of

SPEC: dict[str, Any] = {"data": {"values": [{"a": 1}]}, "mark": "point", "encoding": {"x": {"field": "a"}}}


def test_it_prints_both_kinds(press: Press) -> None:
    """A spec becomes an SVG, an SVG a PNG of `scale` times its size."""
    svg = press.svg(spec_of(full_trend(), Look(theme="light", width=390)))
    assert svg.startswith("<svg")
    png = press.png(svg, 2)
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") == 780


def test_a_spec_that_is_none_is_told(press: Press) -> None:
    """The converter's complaint becomes an error with a hint, and the press prints on."""
    with pytest.raises(FigureError) as raised:
        press.svg({"mark": "nonsense"})
    assert raised.value.code == "figure_not_drawn"
    assert raised.value.hint is not None
    assert press.svg(SPEC)


def test_nothing_is_fetched_from_outside(press: Press) -> None:
    """Data that lie at an address are refused, even on this machine."""
    with pytest.raises(FigureError):
        press.svg(SPEC | {"data": {"url": "http://127.0.0.1:9/data.json"}})


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_process_is_started_again(press: Press) -> None:
    """Whoever asks next does not notice."""
    press.svg(SPEC)
    before = press.pid
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert press.svg(SPEC)
    assert press.pid != before


def test_it_ends_when_it_is_idle() -> None:
    """After the idle time the process is gone, and comes back when it is asked."""
    press = Press(idle=0.05)
    try:
        assert press.svg(SPEC)
        process = press._process
        assert process is not None
        assert process.wait(timeout=30) == 0
        assert not press.running
        assert press.svg(SPEC)
    finally:
        press.close()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_it_ends_with_the_server() -> None:
    """A server that is killed leaves no process behind: the end of its pipe is the end of the work."""
    program = (
        "import os; from duoshou.reports.figures import Press; press = Press();"
        "press.svg({'data': {'values': [{}]}, 'mark': 'point'}); print(press.pid, flush=True); os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    number = int(done.stdout)
    for _ in range(100):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return
        # A process that ended may wait, empty, for whoever adopted it to ask after it.
        if Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        threading.Event().wait(0.05)
    pytest.fail("the process goes on")


def test_a_picture_that_takes_too_long_is_given_up() -> None:
    """The process is killed, twice, and the reason is told."""
    press = Press(limit=0.01)
    with pytest.raises(FigureError, match="ended without an answer"):
        press.svg(SPEC)
    press.close()


def test_threads_get_their_own_answers(press: Press) -> None:
    """Sixteen threads ask at once; each gets the picture of its own text."""
    answers: dict[int, str] = {}

    def ask(number: int) -> None:
        text = {"mark": {"type": "text", "text": f"number {number}"}, "data": {"values": [{}]}}
        answers[number] = press.svg(text)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(f">number {number}<" in answers[number] for number in range(16))


def test_the_server_loads_nothing_heavy() -> None:
    """Importing figures and drawing a sparkline loads neither Altair nor the converter."""
    program = (
        "from duoshou.reports.figures import Gallery, sparkline; Gallery(); sparkline([1, 2], 'x');"
        "import sys; print({'altair', 'vl_convert'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_process_loads_nothing_of_the_product() -> None:
    """Its program imports the standard library and the converter only, so that it is small and starts at once."""
    program = Path(str(sys.modules["duoshou.reports.figures.press"].__file__)).with_name("press_worker.py")
    assert "duoshou" not in program.read_text(encoding="utf-8").split('"""', 2)[2]
