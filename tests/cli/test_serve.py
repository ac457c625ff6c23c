"""`duoshou serve` from the outside: it answers, keeps strangers from making the first owner, and stops when told."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from duoshou.cli.root import root
from duoshou.server.running import ServerError, address_of, serve
from duoshou.settings import Settings, Workspace
from duoshou.settings.hosts import is_loopback


def test_the_server_answers_and_stops_gracefully(tmp_path: Path) -> None:
    """The terminal shows where the first owner is made; without its code nobody makes one; a signal ends it well."""
    Workspace.create(tmp_path / "shop", Settings(name="商行"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "duoshou", "serve", "--workspace", str(tmp_path / "shop"), "--port", str(port)]
    process = subprocess.Popen([*words, "--no-browser", "--no-jobs"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        shown = re.search(r"http://127\.0\.0\.1:\d+(/start\?code=\S+)", process.stdout.readline())
        assert shown is not None
        transport = httpx.HTTPTransport(retries=60)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, timeout=30) as client:
            for _ in range(600):
                try:
                    assert client.get("/health").status_code == 200
                except httpx.TransportError:
                    assert process.poll() is None
                    continue
                break
            fields = {"login": "owner", "name": "店主", "password": "一个够长的密码-2026"}
            assert client.get("/start").status_code == 403
            assert client.post("/start", data=fields).status_code == 403
            code = shown[1].split("=")[1]
            assert client.get(shown[1]).status_code == 200
            assert client.post("/start", data={**fields, "code": code}).headers["location"] == "/today"
            assert client.get("/today").status_code == 200
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) in {0, -signal.SIGTERM}


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    """Before anything is opened, with the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServerError) as raised:
            serve(tmp_path, "127.0.0.1", taken.getsockname()[1], start_code="")
    assert raised.value.hint is not None


def test_several_processes_need_a_database_for_all(tmp_path: Path) -> None:
    """With SQLite one process serves."""
    Workspace.create(tmp_path / "shop", Settings(name="商行"))
    done = CliRunner().invoke(root, ["serve", "--workspace", str(tmp_path / "shop"), "--workers", "2"])
    assert done.exit_code != 0


@pytest.mark.parametrize(
    ("host", "alone"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)]
)
def test_who_can_reach_an_address(host: str, alone: bool) -> None:
    """Loopback addresses are this computer's own."""
    assert is_loopback(host) is alone
    assert address_of("::1", 80, "x") == "http://[::1]:80/start?code=x"
