"""Read `duoshou.toml` and the `DUOSHOU_…` variables into `Settings`, naming everything that is wrong at once."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from duoshou.model import Place, Text
from duoshou.settings.checks import semantic_problems
from duoshou.settings.errors import SettingsError, WorkspaceError
from duoshou.settings.lines import key_lines
from duoshou.settings.schema import Settings
from duoshou.settings.walk import Provenance, Walk

if TYPE_CHECKING:
    from duoshou.settings.workspace import Workspace


def load_settings(workspace: Workspace) -> Settings:
    """Return the settings of `workspace`.

    Raises:
        SettingsError: If the file or a variable holds something that cannot be meant; it names every such place.
    """
    return read_settings(workspace)[0]


def read_settings(workspace: Workspace, environment: Mapping[str, str] | None = None) -> tuple[Settings, Provenance]:
    """Return the settings and, per dotted key, where each value comes from.

    Args:
        workspace: Whose `duoshou.toml` is read.
        environment: Variables; None: those of the process.

    Raises:
        SettingsError: As `load_settings`.
    """
    path = workspace.settings_file
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(
            "settings_encoding",
            Text("duoshou.toml 不是 UTF-8 编码", "duoshou.toml is not encoded in UTF-8"),
            hint=Text("用记事本另存为，编码选 UTF-8", "save it again with the encoding UTF-8"),
            place=Place(file=str(path)),
        ) from error
    except OSError as error:
        raise WorkspaceError(
            "settings_unreadable",
            Text(f"读不到 {path}", f"{path} cannot be read"),
            hint=Text("检查文件是否存在、是否有权限", "check that it exists and that you may read it"),
        ) from error
    return parse_settings(text, environment=environment, source=path.name)


def parse_settings(
    text: str, *, environment: Mapping[str, str] | None = None, source: str = "duoshou.toml"
) -> tuple[Settings, Provenance]:
    """Return the settings that the TOML `text` describes, and where each value comes from.

    Raises:
        SettingsError: As `load_settings`.
    """
    return _walked(
        _parsed(text, source), Walk(os.environ if environment is None else environment, source, key_lines(text))
    )


def checked_settings(settings: Settings, source: str) -> Settings:
    """Return `settings`, made by a program from what a person said, once every value is found usable.

    Args:
        settings: Values that nobody has checked yet.
        source: Where they come from, for the message.

    Raises:
        SettingsError: As `load_settings`.
    """
    return _walked(msgspec.to_builtins(settings), Walk({}, source, {}))[0]


def _walked(table: Mapping[str, object], walk: Walk) -> tuple[Settings, Provenance]:
    values = walk.values(Settings, table)
    if not walk.problems:
        settings = Settings(**values)
        walk.problems.extend(semantic_problems(settings, walk))
        if not walk.problems:
            return settings, walk.provenance
    raise SettingsError.of_problems(sorted(walk.problems, key=lambda problem: (problem.line or 0, problem.key)))


def _parsed(text: str, source: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        raise SettingsError(
            "settings_syntax",
            Text(f"duoshou.toml 写法有误：{error}", f"duoshou.toml is not valid TOML: {error}"),
            hint=Text(
                "文字要用英文双引号括起来，每行写成 名称 = 值",
                "put texts in double quotes; write each line as name = value",
            ),
            place=Place(file=source, row=int(line[1]) if line else None),
        ) from error


__all__ = ["Provenance", "checked_settings", "load_settings", "parse_settings", "read_settings"]
