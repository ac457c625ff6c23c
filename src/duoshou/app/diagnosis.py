"""The diagnosis of a workspace: what it needs from settings, calendar and checks, and what it found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from duoshou.analysts.diagnosis.causes import cause_library
from duoshou.analysts.diagnosis.judging import LEAST_HISTORY, MEMORY, Diagnosis, Question
from duoshou.analysts.diagnosis.reading import Shop
from duoshou.analysts.diagnosis.scores import ScoreQuestion, score_findings, unjudged_scores
from duoshou.analysts.diagnosis.troubles import Known
from duoshou.analysts.diagnosis.unjudged import merged, no_history, short_history
from duoshou.app.days import first_day, yesterday
from duoshou.model import Finding, Period, Unjudged
from duoshou.reports import names_from
from duoshou.state import history
from duoshou.warehouse.checks import run_checks

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

HISTORY = timedelta(days=729)
"""Days that are looked back on: two years hold every festival twice."""
SCORES = "diagnosis.score"
TAUGHT_AGAIN = 76
"""Days after which a replay learns anew what is usual."""
DAYS = frozenset({"day", "first_day", "last_day"})
"""Columns of evidence that name a faulty day."""
LATE = "data.stale_source"
"""A source that ends early fakes nothing: its days are unknown, those of the other sources are judged."""


def diagnosis_of(workbench: Workbench, day: date, shop: str | None, *, train_until: date | None = None) -> Diagnosis:
    """Return the diagnosis of a shop up to `day`.

    Args:
        workbench: The workspace.
        day: Last day that may be judged.
        shop: Key of the shop, or None for the only one.
        train_until: Last day that teaches what is usual.
    """
    settings = workbench.settings
    with contextlib.closing(workbench.reader()) as connection:
        faults = run_checks(connection, settings, day, shop=shop)
    faulty = {each for one in faults if one.kind != LATE for each in faulty_days(one)}
    period = Period(max(day - HISTORY, first_day(workbench.backend(), shop) or date.max), day)
    names = names_from(workbench.backend(), workbench.catalogue)

    def name_of(type_: str, key: str) -> str:
        return names(type_, [key]).get(key, key) if key else settings.shop(shop).title

    question = Question(
        Shop(workbench.backend(), workbench.catalogue, period, yesterday(settings.timezone), shop),
        workbench.calendar,
        settings.currency,
        settings.diagnosis.assumed_margin_rate,
        settings.diagnosis.horizon_days,
        faulty,
        name_of,
    )
    return Diagnosis(question, train_until=train_until)


def faulty_days(fault: Finding) -> set[date]:
    """Return the days of a fault of the data: those of its evidence, else its period; few of a long one are faulty.

    Of a file that may have been cut off at a limit only the ends are in doubt: what lies between is whole. Evidence may
    also name a sound day outside the period, such as the last one before a gap.
    """
    named = {
        row[place]
        for evidence in fault.evidence
        for place, column in enumerate(evidence.columns)
        for row in evidence.rows
        if column in DAYS and isinstance(row[place], date) and fault.period.start <= row[place] <= fault.period.end
    }
    return named or set(fault.period)


@dataclass(frozen=True, slots=True)
class Told:
    """What the diagnosis says of a day.

    Attributes:
        findings: What is in trouble, the dearest first.
        over: Ids of findings told before that are over.
        unjudged: What could not be judged, and why.
    """

    findings: tuple[Finding, ...]
    over: frozenset[str]
    unjudged: tuple[Unjudged, ...] = ()


def diagnose(workbench: Workbench, day: date, shop: str | None) -> Told:
    """Return the troubles of a shop on a day; what was told before goes on under its id, or is over.

    Args:
        workbench: The workspace.
        day: The day.
        shop: Key of the shop, or None for the only one.
    """
    backend, key = workbench.backend(), shop or workbench.settings.default_shop.key
    first = first_day(backend, shop) or date.max
    if first > day - timedelta(days=LEAST_HISTORY):
        nothing = no_history() if first > day else short_history((day - first).days + 1, LEAST_HISTORY + 1)
        return Told((), frozenset(), (nothing,))
    past = [
        one.finding
        for one in history(workbench.state, key, kind="diagnosis", seen_from=day - MEMORY, seen_to=day)
        if one.finding.kind != SCORES
    ]
    diagnosis = diagnosis_of(workbench, day, shop)
    found, _ = diagnosis.findings(day, [known_of(one) for one in past])
    asked = ScoreQuestion(backend, workbench.catalogue, day, shop, yesterday(workbench.settings.timezone))
    told = tuple(found) + tuple(score_findings(asked))
    unjudged = merged([*diagnosis.unjudged(day), *unjudged_scores(asked)])
    over = {one.id for one in past if not is_unjudged(one.kind, unjudged)} - {one.id for one in told}
    return Told(told, frozenset(over), unjudged)


def is_unjudged(kind: str, unjudged: Sequence[Unjudged]) -> bool:
    """Return whether nothing of a kind of finding could be judged."""
    return any(one.whole and any(is_of(kind, each) for each in one.kinds) for one in unjudged)


def is_of(kind: str, wanted: str) -> bool:
    """Return whether a kind of finding is the wanted one, or of its family."""
    return kind == wanted or kind.startswith(wanted + ".")


def known_of(finding: Finding) -> Known:
    """Return what the diagnosis must know of a finding that was told before."""
    good = {cause.key for cause in cause_library() if cause.good}
    name = "" if finding.subject.type == "shop" else finding.subject.id
    cause = finding.causes[0].kind if finding.causes else ""
    return Known(finding.subject.type, name, finding.period.start, finding.period.end, cause in good, cause)


def replay(
    workbench: Workbench, days: Sequence[date], *, refit: int = TAUGHT_AGAIN
) -> Iterator[tuple[date, list[Finding]]]:
    """Yield each day with what the diagnosis would have told on it; nothing later than the day is looked at.

    Every `TAUGHT_AGAIN` days all days before teach it anew: on average it has learnt from as recent days as the daily
    one, which holds back the last 28.

    Args:
        workbench: The workspace.
        days: The days in order, without gaps.
        refit: Days after which what is usual is learnt anew from all that lies before.
    """
    known: list[Known] = []
    for first in range(0, len(days), refit):
        part = days[first : first + refit]
        diagnosis = diagnosis_of(workbench, part[-1], None, train_until=part[0] - timedelta(days=1))
        for day in part:
            found, known = diagnosis.findings(day, known)
            yield day, found
