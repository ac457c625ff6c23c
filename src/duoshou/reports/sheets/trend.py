"""趋势: the last five weeks day by day, with charts."""

from __future__ import annotations

from collections.abc import Sequence

from duoshou.metrics import Unit
from duoshou.reports.charts import Series, day_chart
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.series import SHOWN, DailySeries
from duoshou.reports.workbook import Sheet

FIRST_METRIC = 2

# Each chart: the columns, then the line over them.
CHARTS = (
    (("pay_amount",), "pay_orders"),
    (("visitors",), "pay_conversion_rate"),
    (("refund_amount",), "refund_rate"),
    (("ad_cost", "ad_sales"), "roas"),
    (("pay_buyers",), "spend_per_buyer"),
)
MOST_CHARTS = 3
CHART_SIZE = {"width": 460, "height": 232}
ROWS_A_CHART = 12

_AXIS = {Unit.RATE: "0.0%", Unit.RATIO: "0.0", Unit.SCORE: "0.0"}


def write_trend(report: Report, series: DailySeries) -> None:
    """Write the table of days and the charts beside it."""
    sheet, words = report.sheets["trend"], report.words
    row = head(report, sheet, words("trend.title", days=len(series.days)))
    shown = [key for key in SHOWN if key in series.values]
    sheet.widths(11, 9, *(12 for _ in shown))
    report.heads(sheet, row, (words("trend.day"), words("trend.weekday")), shown)
    sheet.freeze(row + 1, 1)
    first = row + 1
    _days(report, sheet, first, series, shown)
    _places(sheet, first, series, shown)
    _charts(report, sheet, first, series, FIRST_METRIC + len(shown))
    write_legend(report, sheet, first + len(series.days) + 1, sheet.flags)


def _days(report: Report, sheet: Sheet, first: int, series: DailySeries, shown: Sequence[str]) -> None:
    for number, day in enumerate(series.days):
        row = first + number
        sheet.day(row, 0, day)
        sheet.text(row, 1, report.words.weekday(day))
        for offset, key in enumerate(shown):
            sheet.value(row, FIRST_METRIC + offset, series.values[key][number])


def _places(sheet: Sheet, first: int, series: DailySeries, shown: Sequence[str]) -> None:
    """Remember where the numbers of each metric are: in the table, or in a hidden column far to the right.

    Hidden are metrics that only sparklines need, and those with an unknown day: a chart takes the text — for 0, so
    it must be given a column with a gap instead.
    """
    last = first + len(series.days) - 1
    hidden = FIRST_METRIC + len(shown) + 12
    for key, values in series.values.items():
        column = FIRST_METRIC + shown.index(key) if key in shown else -1
        if column < 0 or any(one is None or one.value is None for one in values):
            column, hidden = hidden, hidden + 1
            for number, one in enumerate(values):
                if one is not None and one.value is not None:
                    sheet.figure(first + number, column, one.value, one.unit)
            sheet.worksheet.set_column(column, column, None, None, {"hidden": True})
        series.place[key] = (sheet.name, first, last, column)


def _charts(report: Report, sheet: Sheet, first: int, series: DailySeries, column: int) -> None:
    last = first + len(series.days) - 1
    drawn = 0
    for columns, line in CHARTS:
        present = [key for key in columns if key in series.place]
        if not present or drawn == MOST_CHARTS:
            continue
        shown = [_series(report, series, key) for key in present]
        if line in series.place:
            shown.append(_series(report, series, line, as_line=True))
        title = ("、" if report.language == "zh" else ", ").join(each.name for each in shown)
        chart = day_chart(sheet, (first, last), shown, title)
        chart.set_size(CHART_SIZE)
        options = {"x_offset": 14, "y_offset": 2, "object_position": 3}
        sheet.worksheet.insert_chart(first + drawn * ROWS_A_CHART, column, chart, options)
        drawn += 1


def _series(report: Report, series: DailySeries, key: str, *, as_line: bool = False) -> Series:
    number = _AXIS.get(report.metric(key).unit, "#,##0")
    return Series(report.title(key), series.place[key][3], number, as_line)
