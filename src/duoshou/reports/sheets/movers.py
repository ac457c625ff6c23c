"""商品涨跌: the products whose sales moved most, in money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from duoshou.metrics import Flag, MetricValue, QueryRow, Unit
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.workbook import Sheet

AMOUNT = "pay_amount"
MORE = ("visitors", "pay_conversion_rate", "pay_buyers")
MOST = 20
LEFT = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One product: its values and how much money it gained or lost."""

    product: str | None
    values: Mapping[str, MetricValue]
    difference: Decimal


def write_movers(report: Report) -> None:
    """Write the products that gained most, then those that lost most."""
    sheet, words = report.sheets["movers"], report.words
    week = report.window
    before = week.compared(report.window_comparison)
    rows = report.answers.rows((AMOUNT, *MORE), week, by=("product",), compare=report.window_comparison)
    more = [key for key in report.answers.known(MORE) if any(_is_known(each.values.get(key)) for each in rows)]
    sheet.widths(15, 34, 14, 14, 14, 11, *(12 for _ in more for _ in range(2)))
    row = head(report, sheet, words("movers.title", first=week.start, last=week.end))
    sheet.text(2, 0, words("movers.against", first=before.start, last=before.end), "subtitle")
    row += 1
    moves = moves_of(rows)
    if moves is None:
        sheet.text(row, 0, words("movers.none"), "subtitle")
        return
    report.definitions.note("movers")
    up = [move for move in moves if move.difference > 0][:MOST]
    down = [move for move in reversed(moves) if move.difference < 0][:MOST]
    names = report.names("product", [move.product or "" for move in (*up, *down)])
    total = sum((move.difference for move in moves), Decimal(0))
    for name, chosen in (("up", up), ("down", down)):
        sheet.text(row, 0, words(f"movers.{name}"), "section")
        row += 1
        _heads(report, sheet, row, more)
        for move in chosen:
            row += 1
            _line(sheet, row, move, names.get(move.product or "", ""), more)
        row += 2
    sheet.text(row, 0, words("movers.total"), "total")
    for column in range(1, 6):
        sheet.text(row, column, "", "total")
    sheet.worksheet.write_number(row, 4, float(total), sheet.book.format("total", num_format=_MONEY, align="right"))
    write_legend(report, sheet, row + 2, sheet.flags)


_MONEY = "+#,##0.00;-#,##0.00;0.00"


def moves_of(rows: Sequence[QueryRow]) -> list[Move] | None:
    """Return the products, what gained most first; None where a week is not known whole, so nothing moved for sure.

    A product without a row in one of the weeks sold nothing in it: the source knows that week by its other products.
    """
    values = [one for each in rows if (one := each.values.get(AMOUNT)) is not None]
    sides = ([one.value for one in values], [one.compare for one in values])
    if any(all(each is None for each in side) for side in sides):
        return None
    if any(Flag.MISSING_DAYS in one.flags for one in values):
        return None
    moves = []
    for each in rows:
        amount = each.values.get(AMOUNT)
        if amount is not None:
            difference = Decimal(amount.value or 0) - Decimal(amount.compare or 0)
            moves.append(Move(each.dimensions["product"], each.values, difference))
    return sorted(moves, key=lambda move: (-move.difference, move.product or ""))


def _is_known(value: MetricValue | None) -> bool:
    return value is not None and value.value is not None


def _heads(report: Report, sheet: Sheet, row: int, more: Sequence[str]) -> None:
    words = report.words
    amount = report.title(AMOUNT)
    heads = [words("products.id"), words("products.name")]
    heads += [words("movers.now", metric=amount), words("movers.before"), words("movers.difference")]
    heads.append(words("overview.change"))
    for key in more:
        heads += [report.title(key), words("overview.change")]
    sheet.heads(row, heads, left=2)


def _line(sheet: Sheet, row: int, move: Move, name: str, more: Sequence[str]) -> None:
    amount = move.values[AMOUNT]
    sheet.text(row, 0, move.product if move.product is not None else "—")
    sheet.text(row, 1, name)
    sheet.value(row, 2, amount)
    sheet.figure(row, 3, amount.compare, Unit.MONEY)
    colour = "#C00000" if move.difference > 0 else "#00803C"
    form = sheet.book.format("number", num_format=_MONEY, align="right", font_color=colour)
    sheet.worksheet.write_number(row, 4, float(move.difference), form)
    sheet.change(row, 5, amount)
    for offset, key in enumerate(more):
        sheet.value(row, 6 + 2 * offset, move.values.get(key))
        sheet.change(row, 7 + 2 * offset, move.values.get(key))
