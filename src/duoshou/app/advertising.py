"""The paid promotion of a workspace's shop."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duoshou.analysts.advertising import AdGround, AdQuestion, AdStudy, BidWish, ad_ground
from duoshou.model.cells import BOM, csv_text
from duoshou.reports import names_from

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

COLUMNS = (
    *(
        "level",
        "campaign",
        "target",
        "impressions",
        "clicks",
        "cost",
        "orders",
        "sales",
        "conversion",
        "conversion_low",
    ),
    *(
        "conversion_high",
        "roas",
        "acos",
        "expected_roas",
        "roas_low",
        "roas_high",
        "cost_per_click",
        "break_even_click",
    ),
    *("profit", "profit_low", "profit_high", "verdict", "clicks_needed"),
)


def advertising_of(
    workbench: Workbench, as_of: date | None = None, *, shop: str | None = None, wish: BidWish | None = None
) -> AdStudy:
    """Return what is known of a shop's paid promotion; another wish plans other bids on the same ground.

    Args:
        workbench: The workspace.
        as_of: Last day that counts; None: the last complete one; never one that is not over.
        shop: Key, name or alias of the shop; None: the default one.
        wish: What is wanted of the bids.
    """
    settings, wanted = workbench.settings, wish or BidWish()
    key, day, today = workbench.asked_day(shop, as_of)

    def look() -> AdGround:
        backend = workbench.backend()
        names = names_from(backend, workbench.catalogue)
        margin = settings.diagnosis.assumed_margin_rate
        return ad_ground(
            AdQuestion(backend, workbench.catalogue, day, today, key, settings.currency, names, margin),
        )

    ground = workbench.remembered(("advertising", day, key), look)
    if wanted.current:
        # A sheet of bids is sent once and kept nowhere, so not in a memory either.
        return ground.with_bids(ground.plan(wanted))
    return ground.with_bids(workbench.remembered(("bids", day, key, wanted), lambda: ground.plan(wanted)))


def advertising_csv(study: AdStudy) -> str:
    """Return every target as CSV for a spreadsheet."""
    rows = [
        (
            *(level.level.value, one.key[0] if len(one.key) > 1 else None, one.name, one.impressions, one.clicks),
            *(
                one.cost,
                one.orders,
                one.sales,
                one.conversion,
                one.conversion_low,
                one.conversion_high,
                one.roas,
                one.acos,
            ),
            *(one.expected_roas, one.roas_low, one.roas_high, one.cost_per_click, one.break_even_click),
            *(one.profit, one.profit_low, one.profit_high, one.verdict.value, one.clicks_needed),
        )
        for level in study.levels
        for one in level.targets
    ]
    return BOM + csv_text(COLUMNS, rows)
