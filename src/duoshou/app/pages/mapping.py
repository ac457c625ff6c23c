"""The mapping assistant: what a file lacks, a draft, and what an import by it would give."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duoshou.app.mapping import Nearest, Trial, draft, nearest, try_mapping
from duoshou.app.pages.data import waiting_file
from duoshou.model import DuoshouError, Text, plain
from duoshou.warehouse import load_tables

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

GIVEN = frozenset({"shop", "platform", "currency", "line_no"})
"""Columns that an import fills by itself."""


@dataclass(frozen=True, slots=True)
class Target:
    """A canonical table that a mapping may fill.

    Attributes:
        name: Its name in a mapping.
        title: What it is called.
        is_named: Whether the mapping at hand fills it.
        columns: Name and wording of each column that a mapping may fill.
    """

    name: str
    title: Text
    is_named: bool
    columns: tuple[tuple[str, Text], ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """The page of one unknown file.

    Attributes:
        name: Its path within the inbox.
        nearest: What comes closest; None where a layout describes it after all.
        nearest_title: What that layout is called.
        text: The mapping.
        targets: The tables that a mapping may fill, those that this one names first.
        trial: What an import by it would give; None before it is tried, and where it cannot be used.
        error: Why it cannot be used.
    """

    name: str
    nearest: Nearest | None
    nearest_title: Text | None
    text: str
    targets: tuple[Target, ...]
    trial: Trial | None = None
    error: DuoshouError | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        error = self.error and {"code": self.error.code, "message": plain(self.error.message)}
        shape = {name: plain(getattr(self, name)) for name in self.__slots__ if name != "error"}
        return {**shape, "error": error}


def mapping(workbench: Workbench, name: str, text: str | None = None, error: DuoshouError | None = None) -> Mapping:
    """Return the page of a file in the inbox.

    Args:
        workbench: The workspace.
        name: Its path within the inbox, as the page of data lists it.
        text: The mapping to be tried; None: a draft is made.
        error: Why a mapping could not be kept; it is not tried then.

    Raises:
        DuoshouError: If there is no such file, or no table can be read from it.
    """
    path = waiting_file(workbench, name)
    found = nearest(workbench, path)
    layout = workbench.layouts.get(found.layout or "") if found else None
    title = layout.title.as_text() if layout else None
    if text is None:
        drafted = draft(workbench, path)
        return Mapping(name, found, title, drafted, targets(drafted))
    if error is not None:
        return Mapping(name, found, title, text, targets(text), error=error)
    try:
        return Mapping(name, found, title, text, targets(text), try_mapping(workbench, path, text))
    except DuoshouError as refused:
        return Mapping(name, found, title, text, targets(text), error=refused)


def targets(text: str) -> tuple[Target, ...]:
    """Return the tables that a mapping may fill, those that `text` names first."""
    named = set(re.findall(r'(?m)^\[\[table\]\]\s*\n\s*name\s*=\s*"(\w+)"', text))
    found = [
        Target(
            table.name,
            Text(table.title.zh, table.title.en),
            table.name in named,
            tuple((one.name, Text(one.title.zh, one.title.en)) for one in table.columns if one.name not in GIVEN),
        )
        for table in load_tables().values()
        if not table.derived
    ]
    return tuple(sorted(found, key=lambda one: not one.is_named))
