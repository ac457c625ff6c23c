"""What a role may: one table, as data."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from duoshou.model import Role, Text

TABLE = Path(__file__).parent / "rights.toml"


class Right(StrEnum):
    """One thing that a person may or may not do; `costs` is to see unit costs and margins."""

    READ = "read"
    EXPORT = "export"
    IMPORT = "import"
    UNDO = "undo"
    DECIDE = "decide"
    RUN_DAY = "run_day"
    SETTINGS = "settings"
    PEOPLE = "people"
    AUDIT = "audit"
    PUSH = "push"
    COSTS = "costs"
    PLAN = "plan"
    ACT = "act"


class _Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str


class _Role(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str
    rights: frozenset[Right]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    right: dict[Right, _Words]
    role: dict[Role, _Role]


@cache
def _table() -> _Table:
    return msgspec.convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table)


def rights_of(role: Role) -> frozenset[Right]:
    """Return what a role may."""
    return _table().role[role].rights


def role_title(role: Role) -> Text:
    """Return what people call a role."""
    found = _table().role[role]
    return Text(found.zh, found.en)


def right_title(right: Right) -> Text:
    """Return what a right lets people do, in a few words."""
    found = _table().right[right]
    return Text(found.zh, found.en)
