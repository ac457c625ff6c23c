"""The launches of a workspace's shop: the study of them, and the new products as a list."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from duoshou.analysts.launches import LaunchQuestion, LaunchStudy, study_launches
from duoshou.analysts.launches.rates import Rate, Read
from duoshou.app.days import first_day
from duoshou.model.cells import BOM, csv_text
from duoshou.reports import names_from

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

COLUMNS = (
    *("product", "title", "category", "launched", "age_days", "visitors", "buyers", "amount", "ad_cost_28_days"),
    *("verdict", "early", "visitors_needed", "next_check_day"),
    *(f"{rate.value}{side}" for rate in Rate for side in ("", "_low", "_high", "_bar", "_median", "_verdict")),
)


def launches_of(workbench: Workbench, as_of: date | None = None, *, shop: str | None = None) -> LaunchStudy:
    """Return what is known of a shop's launches.

    Args:
        workbench: The workspace.
        as_of: Last day that counts; None: the last complete one; never one that is not over.
        shop: Key, name or alias of the shop; None: the default one.
    """
    settings = workbench.settings
    key, day, today = workbench.asked_day(shop, as_of)

    def look() -> LaunchStudy:
        backend = workbench.backend()
        names = partial(names_from(backend, workbench.catalogue), "product")
        margin = settings.diagnosis.assumed_margin_rate
        question = LaunchQuestion(backend, workbench.catalogue, day, key, settings.currency, names, today, margin)
        return study_launches(question, first_day(backend, key))

    return workbench.remembered(("launches", day, key), look)


def launches_csv(study: LaunchStudy) -> str:
    """Return the new products as CSV for a spreadsheet."""
    rows = [
        (
            *(one.id, one.title, one.category, one.launched, one.age, one.visitors, one.buyers, one.amount),
            *(one.ad_cost, one.verdict.value, one.early.value, one.needed, one.next_check),
            *(cell for rate in Rate for cell in _cells(one.rate(rate))),
        )
        for one in study.candidates
    ]
    return BOM + csv_text(COLUMNS, rows)


def _cells(read: Read | None) -> tuple[float | str | None, ...]:
    if read is None:
        return (None,) * 6
    judged = read.judgement
    values = (judged.rate, judged.low, judged.high, judged.bar, judged.median)
    return (*(round(one, 6) for one in values), judged.verdict.value)
