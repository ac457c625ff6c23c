"""Conventions of the evaluation (`rules.toml`): lengths of windows, what spends, of what less is better."""

from __future__ import annotations

import tomllib
from pathlib import Path
from statistics import NormalDist

from msgspec import Struct, convert

TABLE = Path(__file__).parent / "rules.toml"

LEVEL = 0.95
"""Coverage of every interval."""
HALF_THE_ERROR = NormalDist().inv_cdf(0.75 + LEVEL / 4) / NormalDist().inv_cdf(0.5 + LEVEL / 2)
"""By how much an interval is wider that leaves out half as much."""
PAST_DAYS = 112
"""Days before a change that say what would have been: sixteen weeks, within which a season moves little."""
LEAST_DAYS = 7
"""Days that a window must have: each weekday once."""
MOST_DAYS = 56
"""Days after which a change is judged even if more were expected later: by then it is one cause among many."""
AFTER_DAYS = 14
"""Days after the end of what ended, in which buyers who came early are missing."""
DEFAULT_DAYS = 28
WORTH_KNOWING = 0.1
"""Effect that is looked for where nobody wrote down what was expected."""


class _Spending(Struct, frozen=True, forbid_unknown_fields=True):
    kinds: tuple[str, ...]


class _Falling(Struct, frozen=True, forbid_unknown_fields=True):
    metrics: frozenset[str]


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    days: dict[str, int]
    companions: dict[str, tuple[str, ...]]
    spending: _Spending
    falling: _Falling


_RULES = convert(tomllib.loads(TABLE.read_text(encoding="utf-8")), _Table)


def days_of(kind: str | None) -> int:
    """Return the days over which a kind of change is judged."""
    return _RULES.days.get(kind or "", DEFAULT_DAYS)


def companions_of(metric: str) -> tuple[str, ...]:
    """Return the counts whose days before a change tell of the level of a metric, too."""
    return _RULES.companions.get(metric, ())


def judged_kinds() -> frozenset[str]:
    """Return the kinds of change whose length of window is written down."""
    return frozenset(_RULES.days)


def spends(kind: str | None) -> bool:
    """Return whether a kind of change spends on promotion."""
    return kind in _RULES.spending.kinds


def better_when(metric: str) -> int:
    """Return 1 where more of a metric is better, -1 where less is."""
    return -1 if metric in _RULES.falling.metrics else 1
