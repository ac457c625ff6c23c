"""Starting the server, and saying where it is."""

from __future__ import annotations

import os
import socket
import threading
import time
import webbrowser
from pathlib import Path

import uvicorn

from duoshou.gate import START_CODE_VARIABLE
from duoshou.model import DuoshouError, Text
from duoshou.server.assembly import JOBS_VARIABLE, LOCAL_VARIABLE, WORKSPACE_VARIABLE
from duoshou.settings.hosts import is_loopback

APP = "duoshou.server.assembly:create_app"
GRACE_SECONDS = 20
LOOKS, LOOK_SECONDS = 100, 0.1


class ServerError(DuoshouError):
    """A server that cannot be started."""


def serve(
    directory: Path,
    host: str,
    port: int,
    *,
    start_code: str,
    workers: int = 1,
    jobs: bool = True,
    browser: bool = False,
) -> None:
    """Serve a workspace until somebody stops it; requests that are under way are finished.

    Args:
        directory: The workspace.
        host: Address to listen at.
        port: Port to listen at.
        start_code: What whoever makes the first owner must know; empty where there is one.
        workers: Number of processes.
        jobs: Whether the daily job runs on schedule.
        browser: Whether a browser is opened.

    Raises:
        ServerError: If the port is taken or not allowed.
    """
    _require_free(host, port)
    os.environ[WORKSPACE_VARIABLE] = str(directory)
    os.environ[JOBS_VARIABLE] = "1" if jobs else "0"
    os.environ[LOCAL_VARIABLE] = "1" if is_loopback(host) else "0"
    os.environ[START_CODE_VARIABLE] = start_code
    if browser:
        threading.Thread(target=_open_when_ready, args=(host, port, start_code), daemon=True).start()
    uvicorn.run(
        APP,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=False,
    )


def address_of(host: str, port: int, start_code: str = "") -> str:
    """Return what a person types into a browser; with a code, where the first owner is made."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104 - it is compared, not listened at
    path = f"start?code={start_code}" if start_code else ""
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/{path}"


def _require_free(host: str, port: int) -> None:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ServerError(
            "cannot_listen",
            Text(f"不能监听 {host}:{port}：{reason}", f"cannot listen at {host}:{port}: {reason}"),
            hint=Text("换一个端口，例如 --port 8643", "take another port, such as --port 8643"),
        ) from error


def _open_when_ready(host: str, port: int, start_code: str) -> None:
    reached = "127.0.0.1" if not is_loopback(host) else host
    for _ in range(LOOKS):
        try:
            socket.create_connection((reached, port), timeout=1).close()
        except OSError:
            time.sleep(LOOK_SECONDS)
        else:
            webbrowser.open(address_of(host, port, start_code))
            return
