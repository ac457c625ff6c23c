"""Rules of propagation (`propagation.toml`): who must hear of a change, how soon, and what they are to do.

A workspace's `propagation.toml` adds rules; one with the key of a shipped rule takes its place.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct, convert

from duoshou.loop.errors import LoopDataError
from duoshou.loop.kinds import kinds
from duoshou.model import Place, Role, Text

TABLE = Path(__file__).parent / "propagation.toml"
OWN_FILE = "propagation.toml"
FIELDS = frozenset({"subject", "before", "after", "day"})


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One rule.

    Attributes:
        key: Its name.
        on: Kinds of change that it is about.
        role: Who must react.
        within_hours: How soon they should have acknowledged.
        zh, en: What they are to do; `{subject}`, `{before}`, `{after}` and `{day}` are filled in.
    """

    key: str
    on: tuple[str, ...]
    role: Role
    within_hours: int
    zh: str
    en: str

    def text(self, subject: str, before: str, after: str, day: str) -> Text:
        """Return what they are to do about one change."""
        filled = {"subject": subject, "before": before or "—", "after": after or "—", "day": day}
        return Text(self.zh.format_map(filled), self.en.format_map(filled))


class _Table(Struct, frozen=True, forbid_unknown_fields=True):
    rule: tuple[Rule, ...] = ()


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """Return the rules of the product."""
    return _read(TABLE)


def rules_of(workspace: Path) -> tuple[Rule, ...]:
    """Return the rules that hold in a workspace.

    Raises:
        LoopDataError: If the workspace's file cannot be used.
    """
    own = workspace / OWN_FILE
    if not own.is_file():
        return shipped_rules()
    return tuple({one.key: one for one in (*shipped_rules(), *_read(own))}.values())


def _read(path: Path) -> tuple[Rule, ...]:
    try:
        found = convert(tomllib.loads(path.read_text(encoding="utf-8")), _Table).rule
        for rule in found:
            _check(rule)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError, ValueError) as error:
        raise LoopDataError(
            "propagation_unusable",
            Text(f"传达规则用不了：{error}", f"the rules of propagation cannot be used: {error}"),
            hint=Text("照着 docs/how-to/close-the-loop.md 改", "see docs/how-to/close-the-loop.md"),
            place=Place(file=str(path)),
        ) from None
    return found


def _check(rule: Rule) -> None:
    unknown = sorted({*rule.on} - {*kinds()})
    if unknown or not rule.on:
        raise ValueError(f"{rule.key}: on = {unknown or '[]'}; {', '.join(kinds())}")
    if rule.within_hours <= 0:
        raise ValueError(f"{rule.key}: within_hours = {rule.within_hours}")
    try:
        rule.text("", "", "", "")
    except (KeyError, IndexError, ValueError):
        names = ", ".join(f"{{{name}}}" for name in sorted(FIELDS))
        raise ValueError(f"{rule.key}: {names}") from None
