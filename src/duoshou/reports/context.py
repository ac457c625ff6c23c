"""What every sheet is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from duoshou.metrics import Metric, MetricValue
from duoshou.model import Finding, Language
from duoshou.reports.asking import Answers
from duoshou.reports.definitions import Definitions
from duoshou.reports.freshness import SourceFreshness
from duoshou.reports.words import Words
from duoshou.reports.workbook import Book, Sheet
from duoshou.settings import Settings, Shop

Names = Callable[[str, Sequence[str]], Mapping[str, str]]
"""Dimension and its values → readable names of those that have one."""


@dataclass
class Report:
    """One daily sheet being written.

    Attributes:
        book: The workbook.
        answers: Where the numbers come from.
        definitions: The lines of the page of definitions.
        findings: Findings of the day.
        freshness: How far each source reaches.
        names: Readable names of products.
        settings: Settings of the workspace.
        shop: The shop.
        day: The day.
        sheets: Part → sheet, all made beforehand so that links can point at them.
    """

    book: Book
    answers: Answers
    definitions: Definitions
    findings: Sequence[Finding]
    freshness: Sequence[SourceFreshness]
    names: Names
    settings: Settings
    shop: Shop
    day: date
    sheets: Mapping[str, Sheet]

    @property
    def words(self) -> Words:
        """Wording."""
        return self.book.words

    @property
    def language(self) -> Language:
        """Language of the book."""
        return self.book.words.language

    @property
    def name(self) -> str:
        """The name on the sheets: the one in the settings, or the shop's."""
        return self.settings.reports.title or self.shop.title

    @property
    def data_findings(self) -> list[Finding]:
        """Findings about the data."""
        return [finding for finding in self.findings if finding.kind.startswith("data.")]

    @property
    def currency(self) -> str:
        """The currency as the book names it."""
        name = f"book.{self.settings.currency}"
        return self.words(name) if self.words.has(name) else self.settings.currency

    def metric(self, key: str) -> Metric:
        """Return the definition of a metric."""
        return self.answers.catalogue.metrics[key]

    def title(self, key: str) -> str:
        """Return the name of a metric, and remember that it needs a definition."""
        self.definitions.row(key)
        return self.words.of(self.metric(key).title)

    def link(self, sheet: Sheet, row: int, column: int, key: str, style: str = "link") -> None:
        """Write the name of a metric, leading to its definition."""
        sheet.link(row, column, self.definitions.target(key), self.title(key), style)

    def heads(
        self, sheet: Sheet, row: int, left: Sequence[str], keys: Sequence[str], right: Sequence[str] = ()
    ) -> None:
        """Write the headings of a table of metrics; those that fit on one line lead to their definitions.

        A linked cell does not wrap in every spreadsheet, so a long name is plain text.
        """
        titles = [self.title(key) for key in keys]
        sheet.heads(row, [*left, *titles, *right], left=len(left))
        for offset, (key, title) in enumerate(zip(keys, titles, strict=True), start=len(left)):
            if sheet.head_lines(offset, title) == 1:
                self.link(sheet, row, offset, key, "head_right")

    def known(self, keys: Sequence[str], values: Mapping[str, MetricValue]) -> list[str]:
        """Return the metrics that have a value."""
        return [key for key in keys if (one := values.get(key)) is not None and one.value is not None]


def head(report: Report, sheet: Sheet, title: str) -> int:
    """Write title and subtitle of a sheet and return the next free row."""
    words = report.words
    sheet.worksheet.set_row(0, 30)
    sheet.text(0, 0, title, "title")
    weekday = words.weekday(report.day)
    subtitle = words("book.subtitle", shop=report.name, day=report.day, weekday=weekday, currency=report.currency)
    sheet.text(1, 0, subtitle, "subtitle")
    return 3
