"""The weekly book: the week to date against the week before and the like days of last year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from duoshou.model import Language
from duoshou.reports.books import Opened, own_parts
from duoshou.reports.context import Report
from duoshou.reports.material import Material
from duoshou.reports.series import KEYS, read_series
from duoshou.reports.sheets.checks import write_checks
from duoshou.reports.sheets.definitions import write_definitions
from duoshou.reports.sheets.fetch import write_fetch
from duoshou.reports.sheets.movers import write_movers
from duoshou.reports.sheets.own import write_own
from duoshou.reports.sheets.promotion import write_promotion
from duoshou.reports.sheets.refunds import write_refunds
from duoshou.reports.sheets.sources import write_sources
from duoshou.reports.sheets.trend import write_trend
from duoshou.reports.sheets.week import write_week
from duoshou.reports.words import Words

PARTS = ("overview", "trend", "movers", "sources", "promotion", "refunds")
LAST_PARTS = ("checks", "definitions", "fetch")
DAYS = 21


def write_weekly(
    material: Material, day: date, path: Path, language: Language | None = None, *, shop: str | None = None
) -> Path:
    """Write the workbook of the week that ends with, or is interrupted by, a day, and return its path.

    The week is that of Monday to `day`; it is held against the same weekdays of the week before, and the days of the
    year before that lie alike to festivals and weekdays.

    Args:
        material: What the book is made of.
        day: Last day that is reported.
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
    title = words("week.file_title", shop=settings.reports.title or chosen.title, day=day)
    own = material.own.of("weekly")
    parts = {part: words(f"sheet.{part}") for part in PARTS} | own_parts([one.title for one in own])
    parts |= {part: words(f"sheet.{part}") for part in LAST_PARTS}
    opened = Opened.of(words, day, title, parts)
    report = opened.report(material, chosen, day, one_shop=len(settings.shops) > 1 or shop is not None)
    report.weekly = True
    _fill(report)
    return opened.save(path)


def _fill(report: Report) -> None:
    """Write all sheets; the trend first, because the overview's sparklines point at it, the definitions last."""
    series = read_series(report.answers, report.day, KEYS, DAYS)
    write_trend(report, series)
    write_week(report, series)
    write_movers(report)
    write_sources(report)
    write_promotion(report)
    write_refunds(report)
    write_own(report, "weekly", report.window)
    write_checks(report)
    write_fetch(report)
    write_definitions(report)
