"""The customers of a workspace's shop: the study of them, and the list of them by hashed key."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duoshou.analysts.customers import CustomerQuestion, CustomerStudy, Cuts, study_customers
from duoshou.analysts.customers.listing import COLUMNS, listed
from duoshou.analysts.customers.question import HORIZON
from duoshou.model.cells import BOM, csv_text

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

NO_CUTS = Cuts()


def customers_of(
    workbench: Workbench,
    as_of: date | None = None,
    *,
    shop: str | None = None,
    horizon: int = HORIZON,
    cuts: Cuts = NO_CUTS,
) -> CustomerStudy:
    """Return what is known of a shop's customers.

    Args:
        workbench: The workspace.
        as_of: Last day that counts; None: the last complete one; never one that is not over.
        shop: Key, name or alias of the shop; None: the default one.
        horizon: Days ahead.
        cuts: Cut-offs of the segments.
    """
    question = _question(workbench, as_of, shop, horizon, cuts)
    asked = ("customers", question.as_of, question.shop, horizon, cuts)
    return workbench.remembered(asked, lambda: study_customers(question))


def customers_csv(
    workbench: Workbench,
    as_of: date | None = None,
    *,
    shop: str | None = None,
    horizon: int = HORIZON,
    cuts: Cuts = NO_CUTS,
) -> str:
    """Return the customers as CSV for a spreadsheet: hashed keys, which name nobody outside the workspace."""
    return BOM + csv_text(COLUMNS, listed(_question(workbench, as_of, shop, horizon, cuts)))


def _question(workbench: Workbench, as_of: date | None, shop: str | None, horizon: int, cuts: Cuts) -> CustomerQuestion:
    settings = workbench.settings
    key, day, today = workbench.asked_day(shop, as_of)
    return CustomerQuestion(
        workbench.backend(),
        day,
        key,
        settings.currency,
        horizon,
        cuts,
        workbench.catalogue,
        today,
    )
