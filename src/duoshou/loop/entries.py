"""The entries of the playbook (`playbook.toml`): which actions answer which cause, and what is believed of them.

A workspace's `playbook.toml` adds entries; one with the key of a shipped entry takes its place.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, convert

from duoshou.loop.checks import LONGEST_TITLE
from duoshou.loop.errors import LoopDataError
from duoshou.loop.kinds import kinds
from duoshou.loop.task import EFFORTS
from duoshou.model import Place, Role, Text

TABLE = Path(__file__).parent / "playbook.toml"
OWN_FILE = "playbook.toml"
COMMON, OLD, FELL = "common_mood_or_event", "old_ratings_leave", "score_fell"
"""Causes of the fall of scores that stand beside those of `scores.toml`."""


class Prior(Struct, frozen=True, forbid_unknown_fields=True):
    """What is believed of an action before the shop has tried it: relative change of its metric, and how surely."""

    mean: float
    sd: float


class Entry(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One action.

    Attributes:
        key: Its name.
        causes: Kinds of causes that it answers.
        zh, en: The action, in one line.
        owner_role: Who does it.
        effort: `minutes`, `hours` or `days`.
        change_kind: Kind of change that doing it makes; None where it changes nothing.
        metric: What it should move.
        guards: What must not fall.
        prior: What is believed of it beforehand.
        recovers: Share of the money at stake that a change as large as the prior's mean wins back.
        keeps_gain: Whether the money at stake is a gain that it keeps or repeats.
        due_days: Workdays until it should be done.
        horizon_days: Days after that by which it should show.
    """

    key: str = ""
    causes: tuple[str, ...]
    zh: str = ""
    en: str = ""
    owner_role: Role | None = None
    effort: str = ""
    change_kind: str | None = None
    metric: str
    guards: tuple[str, ...] = ()
    prior: Prior
    recovers: float = 0.3
    keeps_gain: bool = False
    due_days: int = 2
    horizon_days: int = 21

    @property
    def title(self) -> Text:
        """What to do."""
        return Text(self.zh, self.en or self.zh)

    @property
    def role(self) -> Role:
        """Who does it."""
        return self.owner_role or Role.OPERATOR

    @property
    def direction(self) -> int:
        """1 where its metric should rise, -1 where it should fall."""
        return 1 if self.prior.mean > 0 else -1


@dataclass(frozen=True, slots=True)
class Book:
    """The playbook of a workspace.

    Attributes:
        entries: Key → entry, those of the product first.
        hours: Word of effort → hours of work.
    """

    entries: Mapping[str, Entry]
    hours: Mapping[str, float]

    def answers(self, cause: str) -> tuple[Entry, ...]:
        """Return the entries that answer a cause."""
        return tuple(one for one in self.entries.values() if cause in one.causes)


def load_playbook(workspace: Path, metrics: Collection[str] | None = None) -> Book:
    """Return the playbook that holds in a workspace.

    Args:
        workspace: Its folder.
        metrics: Keys of the metrics that there are, to be checked against; None: not checked.

    Raises:
        LoopDataError: If the workspace's file cannot be used; it names the entry and the key.
    """
    book, own = shipped_book(), workspace / OWN_FILE
    if own.is_file():
        added = _read(own, metrics)
        book = Book({**book.entries, **added.entries}, {**book.hours, **added.hours})
    return book


@cache
def shipped_book() -> Book:
    """Return the playbook of the product."""
    return _read(TABLE, None)


@cache
def told_causes() -> frozenset[str]:
    """Return every kind of cause that a finding may name, those of the fall of a score and of advice too."""
    from duoshou.analysts.advice_kinds import ADVICE_KINDS
    from duoshou.analysts.diagnosis.causes import cause_library
    from duoshou.analysts.diagnosis.score_words import score_words

    words = score_words()
    scores = {f"score_{one.key}" for one in words.item} | {one.kind for one in words.tie}
    advice = {one for one in ADVICE_KINDS if "." in one}
    return frozenset({one.key for one in cause_library() if not one.silent} | scores | {COMMON, OLD, FELL} | advice)


def _read(path: Path, metrics: Collection[str] | None) -> Book:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unusable(path, "", str(error)) from None
    unknown = sorted(table.keys() - {"entry", "effort"})
    if unknown:
        raise _unusable(path, unknown[0], "entry, effort")
    hours = _part(path, "effort", table.get("effort", {}), dict[str, float])
    for word, value in hours.items():
        if word not in EFFORTS or not 0 < value < math.inf:
            raise _unusable(path, f"effort.{word}", ", ".join(EFFORTS) + " > 0")
    entries: dict[str, Entry] = {}
    for key, content in _part(path, "entry", table.get("entry", {}), dict[str, Any]).items():
        entry = _worded(_part(path, f"entry.{key}", content, Entry), key)
        for field, told in _mistakes(entry, metrics):
            raise _unusable(path, f"entry.{key}.{field}", told)
        entries[key] = entry
    return Book(entries, hours)


def _part(path: Path, key: str, content: object, type_: Any) -> Any:
    try:
        return convert(content, type_)
    except msgspec.ValidationError as error:
        raise _unusable(path, key, str(error)) from None


def _worded(entry: Entry, key: str) -> Entry:
    """Return an entry with its key, and the words of its first cause where it has none of its own."""
    from duoshou.analysts.diagnosis.findings import cause_words

    words = None if entry.zh else cause_words().get(entry.causes[0] if entry.causes else "")
    if words is None:
        return msgspec.structs.replace(entry, key=key, effort=entry.effort or "hours")
    return msgspec.structs.replace(
        entry,
        key=key,
        zh=words.action.zh,
        en=words.action.en,
        owner_role=entry.owner_role or words.role,
        effort=entry.effort or words.effort,
    )


def _mistakes(entry: Entry, metrics: Collection[str] | None) -> list[tuple[str, str]]:
    """Return what is wrong with an entry: the field, and what it may hold."""
    causes = sorted({*entry.causes} - told_causes())
    unknown = [one for one in (entry.metric, *entry.guards) if metrics is not None and one not in metrics]
    prior = entry.prior
    tests = [
        ("zh", not 0 < len(entry.zh.strip()) <= LONGEST_TITLE, f"1–{LONGEST_TITLE}"),
        ("causes", not entry.causes or bool(causes), f"{causes or '[]'}; {', '.join(sorted(told_causes()))}"),
        ("owner_role", entry.owner_role is Role.VIEWER, "viewer"),
        ("effort", entry.effort not in EFFORTS, f"{entry.effort}; {', '.join(EFFORTS)}"),
        ("change_kind", entry.change_kind not in {None, *kinds()}, f"{entry.change_kind}; {', '.join(kinds())}"),
        ("metric", bool(unknown) or not entry.metric, f"{unknown or '—'}"),
        ("prior.mean", not -1 < prior.mean < 10 or prior.mean == 0, "-1 < mean < 10, mean ≠ 0"),
        ("prior.sd", not 0 < prior.sd <= 10, "0 < sd ≤ 10"),
        ("recovers", not 0 < entry.recovers <= 1, "0 < recovers ≤ 1"),
        ("due_days", not 0 <= entry.due_days <= 60, "0–60"),
        ("horizon_days", not 1 <= entry.horizon_days <= 180, "1–180"),
    ]
    return [(field, told) for field, is_wrong, told in tests if is_wrong]


def _unusable(path: Path, key: str, told: str) -> LoopDataError:
    where = f" [{key}]" if key else ""
    return LoopDataError(
        "playbook_unusable",
        Text(f"打法表用不了{where}：{told}", f"the playbook cannot be used{where}: {told}"),
        hint=Text("照着 docs/how-to/close-the-loop.md 改", "see docs/how-to/close-the-loop.md"),
        place=Place(file=str(path)),
    )
