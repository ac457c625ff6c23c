"""Which finding found which incident, which only shows what follows from one, and which is false."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from benchmarks.judgement.effects import Shop
from benchmarks.judgement.kinds import kinds
from benchmarks.judgement.subjects import is_at, place_of

LEAST_PART = 0.5
CANNOT_TELL = "cannot_tell"


class Verdict(StrEnum):
    """What became of a finding.

    `repeated` is a second finding about an incident that another one found; `carried` is about an incident that began
    before the first judged day.
    """

    FOUND = "found"
    REPEATED = "repeated"
    CARRIED = "carried"
    CONSEQUENCE = "consequence"
    FALSE = "false"


@dataclass(frozen=True, slots=True)
class Loss:
    """Money that a finding reports as lost from one day to another (indexes), in the currency's unit."""

    first: int
    last: int
    amount: float
    low: float
    high: float


@dataclass(slots=True)
class Reported:
    """One finding over the days on which it was shown.

    Attributes:
        id: Stable id.
        kind: Kind of the finding.
        place: Where it lies.
        start: First day that it is about, as an index.
        end: Last day that it is about, when it was shown last.
        shown: Days on which it was shown, as indexes, in order.
        causes: Kinds of its causes by day, the likeliest first.
        losses: Loss so far by day.
    """

    id: str
    kind: str
    place: dict[str, str]
    start: int
    end: int
    shown: list[int] = field(default_factory=list)
    causes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    losses: dict[int, Loss] = field(default_factory=dict)

    @property
    def detected(self) -> int:
        """First day on which it was shown."""
        return self.shown[0]

    def first_causes(self) -> tuple[str, ...]:
        """Return the causes of the day of detection."""
        return self.causes[self.detected]


@dataclass(frozen=True, slots=True)
class Match:
    """A finding and what it is about; `incident` is the key, or None for a false finding."""

    finding: Reported
    verdict: Verdict
    incident: str | None = None
    also: tuple[str, ...] = ()


def reported(days: Iterable[tuple[date, Sequence[Mapping[str, Any]]]], first: date) -> list[Reported]:
    """Return the findings of a replay in the order of detection.

    Args:
        days: Each judged day and the JSON shapes of its findings, in order.
        first: Day with the index 0.
    """
    found: dict[str, Reported] = {}
    for day, shapes in days:
        at = (day - first).days
        for shape in shapes:
            subject, period = shape["subject"], shape["period"]
            start, end = ((date.fromisoformat(period[name]) - first).days for name in ("from", "to"))
            one = found.setdefault(
                shape["id"],
                Reported(shape["id"], shape["kind"], place_of(subject["type"], subject["id"]), start, end),
            )
            one.end = end
            one.shown.append(at)
            one.causes[at] = tuple(kinds().causes.get(cause["kind"], cause["kind"]) for cause in shape["causes"])
            loss = loss_of(shape, first)
            if loss is not None:
                one.losses[at] = loss
    return list(found.values())


def loss_of(shape: Mapping[str, Any], first: date) -> Loss | None:
    """Return the loss so far that the evidence `loss` states (its last row), or None where it states no amount."""
    for evidence in shape["evidence"]:
        if evidence["id"] == "loss" and evidence["rows"]:
            row = dict(zip(evidence["columns"], evidence["rows"][-1], strict=True))
            if row["amount"] is None:
                return None
            start, end = ((date.fromisoformat(str(row[name])[:10]) - first).days for name in ("from", "to"))
            amount, low, high = (float("nan" if row[name] is None else row[name]) for name in ("amount", "low", "high"))
            return Loss(start, end, amount, low, high)
    return None


def matched(shop: Shop, findings: Sequence[Reported], first_judged: int) -> list[Match]:
    """Return one match a finding.

    A finding finds the incident at its place that was under way, or over for no more than the kind's grace, when it was
    first shown, and whose days it is about; of several the one whose cause it names first, then the latest. It finds
    others there as well if it names them. Otherwise it is a consequence where one incident alone, by the truth, did at
    least half of the loss that it reports at its place in the same days; else it is false.
    """
    taken: set[str] = set()
    matches = []
    for finding in sorted(findings, key=lambda one: (one.detected, one.id)):
        fitting = _fitting(shop, finding)
        if fitting:
            matches.append(_taking(finding, fitting, taken, first_judged))
        else:
            cause = consequence_of(shop, finding)
            verdict = Verdict.FALSE if cause is None else Verdict.CONSEQUENCE
            matches.append(Match(finding, verdict, cause))
    return matches


def _fitting(shop: Shop, finding: Reported) -> list[Mapping[str, Any]]:
    """Return the incidents that a finding may be about, the best first."""
    known = kinds().kind
    some = []
    for incident in shop.truth["incidents"]:
        kind = known[incident["kind"]]
        last = incident["end"] + kind.grace
        timely = incident["start"] <= finding.detected <= last
        if timely and finding.start <= last and finding.end >= incident["start"] and not kind.silent:
            some.append(incident)
    some = [one for one in some if is_at(finding.place, one)]
    causes = finding.first_causes()

    def rank(one: Mapping[str, Any]) -> tuple[int, int, str]:
        named = causes.index(one["kind"]) if one["kind"] in causes else len(causes)
        return named, -one["start"], one["key"]

    return sorted(some, key=rank)


def _taking(finding: Reported, fitting: Sequence[Mapping[str, Any]], taken: set[str], first_judged: int) -> Match:
    best, *others = fitting
    causes = finding.first_causes()
    also = tuple(one["key"] for one in others if one["kind"] in causes and one["key"] not in taken)
    if best["key"] in taken:
        # The same place, another incident that nobody found yet: the second finding is about that one.
        free = [one for one in others if one["key"] not in taken]
        if not free:
            return Match(finding, Verdict.REPEATED, best["key"])
        best, also = free[0], tuple(key for key in also if key != free[0]["key"])
    taken |= {best["key"], *also}
    verdict = Verdict.FOUND if best["start"] >= first_judged else Verdict.CARRIED
    return Match(finding, verdict, best["key"], also)


def consequence_of(shop: Shop, finding: Reported) -> str | None:
    """Return the incident that did at least half of the reported loss at the finding's place, or None.

    A finding that states no loss cannot be told from a false one.
    """
    loss = finding.losses.get(finding.detected)
    if loss is None or loss.amount == 0 or "data" in finding.place:
        return None
    parts = {}
    for incident in shop.truth["incidents"]:
        kind = kinds().kind[incident["kind"]]
        if kind.money is None or incident["start"] > loss.last:
            continue
        true = shop.loss(incident["key"], finding.place, loss.first, loss.last, kind.money)
        if true is not None:
            parts[incident["key"]] = true / loss.amount
    best = max(parts, key=lambda key: parts[key], default=None)
    return best if best is not None and parts[best] >= LEAST_PART else None
