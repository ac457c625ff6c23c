"""One tool as it is offered: what it does, what it takes, and whether it changes anything."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from mcp.server.mcpserver.tools import Tool
from mcp_types import ToolAnnotations
from pydantic import Field

from duoshou.access import Right
from duoshou.app.days import yesterday
from duoshou.assistant.refusal import InputRefused
from duoshou.model import Text

MOST_ROWS = 500

Offset = Annotated[
    int, Field(ge=0, le=10_000_000, description="略过前几行，翻页用 · rows to leave out, for the next part")
]
Limit = Annotated[int, Field(ge=1, le=MOST_ROWS, description="最多几行 · most rows in the answer")]
Day = Annotated[date, Field(ge=date(1990, 1, 1), le=date(2200, 12, 31))]
"""A day that a shop may mean; days beyond are slips of the pen, and arithmetic on them ends in errors."""

ShopName = Annotated[
    str | None,
    Field(
        max_length=200,
        description="店铺的代号或名称，见 shops；不写则为全部店铺（决定和任务则为默认店铺） · key or name of a shop, "
        "see `shops`; by default all shops, and for decisions the default one",
    ),
]


def past_day(day: date | None, timezone: str) -> date | None:
    """Return a day that can have been judged.

    Raises:
        InputRefused: If it is not over in the shop's time zone.
    """
    last = yesterday(timezone)
    if day is not None and day > last:
        raise InputRefused(
            "day_not_over",
            Text(f"{day} 还没有过完，不能判断", f"{day} is not over: one cannot tell yet"),
            hint=Text(f"最晚可以问 {last}", f"the latest day is {last}"),
        )
    return day


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
