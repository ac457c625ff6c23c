"""What each setting means, read from `descriptions.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from duoshou.model import Text


class Description(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One setting in words.

    Attributes:
        key: Dotted name; the fields of `[[shop]]` are `shop.…`.
        about: What it is.
        expected: What may be written.
        example: TOML text shown where the setting has no default.
        secret: Whether a value may hold a password, so that no message shows it.
    """

    key: str
    about: Text
    expected: Text
    example: str | None = None
    secret: bool = False


@cache
def descriptions() -> Mapping[str, Description]:
    """Return every description by key, in the order in which people read them."""
    table = tomllib.loads(files("duoshou.settings").joinpath("descriptions.toml").read_text(encoding="utf-8"))
    described = msgspec.convert(table["setting"], list[Description])
    return {description.key: description for description in described}
