"""全部店铺: the month of every shop, with a total where the shops count alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duoshou.metrics import Additivity, MetricValue
from duoshou.model import Grain
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.sheets.month import Month, columns_of, note_columns, period_of, widths_of, write_heads
from duoshou.reports.workbook import Sheet

SHOP_WIDTH = 20


def write_shops(report: Report, sheet: Sheet, shops: Sequence[tuple[Report, Month]]) -> None:
    """Write a row for each shop and the total, then the days in all.

    Args:
        report: Asks over all shops.
        sheet: Where to write.
        shops: Each shop with its month.
    """
    words = report.words
    period = period_of(report)
    known = {key for _, month in shops for _, key in month.columns}
    columns = [one for one in columns_of(report) if one[1] in known]
    keys = [key for _, key in columns]
    whole = report.answers.one(keys, period)
    sheet.widths(SHOP_WIDTH, *widths_of(report, columns, [whole, *(month.whole for _, month in shops)]))
    title = words("summary.shops_title", month=f"{period.start:%Y-%m}")
    name = report.settings.reports.title or report.settings.name
    subtitle = words("own.subtitle", shop=name, first=period.start, last=period.end, currency=report.currency)
    row = head(report, sheet, title, subtitle)
    if not keys:
        sheet.text(row, 0, words("book.nothing_month"), "subtitle")
        return
    write_heads(report, sheet, row, (words("summary.shop"),), columns)
    row += 1
    for one, month in shops:
        row += 1
        sheet.text(row, 0, one.shop.title)
        for offset, key in enumerate(keys, start=1):
            sheet.value(row, offset, month.whole.get(key))
    row += 1
    added = [key for key in keys if _may_be_added(key, whole, shops)]
    sheet.text(row, 0, words("summary.total"), "total")
    for offset, key in enumerate(keys, start=1):
        sheet.value(row, offset, whole.get(key) if key in added else None, "total")
    last, width = note_columns(sheet)
    sheet.wide(row + 1, 0, last, words("summary.total_note"), "note_wrap", width)
    row = _days(report, sheet, row + 3, added)
    write_legend(report, sheet, row + 2, sheet.flags, changes=False)
    sheet.fit(len(keys))


def _may_be_added(key: str, whole: Mapping[str, MetricValue], shops: Sequence[tuple[Report, Month]]) -> bool:
    """Return whether the total is of all shops that know the metric: one source answers for each of them and for it."""
    total = whole.get(key)
    if total is None or total.value is None:
        return False
    values = [one for _, month in shops if (one := month.whole.get(key)) is not None and one.value is not None]
    return {one.source for one in values} == {total.source}


def _days(report: Report, sheet: Sheet, row: int, keys: Sequence[str]) -> int:
    """Write the days of all shops together, for what may be added; return the last row."""
    keys = [key for key in keys if report.metric(key).additivity is Additivity.ADDITIVE]
    if not keys:
        return row
    words = report.words
    period = period_of(report)
    days = {one.dimensions.get("period"): one.values for one in report.answers.rows(keys, period, grain=Grain.DAY)}
    sheet.text(row, 0, words("summary.by_day"), "section")
    row += 1
    report.heads(sheet, row, (words("trend.day"),), keys)
    for day in period:
        row += 1
        sheet.day(row, 0, day)
        for offset, key in enumerate(keys, start=1):
            sheet.value(row, offset, days.get(day.isoformat(), {}).get(key))
    return row
