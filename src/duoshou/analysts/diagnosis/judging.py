"""The diagnosis of a day: watched series → scans → troubles → groups → findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from duoshou.analysts.diagnosis.budget import stakes
from duoshou.analysts.diagnosis.days import calendar_design, great_sales
from duoshou.analysts.diagnosis.findings import Event, finding_of
from duoshou.analysts.diagnosis.grouping import Group, grouped
from duoshou.analysts.diagnosis.ledger import events_around, read_events, with_events
from duoshou.analysts.diagnosis.money import NORMAL_90, Books, Loss
from duoshou.analysts.diagnosis.places import Finder
from duoshou.analysts.diagnosis.reading import FeatureSeries, Floats, Shop, SubjectSeries, read_subject
from duoshou.analysts.diagnosis.reckoning import moves_order_rates, sales_shares, worth_of_sources
from duoshou.analysts.diagnosis.scan import Scan, Scanner
from duoshou.analysts.diagnosis.troubles import Known, Trouble, daily_chance, find_troubles
from duoshou.analysts.diagnosis.unjudged import Note, Watch, notes_of
from duoshou.analysts.diagnosis.usual import least_evidence
from duoshou.analysts.diagnosis.watched import WatchedSubject, watched_subjects
from duoshou.model import Finding
from duoshou.settings.calendar import Calendar

SHOP = "shop"
MATERIAL = 0.02
"""Part of a day's contribution of the whole shop below which a trouble is not told."""
ONE_IN_FIVE = 0.8416212335729143
"""Standard normal quantile that one in five exceeds."""
MEMORY = timedelta(days=60)
"""How long a trouble that is over is remembered."""
LEAST_HISTORY = 56
"""Days without which nothing is judged: weekdays and levels are not known yet."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the diagnosis is told besides the shop's data.

    Attributes:
        shop: The shop's days and how they are read.
        calendar: Its calendar.
        currency: Currency of its money.
        margin_rate: Contribution ÷ sales where costs are not known.
        horizon: Days over which money at stake is stated.
        faulty: Days whose data have a fault: they are not looked at.
        names: Kind of subject → key → name for people.
    """

    shop: Shop
    calendar: Calendar
    currency: str
    margin_rate: float
    horizon: int
    faulty: Collection[date] = ()
    names: Callable[[str, str], str] = field(default=lambda _, name: name)


class Diagnosis:
    """A shop's series, fitted once; judges any of its days in order."""

    def __init__(self, question: Question, *, train_until: date | None = None) -> None:
        """Read and fit everything that is watched.

        Args:
            question: The shop and its surroundings.
            train_until: Last day that teaches the calendar and the usual noise; by default 28 days before the end.
        """
        self._question = question
        shop = question.shop
        days = tuple(shop.period)
        self._design = calendar_design(question.calendar, days)
        until = None if train_until is None else max((train_until - shop.period.start).days + 1, 1)
        self._until = until
        self._sales = great_sales(question.calendar, days)
        self._scanners: dict[str, Scanner] = {}
        self._scans: tuple[int, dict[str, Scan]] = (-1, {})
        self._books: dict[str, Books] = {}
        self._finder = Finder(
            shop, self._design, faulty=question.faulty, sales=self._sales, names=question.names, train_until=until
        )
        self._worth = worth_of_sources(shop)
        self._events = read_events(shop.backend, shop.period.start, shop.period.end, shop.key)
        if len(days) < LEAST_HISTORY:
            return
        for subject in watched_subjects():
            self._fit(subject)

    def _fit(self, subject: WatchedSubject) -> None:
        shop = self._question.shop
        series = read_subject(shop, subject)
        if series is None:
            return
        scanner = Scanner(
            _without(series, self._question.faulty), self._design, sales=self._sales, train_until=self._until
        )
        if scanner.causes:
            self._scanners[subject.type] = scanner
            self._books[subject.type] = Books(
                shop, subject, self._design, margin_rate=self._question.margin_rate, train_until=self._until
            )

    def taught_until(self, day: date) -> Diagnosis:
        """Return the diagnosis of the same shop, taught by the days up to `day`."""
        return Diagnosis(self._question, train_until=day)

    @property
    def watched(self) -> int:
        """Number of subjects that are watched."""
        return sum(len(one.series.names) for one in self._scanners.values())

    def troubles(self, day: date, known: Sequence[Known] = ()) -> list[Trouble]:
        """Return the subjects that are in trouble on `day`, not put together yet."""
        number = (day - self._question.shop.period.start).days
        chance = daily_chance(self.watched)
        found: list[Trouble] = []
        for type_, scan in self._scanned(number).items():
            for trouble in find_troubles(scan, day, known, self._least(self._scanners[type_], chance, number)):
                around = self._around(trouble)
                causes = with_events(trouble.causes, around)
                if not causes[0][0].silent:
                    found.append(replace(trouble, causes=causes))
        return found

    def _scanned(self, number: int) -> dict[str, Scan]:
        """Return the scans of a day, by kind of subject; those of the last day that was asked for are kept."""
        if self._scans[0] != number:
            self._scans = (number, {type_: scanner.at(number) for type_, scanner in self._scanners.items()})
        return self._scans[1]

    def unjudged(self, day: date) -> list[Note]:
        """Return what of `day` could not be judged, and why."""
        question, scans = self._question, self._scanned((day - self._question.shop.period.start).days)
        watches = [
            Watch(one, self._scanners[one.type].series if one.type in scans else None, scans.get(one.type))
            for one in watched_subjects()
        ]
        return notes_of(question.shop, watches, day, faulty=question.faulty, sales=self._sales)

    def _least(self, scanner: Scanner, chance: float, day: int) -> Floats:
        """Return the evidence asked of each subject of a kind, by its own past and what is at stake."""
        return least_evidence(scanner.past, chance * stakes(self._question.shop, scanner.series, day))

    def _around(self, trouble: Trouble) -> tuple[Event, ...]:
        return events_around(self._events, trouble.name, trouble.start)

    def findings(self, day: date, known: Sequence[Known] = ()) -> tuple[list[Finding], list[Known]]:
        """Return the findings of `day`, the dearest first, and what is known for the next day.

        Args:
            day: A day of the shop's period.
            known: What was known after the day before.
        """
        troubles = self.troubles(day, known)
        losses = {id(one): self._books[one.type].loss(one, self._shares(one)) for one in troubles}
        floor = self._floor(day)
        troubles = [one for one in troubles if is_material(one, losses[id(one)], floor)]
        groups = grouped(troubles, lambda one: _amount(losses.get(id(one))))
        found = [self._finding(group, losses) for group in groups]
        found.sort(key=lambda one: (-abs(one.impact.amount) if one.impact else 0, one.id))
        return found, remembered(known, troubles)

    def _shares(self, trouble: Trouble) -> dict[str, float]:
        start = (trouble.start - self._question.shop.period.start).days
        worth = {} if moves_order_rates(trouble.cause) else self._worth
        return sales_shares(self._scanners[trouble.type].series, trouble.name, start, worth)

    def _floor(self, day: date) -> float:
        """Return the loss below which nothing is told: a part of what the shop earns on one day."""
        books = self._books.get("shop")
        return MATERIAL * books.daily_contribution((day - self._question.shop.period.start).days) if books else 0.0

    def _finding(self, group: Group, losses: Mapping[int, Loss | None]) -> Finding:
        question, lead = self._question, group.lead
        return finding_of(
            lead,
            losses[id(lead)],
            name=question.names(lead.type, lead.name),
            currency=question.currency,
            horizon=question.horizon,
            events=self._around(lead),
            members=group.members,
            where=self._finder.where(lead) if lead.type == SHOP else None,
        )


def is_material(trouble: Trouble, loss: Loss | None, floor: float) -> bool:
    """Return whether a trouble is worth a word: it may well cost more than `floor`, or its money is not known.

    Of a trouble that began yesterday the money is hardly known, and the evidence that it is none of chance has been
    asked for already: a chance of one in five that it costs so much is enough, and where money cannot be told, that
    it may.
    """
    if loss is None:
        return True
    part = ONE_IN_FIVE / NORMAL_90 if loss.is_told else 1.0
    low, high = (loss.amount + (end - loss.amount) * part for end in (loss.low, loss.high))
    if trouble.cause.either:
        return max(abs(low), abs(high)) >= floor
    return (-low if trouble.cause.good else high) >= floor


def _amount(loss: Loss | None) -> float | None:
    return None if loss is None else loss.amount


def remembered(known: Sequence[Known], troubles: Sequence[Trouble]) -> list[Known]:
    """Return what is known after a day: troubles that go on, new ones, and those that are over for some weeks."""
    by_place = {(one.type, one.name, one.start): one for one in known}
    for one in troubles:
        before = by_place.get((one.type, one.name, one.start))
        good = before.good if before else one.cause.good
        by_place[one.type, one.name, one.start] = Known(one.type, one.name, one.start, one.day, good, one.cause.key)
    latest = max((one.day for one in troubles), default=None) or max((one.last for one in known), default=date.min)
    return [one for one in by_place.values() if (latest - one.last) <= MEMORY]


def _without(series: SubjectSeries, faulty: Collection[date]) -> SubjectSeries:
    """Return the series without the days whose data have a fault."""
    places = [place for place, day in enumerate(series.days) if day in faulty]
    if not places:
        return series
    features = []
    for one in series.features:
        values = one.values.copy()
        values[:, places] = np.nan
        features.append(FeatureSeries(one.feature, values, one.exposure))
    return replace(series, features=tuple(features))
