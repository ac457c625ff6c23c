"""The daily sheet: one workbook that an owner reads in the morning."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from duoshou.model import Language
from duoshou.reports.books import Opened, own_parts
from duoshou.reports.context import Report
from duoshou.reports.material import Material
from duoshou.reports.series import read_series
from duoshou.reports.sheets.checks import write_checks
from duoshou.reports.sheets.definitions import write_definitions
from duoshou.reports.sheets.fetch import write_fetch
from duoshou.reports.sheets.findings import write_findings
from duoshou.reports.sheets.overview import write_overview
from duoshou.reports.sheets.own import write_own
from duoshou.reports.sheets.products import write_products
from duoshou.reports.sheets.promotion import write_promotion
from duoshou.reports.sheets.refunds import write_refunds
from duoshou.reports.sheets.trend import write_trend
from duoshou.reports.words import Words

PARTS = ("overview", "findings", "trend", "products", "promotion", "refunds")
LAST_PARTS = ("checks", "definitions", "fetch")


def write_daily(
    material: Material, day: date, path: Path, language: Language | None = None, *, shop: str | None = None
) -> Path:
    """Write the workbook of a day and return its path; equal input gives equal bytes.

    Args:
        material: What the book is made of.
        day: The day that is reported.
        path: The file to write; its folder is made. A file that is there is replaced only by a whole one.
        language: Language of the book; None: that of the settings.
        shop: Key, name or alias of the shop; None: the default one.

    Raises:
        ReportError: If the file cannot be written.
        SettingsError: If no shop is called so.
    """
    settings = material.settings
    words = Words(language or settings.report_language)
    chosen = settings.shop(shop)
    title = words("book.file_title", shop=settings.reports.title or chosen.title, day=day)
    own = material.own.of("daily")
    parts = {part: words(f"sheet.{part}") for part in PARTS} | own_parts([one.title for one in own])
    parts |= {part: words(f"sheet.{part}") for part in LAST_PARTS}
    opened = Opened.of(words, day, title, parts)
    report = opened.report(material, chosen, day, one_shop=len(settings.shops) > 1 or shop is not None)
    _fill(report)
    return opened.save(path)


def _fill(report: Report) -> None:
    """Write all sheets; the trend first, because the overview's sparklines point at it, the definitions last."""
    series = read_series(report.answers, report.day)
    write_trend(report, series)
    write_overview(report, series)
    write_findings(report)
    write_products(report)
    write_promotion(report)
    write_refunds(report)
    write_own(report, "daily", report.window)
    write_checks(report)
    write_fetch(report)
    write_definitions(report)
