"""商品: what sold in the last seven days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from duoshou.metrics import MetricValue, QueryRow, Unit
from duoshou.model import Period
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.styles import SPARK
from duoshou.reports.workbook import Sheet

MOST = 50
AMOUNT = "pay_amount"
MORE = ("pay_units", "pay_buyers", "refund_amount", "visitors", "pay_conversion_rate", "cart_adds")
ID_WIDTH, NAME_WIDTH = 15, 34


def write_products(report: Report) -> None:
    """Write the products in order of amount, with shares and the change on the week before."""
    sheet, words = report.sheets["products"], report.words
    period = report.window
    title = "products.title_week" if report.weekly else "products.title"
    row = head(report, sheet, words(title, first=period.start, last=period.end))
    rows = report.answers.rows((AMOUNT, *MORE), period, by=("product",), compare=report.window_comparison)
    rows = tuple(each for each in rows if _amount(each) is not None)
    if not rows:
        sheet.text(row, 0, words("products.none"), "subtitle")
        sheet.widths(100)
        return
    today = report.answers.rows((AMOUNT,), Period.of_day(report.day), by=("product",))
    of_day = {each.dimensions["product"]: each.values[AMOUNT] for each in today}
    more = [key for key in report.answers.known(MORE) if any(_has(each, key) for each in rows[:MOST])]
    _heads(report, sheet, row, more)
    first = row + 1
    last = _body(report, sheet, first, rows, of_day, more)
    bars = {"type": "data_bar", "bar_color": SPARK, "bar_solid": True, "bar_border_color": SPARK, "min_type": "num"}
    sheet.worksheet.conditional_format(first, 4, first + min(MOST, len(rows)) - 1, 4, {**bars, "min_value": 0})
    write_legend(report, sheet, last + 2, sheet.flags)


def _amount(row: QueryRow) -> Decimal | None:
    value = row.values.get(AMOUNT)
    return None if value is None or value.value is None else Decimal(value.value)


def _has(row: QueryRow, key: str) -> bool:
    value = row.values.get(key)
    return value is not None and value.value is not None


def _heads(report: Report, sheet: Sheet, row: int, more: Sequence[str]) -> None:
    words = report.words
    amount = report.title(AMOUNT)
    sheet.widths(6, ID_WIDTH, NAME_WIDTH, 13, 14, 9, 11, 13, *(12 for _ in more))
    left = [words(f"products.{name}") for name in ("rank", "id", "name")]
    between = [words("products.day_amount", metric=amount), amount]
    change = "change_week" if report.weekly else "change"
    between += [words(f"products.{name}") for name in ("share", "cumulative", change)]
    sheet.heads(row, [*left, *between, *(report.title(key) for key in more)], left=len(left))
    report.link(sheet, row, 4, AMOUNT, "head_right")
    for offset, key in enumerate(more, start=len(left) + len(between)):
        if sheet.head_lines(offset, report.title(key)) == 1:
            report.link(sheet, row, offset, key, "head_right")
    sheet.freeze(row + 1, 3)
    report.definitions.note("share", metric=amount)


def _body(
    report: Report,
    sheet: Sheet,
    first: int,
    rows: Sequence[QueryRow],
    of_day: Mapping[str | None, MetricValue],
    more: Sequence[str],
) -> int:
    """Write one row for each of the first products, one for the others and the total; return the last row."""
    total = sum((amount for each in rows if (amount := _amount(each)) is not None), Decimal(0))
    shown = rows[:MOST]
    names = report.names("product", [each.dimensions["product"] or "" for each in shown])
    running = Decimal(0)
    row = first
    for rank, each in enumerate(shown, start=1):
        product = each.dimensions["product"]
        amount = _amount(each) or Decimal(0)
        running += amount
        sheet.number(row, 0, rank, "0", "rank")
        sheet.text(row, 1, product if product is not None else "—")
        sheet.text(row, 2, names.get(product or "", ""))
        sheet.value(row, 3, of_day.get(product))
        sheet.value(row, 4, each.values[AMOUNT])
        sheet.figure(row, 5, _share(amount, total), Unit.RATE)
        sheet.figure(row, 6, _share(running, total), Unit.RATE)
        sheet.change(row, 7, each.values[AMOUNT])
        for offset, key in enumerate(more):
            sheet.value(row, 8 + offset, each.values.get(key))
        row += 1
    if len(rows) > len(shown):
        _sum_row(sheet, row, report.words("products.others", count=len(rows) - len(shown)), total - running, total)
        row += 1
    _sum_row(sheet, row, report.words("products.total"), total, total)
    return row


def _share(part: Decimal, whole: Decimal) -> Decimal | None:
    return part / whole if whole else None


def _sum_row(sheet: Sheet, row: int, name: str, amount: Decimal, total: Decimal) -> None:
    for column in range(8):
        sheet.text(row, column, name if column == 2 else "", "total")
    sheet.figure(row, 4, amount, Unit.MONEY, style="total")
    sheet.figure(row, 5, _share(amount, total), Unit.RATE, style="total")
