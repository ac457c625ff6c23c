"""全店运营数据汇总表: the month day by day, a sheet for each shop and one over the shops."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from duoshou.model import Language
from duoshou.reports.books import Opened, own_parts
from duoshou.reports.material import Material
from duoshou.reports.sheets.definitions import write_definitions
from duoshou.reports.sheets.month import period_of, read_month, write_month
from duoshou.reports.sheets.own import write_own
from duoshou.reports.sheets.shops import write_shops
from duoshou.reports.words import Words


def write_summary(
    material: Material, day: date, path: Path, language: Language | None = None, *, shop: str | None = None
) -> Path:
    """Write the month up to a day and return the path; equal input gives equal bytes.

    Args:
        material: What the book is made of.
        day: The last day that is shown; the table begins with the first of its month.
        path: The file to write; its folder is made. A file that is there is replaced only by a whole one.
        language: Language of the book; None: that of the settings.
        shop: Key, name or alias of the only shop; None: every shop, and a sheet over all of them.

    Raises:
        ReportError: If the file cannot be written.
        SettingsError: If no shop is called so.
    """
    settings = material.settings
    words = Words(language or settings.report_language)
    shops = [settings.shop(shop)] if shop else list(settings.shops)
    many = len(shops) > 1
    month = f"{day:%Y-%m}"
    title = words("summary.file_title", shop=settings.reports.title or settings.name, month=month)
    own = material.own.of("summary")
    parts = {"shops": words("sheet.shops")} if many else {}
    parts |= {f"shop {number}": one.title for number, one in enumerate(shops)}
    parts |= own_parts([one.title for one in own]) | {"definitions": words("sheet.definitions")}
    opened = Opened.of(words, day, title, parts)
    one_shop = len(settings.shops) > 1 or shop is not None
    reports = [opened.report(material, one, day, one_shop=one_shop) for one in shops]
    months = [read_month(one) for one in reports]
    whole = opened.report(material, shops[0], day, one_shop=not many and one_shop)
    if many:
        write_shops(whole, opened.sheets["shops"], list(zip(reports, months, strict=True)))
    for number, (one, figures) in enumerate(zip(reports, months, strict=True)):
        write_month(one, opened.sheets[f"shop {number}"], figures)
    write_own(whole, "summary", period_of(whole))
    write_definitions(whole)
    return opened.save(path)
