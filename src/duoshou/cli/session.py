"""What one run of the command line knows: which workspace and shop, in which language."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from duoshou.model import DuoshouError, Language, Text

if TYPE_CHECKING:
    from duoshou.app import Workbench


def _open_workbench(directory: Path | None) -> Workbench:
    from duoshou.app import open_workbench

    return open_workbench(directory)


class Session:
    """The state of one command line.

    Attributes:
        directory: Workspace that the user named.
        shop: Shop that the user named.
        wants_json: Whether results and errors are written as JSON.
    """

    def __init__(self, opener: Callable[[Path | None], Workbench] = _open_workbench) -> None:
        self.directory: Path | None = None
        self.shop: str | None = None
        self.wants_json = False
        self._asked: Language | None = None
        self._chosen: Language | None = None
        self._opener = opener
        self._workbench: Workbench | None = None

    @property
    def workbench(self) -> Workbench:
        """The opened workspace.

        Raises:
            DuoshouError: If there is none, or its settings cannot be used.
        """
        if self._workbench is None:
            self._workbench = self._opener(self.directory)
        return self._workbench

    @property
    def language(self) -> Language:
        """What the user chose, else what the workspace says, else Chinese."""
        if self._chosen is None:
            self._chosen = self._language_of_settings()
        return self._chosen

    @property
    def chosen_language(self) -> Language | None:
        """What the user asked for on the command line; None where the settings decide."""
        return self._asked

    def choose_language(self, language: Language) -> Language:
        """Let every message of this run be in `language`, and return it."""
        self._asked = self._chosen = language
        return language

    def say(self, zh: str, en: str) -> str:
        """Return the wording in the language of this run."""
        return Text(zh, en).in_language(self.language)

    def close(self) -> None:
        """Close what was opened."""
        close = getattr(self._workbench, "close", None)
        if close is not None:
            close()

    def _language_of_settings(self) -> Language:
        from duoshou.settings import Workspace, load_settings

        try:
            return load_settings(Workspace.find(self.directory)).language
        except DuoshouError:
            # Outside a workspace, or with broken settings, which are another message's business.
            named = os.environ.get("DUOSHOU_LANGUAGE")
            return cast("Language", named) if named in ("zh", "en") else "zh"
