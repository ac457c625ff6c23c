"""The workbook of studies 经营分析: range, bundles, launches, prices, customers, promotion, channels, a sheet each."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.app.advertising import advertising_of
from duoshou.app.discreet import DiscreetWorkbench
from duoshou.app.studies.ad_parts import part_sheets
from duoshou.app.studies.advertising import advertising_sheet, bids_sheet
from duoshou.app.studies.assortment import range_sheet
from duoshou.app.studies.bundles import bundles_sheet
from duoshou.app.studies.channels import channels_sheet
from duoshou.app.studies.customers import customers_sheet
from duoshou.app.studies.launches import launches_sheet
from duoshou.app.studies.prices import prices_sheet
from duoshou.model import Language, Text
from duoshou.reports.tables import write_tables
from duoshou.reports.words import Words

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def write_studies(workbench: Workbench, day: date, shop: str | None, path: Path, language: Language) -> Path:
    """Write the workbook and return its path; one for those who may not see costs tells nothing of what sales left.

    Args:
        workbench: The workspace; a discreet one for those who may not see costs.
        day: Last day that counts.
        shop: Key of the shop; None: the default one.
        path: The file to write.
        language: Language of the book.

    Raises:
        ReportError: If the file cannot be written.
    """
    costs = not isinstance(workbench, DiscreetWorkbench)
    settings = workbench.settings
    chosen = settings.shop(shop)
    sheets = [
        range_sheet(workbench, day, shop, costs=costs),
        bundles_sheet(workbench, day, shop, costs=costs),
        launches_sheet(workbench, day, shop),
        prices_sheet(workbench, day, shop, costs=costs),
        customers_sheet(workbench, day, shop),
        advertising_sheet(workbench, day, shop, costs=costs),
        *part_sheets(workbench, day, shop, costs=costs),
        *([bids_sheet(plan)] if costs and (plan := advertising_of(workbench, day, shop=shop).bids) else []),
        channels_sheet(workbench, day, shop, costs=costs),
    ]
    title = Text(f"{chosen.title} 经营分析 {day}", f"{chosen.title}: studies, {day}")
    return write_tables(sheets, title, Words(language), day, path)
