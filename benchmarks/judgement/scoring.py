"""From matches to figures: one shop first, then all of them together. Pure functions on plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from benchmarks.judgement.days import Days, counted
from benchmarks.judgement.effects import Shop
from benchmarks.judgement.kinds import Kind, are_alike, kinds
from benchmarks.judgement.matching import CANNOT_TELL, Loss, Match, Reported, Verdict, matched
from benchmarks.judgement.money_floor import Floor, floor_of
from benchmarks.judgement.oracle import noise, separation, size

WEEK = 7


@dataclass(frozen=True, slots=True)
class Priced:
    """Money of one incident: what was reported on the last day on which it was shown while under way, and the truth.

    Beside it stands how closely it could be told.
    """

    reported: Loss
    true: float
    floor: Floor | None = None

    @property
    def error(self) -> float:
        """Relative error."""
        return abs(self.reported.amount - self.true) / abs(self.true)

    @property
    def is_covered(self) -> bool:
        """Whether the interval holds the truth."""
        return self.reported.low <= self.true <= self.reported.high


@dataclass(frozen=True, slots=True)
class Judged:
    """One incident and how it was judged.

    Attributes:
        shop: Seed of the shop.
        key: Key of the incident.
        kind: Its kind.
        days: Days of it within the window, with those in which its effect still arrives.
        size: Cumulated effect in daily standard deviations of the affected series; None for a fault of files.
        early_size: The same of its first three days.
        separation: By how many standard deviations of the sum the oracle sees it.
        matched_separation: The same for the best weighting of the days.
        places: Places of the shop that the oracle could have been asked about.
        delay: Days from the first day to the finding (0: the finding of that very day); None: missed.
        causes: Causes of the finding on the day of detection, the likeliest first.
        last_causes: The same on the last day on which it was shown while the incident was under way.
        money: Prices by definition (`sales`, `contribution`, and `kind`: the one that fits the kind).
        early_separation: `matched_separation` of the first three days alone.
    """

    shop: int
    key: str
    kind: str
    days: int
    size: float | None
    early_size: float | None
    separation: float
    matched_separation: float
    places: int
    delay: int | None
    causes: tuple[str, ...] = ()
    last_causes: tuple[str, ...] = ()
    money: Mapping[str, Priced] | None = None
    early_separation: float = 0.0

    @property
    def is_found(self) -> bool:
        """Whether a finding was about it."""
        return self.delay is not None


@dataclass(frozen=True, slots=True)
class ShopScore:
    """One shop judged.

    Attributes:
        seed: Seed.
        days: Judged days.
        incidents: Incidents that began in them.
        verdicts: Number of findings by verdict.
        by_day: Kind of day → false findings first shown on such days, and such days.
        false: Kind and place of each false finding, with the day of the first.
    """

    seed: int
    days: int
    incidents: tuple[Judged, ...]
    verdicts: Mapping[str, int]
    by_day: Mapping[str, tuple[int, int]]
    false: tuple[tuple[str, str, str], ...] = ()

    @property
    def weeks(self) -> float:
        """Judged weeks."""
        return self.days / WEEK


EARLY_DAYS = 3


def score_shop(shop: Shop, findings: Sequence[Reported], first_judged: int, days: Days) -> ShopScore:
    """Return how the findings judge one shop.

    Args:
        shop: The truth.
        findings: What was reported on the judged days.
        first_judged: Index of the first of them.
        days: What the days are.
    """
    matches = matched(shop, findings, first_judged)
    by_incident = _first_matches(matches)
    judged = tuple(
        _judged(shop, incident, by_incident.get(incident["key"]), days)
        for incident in shop.truth["incidents"]
        if incident["start"] >= first_judged and not kinds().kind[incident["kind"]].silent
    )
    false = [match.finding for match in matches if match.verdict is Verdict.FALSE]
    return ShopScore(
        seed=int(shop.truth["seed"]),
        days=shop.days - first_judged,
        incidents=judged,
        verdicts=dict(Counter(match.verdict.value for match in matches)),
        by_day=counted([one.detected for one in false], days, slice(first_judged, None)),
        false=tuple((one.kind, _in_words(one.place), shop.truth["days"][one.detected]) for one in false),
    )


def _first_matches(matches: Sequence[Match]) -> dict[str, Reported]:
    found: dict[str, Reported] = {}
    for match in matches:
        if match.verdict in {Verdict.FOUND, Verdict.CARRIED} and match.incident is not None:
            for key in (match.incident, *match.also):
                found.setdefault(key, match.finding)
    return found


def _judged(shop: Shop, incident: Mapping[str, Any], finding: Reported | None, days: Days) -> Judged:
    kind = kinds().kind[incident["kind"]]
    start, end = incident["start"], kind.last_day(incident["end"], shop.days)
    affected = shop.affected(incident)
    sizes: dict[str, Any] = {"size": None, "early_size": None, "separation": 0.0, "matched_separation": 0.0}
    if affected is not None:
        quiet, effect = affected
        of_day = noise(quiet, days.weekday, days.is_usual, start, end)
        early = noise(quiet, days.weekday, days.is_usual, start, min(end, start + EARLY_DAYS - 1))
        during = effect[start : end + 1].astype(float)
        sizes = {
            "size": size(during, of_day),
            "early_size": size(during[:EARLY_DAYS], of_day),
            "separation": separation(during, of_day),
            "matched_separation": separation(during, of_day, during),
            "early_separation": separation(during[:EARLY_DAYS], early, during[:EARLY_DAYS]),
        }
    return Judged(
        shop=int(shop.truth["seed"]),
        key=incident["key"],
        kind=incident["kind"],
        days=end - start + 1,
        places=shop.places(),
        delay=None if finding is None else finding.detected - start,
        causes=() if finding is None else finding.first_causes(),
        last_causes=() if finding is None else finding.causes[_last_shown(finding, end)],
        money=None if finding is None else _priced(shop, incident, kind, finding, end, days),
        **sizes,
    )


def _last_shown(finding: Reported, end: int) -> int:
    """Return the last day on which a finding was shown up to `end`, else the first."""
    return max((day for day in finding.shown if day <= end), default=finding.detected)


def _priced(
    shop: Shop, incident: Mapping[str, Any], kind: Kind, finding: Reported, end: int, days: Days
) -> dict[str, Priced] | None:
    day = _last_shown(finding, end)
    loss = finding.losses.get(day)
    if loss is None or kind.money is None:
        return None
    priced = {}
    least = floor_of(shop, incident["key"], finding.place, incident["start"], day, days)
    for money in ("sales", "contribution"):
        true = shop.loss(incident["key"], finding.place, incident["start"], day, money)
        if true:
            priced[money] = Priced(loss, true, least)
    if kind.money in priced:
        priced["kind"] = priced[kind.money]
    return priced or None


def is_right(one: Judged, *, at_last: bool = False) -> bool:
    """Return whether the first cause is the incident's kind."""
    causes = one.last_causes if at_last else one.causes
    return bool(causes) and causes[0] == one.kind


def is_honest(one: Judged) -> bool:
    """Return whether the first cause cannot be told from the true one, which stands among the candidates."""
    causes = one.causes
    return not is_right(one) and one.kind in causes and are_alike(causes[0], one.kind)


def is_undecided(one: Judged) -> bool:
    """Return whether the finding says that the cause cannot be told, or names none."""
    return not one.causes or one.causes[0] == CANNOT_TELL


def false_per_week(scores: Sequence[ShopScore]) -> float:
    """Return the false findings a shop-week."""
    weeks = sum(one.weeks for one in scores)
    return sum(one.verdicts.get(Verdict.FALSE, 0) for one in scores) / weeks if weeks else 0.0


def errors(incidents: Sequence[Judged], money: str) -> list[float]:
    """Return the relative errors of the money of all incidents that were priced."""
    return [one.money[money].error for one in incidents if one.money and money in one.money]


def floors(incidents: Sequence[Judged], oracle: str) -> tuple[list[float], list[float]]:
    """Return the standard deviations of an oracle of money (`draw` or `sales`), and the true amounts."""
    known = [one.money["kind"] for one in incidents if one.money and "kind" in one.money]
    told = [(getattr(one.floor, oracle), one.true) for one in known if one.floor is not None]
    some = [(deviation, true) for deviation, true in told if deviation is not None]
    return [deviation for deviation, _ in some], [true for _, true in some]


def coverage(incidents: Sequence[Judged], money: str) -> tuple[int, int]:
    """Return how many intervals hold the truth, and how many there are."""
    priced = [one.money[money] for one in incidents if one.money and money in one.money]
    with_interval = [one for one in priced if np.isfinite(one.reported.low) and np.isfinite(one.reported.high)]
    return sum(one.is_covered for one in with_interval), len(with_interval)


def _in_words(place: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {identity}".strip() for name, identity in place.items())
