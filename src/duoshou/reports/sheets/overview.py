"""概览: the day in numbers, what is wrong with the data, and how far they reach."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from duoshou.metrics import Flag, MetricValue, Unit
from duoshou.model import Comparison, Confidence, Finding, Period
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.series import SPARK_DAYS, DailySeries
from duoshou.reports.sheets.findings import write_first_findings
from duoshou.reports.sheets.targets import write_targets
from duoshou.reports.styles import ACCENT, SPARK
from duoshou.reports.workbook import Sheet, lines_of, width_of

GROUPS = (
    (
        "trade",
        ("pay_amount", "net_pay_amount", "pay_orders", "pay_buyers", "pay_units", "spend_per_buyer", "order_value"),
    ),
    ("traffic", ("visitors", "page_views", "pay_conversion_rate", "value_per_visitor", "cart_adds")),
    ("refund", ("refund_amount", "refund_rate")),
    ("promotion", ("ad_cost", "ad_sales", "roas")),
    ("scores", ("score_description", "score_service", "score_logistics")),
)
KEYS = tuple(key for _, keys in GROUPS for key in keys)

WIDTHS = (22, 15, 17, 13, 11, 13, 11, 13, 11, 16)
LAST = len(WIDTHS) - 1
MOST_PROBLEMS = 5
SIDES = (Comparison.PREVIOUS, Comparison.WEEK, Comparison.YEAR)

Compared = Mapping[Comparison, Mapping[str, MetricValue]]


def write_overview(report: Report, series: DailySeries) -> None:
    """Write the first sheet."""
    sheet, words = report.sheets["overview"], report.words
    longest = max(width_of(report.words.of(report.metric(key).title)) for key in report.answers.known(KEYS))
    sheet.widths(max(WIDTHS[0], longest + 1), *WIDTHS[1:])
    row = head(report, sheet, words("book.title"))
    period = Period.of_day(report.day)
    compared = {each: report.answers.one(KEYS, period, each) for each in SIDES}
    month = month_to_date(report, KEYS, compared[Comparison.PREVIOUS])
    sheet.wide(row, 0, LAST, _lead(report, compared), "lead", sum(WIDTHS))
    row = _table(report, sheet, row + 2, compared, month, series)
    row = write_first_findings(report, sheet, row + 1, WIDTHS)
    row = write_targets(report, sheet, row)
    row = write_problems(report, sheet, row)
    row = write_freshness(report, sheet, row + 1)
    write_legend(report, sheet, row + 1, sheet.flags)
    sheet.worksheet.fit_to_pages(1, 1)
    sheet.worksheet.center_horizontally()


def month_to_date(report: Report, keys: Sequence[str], day: Mapping[str, MetricValue]) -> dict[str, MetricValue]:
    """Return the month to date, without what only a source that counts people otherwise could tell.

    Args:
        report: The report.
        keys: Metrics.
        day: The values beside which the month is shown.
    """
    period = Period(report.day.replace(day=1), report.day)
    found = report.answers.one(keys, period, shown=False)
    kept = {key: value for key, value in found.items() if _is_comparable(value, day.get(key))}
    for key, value in kept.items():
        report.answers.remember(key, value)
    return kept


def _is_comparable(month: MetricValue, day: MetricValue | None) -> bool:
    if day is None or day.value is None or month.source == day.source:
        return True
    return Flag.APPROXIMATE not in month.flags - day.flags


def _lead(report: Report, compared: Compared) -> str:
    """Return the day in one sentence."""
    words = report.words
    value = compared[Comparison.PREVIOUS].get("pay_amount")
    if value is None or value.value is None:
        return words("book.nothing")
    parts = [
        words("overview.headline", metric=report.title("pay_amount"), value=f"{value.value:,.2f} {report.currency}")
    ]
    for comparison in SIDES:
        change = compared[comparison]["pay_amount"].change
        if change is not None:
            parts.append(words(f"overview.against_{comparison.value}", change=f"{change:+.1%}"))
    return ("，" if report.language == "zh" else ", ").join(parts) + ("。" if report.language == "zh" else ".")


def _table(
    report: Report,
    sheet: Sheet,
    row: int,
    compared: Compared,
    month: Mapping[str, MetricValue],
    series: DailySeries,
) -> int:
    words = report.words
    names = ("metric", "value", "spark", "previous", "change", "week", "change", "year", "change", "month")
    sheet.heads(row, [words(f"overview.{name}") for name in names])
    sheet.text(row, 2, words("overview.spark"), "head", align="center")
    sheet.freeze(row + 1, 1)
    report.definitions.note("change")
    report.definitions.note("month")
    row += 1
    for group, keys in GROUPS:
        shown = [key for key in report.answers.known(keys) if _has_value(key, compared, month, series)]
        if shown:
            row = write_group(report, sheet, row, group)
        for key in shown:
            _metric(report, sheet, row, key, compared, month, series)
            row += 1
    unknown = [key for key in report.answers.known(KEYS) if not _has_value(key, compared, month, series)]
    if unknown:
        names_of = ("、" if report.language == "zh" else ", ").join(report.title(key) for key in unknown)
        text = words("overview.unknown", metrics=names_of, sheet=words("sheet.definitions"))
        sheet.wide(row, 0, LAST, text, "note_wrap", sum(WIDTHS) * 1.1)
        row += 1
    return row


def _has_value(key: str, compared: Compared, month: Mapping[str, MetricValue], series: DailySeries) -> bool:
    sides = [*(values.get(key) for values in compared.values()), month.get(key)]
    return key in series.values or any(
        one is not None and (one.value is not None or one.compare is not None) for one in sides
    )


def write_group(report: Report, sheet: Sheet, row: int, group: str) -> int:
    """Write the heading of a group of metrics and return the next row."""
    sheet.text(row, 0, report.words(f"overview.{group}"), "group")
    for column in range(1, LAST + 1):
        sheet.text(row, column, "", "group")
    return row + 1


def _metric(
    report: Report,
    sheet: Sheet,
    row: int,
    key: str,
    compared: Compared,
    month: Mapping[str, MetricValue],
    series: DailySeries,
) -> None:
    report.link(sheet, row, 0, key)
    sheet.value(row, 1, compared[Comparison.PREVIOUS].get(key), pad="_)_)")
    write_sparkline(sheet, row, key, series)
    for column, comparison in zip((3, 5, 7), SIDES, strict=True):
        value = compared[comparison].get(key)
        unit = report.metric(key).unit
        sheet.figure(row, column, None if value is None else value.compare, unit)
        sheet.change(row, column + 1, value)
    sheet.value(row, LAST, month.get(key))


def write_sparkline(sheet: Sheet, row: int, key: str, series: DailySeries) -> None:
    """Write the last days of a metric as a small picture."""
    sheet.text(row, 2, "", "cell")
    if key not in series.place:
        return
    name, first, last, column = series.place[key]
    letter = _letter(column)
    start = max(first, last - SPARK_DAYS + 1)
    sheet.worksheet.add_sparkline(
        row,
        2,
        {
            "range": f"'{name}'!${letter}${start + 1}:${letter}${last + 1}",
            # Columns, because LibreOffice prints them too; its PDF export leaves lines out.
            "type": "column",
            "min": 0,
            "series_color": SPARK,
            "last_point": True,
            "last_color": ACCENT,
            "show_hidden": True,
        },
    )


def _letter(column: int) -> str:
    first, second = divmod(column, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def write_problems(report: Report, sheet: Sheet, row: int) -> int:
    """Write the data problems that are sure, and return the next free row."""
    words = report.words
    sheet.text(row, 0, words("overview.problems"), "section")
    row += 1
    data = report.data_findings
    sure = [finding for finding in data if finding.confidence in {Confidence.CERTAIN, Confidence.LIKELY}]
    if not sure:
        sheet.text(row, 0, words("overview.no_sure_problems" if data else "overview.no_problems"), "subtitle")
        return _more(report, sheet, row, len(data)) + 1
    for first, last, name in ((0, 4, "problem"), (5, LAST, "action")):
        sheet.wide(row, first, last, words(f"overview.{name}"), "head", 60)
    for finding in sure[:MOST_PROBLEMS]:
        row += 1
        _problem(report, sheet, row, finding)
    return _more(report, sheet, row, len(data) - min(len(sure), MOST_PROBLEMS)) + 1


def _more(report: Report, sheet: Sheet, row: int, count: int) -> int:
    """Write where the rest is and return the last row."""
    if not count:
        return row
    name = report.words("sheet.checks")
    sheet.link(row + 1, 0, f"'{name}'!A1", report.words("overview.more_problems", count=count, sheet=name), "note")
    return row + 1


def _problem(report: Report, sheet: Sheet, row: int, finding: Finding) -> None:
    confidence = report.words(f"confidence.{finding.confidence.value}")
    bracket = f"（{confidence}）" if report.language == "zh" else f" ({confidence})"
    problem = report.words.of(finding.headline) + bracket
    actions = [report.words.of(each.action) for each in finding.recommendations]
    action = ("；" if report.language == "zh" else "; ").join(actions)
    left, right = sum(WIDTHS[:5]), sum(WIDTHS[5:])
    sheet.wide(row, 0, 4, problem, "wrap", left)
    sheet.wide(row, 5, LAST, action, "wrap", right)
    sheet.height(row, max(lines_of(problem, left), lines_of(action, right)))


def write_freshness(report: Report, sheet: Sheet, row: int) -> int:
    """Write how far each source reaches, and return the next free row."""
    words = report.words
    sheet.text(row, 0, words("overview.freshness"), "section")
    row += 1
    report.definitions.note("behind")
    names = ("source", "last_day", "behind", "file")
    sheet.heads(row, [words(f"overview.{name}") for name in names], left=2)
    sheet.text(row, 3, words("overview.file"), "head", indent=1)
    for column in range(4, LAST + 1):
        sheet.text(row, column, "", "head")
    for each in report.freshness:
        row += 1
        sheet.text(row, 0, words.of(each.source))
        if each.last is None:
            sheet.missing(row, 1, "cell")
            sheet.missing(row, 2)
            text = words("overview.to_export", export=words.of(each.export))
        else:
            sheet.day(row, 1, each.last)
            sheet.figure(row, 2, each.days_behind, Unit.COUNT)
            text = each.file
        sheet.worksheet.merge_range(row, 3, row, LAST, "", sheet.book.format("cell"))
        sheet.text(row, 3, text, "cell", indent=1)
    return row + 1
