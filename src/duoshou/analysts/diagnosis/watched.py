"""What is watched, as typed data: `watched.toml` (subjects and their features) and `roles.toml` (what names mean)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
from msgspec import Struct

from duoshou.model import Text


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """The rows of another split whose value plays a role."""

    dimension: str
    role: str


class Feature(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One daily series of a subject.

    Attributes:
        key: Name within the subject.
        metric: Metric above; the value itself where there is no `over`.
        kind: How it varies.
        title: Name for people.
        over: Metric below, which makes it a rate.
        part: Rows of another split to which `metric` is restricted.
        trailing: Days before over which `over` is added up; 0: the same day.
        absent_is_zero: Whether no row of `metric` means that nothing was counted, wherever `over` is known.
        absolute: Whether a rate moves by its difference, not by its logarithm: one that is 0 on a usual day.
        own_choice: Whether the shop moves it itself, so that a move alone is no trouble.
        unless: Features that, where known, make this one superfluous.
    """

    key: str
    metric: str
    kind: Literal["count", "amount", "rate", "level"]
    title: Text
    over: str | None = None
    part: Part | None = None
    trailing: int = 0
    absent_is_zero: bool = False
    absolute: bool = False
    own_choice: bool = False
    unless: tuple[str, ...] = ()


class Converts(Struct, frozen=True, forbid_unknown_fields=True):
    """How lost buyers of a subject are counted: the feature that is their rate, and the metric of buyers."""

    feature: str
    buyers: str


class WatchedSubject(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of thing that may be in trouble.

    Attributes:
        type: Its name.
        title: Name for people.
        feature: Its features.
        dimension: Dimension whose values are the subjects; None: the shop is the only one.
        sales: Metric of what it sells.
        cost: Metric of what is spent on it.
        refunds: Metric of what is paid back.
        converts: How its money is counted where no sales of it are known.
        family: Dimension whose values hold subjects that move alike: what a season does, it does to a category.
    """

    type: str
    title: Text
    feature: tuple[Feature, ...]
    dimension: str | None = None
    sales: str | None = None
    cost: str | None = None
    refunds: str | None = None
    converts: Converts | None = None
    family: str | None = None


class Role(Struct, frozen=True, forbid_unknown_fields=True):
    """What a name stands for: it holds one of the words; no words: it is what is left."""

    key: str
    words: tuple[str, ...]


class _Roles(Struct, frozen=True, forbid_unknown_fields=True):
    role: tuple[Role, ...]


class _Watched(Struct, frozen=True, forbid_unknown_fields=True):
    subject: tuple[WatchedSubject, ...]


def read_data(name: str, shape: Any) -> Any:
    """Return a TOML file of this package in the shape of a type."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), shape)


@cache
def watched_subjects() -> tuple[WatchedSubject, ...]:
    """Return what is watched."""
    subjects: tuple[WatchedSubject, ...] = read_data("watched.toml", _Watched).subject
    return subjects


@cache
def roles() -> Mapping[str, tuple[Role, ...]]:
    """Return dimension → roles, in the order in which they are tried."""
    found: dict[str, _Roles] = read_data("roles.toml", dict[str, _Roles])
    return {dimension: one.role for dimension, one in found.items()}


def role_of(dimension: str, name: str | None) -> str | None:
    """Return the role that a name plays in a dimension; None for an unknown name."""
    if name is None:
        return None
    lowered = name.casefold()
    for role in roles()[dimension]:
        if not role.words or any(word in lowered for word in role.words):
            return role.key
    return None
