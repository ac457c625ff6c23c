"""Change `duoshou.toml` and `calendar.toml` from a page: checked first, in one step, and in the audit log."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from duoshou.model import Place, Text, plain
from duoshou.settings import SettingsError, Workspace, parse_settings
from duoshou.settings.calendar import CALENDAR_FILE, load_calendar
from duoshou.settings.calendar.festival import festivals_with
from duoshou.settings.descriptions import descriptions
from duoshou.settings.writing import Change, Put, PutItem, TakeItem, parsed, rewritten, value_at
from duoshou.state import State, note
from duoshou.warehouse.durable import replace_with

WRITERS = "/settings"
"""Writers of the settings follow one another, over several processes too; no shop has a slash in its key."""
HIDDEN = "…"
MARK = "\ufeff"
"""What Notepad puts in front of UTF-8."""

Item = dict[str, Any]
Check = Callable[[str], object]
"""Called with a new text; raises an error to refuse it."""


class SettingsChanged(SettingsError):
    """Somebody changed the file after it was shown to whoever wants to change it now."""


def version_of(path: Path) -> str:
    """Return what tells one content of a file from another; empty where there is no file."""
    return _version(_content(path))


def edit_settings(
    workspace: Workspace, state: State, changes: Sequence[Change], *, version: str, by: str, check: Check | None = None
) -> None:
    """Change the settings of a workspace.

    Args:
        workspace: Whose `duoshou.toml`.
        state: Where the audit log is.
        changes: What is to change.
        version: `version_of` the file when it was shown to whoever changes it.
        by: Who changes it, for the audit log.
        check: What else the new text must pass.

    Raises:
        SettingsChanged: If the file is another one by now.
        SettingsError: If the new settings cannot be meant, or only a person can write them; nothing is changed.
        StateError: If the audit log cannot be written; nothing is changed.
    """

    def usable(text: str) -> None:
        settings = parse_settings(text)[0]
        # A country is known or not once a day of it is asked for.
        load_calendar(settings, workspace).day(date(2026, 1, 1))
        if check is not None:
            check(text)

    _edit(workspace.settings_file, state, changes, version=version, by=by, check=usable)


def edit_calendar(workspace: Workspace, state: State, changes: Sequence[Change], *, version: str, by: str) -> None:
    """Change a workspace's `calendar.toml`, which is made where it is not there.

    Raises:
        SettingsChanged, SettingsError, StateError: As `edit_settings`.
    """
    path = workspace.directory / CALENDAR_FILE
    _edit(path, state, changes, version=version, by=by, check=lambda text: festivals_with(text, path.name))


def _edit(path: Path, state: State, changes: Sequence[Change], *, version: str, by: str, check: Check) -> None:
    kept = _Kept(path.resolve())
    try:
        with state.writing(by, WRITERS) as session:
            # SQLite takes its lock with the first statement only; the file must not be read before.
            session.connection()
            content = _content(path)
            _require(version, content, path.name)
            text = _text(path.name, content or b"")
            made = text
            for change in changes:
                step = rewritten(made, [change])
                if step != made:
                    note(session, path.name, **_entry(change, parsed(made), parsed(step)))
                made = step
            if made != text:
                check(made)
                kept.replace(content, _bytes(made, marked=(content or b"").startswith(MARK.encode())))
    except BaseException:
        kept.restore()
        raise


class _Kept:
    """A file with its former content, for as long as the log of its change may still fail."""

    def __init__(self, path: Path) -> None:
        """Take the path of the file itself: a link goes on leading to it."""
        self._path = path
        self._former: bytes | None = None
        self._is_replaced = False

    def replace(self, former: bytes | None, content: bytes) -> None:
        """Write the file."""
        self._former, self._is_replaced = former, True
        replace_with(self._path, content)

    def restore(self) -> None:
        """Undo the writing, if there was any."""
        if self._is_replaced and self._former is not None:
            replace_with(self._path, self._former)
        elif self._is_replaced:
            self._path.unlink(missing_ok=True)


def _entry(change: Change, before: Item, after: Item) -> Item:
    """Return what the audit log keeps of a change; no secret."""
    if isinstance(change, Put):
        name = change.key.rpartition(".")[2]
        shown = {
            side: {name: _shown(change.key, value_at(table, change.key))}
            for side, table in (("before", before), ("after", after))
        }
        return {"action": "update", "key": {"setting": change.key}, **shown}
    former, items = value_at(before, change.key), value_at(after, change.key)
    was: Item | None = None if change.position is None else former[change.position]
    now: Item | None = None if isinstance(change, TakeItem) else items[-1 if was is None else change.position]
    action = "insert" if was is None else "delete" if now is None else "update"
    names: Iterable[str] = change.values if isinstance(change, PutItem) and was is not None else was or now or {}
    told: Item = now or was or {}
    key: Item = {"setting": change.key} | {name: told[name] for name in ("key", "name", "sku") if name in told}
    return {"action": action, "key": plain(key), **_sides(change.key, was, now, names)}


def _sides(key: str, was: Item | None, now: Item | None, names: Iterable[str]) -> dict[str, Item | None]:
    """Return what stood under some names before and after."""
    before, after = (
        None if item is None else {name: _shown(f"{key}.{name}", item.get(name)) for name in names}
        for item in (was, now)
    )
    return {"before": before, "after": after}


def _shown(key: str, value: object) -> Any:
    described = descriptions().get(key)
    return HIDDEN if described is not None and described.secret and value else plain(value)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _version(content: bytes | None) -> str:
    return "" if content is None else hashlib.sha256(content).hexdigest()[:32]


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8").removeprefix(MARK)
    except UnicodeDecodeError as error:
        raise SettingsError(
            "settings_encoding",
            Text(f"{name} 不是 UTF-8 编码", f"{name} is not encoded in UTF-8"),
            hint=Text("用记事本另存为，编码选 UTF-8", "save it again with the encoding UTF-8"),
            place=Place(file=name),
        ) from error


def _bytes(text: str, *, marked: bool) -> bytes:
    try:
        return ((MARK if marked else "") + text).encode("utf-8")
    except UnicodeEncodeError as error:
        raise SettingsError(
            "settings_text", Text("有不能写进文件的字符", "it holds a character that no file can hold")
        ) from error


def _require(version: str, content: bytes | None, name: str) -> None:
    if version != _version(content):
        raise _changed(name)


def _changed(name: str) -> SettingsChanged:
    return SettingsChanged(
        "settings_changed",
        Text(f"{name} 刚被别人改过，没有保存", f"somebody changed {name} in the meantime; nothing was saved"),
        hint=Text("看看现在的内容，再改一次", "look at what it says now, and make your change again"),
    )
