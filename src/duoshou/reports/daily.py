"""The daily sheet: one workbook that an owner reads in the morning."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from duoshou.metrics import Catalogue
from duoshou.model import Finding, Language
from duoshou.reports.asking import Answers, Ask
from duoshou.reports.context import Names, Report
from duoshou.reports.definitions import Definitions
from duoshou.reports.errors import ReportError
from duoshou.reports.freshness import SourceFreshness
from duoshou.reports.series import read_series
from duoshou.reports.sheets.checks import write_checks
from duoshou.reports.sheets.definitions import write_definitions
from duoshou.reports.sheets.overview import write_overview
from duoshou.reports.sheets.products import write_products
from duoshou.reports.sheets.promotion import write_promotion
from duoshou.reports.sheets.refunds import write_refunds
from duoshou.reports.sheets.trend import write_trend
from duoshou.reports.words import Words
from duoshou.reports.workbook import Book
from duoshou.settings import Settings

PARTS = ("overview", "trend", "products", "promotion", "refunds", "checks", "definitions")


def _no_names(dimension: str, values: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG001 - the contract of `Names`
    """Return no names: ids stand for themselves."""
    return {}


def write_daily(
    ask: Ask,
    findings: Sequence[Finding],
    settings: Settings,
    catalogue: Catalogue,
    day: date,
    path: Path,
    language: Language | None = None,
    *,
    sources: Sequence[SourceFreshness] = (),
    names: Names = _no_names,
    shop: str | None = None,
) -> Path:
    """Write the workbook of a day and return its path; equal input gives equal bytes.

    Args:
        ask: The metrics layer, bound to the workspace.
        findings: Findings of the day, the most important first.
        settings: Settings of the workspace.
        catalogue: Definitions of the metrics.
        day: The day that is reported.
        path: The file to write; its folder is made. A file that is there is replaced only by a whole one.
        language: Language of the book; None: that of the settings.
        sources: How far each source reaches (`source_freshness`).
        names: Gives readable names: called with a dimension (`product`, `campaign`) and its values.
        shop: Key, name or alias of the shop; None: the default one.

    Raises:
        ReportError: If the file cannot be written.
        SettingsError: If no shop is called so.
    """
    words = Words(language or settings.report_language)
    chosen = settings.shop(shop)
    target = io.BytesIO()
    book = Book.open(target, words, day, words("book.file_title", shop=settings.reports.title or chosen.title, day=day))
    sheets = {part: book.sheet(words(f"sheet.{part}")) for part in PARTS}
    answers = Answers(ask, catalogue, chosen.key if len(settings.shops) > 1 or shop else None)
    definitions = Definitions(sheets["definitions"].name)
    report = Report(book, answers, definitions, findings, sources, names, settings, chosen, day, sheets)
    _fill(report)
    book.workbook.close()
    return _replace(path, target.getvalue())


def _fill(report: Report) -> None:
    """Write all sheets; the trend first, because the overview's sparklines point at it, the definitions last."""
    series = read_series(report.answers, report.day)
    write_trend(report, series)
    write_overview(report, series)
    write_products(report)
    write_promotion(report)
    write_refunds(report)
    write_checks(report)
    write_definitions(report)


def _replace(path: Path, content: bytes) -> Path:
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise ReportError.unwritable(path, error) from error
    return path
