"""The command itself, over standard input and output and over HTTP, with real clients in other processes."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import anyio
import httpx
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from tests.app.conftest import LAST
from tests.assistant.conftest import Place, said

from duoshou.access import revoke_token
from duoshou.app import open_workbench
from duoshou.assistant.http import parse_address
from duoshou.assistant.refusal import InputRefused
from duoshou.cli import main
from duoshou.cli.commands.mcp import TOKEN
from duoshou.settings.hosts import is_loopback

Result = TypeVar("Result")
PATIENCE = 60
OPENING = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


def program(place: Place, *words: str) -> list[str]:
    """Return the command line of the server."""
    return [sys.executable, "-m", "duoshou", "--workspace", str(place.directory), "mcp", *words]


def over_stdio(
    place: Place, question: Callable[[Client], Awaitable[Result]], token: str = "", mode: str = "auto"
) -> Result:
    """Return what a client finds out that starts the server itself."""
    command, *arguments = program(place)
    parameters = StdioServerParameters(command=command, args=arguments, env={TOKEN: token} if token else None)

    async def talk() -> Result:
        with anyio.fail_after(PATIENCE):
            async with Client(parameters, mode=mode) as client:
                return await question(client)

    return anyio.run(talk)


def over_http(url: str, token: str, question: Callable[[Client], Awaitable[Result]], mode: str = "auto") -> Result:
    """Return what a client finds out that connects to a running server."""

    async def talk() -> Result:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        with anyio.fail_after(PATIENCE):
            async with (
                httpx2.AsyncClient(headers=headers, timeout=PATIENCE) as http,
                Client(streamable_http_client(url, http_client=http), mode=mode) as client,
            ):
                return await question(client)

    return anyio.run(talk)


@contextmanager
def serving(place: Place, *words: str) -> Iterator[str]:
    """Serve over HTTP on a free port and yield the address."""
    with subprocess.Popen(
        program(place, "--http", "127.0.0.1:0", *words),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        first = process.stderr.readline()
        assert "http://" in first, first + process.stderr.read()
        try:
            yield first[first.index("http://") :].strip()
        finally:
            process.terminate()
            written = process.stdout.read()
            process.wait(PATIENCE)
    assert written == ""


@pytest.fixture(scope="module")
def url(shared_place: Place) -> Iterator[str]:
    """A server over HTTP that asks for tokens."""
    with serving(shared_place) as address:
        yield address


async def day_of(client: Client) -> list[str]:
    """Return the names of the tools and the day of the findings, as text."""
    tools = (await client.list_tools()).tools
    amount = said(await client.call_tool("query", {"metrics": ["pay_amount"], "last": "1d", "shop": "tm"}))
    return [*(tool.name for tool in tools), str(amount.shape["rows"][0]["values"]["pay_amount"]["value"])]


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_starts_the_server_and_asks(shared_place: Place, mode: str) -> None:
    """Old and new versions of the protocol answer the same; only tools that read are there."""
    *tools, amount = over_stdio(shared_place, day_of, mode=mode)
    assert "query" in tools
    assert "decline_finding" not in tools
    # On the n-th of a month n buyers pay 100 each.
    assert amount == f"{LAST.day * 100}.00"


def test_a_token_in_the_environment_opens_its_tools(shared_place: Place) -> None:
    """Those that it grants, and no others."""
    tools = over_stdio(shared_place, day_of, token=shared_place.decider)
    assert "decline_finding" in tools
    assert "run_day" not in tools


def test_only_the_protocol_is_on_standard_output(shared_place: Place) -> None:
    """Each line is a message, also after nonsense; the server ends when its input does."""
    lines = [json.dumps(OPENING), "nonsense", json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})]
    done = subprocess.run(
        program(shared_place),
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert any(one.get("id") == 1 and one["result"]["serverInfo"]["name"] == "duoshou" for one in answers)
    assert all(one["jsonrpc"] == "2.0" for one in answers)
    assert done.returncode == 0, done.stderr


def test_a_server_that_cannot_start_says_why(shared_place: Place, tmp_path: Path) -> None:
    """A wrong token, no workspace: exit code 2, words on standard error, nothing for the client to stumble over."""
    environment = os.environ | {TOKEN: "wrong-secret"}
    wrong = subprocess.run(
        program(shared_place), env=environment, input="", capture_output=True, text=True, encoding="utf-8"
    )
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "令牌" in wrong.stderr
    assert "wrong-secret" not in wrong.stderr
    assert "Traceback" not in wrong.stderr
    nowhere = [sys.executable, "-m", "duoshou", "--workspace", str(tmp_path), "mcp"]
    lost = subprocess.run(nowhere, input="", capture_output=True, text=True, encoding="utf-8")
    assert (lost.returncode, lost.stdout) == (2, "")


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_each_token_sees_its_own_tools_on_one_server(url: str, shared_place: Place, mode: str) -> None:
    """The owner, the operator and the reader ask the same server; the numbers are the same, the rights are not."""
    owner = over_http(url, shared_place.owner, day_of, mode)
    decider = over_http(url, shared_place.decider, day_of, mode)
    reader = over_http(url, shared_place.reader, day_of, mode)
    assert owner[-1] == decider[-1] == reader[-1] == f"{LAST.day * 100}.00"
    assert {"run_day", "decline_finding", "sql"} <= set(owner)
    assert "decline_finding" in decider
    assert not {"run_day", "sql"} & set(decider)
    assert not {"run_day", "decline_finding", "sql"} & set(reader)


def test_a_reader_over_http_gets_no_rows_and_no_costs(url: str, shared_place: Place) -> None:
    """Calling a tool that is not offered is refused as well, in words."""

    async def question(client: Client) -> list[str]:
        called = [
            await client.call_tool("sql", {"statement": "SELECT 1"}),
            await client.call_tool("query", {"metrics": ["gross_margin"]}),
            await client.call_tool("decline_finding", {"finding_id": "x", "reason": "y"}),
        ]
        return [said(one).error["code"] for one in called]

    assert over_http(url, shared_place.reader, question) == ["right_missing"] * 3


def test_several_clients_at_once_are_all_answered(url: str, shared_place: Place) -> None:
    """More questions than workbenches: they take turns."""

    async def question(client: Client) -> list[bool]:
        failed: list[bool] = []

        async def one(days: int) -> None:
            answer = await client.call_tool("query", {"metrics": ["pay_amount"], "last": f"{days}d"})
            failed.append(bool(answer.is_error))

        async with anyio.create_task_group() as group:
            for days in range(1, 13):
                group.start_soon(one, days)
        return failed

    assert over_http(url, shared_place.reader, question) == [False] * 12


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic d2FuZzp4"}])
def test_without_a_token_nobody_gets_in(url: str, given: dict[str, str]) -> None:
    """Nothing of the server is told but that a token is needed."""
    answer = httpx.post(url, json=OPENING, headers=ACCEPT | given)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "duoshou" not in answer.text


@pytest.mark.parametrize(
    ("given", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "https://evil.example"}, 403), ({"Content-Type": "text/plain"}, 400)],
)
def test_a_web_page_cannot_ask_in_the_place_of_its_reader(
    url: str, shared_place: Place, given: dict[str, str], status: int
) -> None:
    """A foreign name or origin is refused even with a good token, as after DNS rebinding."""
    good = ACCEPT | {"Authorization": f"Bearer {shared_place.reader}", "Content-Type": "application/json"}
    body = json.dumps(OPENING)
    assert httpx.post(url, content=body, headers=good | given).status_code == status
    assert httpx.post(url, content=body, headers=good).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 5000,
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":7}',
    ],
)
def test_a_broken_request_is_refused(url: str, shared_place: Place, body: bytes) -> None:
    """Whatever it is, it is the sender's fault, and the server goes on."""
    good = ACCEPT | {"Authorization": f"Bearer {shared_place.reader}", "Content-Type": "application/json"}
    answer = httpx.post(url, content=body, headers=good)
    assert 400 <= answer.status_code < 500 or "error" in answer.text
    assert "Traceback" not in answer.text


def test_an_endless_request_is_refused(url: str, shared_place: Place) -> None:
    """No request is read beyond a quarter of a megabyte."""
    good = ACCEPT | {"Authorization": f"Bearer {shared_place.reader}", "Content-Type": "application/json"}
    assert httpx.post(url, content=b'{"x":"' + b"x" * 300_000 + b'"}', headers=good).status_code == 413


def test_a_revoked_token_is_out_at_once(place: Place) -> None:
    """The next request of a running server is refused."""
    headers = ACCEPT | {"Authorization": f"Bearer {place.decider}"}
    with serving(place) as address:
        assert httpx.post(address, json=OPENING, headers=headers).status_code == 200
        with open_workbench(place.directory) as bench:
            revoke_token(bench.state, place.number, by="test")
        assert httpx.post(address, json=OPENING, headers=headers).status_code == 401


def test_this_machine_may_be_let_in_without_a_token(shared_place: Place) -> None:
    """With the flag, on a loopback address, reading only; another name is let in when it is named."""
    with serving(shared_place, "--no-token", "--allow-host", "shop.example.com") as address:
        tools = over_http(address, "", day_of)
        assert "sql" in tools
        assert "decline_finding" not in tools
        named = ACCEPT | {"Host": "shop.example.com"}
        assert httpx.post(address, json=OPENING, headers=named).status_code == 200


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--http", "0.0.0.0:0", "--no-token"), "--no-token"),
        (("--http", "8765"), "127.0.0.1:8765"),
        (("--http", "127.0.0.1:99999"), "127.0.0.1:8765"),
        (("--no-token",), "--http"),
        (("--allow-host", "x"), "--http"),
    ],
)
def test_what_cannot_be_meant_does_not_start(
    shared_place: Place, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], told: str
) -> None:
    """Bad usage, said in words, before anything listens."""
    assert main(["--workspace", str(shared_place.directory), "mcp", *words]) == 2
    assert told in capsys.readouterr().err


def test_an_address_that_is_taken_is_said_so(shared_place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Another program listens there already."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        assert main(["--workspace", str(shared_place.directory), "mcp", "--http", address]) == 2
    assert address in capsys.readouterr().err


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.5", False),
        ("localhost.example.com", False),
    ],
)
def test_loopback_is_what_only_this_machine_reaches(host: str, loopback: bool) -> None:
    """A wildcard address is not."""
    assert is_loopback(host) is loopback


def test_addresses_of_both_families_are_read() -> None:
    """With brackets or without; a port is a number."""
    assert parse_address("[::1]:80") == ("::1", 80)
    assert parse_address("localhost:8765") == ("localhost", 8765)
    for text in ("", ":80", "host", "host:", "host:x", "host:٣", "host:65536"):
        with pytest.raises(InputRefused):
            parse_address(text)
