"""The mapping assistant: what a file lacks, a draft, and what an import by it would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duoshou.app.mapping import Nearest, Trial, draft, nearest, try_mapping
from duoshou.app.pages.data import waiting_file
from duoshou.model import DuoshouError, Text, plain

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Mapping:
    """The page of one unknown file.

    Attributes:
        name: Its path within the inbox.
        nearest: What comes closest; None where a layout describes it after all.
        nearest_title: What that layout is called.
        text: The mapping.
        trial: What an import by it would give; None before it is tried, and where it cannot be used.
        error: Why it cannot be used.
    """

    name: str
    nearest: Nearest | None
    nearest_title: Text | None
    text: str
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
        return Mapping(name, found, title, draft(workbench, path))
    if error is not None:
        return Mapping(name, found, title, text, error=error)
    try:
        return Mapping(name, found, title, text, try_mapping(workbench, path, text))
    except DuoshouError as refused:
        return Mapping(name, found, title, text, error=refused)
