"""推广: what was spent and what came of it; one line of advice where no report was imported."""

from __future__ import annotations

from duoshou.model import Period
from duoshou.reports.charts import Series, day_chart
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.series import DailySeries, read_series
from duoshou.reports.workbook import Sheet

COST = "ad_cost"
KEYS = (COST, "impressions", "clicks", "click_through_rate", "cost_per_click", "ad_orders", "ad_sales", "roas", "acos")
TREND_DAYS = 14
MOST = 40


def write_promotion(report: Report) -> None:
    """Write the plans of the last seven days and the last fourteen days in all."""
    sheet, words = report.sheets["promotion"], report.words
    period = report.window
    title = "promotion.title_week" if report.weekly else "promotion.title"
    row = head(report, sheet, words(title, first=period.start, last=period.end))
    daily = read_series(report.answers, report.day, KEYS, TREND_DAYS)
    if COST not in daily.values:
        sheet.widths(100)
        sheet.text(row, 0, words("promotion.none"), "subtitle")
        return
    keys = [key for key in KEYS if key in daily.values]
    sheet.widths(18, 26, *(13 for _ in keys), 12)
    row = _plans(report, sheet, row, keys, period)
    row = _daily(report, sheet, row + 2, keys, daily)
    write_legend(report, sheet, row + 1, sheet.flags)


def _plans(report: Report, sheet: Sheet, row: int, keys: list[str], period: Period) -> int:
    words = report.words
    plans = report.answers.rows(keys, period, by=("campaign",), compare=report.window_comparison)
    plans = tuple(each for each in plans if any(one.value is not None for one in each.values.values()))
    left, right = (
        (words("promotion.plan"), words("promotion.name")),
        (words("products.change_week" if report.weekly else "products.change"),),
    )
    report.heads(sheet, row, left, keys, right)
    sheet.freeze(row + 1, 2)
    names = report.names("campaign", [each.dimensions["campaign"] or "" for each in plans[:MOST]])
    for each in plans[:MOST]:
        row += 1
        plan = each.dimensions["campaign"] or "—"
        sheet.text(row, 0, plan)
        sheet.text(row, 1, names.get(plan, ""))
        for offset, key in enumerate(keys):
            sheet.value(row, 2 + offset, each.values.get(key))
        sheet.change(row, 2 + len(keys), each.values.get(COST))
    whole = report.answers.one(keys, period, report.window_comparison)
    row += 1
    sheet.text(row, 0, words("promotion.total"), "total")
    sheet.text(row, 1, "", "total")
    for offset, key in enumerate(keys):
        sheet.value(row, 2 + offset, whole.get(key), "total")
    sheet.change(row, 2 + len(keys), whole.get(COST), "total")
    return row


def _daily(report: Report, sheet: Sheet, row: int, keys: list[str], daily: DailySeries) -> int:
    words = report.words
    sheet.text(row, 0, words("promotion.daily"), "section")
    row += 1
    report.heads(sheet, row, (words("trend.day"), words("trend.weekday")), keys)
    first = row + 1
    for number, day in enumerate(daily.days):
        row += 1
        sheet.day(row, 0, day)
        sheet.text(row, 1, words.weekday(day))
        for offset, key in enumerate(keys):
            sheet.value(row, 2 + offset, daily.values[key][number])
    shown = [
        Series(report.title(key), 2 + keys.index(key), "#,##0" if key != "roas" else "0.0", key == "roas")
        for key in (COST, "ad_sales", "roas")
        if key in keys
    ]
    title = ("、" if report.language == "zh" else ", ").join(each.name for each in shown)
    chart = day_chart(sheet, (first, row), shown, title)
    chart.set_size({"width": 760, "height": 280})
    sheet.worksheet.insert_chart(row + 2, 0, chart, {"object_position": 3})
    return row + 17
