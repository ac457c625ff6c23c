"""What every sheet is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from duoshou.metrics import Metric, MetricValue
from duoshou.model import Comparison, Finding, Language, Period
from duoshou.reports.asking import Answers
from duoshou.reports.business import advice_of, business_findings
from duoshou.reports.definitions import Definitions
from duoshou.reports.freshness import SourceFreshness
from duoshou.reports.targets import TargetProgress
from duoshou.reports.words import Words
from duoshou.reports.workbook import Book, Sheet
from duoshou.settings import Settings, Shop

if TYPE_CHECKING:
    from duoshou.reports.material import Material

Names = Callable[[str, Sequence[str]], Mapping[str, str]]
"""Dimension and its values → readable names of those that have one."""


@dataclass
class Report:
    """The sheets of one shop being written.

    Attributes:
        book: The workbook.
        answers: Where the numbers come from.
        definitions: The lines of the page of definitions.
        material: What the report is made of.
        shop: The shop.
        day: The day.
        sheets: Part → sheet, all made beforehand so that links can point at them.
        weekly: Whether the products and the promotion are those of the week to date, not of the last seven days.
    """

    book: Book
    answers: Answers
    definitions: Definitions
    material: Material
    shop: Shop
    day: date
    sheets: Mapping[str, Sheet]
    weekly: bool = False

    @property
    def findings(self) -> Sequence[Finding]:
        """Findings of the day."""
        return self.material.findings

    @property
    def freshness(self) -> Sequence[SourceFreshness]:
        """How far each source reaches."""
        return self.material.sources

    @property
    def names(self) -> Names:
        """Readable names of products and campaigns."""
        return self.material.names

    @property
    def targets(self) -> list[TargetProgress]:
        """Targets of the shop's month."""
        return [one for one in self.material.targets if one.shop == self.shop.key]

    @property
    def settings(self) -> Settings:
        """Settings of the workspace."""
        return self.material.settings

    @cached_property
    def window(self) -> Period:
        """The days of the products and the promotion."""
        return Period(self.day - timedelta(days=self.day.weekday() if self.weekly else 6), self.day)

    @property
    def window_comparison(self) -> Comparison:
        """What the window is held against: the same weekdays of the week before, or the seven days before."""
        return Comparison.WEEK if self.weekly else Comparison.PREVIOUS

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

    @cached_property
    def business_findings(self) -> list[Finding]:
        """Findings about the business, the dearest first."""
        return business_findings(self.findings)

    @cached_property
    def advice(self) -> list[Finding]:
        """What is worth doing, worth most first."""
        return advice_of(self.findings)

    @cached_property
    def currency(self) -> str:
        """The currencies of the month's sales as the book names them; the workspace's where there are none."""
        month = Period(self.day.replace(day=1), self.day)
        sales = self.answers.rows(("pay_amount",), month, by=("currency",), shown=False)
        found = {one.dimensions["currency"] for one in sales if one.values["pay_amount"].value is not None}
        codes = sorted(code for code in found if code) or [self.settings.currency]
        return " / ".join(self.words(f"book.{code}") if self.words.has(f"book.{code}") else code for code in codes)

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


def head(report: Report, sheet: Sheet, title: str, subtitle: str | None = None) -> int:
    """Write title and subtitle of a sheet and return the next free row."""
    words = report.words
    sheet.worksheet.set_row(0, 30)
    sheet.text(0, 0, title, "title")
    weekday = words.weekday(report.day)
    default = words("book.subtitle", shop=report.name, day=report.day, weekday=weekday, currency=report.currency)
    sheet.text(1, 0, subtitle or default, "subtitle")
    return 3
