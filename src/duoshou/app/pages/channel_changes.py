"""How the channels of the settings change: a source gets a home, a channel is made, changed or taken away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from duoshou.app.editing import edit_settings
from duoshou.app.pages.typed import refused
from duoshou.model import Text
from duoshou.settings import Channel, SettingsError, Workspace, read_settings
from duoshou.settings.channels import JOINT, UNASSIGNED, Grouping, KnownChannel, folded, grouping_of
from duoshou.settings.writing import Change, PutItem, TakeItem
from duoshou.state import State

KEY = "channel"
LONGEST_KEY = 60
NAME = Text("渠道名称", "Name of the channel")


def assign(
    workspace: Workspace,
    state: State,
    sources: Sequence[str],
    channel: str | None,
    *,
    known: Iterable[str] = (),
    version: str,
    by: str,
) -> None:
    """Give traffic sources or scenes a channel.

    Args:
        workspace: Whose settings.
        state: Where the audit log is.
        sources: Paths or names.
        channel: Key of the channel; `unassigned`: none; None: whatever the product brings.
        known: Paths of the sources that there are. A source whose own name belongs to no other is written by that
            alone, which outlives a platform's renaming of what stands above it.
        version: What the file was when it was shown.
        by: Who changes it.

    Raises:
        SettingsError: If there is no such channel or no source is named, or the file is another one by now.
    """
    own = read_settings(workspace)[0].channels
    if not any(map(str.strip, sources)):
        raise SettingsError("settings_refused", Text("请先选来源", "choose a source first"))
    if channel not in {None, UNASSIGNED, *(one.key for one in grouping_of(own).channels)}:
        raise _no_such(channel or "")
    times = Counter(folded(_own_name(one)) for one in set(known))
    gone = {folded(written) for one in sources for written in _spellings(one, times)}
    wanted = {one.key: [name for name in one.sources if folded(name) not in gone] for one in own}
    if channel is not None:
        added = [_written(one, times) for one in sources if one.strip()]
        wanted.setdefault(channel, []).extend(dict.fromkeys(added))
    _write(workspace, state, own, wanted, version=version, by=by)


def _own_name(path: str) -> str:
    return path.rpartition(JOINT)[2].strip()


def _written(path: str, times: Mapping[str, int]) -> str:
    """Return how the settings name a source: by its path where others are called alike."""
    return path.strip() if times[folded(_own_name(path))] > 1 else _own_name(path)


def _spellings(path: str, times: Mapping[str, int]) -> set[str]:
    """Return how the settings may have named just this source until now."""
    return {path.strip(), _written(path, times)}


def _write(
    workspace: Workspace,
    state: State,
    own: Sequence[Channel],
    wanted: Mapping[str, Sequence[str]],
    *,
    version: str,
    by: str,
) -> None:
    """Let each channel have the sources that are wanted; what says nothing any more goes, from the end of the file."""
    changes: list[Change] = []
    empty: list[Change] = []
    shipped = {UNASSIGNED, *(one.key for one in grouping_of().channels)}
    for position, one in enumerate(own):
        sources = list(wanted[one.key])
        if not sources and one.key in shipped and not one.name and one.paid is None:
            empty.insert(0, TakeItem(KEY, position))
        elif sources != list(one.sources):
            changes.append(PutItem(KEY, position, {"sources": sources or None}))
    new = [(key, sources) for key, sources in wanted.items() if key not in {one.key for one in own}]
    changes += [PutItem(KEY, None, {"key": key, "sources": list(sources)}) for key, sources in new]
    edit_settings(workspace, state, [*changes, *empty], version=version, by=by)


def add_channel(
    workspace: Workspace,
    state: State,
    name: str,
    *,
    paid: bool | None = None,
    sources: Sequence[str] = (),
    version: str,
    by: str,
) -> str:
    """Make a channel and return its key.

    Raises:
        SettingsError: If it has no name or that of another one, or it cannot be so; or the file is another one by now.
    """
    grouping = grouping_of(read_settings(workspace)[0].channels)
    _require_name(grouping, name, None)
    key = _new_key(name, {UNASSIGNED, *(one.key.casefold() for one in grouping.channels)})
    values = {"key": key, "name": name, "sources": list(sources) or None, "paid": paid}
    edit_settings(workspace, state, [PutItem(KEY, None, values)], version=version, by=by)
    return key


def change_channel(
    workspace: Workspace,
    state: State,
    key: str,
    *,
    name: str,
    paid: bool | None,
    sources: Sequence[str],
    version: str,
    by: str,
) -> None:
    """Change what the settings say of a channel; what is as the product brings it is not written.

    Raises:
        SettingsError: As `add_channel`, and if there is no such channel.
    """
    grouping = grouping_of(read_settings(workspace)[0].channels)
    one = channel_in(grouping, key)
    _require_name(grouping, name, key)
    brought = next((one for one in grouping_of().channels if one.key == key), None)
    if brought is not None:
        name = "" if name in {brought.title.zh, brought.title.en} else name
        paid = None if paid == brought.paid else paid
    values = {"name": name or None, "sources": list(sources) or None, "paid": paid}
    changes: list[Change] = []
    if brought is not None and not any(value is not None for value in values.values()):
        changes = [] if one.position is None else [TakeItem(KEY, one.position)]
    elif one.position is None:
        changes = [PutItem(KEY, None, {"key": key, **values})]
    else:
        changes = [PutItem(KEY, one.position, values)]
    edit_settings(workspace, state, changes, version=version, by=by)


def take_channel(workspace: Workspace, state: State, key: str, *, version: str, by: str) -> None:
    """Take away what the settings say of a channel: a shipped one is then as the product brings it.

    Raises:
        SettingsError: If the settings say nothing of it, or the file is another one by now.
    """
    grouping = grouping_of(read_settings(workspace)[0].channels)
    position = grouping.aside_position if key == UNASSIGNED else channel_in(grouping, key).position
    if position is None:
        raise refused(key, Text("设置里没有改过它", "the settings say nothing of it"))
    edit_settings(workspace, state, [TakeItem(KEY, position)], version=version, by=by)


def channel_in(grouping: Grouping, key: str) -> KnownChannel:
    """Return a channel.

    Raises:
        SettingsError: If there is none of that key.
    """
    found = next((one for one in grouping.channels if one.key == key), None)
    if found is None:
        raise _no_such(key)
    return found


def sources_of_form(text: str) -> list[str]:
    """Return the names that a person typed, one a line, each once."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        found.setdefault(folded(line), line)
    return list(found.values())


def _require_name(grouping: Grouping, name: str, key: str | None) -> None:
    if not name.strip():
        raise refused(NAME, Text("不能为空", "it cannot be empty"))
    taken = {folded(title) for one in grouping.channels if one.key != key for title in (one.title.zh, one.title.en)}
    if folded(name) in taken:
        raise refused(NAME, Text("已有同名渠道", "another channel is called so"))


def _new_key(name: str, taken: set[str]) -> str:
    """Return a key for a new channel, made of its name."""
    words = re.sub(r"\W+", "_", name).strip("_").casefold()[: LONGEST_KEY - 4] or "channel"
    tried = (words if number == 1 else f"{words}_{number}" for number in range(1, len(taken) + 2))
    return next(key for key in tried if key not in taken)


def _no_such(key: str) -> SettingsError:
    return SettingsError("no_channel", Text(f"没有渠道“{key[:60]}”", f"there is no channel {key[:60]!r}"))
