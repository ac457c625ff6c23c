"""Prints figures: talks to a process of its own, which holds the JavaScript engine and ends when it is idle."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from duoshou.reports.figures.errors import FigureError

VEGA_LITE = "6.4"
"""The version of Vega-Lite that Altair writes; the converter knows several."""

_PROGRAM = Path(__file__).with_name("press_worker.py")
_IDLE_SECONDS = 120.0
_MOST_SECONDS = 60.0


class Press:
    """Turns specs into SVG and SVG into PNG, one at a time; safe to use from several threads.

    Attributes:
        idle: Seconds after which the process ends if nothing was asked.
        limit: Seconds that one picture may take.
    """

    def __init__(self, idle: float = _IDLE_SECONDS, limit: float = _MOST_SECONDS) -> None:
        self.idle = idle
        self.limit = limit
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def svg(self, spec: dict[str, Any]) -> str:
        """Return what the converter makes of a Vega-Lite spec.

        Raises:
            FigureError: It makes nothing of it.
        """
        return self._ask({"kind": "svg", "spec": spec, "version": VEGA_LITE}, "svg")

    def png(self, svg: str, scale: float) -> bytes:
        """Return an SVG as a PNG, `scale` pixels for each of its own.

        Raises:
            FigureError: The converter cannot read it.
        """
        return base64.b64decode(self._ask({"kind": "png", "svg": svg, "scale": scale}, "png"))

    def warm(self) -> None:
        """Start the process if it does not run, without waiting for it."""
        with self._lock:
            if not self.running:
                self._start()

    @property
    def running(self) -> bool:
        """Return whether the process runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        """Return the number of the process while it runs."""
        return self._process.pid if self._process is not None and self.running else None

    def close(self) -> None:
        """End the process; a later picture starts it again."""
        with self._lock:
            self._stop()

    def _ask(self, request: dict[str, Any], wanted: str) -> str:
        line = json.dumps(request, ensure_ascii=True, separators=(",", ":")).encode("ascii") + b"\n"
        with self._lock:
            reply = self._exchange(line)
            if reply is None:
                # It may have ended, idle, while the request was on its way.
                reply = self._exchange(line)
        if reply is None:
            raise FigureError.not_drawn("the drawing process ended without an answer")
        answer: dict[str, str] = json.loads(reply)
        if wanted not in answer:
            raise FigureError.not_drawn(answer.get("error", "no answer").splitlines()[0][:200])
        return answer[wanted]

    def _exchange(self, line: bytes) -> bytes | None:
        """Return the answer to one request; None if the process ended instead."""
        if not self.running:
            self._start()
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        watch = threading.Timer(self.limit, process.kill)
        watch.daemon = True
        watch.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            reply = process.stdout.readline()
        except (OSError, ValueError):
            reply = b""
        finally:
            watch.cancel()
        if reply.endswith(b"\n"):
            return reply
        self._stop()
        return None

    def _start(self) -> None:
        self._stop()
        # -P: the folder of the program is no place to import from.
        command = [sys.executable, "-P", str(_PROGRAM), str(self.idle)]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no word of it from outside
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise FigureError.not_drawn(error.strerror or str(error)) from error

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        if process.poll() is None:
            process.kill()
        process.wait()
