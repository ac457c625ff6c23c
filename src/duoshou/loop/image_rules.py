"""What pictures and texts of a shop must keep to (`image_rules.toml`): sizes, do and don't, forbidden words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct, convert

from duoshou.model import Text

TABLE = Path(__file__).parent / "image_rules.toml"
Basis = Literal["law", "platform", "convention", "practice"]


class Size(Struct, frozen=True, forbid_unknown_fields=True):
    """One picture that is needed: what it is called, its pixels, and what else holds for it."""

    zh: str
    en: str
    pixels: str
    note: Text


class Hint(Struct, frozen=True, forbid_unknown_fields=True):
    """Something to do or not to do, and what that rests on."""

    basis: Basis
    zh: str
    en: str

    @property
    def text(self) -> Text:
        """The hint."""
        return Text(self.zh, self.en)


class ImageRules(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds on a platform.

    Attributes:
        keys: Keys of the platforms; empty: any other.
        sizes: Pictures that are needed.
        do: What to do.
        dont: What not to do.
    """

    keys: tuple[str, ...]
    sizes: tuple[Size, ...]
    do: tuple[Hint, ...] = ()
    dont: tuple[Hint, ...] = ()


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that must not be used, and why."""

    basis: Basis
    why: Text
    words: tuple[str, ...]


class _Every(Struct, frozen=True, forbid_unknown_fields=True):
    do: tuple[Hint, ...]
    dont: tuple[Hint, ...]


class _Reasons(Struct, frozen=True, forbid_unknown_fields=True):
    idle: tuple[str, ...]


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    platform: tuple[ImageRules, ...]
    every: _Every
    words: tuple[Words, ...]
    reasons: _Reasons


@cache
def _table() -> _Table:
    return convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table)


def known_platforms() -> frozenset[str]:
    """Return the keys of the platforms whose rules are known."""
    return frozenset(key for one in _table().platform for key in one.keys)


def rules_for(platform: str | None) -> ImageRules:
    """Return what holds on a platform, with what holds everywhere; what holds of others where it is not known."""
    table = _table()
    found = next((one for one in table.platform if platform in one.keys), None)
    if found is None:
        found = next(one for one in table.platform if not one.keys)
    return ImageRules(found.keys, found.sizes, (*found.do, *table.every.do), (*found.dont, *table.every.dont))


def is_about_goods(reason: str) -> bool:
    """Return whether a reason of a refund is one that pictures or the page could have prevented."""
    return not any(word in reason for word in _table().reasons.idle)


def forbidden_words(texts: Iterable[str]) -> tuple[tuple[str, Text], ...]:
    """Return the forbidden words that occur in texts, each once with why, in the order of the list."""
    folded = ["".join(one.split()).casefold() for one in texts]
    return tuple(
        (word, group.why)
        for group in _table().words
        for word in group.words
        if any(word.casefold() in text for text in folded)
    )
