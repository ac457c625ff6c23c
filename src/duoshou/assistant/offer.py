"""One tool as it is offered: what it does, what it takes, and whether it changes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import Field

from duoshou.access import Right
from duoshou.model import Text

MOST_ROWS = 500

Offset = Annotated[
    int, Field(ge=0, le=10_000_000, description="略过前几行，翻页用 · rows to leave out, for the next part")
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="最多几行 · most rows in the answer")]
ShopName = Annotated[
    str | None,
    Field(
        max_length=200,
        description="店铺的代号或名称，见 shops；不写则为全部店铺（决定和任务则为默认店铺） · key or name of a shop, "
        "see `shops`; by default all shops, and for decisions the default one",
    ),
]


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool.

    Attributes:
        function: What answers; its parameters are the arguments.
        title: Name for people.
        description: When to use it and what it answers.
        right: What it takes to see and use it.
        writes: Whether it changes anything.
        destructive: Whether what it changes cannot be taken back with another tool.
        idempotent: Whether a second identical call changes nothing more.
    """

    function: Callable[..., Any]
    title: Text
    description: Text
    right: Right = Right.READ
    writes: bool = False
    destructive: bool = False
    idempotent: bool = True

    @property
    def name(self) -> str:
        """Name of the tool: that of the function."""
        return self.function.__name__

    def tool(self) -> Tool:
        """Return it as the SDK wants it; arguments that it does not know are refused."""
        title = f"{self.title.zh} · {self.title.en}"
        made = Tool.from_function(
            self.function,
            title=title,
            description=f"{self.description.zh}\n\n{self.description.en}",
            annotations=ToolAnnotations(
                title=title,
                read_only_hint=not self.writes,
                destructive_hint=self.destructive,
                idempotent_hint=self.idempotent,
                open_world_hint=False,
            ),
            structured_output=True,
        )
        made.parameters["additionalProperties"] = False
        return made
