"""Kinds of change (`kinds.toml`): what they are called, what they should move, what must not fall."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from msgspec import Struct, convert

from duoshou.loop.errors import ChangeRefused
from duoshou.model import Text

TABLE = Path(__file__).parent / "kinds.toml"


class Kind(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of change.

    Attributes:
        zh, en: What people call it.
        subject: What it usually concerns.
        metric: What it should move.
        guards: What must not fall.
        detected: Whether the data can show it.
    """

    zh: str
    en: str
    subject: str
    metric: str
    guards: tuple[str, ...] = ()
    detected: bool = False

    @property
    def title(self) -> Text:
        """What people call it."""
        return Text(self.zh, self.en)


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    kind: dict[str, Kind]


@cache
def kinds() -> dict[str, Kind]:
    """Return every kind of change by its key."""
    return convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table).kind


def kind_of(key: str) -> Kind:
    """Return a kind of change.

    Raises:
        ChangeRefused: If there is no such kind.
    """
    found = kinds().get(key)
    if found is None:
        known = ", ".join(kinds())
        raise ChangeRefused(
            "unknown_change_kind",
            Text(f"没有“{key}”这种改动", f"there is no kind of change called {key!r}"),
            hint=Text(f"可用：{known}", f"there are: {known}"),
        )
    return found
