"""A real browser in front of a real server, both of this test run's own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, sync_playwright

# Without these, Chromium looks for its maker's hosts.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
LOOKS, LOOK_SECONDS = 200, 0.05


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve an app on a free port of the loopback address and yield where."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(LOOKS):
        if server.started:
            break
        time.sleep(LOOK_SECONDS)
    assert server.started
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)


@contextmanager
def browsing(executable: str) -> Iterator[Browser]:
    """Yield a headless browser."""
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=executable, args=list(QUIET))
        try:
            yield browser
        finally:
            browser.close()
