"""A shop with a hole in its data, its people and their tokens; and a client of the protocol's own SDK."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import anyio
import pytest
from mcp import Client
from mcp_types import CallToolResult, TextContent
from tests.app.conftest import LAST, make_workbench, plan_file, put, shop_file

from duoshou.access import Right, create_person, create_token
from duoshou.assistant.caller import AT_THIS_MACHINE, Caller
from duoshou.assistant.server import AssistantServer
from duoshou.gate import House
from duoshou.model import Role
from duoshou.settings import Shop

Result = TypeVar("Result")
FIRST = date(2026, 10, 26)
HOLE = date(2026, 11, 12)
"""A day that the file of the first shop lacks."""


@dataclass(frozen=True)
class Place:
    """A workspace and the secrets of its tokens.

    Attributes:
        directory: The workspace.
        owner: Token of the owner, with every right.
        reader: Token of somebody who may only read.
        decider: Token of the operator, narrowed to reading and deciding.
        number: Number of the decider's token.
    """

    directory: Path
    owner: str
    reader: str
    decider: str
    number: int


def make_place(folder: Path) -> Place:
    """Return a workspace with two shops; of the first a day is missing."""
    workbench = make_workbench(folder, Shop(key="tb", name="淘宝店"), Shop(key="tm", name="天猫店/旗舰"))
    exported = LAST + timedelta(days=1)
    whole = shop_file(3)
    holed = "".join(line for line in whole.splitlines(keepends=True) if not line.startswith(HOLE.isoformat()))
    put(workbench, "tb.csv", holed, "tb", exported)
    put(workbench, "tm.csv", shop_file(1), "tm", exported)
    put(workbench, "plan.csv", plan_file(), "tb", exported)
    expires = datetime.now(UTC) + timedelta(days=1)
    state = workbench.state
    owner = create_person(state, "wang", "小王", Role.OWNER, None, by="test")
    viewer = create_person(state, "li", "小李", Role.VIEWER, None, by="test")
    operator = create_person(state, "zhao", "小赵", Role.OPERATOR, None, by="test")
    _, everything = create_token(state, owner, "all", list(Right), expires, by="test")
    _, reading = create_token(state, viewer, "read", [Right.READ], expires, by="test")
    token, deciding = create_token(state, operator, "decide", [Right.READ, Right.DECIDE], expires, by="test")
    workbench.close()
    return Place(workbench.workspace.directory, everything, reading, deciding, token.id)


@pytest.fixture(scope="session")
def shared_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A workspace that tests only read."""
    return make_place(tmp_path_factory.mktemp("assistant"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A workspace of one's own."""
    return make_place(tmp_path)


@pytest.fixture(scope="session")
def shared_house(shared_place: Place) -> Iterator[House]:
    """The shared workspace, opened."""
    house = House(shared_place.directory, 2)
    yield house
    house.close()


@dataclass(frozen=True)
class Said:
    """What a tool answered."""

    failed: bool
    text: str
    shape: dict[str, Any]

    @property
    def error(self) -> dict[str, Any]:
        """The fields of the error."""
        assert self.failed, self.text
        found: dict[str, Any] = self.shape["error"]
        return found


def said(result: CallToolResult) -> Said:
    """Return a result as tests look at it; the text says the same as the structure."""
    block = result.content[0]
    assert isinstance(block, TextContent)
    shape: dict[str, Any] = result.structured_content or {}
    if not result.is_error:
        assert json.loads(block.text) == shape
    return Said(bool(result.is_error), block.text, shape)


Ask = Callable[..., Said]


def asked(server: AssistantServer, question: Callable[[Client], Awaitable[Result]]) -> Result:
    """Return what a client in this process finds out."""

    async def talk() -> Result:
        async with Client(server) as client:
            return await question(client)

    return anyio.run(talk)


def asking(house: House, caller: Caller = AT_THIS_MACHINE) -> Ask:
    """Return a function that calls a tool as somebody."""
    server = AssistantServer(house, lambda: caller)

    def ask(tool: str, **arguments: Any) -> Said:
        async def question(client: Client) -> CallToolResult:
            return await client.call_tool(tool, arguments)

        return said(asked(server, question))

    return ask


@pytest.fixture
def ask(shared_house: House) -> Ask:
    """Call a tool as somebody at this machine without a token."""
    return asking(shared_house)


@asynccontextmanager
async def quietly(seconds: float) -> AsyncIterator[None]:
    """Give up after some seconds instead of hanging."""
    with anyio.fail_after(seconds):
        yield


def words_of(shape: Sequence[dict[str, str]]) -> str:
    """Return both wordings of some messages as one text."""
    return " ".join(one["zh"] + one["en"] for one in shape)
