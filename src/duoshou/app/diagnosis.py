"""The diagnosis of a workspace: what it needs from settings, calendar and checks, and what it found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from duoshou.analysts.diagnosis.judging import Diagnosis, Question
from duoshou.analysts.diagnosis.reading import Shop
from duoshou.analysts.diagnosis.troubles import Known
from duoshou.app.days import yesterday
from duoshou.engine import Backend
from duoshou.model import Finding, Period
from duoshou.reports import names_from
from duoshou.warehouse.checks import run_checks

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

HISTORY = timedelta(days=729)
"""Days that are looked back on: two years hold every festival twice."""
MARGIN_RATE = 0.3
HORIZON = 28
EVERY = 7
"""Days after which a replay learns the usual noise anew."""


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
    faulty = {each for one in faults for each in one.period}
    period = Period(max(day - HISTORY, _first_day(workbench.backend())), day)
    names = names_from(workbench.backend(), workbench.catalogue)

    def name_of(type_: str, key: str) -> str:
        return names(type_, [key]).get(key, key) if key else settings.shop(shop).title

    question = Question(
        Shop(workbench.backend(), workbench.catalogue, period, yesterday(settings.timezone), shop),
        workbench.calendar,
        settings.currency,
        MARGIN_RATE,
        HORIZON,
        faulty,
        name_of,
    )
    return Diagnosis(question, train_until=train_until)


def replay(workbench: Workbench, days: Sequence[date]) -> Iterator[tuple[date, list[Finding]]]:
    """Yield each day with what the diagnosis would have told on it; nothing later than the day is looked at.

    Args:
        workbench: The workspace.
        days: The days in order, without gaps.
    """
    known: list[Known] = []
    diagnosis = diagnosis_of(workbench, days[-1], None, train_until=days[0] - timedelta(days=1))
    for day in days:
        found, known = diagnosis.findings(day, known)
        yield day, found


def _first_day(backend: Backend) -> date:
    """Return the first day of which the warehouse holds orders or a report of the shop's days."""
    firsts = []
    for table, column in (("order_line", "created_on"), ("shop_period", "period_start")):
        if backend.has_table(table):
            found = backend.execute(backend.table(table).aggregate(first=backend.table(table)[column].min()))
            firsts += [one for one in found["first"].to_pylist() if one is not None]
    return min(firsts, default=date.max)
