"""Native charts in the book's colours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from duoshou.reports.styles import FONT, GREY, RULE, SERIES
from duoshou.reports.workbook import Sheet


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: a column of numbers with its name.

    Attributes:
        name: Name in the legend.
        column: Column of the numbers, from 0.
        number: Number format of the axis.
        as_line: Whether it is a line on the second axis, not a column.
    """

    name: str
    column: int
    number: str
    as_line: bool = False


def day_chart(sheet: Sheet, rows: tuple[int, int], series: list[Series], title: str) -> Any:
    """Return a chart over days: the first column holds the days, columns and lines share the picture."""
    workbook = sheet.book.workbook
    chart = workbook.add_chart({"type": "column"})
    lines = workbook.add_chart({"type": "line"})
    has_columns = any(not each.as_line for each in series)
    for number, each in enumerate(series):
        colour = SERIES[number % len(SERIES)]
        options: dict[str, Any] = {
            "name": each.name,
            "categories": [sheet.name, rows[0], 0, rows[1], 0],
            "values": [sheet.name, rows[0], each.column, rows[1], each.column],
        }
        if each.as_line:
            options |= {"line": {"color": colour, "width": 2}, "y2_axis": has_columns}
            lines.add_series(options)
        else:
            options |= {"fill": {"color": colour}, "border": {"none": True}, "gap": 60}
            chart.add_series(options)
    if has_columns and any(each.as_line for each in series):
        chart.combine(lines)
        lines.set_y2_axis(_axis(next(each.number for each in series if each.as_line), grid=False))
    elif not has_columns:
        chart = lines
    first = next((each for each in series if not each.as_line), series[0])
    _dress(chart, title, first.number)
    chart.set_x_axis({"date_axis": True, "num_format": "m/d", "num_font": _font(8), "line": {"color": RULE}})
    chart.show_hidden_data()
    chart.show_blanks_as("gap")
    return chart


def _dress(chart: Any, title: str, number: str) -> None:
    chart.set_title({"name": title, "name_font": {**_font(11), "bold": True}, "overlay": False})
    chart.set_legend({"position": "bottom", "font": _font(8)})
    chart.set_y_axis(_axis(number, grid=True))
    chart.set_chartarea({"border": {"none": True}})
    chart.set_plotarea({"fill": {"none": True}})


def _axis(number: str, *, grid: bool) -> dict[str, Any]:
    return {
        "num_format": number,
        "num_font": _font(8),
        "line": {"none": True},
        "major_gridlines": {"visible": grid, "line": {"color": RULE, "width": 0.5}},
    }


def _font(size: int) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": GREY}
