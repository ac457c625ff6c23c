"""设置 → 推送: where messages go. No address and no secret is ever told; both may be replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from duoshou.access import role_title
from duoshou.app.editing import edit_settings, version_of
from duoshou.app.push_targets import KnownTarget, known_targets, target_in
from duoshou.model import Role, Text
from duoshou.reports.push import KINDS, Sender
from duoshou.settings import PushTarget, Settings, SettingsError, Shop, Workspace, parse_settings, read_settings
from duoshou.settings.writing import PutItem, TakeItem
from duoshou.state import State

TEST_PATIENCE = 8.0
"""Seconds that a page waits for a test message."""
WHAT = {
    "digest": Text("每日摘要", "the daily digest"),
    "urgent": Text("紧急发现", "urgent findings"),
    "notices": Text("给人的通知", "notices to people"),
}
TOLD = tuple(role for role in Role if role is not Role.VIEWER)
"""Roles that notices go to."""


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target, which of the file it is from 0, and how its address and secret are kept: never what they are."""

    position: int
    known: KnownTarget
    push: PushTarget

    @property
    def address(self) -> str:
        """Where the address is: `variable`, or `file`."""
        return "variable" if self.push.url_env else "file"

    @property
    def secret(self) -> str:
        """Where the secret is: `variable`, `file`, or `none`."""
        return "variable" if self.push.secret_env else "file" if self.push.secret else "none"


@dataclass(frozen=True, slots=True)
class PushPage:
    """The targets of the settings.

    Attributes:
        version: What the file is at present; goes back with each form.
        targets: In the order of the file.
        shops: Shops that a target may be limited to.
        kinds: Key and name of each kind.
        roles: Key and name of each role that notices may be limited to.
        hosts: Other hosts that the file allows.
    """

    version: str
    targets: tuple[TargetRow, ...]
    shops: tuple[Shop, ...]
    kinds: tuple[tuple[str, Text], ...]
    roles: tuple[tuple[str, Text], ...]
    hosts: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape, without anything secret."""
        targets = [
            {
                "number": one.position,
                **one.known.to_dict(),
                "address": one.address,
                "url_env": one.push.url_env or None,
                "secret": one.secret,
                "secret_env": one.push.secret_env or None,
                "language": one.push.language,
                "roles": [role.value for role in one.push.roles],
            }
            for one in self.targets
        ]
        return {"version": self.version, "targets": targets, "push_hosts": list(self.hosts)}


def push_page(workspace: Workspace) -> PushPage:
    """Return the targets of the settings.

    Raises:
        SettingsError: If the file cannot be used as it stands.
    """
    version = version_of(workspace.settings_file)
    settings = read_settings(workspace)[0]
    known = known_targets(settings)
    rows = tuple(TargetRow(place, one, settings.push[place]) for place, one in enumerate(known))
    kinds = tuple((kind.key, kind.title) for kind in KINDS.values())
    roles = tuple((role.value, role_title(role)) for role in TOLD)
    return PushPage(version, rows, settings.shops, kinds, roles, settings.push_hosts)


def put_target(
    workspace: Workspace,
    state: State,
    position: int | None,
    values: Mapping[str, object],
    *,
    version: str,
    by: str,
) -> None:
    """Add a target, or change the one at `position`; names that are not in `values` stay.

    Raises:
        SettingsError: If it cannot be so, or the file is another one by now.
        PushError: If its address may not be used.
    """

    def usable(text: str) -> None:
        settings = parse_settings(text)[0]
        push = settings.push[-1 if position is None else position]
        # A variable may be set where the job runs and not here; that is told in the list.
        if not push.url_env:
            target_in(settings, push)

    edit_settings(workspace, state, [PutItem("push", position, values)], version=version, by=by, check=usable)


def take_target(workspace: Workspace, state: State, position: int, *, version: str, by: str) -> None:
    """Take a target away.

    Raises:
        SettingsError: If there is none, or the file is another one by now.
    """
    edit_settings(workspace, state, [TakeItem("push", position)], version=version, by=by)


def target_of_form(form: Mapping[str, str], settings: Settings) -> dict[str, object]:
    """Return what a form says of a target; an address or a secret that is left empty stays as it is.

    Raises:
        SettingsError: If nothing is to be pushed.
    """
    typed = {name: value.strip() for name, value in form.items()}
    what = [name for name in WHAT if typed.get(f"what.{name}")]
    if not what:
        raise SettingsError("settings_refused", Text("请选至少一种消息", "choose at least one kind of message"))
    shops = [shop.key for shop in settings.shops if typed.get(f"shop.{shop.key}")]
    roles = [role.value for role in TOLD if typed.get(f"role.{role.value}")]
    values: dict[str, object] = {
        "kind": typed.get("kind", ""),
        "name": typed.get("name", ""),
        "what": what,
        "shops": None if len(shops) in {0, len(settings.shops)} else shops,
        "roles": None if len(roles) in {0, len(TOLD)} else roles,
        "at": typed.get("at") or None,
        "language": typed.get("language") or None,
    }
    for name in ("url", "secret"):
        variable = typed.get(f"{name}_env", "")
        values[f"{name}_env"] = variable or None
        if typed.get(name):
            values[name] = typed[name]
        elif variable or typed.get(f"no_{name}"):
            values[name] = None
    return values


@cache
def sender_of_tests() -> Sender:
    """Return what sends the test messages of this process, at the pace of the platforms."""
    return Sender(patience=TEST_PATIENCE)
