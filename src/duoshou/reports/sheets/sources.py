"""流量来源: where the visitors and the sales of the week came from."""

from __future__ import annotations

from duoshou.metrics import QueryRow
from duoshou.reports.context import Report, head
from duoshou.reports.legend import write_legend

BY = ("traffic_source", "source_level")
KEYS = ("visitors", "pay_buyers", "pay_amount", "pay_conversion_rate", "value_per_visitor", "cart_adds")
MOST = 40
JOINT = " > "


def write_sources(report: Report) -> None:
    """Write the sources by visitors, or by what was paid, each with its change."""
    sheet, words = report.sheets["sources"], report.words
    week = report.window
    row = head(report, sheet, words("sources.title", first=week.start, last=week.end))
    found = report.answers.rows(KEYS, week, by=BY, compare=report.window_comparison)
    rows = [each for each in found if each.dimensions["traffic_source"] and any(_has(each, key) for key in KEYS)]
    keys = [key for key in report.answers.known(KEYS) if any(_has(each, key) for each in rows)]
    if not rows:
        place = report.material.exports(report.shop.key, "traffic_source")
        sheet.widths(100)
        sheet.text(row, 0, words("sources.none"), "subtitle")
        if place is not None:
            sheet.text(row + 1, 0, words("overview.to_export", export=words.of(place)), "subtitle")
        return
    rows = _as_tree(rows, keys[0])
    sheet.widths(38, *(13 for _ in keys for _ in range(2)))
    heads = [words("sources.source")]
    for key in keys:
        heads += [report.title(key), words("overview.change")]
    sheet.heads(row, heads)
    sheet.freeze(row + 1, 1)
    names = report.names("traffic_source", [each.dimensions["traffic_source"] or "" for each in rows[:MOST]])
    for each in rows[:MOST]:
        row += 1
        source = each.dimensions["traffic_source"] or ""
        sheet.text(row, 0, names.get(source, source), indent=source.count(JOINT))
        for offset, key in enumerate(keys):
            sheet.value(row, 1 + 2 * offset, each.values.get(key))
            sheet.change(row, 2 + 2 * offset, each.values.get(key))
    sheet.text(row + 1, 0, words("sources.note"), "note")
    write_legend(report, sheet, row + 3, sheet.flags)


def _as_tree(rows: list[QueryRow], key: str) -> list[QueryRow]:
    """Return the sources by size, each followed by those below it."""
    sizes: dict[tuple[str, ...], float] = {}
    for each in rows:
        value = each.values.get(key)
        size = 0.0 if value is None else float(value.value or 0)
        for path in _paths(each):
            sizes[path] = max(size, sizes.get(path, 0.0))
    return sorted(rows, key=lambda each: [(-sizes[path], path) for path in _paths(each)])


def _paths(row: QueryRow) -> list[tuple[str, ...]]:
    """Return a source with all that it lies below, the highest first."""
    parts = tuple((row.dimensions["traffic_source"] or "").split(JOINT))
    return [parts[: number + 1] for number in range(len(parts))]


def _has(row: QueryRow, key: str) -> bool:
    value = row.values.get(key)
    return value is not None and value.value is not None
