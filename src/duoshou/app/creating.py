"""A new workspace."""

from __future__ import annotations

from pathlib import Path

from duoshou.model import Language
from duoshou.settings import Settings, Shop, Workspace


def create_workspace(
    directory: Path, name: str, currency: str = "CNY", timezone: str = "Asia/Shanghai", language: Language = "zh"
) -> Workspace:
    """Make a workspace in `directory` and return it.

    Raises:
        WorkspaceError: If there is one already, or the folder cannot be written.
        SettingsError: If the currency or the time zone is unknown.
    """
    settings = Settings(
        name=name, language=language, timezone=timezone, currency=currency, shops=(Shop(key="main", name=name),)
    )
    return Workspace.create(directory, settings)
