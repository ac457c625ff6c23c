"""周报概览: the week to date against the week before and last year, and the month against its targets."""

from __future__ import annotations

from collections.abc import Mapping

from duoshou.metrics import MetricValue, Unit
from duoshou.model import Comparison
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend
from duoshou.reports.series import DailySeries
from duoshou.reports.sheets.overview import (
    GROUPS,
    LAST,
    WIDTHS,
    Compared,
    month_to_date,
    write_freshness,
    write_group,
    write_problems,
    write_sparkline,
)
from duoshou.reports.sheets.targets import write_targets
from duoshou.reports.targets import TargetProgress
from duoshou.reports.workbook import Sheet, width_of

SERVICE = (
    "reviews",
    "negative_reviews",
    "negative_review_rate",
    "inquirers",
    "inquiry_conversion_rate",
    "first_response_time",
    "response_time",
    "reply_rate",
    "service_satisfaction_rate",
)
MORE = {"trade": ("new_buyers", "returning_buyers"), "promotion": ("ad_cost_ratio",)}
SIDES = (Comparison.WEEK, Comparison.FESTIVAL)


def write_week(report: Report, series: DailySeries) -> None:
    """Write the first sheet of the weekly book."""
    sheet, words = report.sheets["overview"], report.words
    groups = _groups(report)
    keys = [key for _, members in groups for key in members]
    longest = max(width_of(words.of(report.metric(key).title)) for key in keys)
    sheet.widths(max(WIDTHS[0], longest + 1), *WIDTHS[1:])
    week = report.window
    subtitle = words("own.subtitle", shop=report.name, first=week.start, last=week.end, currency=report.currency)
    row = head(report, sheet, words("week.title"), subtitle)
    compared = {side: report.answers.one(keys, week, side) for side in SIDES}
    month = month_to_date(report, keys, compared[Comparison.WEEK])
    sheet.wide(row, 0, LAST, _lead(report, compared), "lead", sum(WIDTHS))
    row = _table(report, sheet, row + 2, groups, compared, month, series)
    row = write_targets(report, sheet, row + 1)
    row = write_problems(report, sheet, row)
    row = write_freshness(report, sheet, row + 1)
    write_legend(report, sheet, row + 1, sheet.flags)
    sheet.worksheet.fit_to_pages(1, 1)
    sheet.worksheet.center_horizontally()


def _groups(report: Report) -> list[tuple[str, list[str]]]:
    """Return the groups of metrics: those of the day, what only a week can tell, and what else has a target."""
    groups = [(name, report.answers.known((*keys, *MORE.get(name, ())))) for name, keys in GROUPS]
    groups.append(("service", report.answers.known(SERVICE)))
    shown = {key for _, keys in groups for key in keys}
    return [*groups, ("target", [one.metric.key for one in report.targets if one.metric.key not in shown])]


def _lead(report: Report, compared: Compared) -> str:
    """Return the week in one sentence."""
    words = report.words
    value = compared[Comparison.WEEK].get("pay_amount")
    if value is None or value.value is None:
        return words("week.nothing")
    amount = f"{value.value:,.2f} {report.currency}"
    parts = [words("week.headline", metric=report.title("pay_amount"), value=amount)]
    for side in SIDES:
        one = compared[side].get("pay_amount")
        if one is not None and one.change is not None:
            parts.append(words(f"week.against_{side.value}", change=f"{one.change:+.1%}"))
    if report.window.days < 7:
        parts.append(words("week.unfinished", days=report.window.days))
    return ("，" if report.language == "zh" else ", ").join(parts) + ("。" if report.language == "zh" else ".")


def _table(
    report: Report,
    sheet: Sheet,
    row: int,
    groups: list[tuple[str, list[str]]],
    compared: Compared,
    month: Mapping[str, MetricValue],
    series: DailySeries,
) -> int:
    words = report.words
    targets = {one.metric.key: one for one in report.targets}
    names = ["metric", "value", "spark", "week", "change", "festival", "change", "month", "target", "progress"]
    heads = [words(f"week.{name}") for name in names]
    sheet.heads(row, heads if targets else [*heads[:-2], "", ""])
    sheet.text(row, 2, words("overview.spark"), "head", align="center")
    sheet.freeze(row + 1, 1)
    report.definitions.note("change_week")
    report.definitions.note("month")
    row += 1
    for group, keys in groups:
        sides = (*compared.values(), month)
        shown = [key for key in keys if any(_is_known(values.get(key)) for values in sides)]
        if shown:
            row = write_group(report, sheet, row, group)
        for key in shown:
            _metric(report, sheet, row, key, compared, month, series, targets.get(key))
            row += 1
    if targets:
        report.definitions.note("progress")
    notes = report.answers.notes
    general = notes.get(Comparison.WEEK, [])
    aligned = [note for note in notes.get(Comparison.FESTIVAL, []) if note not in general]
    for note in [*map(words.of, general), *(words("week.aligned", note=words.of(one)) for one in aligned)]:
        sheet.wide(row, 0, LAST, note, "note_wrap", sum(WIDTHS) * 1.2)
        row += 1
    return row


def _is_known(value: MetricValue | None) -> bool:
    return value is not None and (value.value is not None or value.compare is not None)


def _metric(
    report: Report,
    sheet: Sheet,
    row: int,
    key: str,
    compared: Compared,
    month: Mapping[str, MetricValue],
    series: DailySeries,
    target: TargetProgress | None,
) -> None:
    unit = report.metric(key).unit
    report.link(sheet, row, 0, key)
    sheet.value(row, 1, compared[Comparison.WEEK].get(key), pad="_)_)")
    write_sparkline(sheet, row, key, series)
    for column, side in zip((3, 5), SIDES, strict=True):
        value = compared[side].get(key)
        sheet.figure(row, column, None if value is None else value.compare, unit)
        sheet.change(row, column + 1, value)
    sheet.value(row, 7, month.get(key))
    sheet.text(row, 8, "") if target is None else sheet.figure(row, 8, target.target, unit)
    if target is None or target.reached is None:
        sheet.text(row, 9, "")
    else:
        sheet.figure(row, 9, target.reached, Unit.RATE)
