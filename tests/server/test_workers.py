"""Several processes behind one address: one state in PostgreSQL, one snapshot, and an import that blocks nobody."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from tests.cockpit import PASSWORD, order_file, plan_file, shop_day_file
from tests.postgresql import Server

from duoshou.access import create_first_owner
from duoshou.app import open_workbench
from duoshou.settings import Settings, Shop, Workspace
from duoshou.settings.schema import StateSettings

pytestmark = pytest.mark.postgresql


@contextmanager
def served(directory: Path, workers: int) -> Iterator[str]:
    """Serve a workspace with several processes and yield the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["serve", "--workspace", str(directory), "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen([sys.executable, "-m", "duoshou", *words, "--no-browser", "--no-jobs"])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                httpx.get(f"{address}/health")
                break
            except httpx.TransportError:
                assert process.poll() is None
                time.sleep(0.05)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def test_readers_go_on_while_an_import_runs(tmp_path: Path, postgresql_server: Server) -> None:
    """A session made by one process is known to all; pages are answered during an import; then all see the new data."""
    state = StateSettings(url=postgresql_server.new_database())
    Workspace.create(tmp_path / "shop", Settings(name="商行", shops=(Shop(key="main", name="主店"),), state=state))
    with open_workbench(tmp_path / "shop") as workbench:
        create_first_owner(workbench.state, "owner", "店主", PASSWORD)
        (workbench.workspace.inbox / "店铺.csv").write_bytes(shop_day_file())
        workbench.import_files()
    with served(tmp_path / "shop", 2) as address, httpx.Client(base_url=address, timeout=60) as client:
        client.post("/sign-in", data={"login": "owner", "password": PASSWORD})
        for name, content in {"计划.csv": plan_file(), "订单.csv": order_file()}.items():
            (tmp_path / "shop" / "inbox" / name).write_bytes(content)
        done = threading.Event()
        answers: list[int] = []

        def read() -> None:
            with httpx.Client(base_url=address, cookies=client.cookies, timeout=60) as reader:
                while not done.is_set():
                    answers.append(reader.get("/today?date=2026-11-18").status_code)

        readers = [threading.Thread(target=read) for _ in range(4)]
        for one in readers:
            one.start()
        with open_workbench(tmp_path / "shop") as workbench:
            assert not workbench.import_files().failed
        done.set()
        for one in readers:
            one.join()
        assert len(answers) >= 4
        assert set(answers) == {200}
        shown = [client.get("/api/v1/metrics/ad_cost").json()["latest"]["value"]["value"] for _ in range(6)]
        assert set(shown) == {"50.00"}
