"""Change single settings in a TOML text that a person wrote: comments, order and every other line stay as they are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from duoshou.model import Text
from duoshou.settings.descriptions import descriptions
from duoshou.settings.errors import SettingsError
from duoshou.settings.statements import Statement, statements
from duoshou.settings.template import toml_value

Values = Mapping[str, object]
"""Name → value in the types of TOML; None takes the name away, so that its default holds."""

_EXAMPLE_HEADER = re.compile(r"^\s*#\s*\[")


@dataclass(frozen=True, slots=True)
class Put:
    """Give a setting, such as `reports.title`, a value; None: its default."""

    key: str
    value: object


@dataclass(frozen=True, slots=True)
class PutItem:
    """Change names of one of the repeated tables `[[key]]`, counted from 0; None: add one."""

    key: str
    position: int | None
    values: Values


@dataclass(frozen=True, slots=True)
class TakeItem:
    """Take away one of the repeated tables `[[key]]`, counted from 0."""

    key: str
    position: int


Change = Put | PutItem | TakeItem


def rewritten(text: str, changes: Sequence[Change]) -> str:
    """Return a TOML text with `changes` made, one after the other.

    The result is read again and must say what was there before with exactly these changes.

    Raises:
        SettingsError: If the text is not TOML, if there is no such repeated table, or if the text is written in a way,
            such as a section on one line, that only a person can change.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    page = _Page(text.replace("\r\n", "\n").split("\n"))
    wanted = parsed(text)
    for change in changes:
        _apply(wanted, change)
        try:
            page.apply(change)
            is_meant = _pruned(tomllib.loads("\n".join(page.lines))) == _pruned(wanted)
        except tomllib.TOMLDecodeError:
            is_meant = False
        if not is_meant:
            raise _by_hand(change.key)
    return newline.join(page.lines)


def parsed(text: str) -> dict[str, Any]:
    """Return what a TOML text says.

    Raises:
        SettingsError: If it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            "settings_syntax",
            Text(f"写法有误：{error}", f"it is not valid TOML: {error}"),
            hint=Text("请先在文件里改好", "mend it in the file first"),
        ) from error


def value_at(table: Mapping[str, Any], key: str) -> Any:
    """Return what a parsed text says under a dotted key; None where it says nothing."""
    found: Any = table
    for name in key.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


@dataclass(slots=True)
class _Page:
    """The lines of a text while it is being changed."""

    lines: list[str]
    _known: list[Statement] = field(default_factory=list)

    def apply(self, change: Change) -> None:
        """Make one change."""
        self._known = statements(self.lines)
        if isinstance(change, Put):
            self._put(change.key, change.value)
        elif isinstance(change, TakeItem):
            self._take(change.key, change.position)
        elif change.position is None:
            self._add(change.key, change.values)
        else:
            self._change(change.key, change.position, change.values)

    def _put(self, key: str, value: object) -> None:
        there = next((one for one in self._known if not one.is_header and one.key == key), None)
        if there is not None:
            example = descriptions()[key].example if value is None and key in descriptions() else None
            kept = [f"# {there.name} = {example}"] if example else []
            self._replace(there, kept if value is None else [there.assigned(self.lines, toml_value(value))])
        elif value is not None:
            self._insert(key, value)

    def _insert(self, key: str, value: object) -> None:
        section, _, name = key.rpartition(".")
        start, end = self._section(section)
        line = f"{name} = {toml_value(value)}"
        if start is None:
            self._append([f"[{section}]", line])
            return
        example = re.compile(rf"^\s*#\s*{re.escape(name)}\s*=")
        for number in range(start, end):
            if _EXAMPLE_HEADER.match(self.lines[number]):
                break
            if example.match(self.lines[number]):
                self.lines[number] = line
                return
        last = max((one.end for one in self._known if start <= one.start < end), default=start)
        self.lines.insert(last, line)

    def _section(self, section: str) -> tuple[int | None, int]:
        """Return the first line below the header of a section, None where there is none, and the line of the next."""
        headers = [one for one in self._known if one.is_header]
        if not section:
            return 0, next((one.start for one in headers), len(self.lines))
        for place, one in enumerate(headers):
            if one.key == section and one.position is None:
                return one.end, headers[place + 1].start if place + 1 < len(headers) else len(self.lines)
        return None, 0

    def _item(self, key: str, position: int) -> tuple[Statement, list[Statement]]:
        """Return the header of a repeated table and what stands below it."""
        headers = [one for one in self._known if one.is_header and one.key == key and one.position is not None]
        if position >= len(headers):
            raise _by_hand(key)
        header = headers[position]
        following = [one for one in self._known if one.start > header.start]
        end = next((place for place, one in enumerate(following) if one.is_header), len(following))
        return header, following[:end]

    def _take(self, key: str, position: int) -> None:
        header, body = self._item(key, position)
        start, end = header.start, (body or [header])[-1].end
        if start and not self.lines[start - 1].strip():
            start -= 1
        del self.lines[start:end]

    def _change(self, key: str, position: int, values: Values) -> None:
        for name, value in values.items():
            header, body = self._item(key, position)
            there = next((one for one in body if one.name == name), None)
            if there is not None:
                self._replace(there, [] if value is None else [there.assigned(self.lines, toml_value(value))])
            elif value is not None:
                self.lines.insert((body or [header])[-1].end, f"{name} = {toml_value(value)}")
            self._known = statements(self.lines)

    def _add(self, key: str, values: Values) -> None:
        block = [f"[[{key}]]", *(f"{name} = {toml_value(one)}" for name, one in values.items() if one is not None)]
        count = sum(one.is_header and one.key == key and one.position is not None for one in self._known)
        if count:
            header, body = self._item(key, count - 1)
            self._insert_block((body or [header])[-1].end, block)
            return
        example = re.compile(rf"^\s*#\s*\[\[\s*{re.escape(key)}\s*\]\]")
        place = next((number for number, line in enumerate(self.lines) if example.match(line)), None)
        if place is None:
            self._append(block)
            return
        while place < len(self.lines) and self.lines[place].lstrip().startswith("#"):
            place += 1
        self._insert_block(place, block)

    def _insert_block(self, place: int, block: list[str]) -> None:
        after = [""] if place < len(self.lines) and self.lines[place].strip() else []
        self.lines[place:place] = ["", *block, *after]

    def _append(self, block: list[str]) -> None:
        while self.lines and not self.lines[-1].strip():
            self.lines.pop()
        self.lines.extend([*([""] if self.lines else []), *block, ""])

    def _replace(self, there: Statement, lines: list[str]) -> None:
        self.lines[there.start : there.end] = lines


def _apply(table: dict[str, Any], change: Change) -> None:
    """Make a change in a parsed text."""
    *path, name = change.key.split(".")
    for step in path:
        table = table.setdefault(step, {})
    if isinstance(change, Put):
        _set(table, {name: change.value})
        return
    items = table.setdefault(name, [])
    if isinstance(change, PutItem) and change.position is None:
        items.append({})
    position = len(items) - 1 if change.position is None else change.position
    if not (isinstance(items, list) and 0 <= position < len(items)):
        raise SettingsError(
            "no_such_item",
            Text(f"没有第 {position + 1} 个 [[{change.key}]]", f"there is no [[{change.key}]] number {position + 1}"),
            hint=Text("请刷新页面", "reload the page"),
        )
    if isinstance(change, TakeItem):
        del items[position]
        if not items:
            del table[name]
    else:
        _set(items[position], change.values)


def _set(table: dict[str, Any], values: Values) -> None:
    for name, value in values.items():
        if value is None:
            table.pop(name, None)
        else:
            table[name] = deepcopy(list(value) if isinstance(value, tuple) else value)


def _pruned(table: dict[str, Any]) -> dict[str, Any]:
    """Return a parsed text without sections that are empty."""
    inner = {name: _pruned(value) if isinstance(value, dict) else value for name, value in table.items()}
    return {name: value for name, value in inner.items() if value != {}}


def _by_hand(key: str) -> SettingsError:
    return SettingsError(
        "settings_by_hand",
        Text(
            f"文件里 {key} 的写法只能手工修改",
            f"{key} is written in the file in a way that only a person can change",
        ),
        hint=Text("请打开文件修改，保存后自动生效", "change it in the file; it counts once that is saved"),
    )
