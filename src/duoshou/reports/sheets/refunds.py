"""退款: by the day of the refund, by the week of payment, and the products behind them."""

from __future__ import annotations

from datetime import date, timedelta

from duoshou.metrics import QueryRow
from duoshou.model import Grain, Period
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.series import read_series
from duoshou.reports.workbook import Sheet

BY_DAY = ("refund_amount", "refunded_orders", "refund_rate_by_refund_day")
BY_WEEK = (
    "pay_amount",
    "refund_amount_by_payment",
    "refund_rate",
    "order_refund_rate",
    "net_pay_amount",
)
BY_PRODUCT = ("refund_amount", "pay_amount", "refund_rate")
DAYS = 14
WEEKS = 8
PRODUCT_DAYS = 30
MOST_PRODUCTS = 20


def write_refunds(report: Report) -> None:
    """Write the three tables one below the other, so that none is cut on paper."""
    sheet, words = report.sheets["refunds"], report.words
    sheet.widths(16, 30, 16, 24, 22, 16, 16)
    row = head(report, sheet, words("refunds.title"))
    row = _by_day(report, sheet, row)
    row = _by_week(report, sheet, row + 1)
    row = _by_product(report, sheet, row + 1)
    write_legend(report, sheet, row + 1, sheet.flags)


def _by_day(report: Report, sheet: Sheet, row: int) -> int:
    words = report.words
    sheet.text(row, 0, words("refunds.by_day"), "section")
    series = read_series(report.answers, report.day, BY_DAY, DAYS)
    if not series.values:
        sheet.text(row + 1, 0, words("refunds.none"), "subtitle")
        return row + 2
    keys = list(series.values)
    row += 1
    report.heads(sheet, row, (words("trend.day"), words("trend.weekday")), keys)
    for number, day in enumerate(series.days):
        row += 1
        sheet.day(row, 0, day)
        sheet.text(row, 1, words.weekday(day))
        for offset, key in enumerate(keys):
            sheet.value(row, 2 + offset, series.values[key][number])
    return row + 1


def _by_week(report: Report, sheet: Sheet, row: int) -> int:
    words = report.words
    sheet.text(row, 0, words("refunds.by_payment"), "section")
    start = Grain.WEEK.start(report.day) - timedelta(weeks=WEEKS - 1)
    period = Period(start, report.day)
    weeks = {each.dimensions.get("period"): each for each in report.answers.rows(BY_WEEK, period, grain=Grain.WEEK)}
    keys = [key for key in report.answers.known(BY_WEEK) if any(_has(each, key) for each in weeks.values())]
    if "refund_rate" not in keys:
        sheet.text(row + 1, 0, words("refunds.none"), "subtitle")
        return row + 2
    row += 1
    report.heads(sheet, row, (words("refunds.week"), ""), keys)
    for bucket in period.buckets(Grain.WEEK):
        row += 1
        label = Grain.WEEK.label(bucket.start)
        sheet.text(row, 0, label)
        sheet.text(row, 1, _span(bucket.start, bucket.end))
        each = weeks.get(label)
        for offset, key in enumerate(keys):
            sheet.value(row, 2 + offset, each.values.get(key) if each else None)
    return row + 1


def _span(first: date, last: date) -> str:
    return f"{first:%m-%d} – {last:%m-%d}"


def _by_product(report: Report, sheet: Sheet, row: int) -> int:
    words = report.words
    sheet.text(row, 0, words("refunds.by_product"), "section")
    period = Period(report.day - timedelta(days=PRODUCT_DAYS - 1), report.day)
    found = report.answers.rows(BY_PRODUCT, period, by=("product",))
    rows = [each for each in found if _has(each, "refund_amount") and each.values["refund_amount"].value]
    if not rows:
        sheet.text(row + 1, 0, words("refunds.none"), "subtitle")
        return row + 2
    rows = rows[:MOST_PRODUCTS]
    row += 1
    keys = [key for key in report.answers.known(BY_PRODUCT) if any(_has(each, key) for each in rows)]
    report.heads(sheet, row, (words("products.id"), words("products.name")), keys)
    names = report.names("product", [each.dimensions["product"] or "" for each in rows])
    for each in rows:
        row += 1
        product = each.dimensions["product"] or "—"
        sheet.text(row, 0, product)
        sheet.text(row, 1, names.get(product, ""))
        for offset, key in enumerate(keys):
            sheet.value(row, 2 + offset, each.values.get(key))
    return row + 1


def _has(row: QueryRow, key: str) -> bool:
    value = row.values.get(key)
    return value is not None and value.value is not None
