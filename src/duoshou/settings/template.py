"""Write a `duoshou.toml` that names every setting and says what it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeGuard

import msgspec

from duoshou.settings.descriptions import Description, descriptions
from duoshou.settings.schema import Settings

_TITLE = """\
# 舵手工作区的设置。改完保存即可，下一条命令就会用上；以 # 开头的行是说明或未启用的设置。
# Settings of this Duoshou workspace: save, and the next command uses them. A line that begins with # is an
# explanation or a setting that is not in use.
"""


def render_template(settings: Settings | None = None) -> str:
    """Return the TOML text of `settings` (the defaults for None), every setting explained in both languages.

    Settings that have no value are shown as comments with an example.
    """
    values = msgspec.to_builtins(settings or Settings())
    sections = {"": values, **{name: table for name, table in values.items() if isinstance(table, dict)}}
    text = _TITLE
    for name, section in sections.items():
        if name == "engine":
            text += "".join(_shop_lines(values["shop"]))
        text += f"\n[{name}]\n" if name else "\n"
        prefix = f"{name}." if name else ""
        lines = [_setting(description, section.get(key)) for key, description in _described(prefix)]
        text += "".join(f"{line}\n" for line in lines)
        if name:
            tables: dict[str, Sequence[dict[str, object]]] = {
                key: items for key, items in section.items() if _is_list(items) and prefix + key not in descriptions()
            }
            text += "".join(_repeated(prefix + key, items) for key, items in tables.items())
    return text + _repeated("push", values["push"]) + _repeated("channel", values["channel"])


def toml_value(value: object) -> str:
    """Return `value` (text, number, truth value, day, list or table) as TOML text on one line."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_name(key)} = {toml_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    # A JSON text is a TOML basic string, JSON numbers are TOML too; DEL alone must be escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _name(key: object) -> str:
    text = str(key)
    return text if re.fullmatch("[A-Za-z0-9_-]+", text) else toml_value(text)


def _described(prefix: str) -> Iterator[tuple[str, Description]]:
    for key, description in descriptions().items():
        head, _, name = key.rpartition(".")
        if (f"{head}." if head else "") == prefix:
            yield name, description


def _setting(description: Description, value: object) -> str:
    name = description.key.rpartition(".")[2]
    empty = value is None or value == {}
    assignment = f"# {name} = {description.example}" if empty else f"{name} = {toml_value(value)}"
    return f"# {description.about.zh}\n# {description.about.en}\n{assignment}"


def _is_list(value: object) -> TypeGuard[Sequence[dict[str, object]]]:
    """Return whether a value of a section is written as repeated tables."""
    return isinstance(value, list | tuple) and all(isinstance(item, dict) for item in value)


def _repeated(key: str, items: Sequence[dict[str, object]]) -> str:
    """Return the tables `[[key]]`; without any, one as a comment that shows what may be written."""
    if not items:
        lines = [_setting(description, None) for _, description in _described(f"{key}.")]
        return "\n".join([f"\n# [[{key}]]", *lines, ""])
    written = [[f"{name} = {toml_value(value)}" for name, value in item.items() if value is not None] for item in items]
    return "".join("\n".join([f"\n[[{key}]]", *lines, ""]) for lines in written)


def _shop_lines(shops: list[dict[str, object]]) -> Iterator[str]:
    for position, shop in enumerate(shops):
        yield "\n[[shop]]\n"
        for name, description in _described("shop."):
            if position == 0:
                yield f"# {description.about.zh}\n# {description.about.en}\n"
            yield f"{name} = {toml_value(shop[name])}\n"
