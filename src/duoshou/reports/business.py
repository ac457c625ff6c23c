"""Findings about the business, read for people: the dearest first, their causes, what moved, what was lost."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any

from duoshou.analysts.advice_kinds import is_advice
from duoshou.analysts.diagnosis.watched import watched_subjects
from duoshou.model import Evidence, Finding
from duoshou.reports.words import Words

BUSINESS = "diagnosis."
MOST_ADVICE = 3
"""A handful of advice can be followed at a time."""
UNEXPLAINED = "unexplained"
MONEY = re.compile(r"-?\d{1,15}\.\d\d")
LARGEST_MOVE = 20.0
"""Logarithm beyond which a move is no longer told as a percentage."""


@dataclass(frozen=True, slots=True)
class Amount:
    """Money lost, negative where it was gained, with its interval."""

    amount: Decimal
    low: Decimal
    high: Decimal

    @property
    def is_gain(self) -> bool:
        """Whether more was earned than expected."""
        return self.amount < 0

    @property
    def told(self) -> tuple[Decimal, Decimal, Decimal]:
        """Amount and both ends of its interval in whole units, positive in the direction of the amount."""
        if self.is_gain:
            return _whole(-self.amount), _whole(-self.high), _whole(-self.low)
        return _whole(self.amount), _whole(self.low), _whole(self.high)


def _whole(value: Decimal) -> Decimal:
    # Adding 0 makes 0 of -0.
    return value.quantize(Decimal(1), ROUND_HALF_UP) + 0


@dataclass(frozen=True, slots=True)
class Reason:
    """A cause by name, with its weight among those compared, or its part of the effect; None where unknown."""

    name: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class Move:
    """How far one feature moved.

    Attributes:
        name: The feature.
        change: Change as a share of what was expected; the difference of two shares where `points`.
        points: Whether it is a difference in percentage points.
        score: The move in standard deviations of usual days.
    """

    name: str
    change: float | None
    points: bool
    score: float | None


def is_business(finding: Finding) -> bool:
    """Return whether a finding is about the business, not about its data."""
    return finding.kind.startswith(BUSINESS)


def business_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings about the business, the dearest first, those without money last."""
    found = [one for one in findings if is_business(one)]
    return sorted(found, key=lambda one: (one.impact is None, -abs(one.impact.amount) if one.impact else 0, one.id))


def advice_of(findings: Iterable[Finding]) -> list[Finding]:
    """Return the advice among findings: what is worth doing, worth most first, that without money last."""
    found = [one for one in findings if is_advice(one.kind)]
    return sorted(found, key=lambda one: (one.impact is None, -abs(one.impact.amount) if one.impact else 0, one.id))


def at_stake(finding: Finding) -> Amount | None:
    """Return the money at stake over the horizon that the impact's basis names."""
    impact = finding.impact
    return None if impact is None else Amount(impact.amount, impact.low, impact.high)


def evidence_of(finding: Finding, name: str) -> Evidence | None:
    """Return a piece of evidence by its id."""
    return next((one for one in finding.evidence if one.id == name), None)


def records(evidence: Evidence | None) -> list[Mapping[str, Any]]:
    """Return the rows of evidence, each as column → cell; money that was kept as text is a number again."""
    if evidence is None:
        return []
    return [dict(zip(evidence.columns, map(_cell, row), strict=False)) for row in evidence.rows]


def _cell(cell: Any) -> Any:
    return Decimal(cell) if isinstance(cell, str) and MONEY.fullmatch(cell) else cell


def lost_so_far(finding: Finding) -> Amount | None:
    """Return what was lost until the last day that was judged."""
    for row in records(evidence_of(finding, "loss"))[:1]:
        values = [_decimal(row.get(name)) for name in ("amount", "low", "high")]
        amount, low, high = values
        if amount is not None:
            return Amount(amount, amount if low is None else low, amount if high is None else high)
    return None


def has_weights(finding: Finding) -> bool:
    """Return whether causes were compared with each other; else they only moved at the same time."""
    return evidence_of(finding, "causes") is not None


def reasons(finding: Finding, words: Words) -> list[Reason]:
    """Return the causes by name, the likeliest first."""
    if not has_weights(finding):
        return [Reason(_cause_name(one.kind, one.subject.name, words), finite(one.share)) for one in finding.causes]
    rows = records(evidence_of(finding, "causes"))
    told = [Reason(str(row.get(f"cause_{words.language}") or ""), finite(row.get("weight"))) for row in rows]
    told += [
        Reason(words(f"cause.{UNEXPLAINED}"), finite(one.share)) for one in finding.causes if one.kind == UNEXPLAINED
    ]
    return sorted((one for one in told if one.name), key=lambda one: -(one.weight or 0.0))


def _cause_name(kind: str, subject: str, words: Words) -> str:
    if words.has(f"cause.{kind}"):
        return words(f"cause.{kind}")
    return (subject if words.language == "zh" else "") or kind.replace("_", " ")


def moves(finding: Finding, words: Words) -> list[Move]:
    """Return what moved, the farthest from usual first; logarithms become shares."""
    return sorted(
        (move_of(row, words) for row in records(evidence_of(finding, "moves"))),
        key=lambda one: -abs(one.score or 0.0),
    )


def move_of(row: Mapping[str, Any], words: Words) -> Move:
    """Return one row of the evidence of moves; its `unit`, if any, or the feature says whether it counts points."""
    move = finite(row.get("move"))
    points = row.get("unit") == "points" or row.get("feature_zh") in _counted_in_points()
    if move is not None and not points:
        move = math.expm1(move) if abs(move) < LARGEST_MOVE else None
    return Move(str(row.get(f"feature_{words.language}") or ""), move, points, finite(row.get("score")))


@cache
def _counted_in_points() -> frozenset[str]:
    """Return the names of the features whose move is a difference of shares, not a logarithm."""
    return frozenset(one.title.zh for subject in watched_subjects() for one in subject.feature if one.absolute)


def finite(value: Any) -> float | None:
    """Return a number, or None for what is none: NaN and infinity among them."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _decimal(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def weighted(reason: Reason, words: Words) -> str:
    """Return a cause with its weight in brackets."""
    return reason.name if reason.weight is None else words("finding.weighted", cause=reason.name, weight=reason.weight)


def change_text(move: Move) -> str | None:
    """Return a move with its sign: `-32%`, or `+12 pp`; None where it is not known."""
    if move.change is None:
        return None
    return f"{move.change * 100:+,.0f} pp" if move.points else f"{move.change:+,.0%}"


def effort_text(effort: str | None, words: Words) -> str:
    """Return how long something takes, in words."""
    return "" if not effort else words(f"effort.{effort}") if words.has(f"effort.{effort}") else effort
