"""The effects of what was done in a shop, measured with the data at hand and kept."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from duoshou.analysts.diagnosis.days import great_sales
from duoshou.app.diagnosis import LATE, faulty_days
from duoshou.loop.effects import Measured, record_effects
from duoshou.loop.evaluation.case import Case, Done
from duoshou.loop.evaluation.cases import changes_since, ended_campaigns, open_cases, past_of
from duoshou.loop.evaluation.measure import Setting, is_due, measure
from duoshou.loop.evaluation.reading import Reader
from duoshou.loop.evaluation.rules import MOST_DAYS, PAST_DAYS
from duoshou.loop.evaluation.windows import window_of
from duoshou.model import Period
from duoshou.warehouse.checks import run_checks

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

TOGETHER = 91
"""Days within which cases must begin to be measured from the same daily values, so that memory is bounded."""
AT_ONCE = 50
"""Effects that are kept in one transaction: others may write in between."""


def measure_effects(
    workbench: Workbench, shop: str | None, *, until: date | None = None, by: str
) -> tuple[Measured, ...]:
    """Measure what was done in a shop and is due, keep it, and return it.

    Due is what was never measured and has days enough, what was measured a week ago, and what is final now; the same
    data again measure nothing.

    Args:
        workbench: The workspace.
        shop: Key, name or alias of the shop; None: the default one.
        until: Last day of data that counts; by default the last complete one.
        by: Who asks, for the audit log.
    """
    key = workbench.settings.shop(shop).key
    last = until or workbench.last_complete_day(key)
    told: list[Measured] = []
    for batch in _batches(workbench, key, last):
        record_effects(workbench.state, key, batch, by=by)
        told += batch
    return tuple(told)


def _batches(workbench: Workbench, shop: str, until: date) -> Iterator[list[Measured]]:
    state, backend = workbench.state, workbench.backend()
    cases = open_cases(state, shop, until)
    far = min([until - timedelta(days=400), *(past_of(cases) for _ in cases[:1])])
    done = changes_since(state, shop, far)
    cases += ended_campaigns(backend, state, shop, done, until)
    if not cases:
        return
    sales = _sales(workbench, past_of(cases), until + timedelta(days=MOST_DAYS))
    due = [case for case in cases if _is_due(workbench, case, done, sales, until)]
    with contextlib.closing(workbench.reader()) as connection:
        faults = run_checks(connection, workbench.settings, until, shop=shop) if due else []
    faulty = frozenset(day for one in faults if one.kind != LATE for day in faulty_days(one))
    due.sort(key=lambda case: (case.start, case.source, case.source_id))
    for _, group in groupby(due, key=lambda case: case.start.toordinal() // TOGETHER):
        together = list(group)
        setting = _setting(workbench, shop, together, done, sales, faulty, until)
        measured = [one for one in (measure(case, setting) for case in together) if one is not None]
        for first in range(0, len(measured), AT_ONCE):
            yield measured[first : first + AT_ONCE]


def _is_due(workbench: Workbench, case: Case, done: Sequence[Done], sales: frozenset[date], until: date) -> bool:
    metric = workbench.catalogue.metrics.get(case.metric)
    window = window_of(case, done, sales.__contains__)
    return is_due(case, window, 0 if metric is None else metric.maturity_days, until)


def _setting(
    workbench: Workbench,
    shop: str,
    cases: Sequence[Case],
    done: Sequence[Done],
    sales: frozenset[date],
    faulty: frozenset[date],
    until: date,
) -> Setting:
    windows = [window_of(case, done, sales.__contains__) for case in cases]
    first = min(case.start for case in cases) - timedelta(days=PAST_DAYS)
    last = min(until, max(window.last for window in windows))
    days = Period(first, max(last, first))
    reader = Reader(workbench.backend(), workbench.catalogue, days, until, shop, faulty)
    settings = workbench.settings
    return Setting(
        reader,
        workbench.calendar,
        done,
        sales.__contains__,
        settings.currency,
        settings.diagnosis.assumed_margin_rate,
    )


def _sales(workbench: Workbench, first: date, last: date) -> frozenset[date]:
    """Return the days of great sales."""
    days = list(Period(first, last))
    return frozenset(day for day, is_sale in zip(days, great_sales(workbench.calendar, days), strict=True) if is_sale)
