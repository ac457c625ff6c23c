"""The channels that the product brings, and what each platform calls their sources: the tables in `shipped/`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

import msgspec

from duoshou.model import Text

LISTED = "channels.toml"


class _Channel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `channels.toml`."""

    key: str
    title: Text
    paid: bool


class _Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of a platform; the platform empty: names that mean the same on every one."""

    platform: str
    sources: dict[str, tuple[str, ...]]


class ShippedChannel(msgspec.Struct, frozen=True):
    """A channel that the product brings.

    Attributes:
        key: Its key.
        title: Its name.
        paid: Whether its visits are paid for.
        sources: Platform (empty: any) and name of each source, in which `*` stands for any text.
    """

    key: str
    title: Text
    paid: bool
    sources: tuple[tuple[str, str], ...]


@cache
def shipped_channels() -> tuple[ShippedChannel, ...]:
    """Return the channels in the order in which they are shown."""
    folder = files("duoshou.settings.channels") / "shipped"
    listed = msgspec.convert(tomllib.loads((folder / LISTED).read_text("utf-8"))["channel"], list[_Channel])
    paths = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda path: path.name)
    named = [msgspec.toml.decode(one.read_bytes(), type=_Names) for one in paths if one.name != LISTED]
    return tuple(
        ShippedChannel(
            one.key,
            one.title,
            one.paid,
            tuple((names.platform, name) for names in named for name in names.sources.get(one.key, ())),
        )
        for one in listed
    )
