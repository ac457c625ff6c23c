"""A robot on this machine: answers as it is told and remembers what it was sent; and a clock that nobody waits for."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from duoshou.reports.push import Timing

Answered = tuple[int, bytes, dict[str, str]]
OK: Answered = (200, b'{"errcode":0,"code":0}', {})


@dataclass(frozen=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Robot:
    """Attributes: host and port; what to answer next, then `OK`; what came."""

    host: str = ""
    answers: deque[Answered] = field(default_factory=deque)
    received: list[Received] = field(default_factory=list)

    def then(self, status: int, body: str = "", **headers: str) -> Robot:
        """Answer the next request so."""
        self.answers.append((status, body.encode(), {key.replace("_", "-"): value for key, value in headers.items()}))
        return self


@contextmanager
def running_robot() -> Iterator[Robot]:
    """Run a robot on a free port of the loopback."""
    robot = Robot()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            robot.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status, answer, headers = robot.answers.popleft() if robot.answers else OK
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    robot.host = f"127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield robot
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class FakeClock:
    """Time that passes only by sleeping."""

    seconds: float = 0.0
    slept: list[float] = field(default_factory=list)
    chance: float = 1.0

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.seconds += seconds

    def timing(self) -> Timing:
        """Return what a sender asks for time and chance."""
        start = datetime(2026, 11, 26, 1, 30, tzinfo=UTC)
        return Timing(
            lambda: self.seconds, lambda: start + timedelta(seconds=self.seconds), self.sleep, lambda: self.chance
        )
