"""The prices of a workspace's shop: the study of them, and the products as a list."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from duoshou.analysts.pricing import PricingQuestion, PricingStudy, study_prices
from duoshou.app.days import first_day
from duoshou.model.cells import BOM, csv_text
from duoshou.reports import names_from

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

COLUMNS = (
    *("product", "title", "category", "price", "units_a_day", "levels", "moves", "elasticity", "elasticity_low"),
    *("elasticity_high", "whole_elasticity", "verdict", "reason", "floor", "best", "change", "gain_28_days"),
    *("gain_low", "gain_high", "chance", "test_days"),
)


def prices_of(workbench: Workbench, as_of: date | None = None, *, shop: str | None = None) -> PricingStudy:
    """Return what is known of a shop's prices.

    Args:
        workbench: The workspace.
        as_of: Last day that counts; None: the last complete one; never one that is not over.
        shop: Key, name or alias of the shop; None: the default one.
    """
    settings = workbench.settings
    key, day, today = workbench.asked_day(shop, as_of)

    def look() -> PricingStudy:
        backend = workbench.backend()
        names = partial(names_from(backend, workbench.catalogue), "product")
        question = PricingQuestion(
            backend, workbench.catalogue, day, today, key, settings.currency, names, workbench.calendar
        )
        return study_prices(question, first_day(backend, key))

    return workbench.remembered(("pricing", day, key), look)


def prices_csv(study: PricingStudy) -> str:
    """Return the products as CSV for a spreadsheet."""
    rows: list[tuple[object, ...]] = []
    for one in study.products:
        found, whole, best = one.elasticity, one.whole_elasticity, one.best
        other: tuple[object, ...] = (None,) * 6
        if best is not None:
            other = (best.price, best.change, best.gain, best.gain_low, best.gain_high, best.chance)
        rows.append(
            (
                *(one.id, one.title, one.category, one.price, one.units_a_day, one.levels, one.moves),
                *((None,) * 3 if found is None else (found.value, found.low, found.high)),
                None if whole is None else whole.value,
                *(one.verdict.value, None if one.reason is None else one.reason.value),
                *(one.floor, *other, one.test_days),
            )
        )
    return BOM + csv_text(COLUMNS, rows)
