"""Match a parsed TOML table with the settings' types, value by value, so that every problem is found in one go."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Mapping
from typing import Any, get_args, get_origin

import msgspec

from duoshou.model import Text
from duoshou.settings.descriptions import descriptions
from duoshou.settings.errors import SettingProblem

Provenance = Mapping[str, str]
"""Dotted key → `default`, the settings file's name, or the name of a variable."""


def variable_name(key: str) -> str:
    """Return the environment variable that overrides the setting `key`."""
    return "DUOSHOU_" + key.upper().replace(".", "_")


def repeated_struct(kind: Any) -> type[msgspec.Struct] | None:
    """Return the struct of which a field holds several (`tuple[Shop, ...]`, written `[[shop]]`), if it does."""
    item = get_args(kind)[0] if get_origin(kind) is tuple else None
    return item if isinstance(item, type) and issubclass(item, msgspec.Struct) else None


class Walk:
    """One reading of a settings text.

    Attributes:
        problems: What was found wrong, filled while walking.
        provenance: Where each value came from, filled while walking.
    """

    def __init__(self, environment: Mapping[str, str], source: str, lines: Mapping[str, list[int]]) -> None:
        self.problems: list[SettingProblem] = []
        self.provenance: dict[str, str] = {}
        self._environment = environment
        self._source = source
        self._lines = lines

    def values(self, struct: type[msgspec.Struct], table: Mapping[str, object], path: str = "") -> dict[str, Any]:
        """Return the field values of `struct` that `table` and the variables give; defaults are left out.

        Args:
            struct: Settings type whose fields are wanted.
            table: Parsed TOML table.
            path: Dotted name of the table, empty at the top.
        """
        fields = msgspec.structs.fields(struct)
        self._unknown(table, [field.encode_name for field in fields], path)
        found: dict[str, Any] = {}
        for field in fields:
            key = f"{path}.{field.encode_name}" if path else field.encode_name
            inner = self._inner(field.type, key, table.get(field.encode_name))
            value = self._scalar(field, key, table) if inner is None else inner
            if value is not msgspec.UNSET:
                found[field.name] = value
        return found

    def add(self, key: str, message: Text, *, source: str | None = None, position: int = 0) -> None:
        """Note that the setting `key` is wrong; `position` counts repeated tables such as `[[shop]]`."""
        line = self._line(key, position) if source is None else None
        self.problems.append(SettingProblem(key, message, line, source or self._source))

    def _line(self, key: str, position: int) -> int | None:
        headers, places = self._lines.get(key.rpartition(".")[0], []), self._lines.get(key, [])
        if len(headers) > 1:
            # A key may be missing in some of the repeated tables: what counts stands below the header of its own.
            start, end = [*headers, sys.maxsize, sys.maxsize][position : position + 2]
            return next((line for line in places if start < line < end), start)
        places = places or headers
        return places[min(position, len(places) - 1)] if places else None

    def _inner(self, kind: Any, key: str, value: object) -> Any:
        """Return a nested struct or repeated ones; None where the field holds a single value."""
        if (repeated := repeated_struct(kind)) is not None:
            return self._repeated(repeated, key, value)
        if not (isinstance(kind, type) and issubclass(kind, msgspec.Struct)):
            return None
        if value is not None and not isinstance(value, dict):
            self.add(key, Text(f"{key} 应写成表 [{key}]", f"{key} should be a table [{key}]"))
            return msgspec.UNSET
        before = len(self.problems)
        values = self.values(kind, value or {}, key)
        return kind(**values) if len(self.problems) == before else msgspec.UNSET

    def _repeated(self, struct: type[msgspec.Struct], key: str, value: object) -> Any:
        if value is None:
            self.provenance[key] = "default"
            return msgspec.UNSET
        shaped = isinstance(value, list | tuple) and all(isinstance(item, dict) for item in value)
        if not shaped or (key == "shop" and not value):
            self.add(key, Text(f"{key} 应写成 [[{key}]]", f"{key} is written as [[{key}]]"))
            return msgspec.UNSET
        assert isinstance(value, list | tuple)
        self.provenance[key] = self._source
        before = len(self.problems)
        items = [self._item(struct, key, item, position) for position, item in enumerate(value)]
        return tuple(struct(**values) for values in items) if len(self.problems) == before else msgspec.UNSET

    def _item(
        self, struct: type[msgspec.Struct], key: str, table: Mapping[str, object], position: int
    ) -> dict[str, Any]:
        fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
        self._unknown(table, list(fields), key, position)
        found = {}
        for name, field in fields.items():
            if name not in table:
                if field.required:
                    message = Text(f"[[{key}]] 缺少 {name}", f"[[{key}]] lacks its {name}")
                    self.add(key, message, position=position)
                continue
            try:
                found[field.name] = msgspec.convert(table[name], field.type)
            except msgspec.ValidationError:
                self._unfit(f"{key}.{name}", table[name], position=position)
        return found

    def _scalar(self, field: msgspec.structs.FieldInfo, key: str, table: Mapping[str, object]) -> Any:
        variable = variable_name(key)
        if variable in self._environment and field.type != dict[str, str]:
            self.provenance[key] = variable
            text = self._environment[variable]
            value = [part.strip() for part in text.split(",")] if get_origin(field.type) is tuple else text
            return self._converted(field.type, key, value, source=variable)
        if field.encode_name in table:
            self.provenance[key] = self._source
            return self._converted(field.type, key, table[field.encode_name])
        self.provenance[key] = "default"
        return msgspec.UNSET

    def _converted(self, kind: Any, key: str, value: object, *, source: str | None = None) -> Any:
        try:
            return msgspec.convert(value, kind, strict=source is None)
        except msgspec.ValidationError:
            self._unfit(key, value, source=source)
            return msgspec.UNSET

    def _unfit(self, key: str, value: object, *, source: str | None = None, position: int = 0) -> None:
        description = descriptions()[key]
        expected = description.expected
        shown = "…" if description.secret else json.dumps(value, ensure_ascii=False, default=str)
        message = Text(
            f"{key} = {shown} 不行，应为{expected.zh}", f"{key} = {shown} will not do; expected {expected.en}"
        )
        self.add(key, message, source=source, position=position)

    def _unknown(self, table: Mapping[str, object], known: list[str], path: str, position: int = 0) -> None:
        for name in table:
            if name in known:
                continue
            key = f"{path}.{name}" if path else name
            nearest = _nearest(key, name, known, path)
            zh = f"没有名为 {key} 的设置" + (f"，是不是 {nearest}？" if nearest else "")
            en = f"there is no setting {key}" + (f"; did you mean {nearest}?" if nearest else "")
            self.add(key, Text(zh, en), position=position)


def _nearest(key: str, name: str, known: list[str], path: str) -> str | None:
    """Return the setting most like a wrong one: of the same table first, then of any table."""
    if close := difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6):
        return f"{path}.{close[0]}" if path else close[0]
    everywhere = list(descriptions())
    if moved := [other for other in everywhere if other.rpartition(".")[2] == name]:
        return moved[0]
    close = difflib.get_close_matches(key.lower(), everywhere, n=1, cutoff=0.75)
    return close[0] if close else None


__all__ = ["Provenance", "Walk", "repeated_struct", "variable_name"]
