"""Charts of the pages: drawn for a wide and for a narrow screen, in the colours of the page."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from duoshou.model import Language, Text
from duoshou.reports.figures import Change, Event, Figure, Gallery, Look, Trend, Waterfall

if TYPE_CHECKING:
    from duoshou.analysts.diagnosis.explanation import Explanation
    from duoshou.app.pages.trends import DailyTrend
    from duoshou.gate import Visitor
    from duoshou.metrics import Catalogue

WIDE = 1140
COLUMN = 690
HALF = 510
NARROW = 358
ROW = re.compile(
    r'<line transform="translate\((?P<x>[-\d.]+),(?P<y>[-\d.]+)\)" x2="(?P<width>[-\d.]+)" y2="0" '
    r'role="img" aria-label="(?P<label>[^"]*)" ?/>'
)
"""The invisible line over a row of a chart, which carries what the row says."""
RESIDUAL = Text("对不上的部分", "what sources disagree on")


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart for each size of screen, safe to inline."""

    wide: Markup
    narrow: Markup


@cache
def gallery() -> Gallery:
    """Return what draws the charts of this process and keeps them."""
    return Gallery()


def draw(visitor: Visitor, figure: Figure, width: int = WIDE) -> Picture:
    """Return a chart.

    Args:
        visitor: Whose language and currency it speaks.
        figure: What is drawn.
        width: Width on a wide screen, in pixels.

    Raises:
        FigureError: If it could not be drawn.
    """
    settings = visitor.house.settings
    red_up = settings.web.rising == "red"
    look = Look(width, visitor.language, "page", red_up, heading=False, currency=settings.currency)
    # What the gallery gives is our own SVG: every text in it is escaped, and it holds no script, link or style.
    wide, narrow = (gallery().svg(figure, one) for one in (look, replace(look, width=NARROW)))
    return Picture(Markup(wide), Markup(narrow))  # noqa: S704


def leading(picture: Picture, addresses: Sequence[str | None]) -> Picture:
    """Return a chart of rows in which each row is a link.

    Args:
        picture: A chart whose only labelled marks are its rows.
        addresses: Where each row leads, from above; None: nowhere.
    """
    return Picture(*(_with_links(one, addresses) for one in (picture.wide, picture.narrow)))


def _with_links(svg: Markup, addresses: Sequence[str | None]) -> Markup:
    """Return the SVG with a link as large as its row around each labelled line; unchanged where they do not match."""
    drawn = str(svg)
    rows = list(ROW.finditer(drawn))
    if len(rows) != len(addresses) or len(rows) < 2:
        return svg
    height = float(rows[1]["y"]) - float(rows[0]["y"])
    parts = iter(
        _row(row, height, address) if address else row[0] for row, address in zip(rows, addresses, strict=True)
    )
    # An image has no parts that could be reached; a group has, and its title names it as before.
    whole = ROW.sub(lambda _: next(parts), drawn.replace('role="img"', 'role="group"', 1))
    return Markup(whole)  # noqa: S704 - the SVG is our own, what is put in is escaped


def _row(row: re.Match[str], height: float, address: str) -> str:
    """Return a row as a link; its label was escaped when the SVG was written."""
    top = float(row["y"]) - height / 2
    shape = f'<rect x="{row["x"]}" y="{top:.1f}" width="{row["width"]}" height="{height:.1f}" stroke="none"'
    return f'<a href="{escape(address)}" aria-label="{row["label"]}">{shape} fill="#000" fill-opacity="0"/></a>'


def trend_figure(found: DailyTrend, language: Language) -> Trend:
    """Return the chart of a metric by day."""
    return Trend(
        found.title.in_language(language),
        found.unit,
        found.days,
        found.values,
        found.provisional,
        comparison=found.compared,
        comparison_label=found.against.in_language(language) if found.against else "",
        events=tuple(Event(one.day, one.label.in_language(language), one.until) for one in found.marks),
    )


def waterfall_figure(found: Explanation, catalogue: Catalogue, language: Language) -> Waterfall | None:
    """Return the chart of a decomposed change; None where nothing drives the metric."""
    if not found.drivers:
        return None
    before, after = found.values.floats
    changes = [
        Change(catalogue.metrics[one.key].title.in_language(language), one.contribution) for one in found.drivers
    ]
    if found.residual:
        changes.append(Change(RESIDUAL.in_language(language), found.residual))
    return Waterfall(
        found.metric.title.in_language(language),
        found.metric.unit,
        before,
        after,
        _days(found.baseline.start.isoformat(), found.baseline.end.isoformat()),
        _days(found.period.start.isoformat(), found.period.end.isoformat()),
        tuple(changes),
    )


def _days(first: str, last: str) -> str:
    return first[5:] if first == last else f"{first[5:]} – {last[5:]}"


def bar(value: float | None, values: Iterable[float | None], title: str = "") -> Markup:
    """Return a signed bar as wide as its share of the largest of `values`, for a cell of a table.

    Args:
        value: What it shows; None draws nothing.
        values: All values of the column.
        title: What it says to those who do not see it; empty where the number stands beside it.
    """
    most = max((abs(one) for one in values if one is not None and math.isfinite(one)), default=0.0)
    if value is None or not most or not math.isfinite(value):
        return Markup("")
    half = 44
    width = max(round(abs(value) / most * half, 1), 0.5)
    start = half if value >= 0 else half - width
    name = Markup("<title>{}</title>").format(title) if title else Markup("")
    kind = Markup('role="img"') if title else Markup('aria-hidden="true"')
    direction = "up" if value > 0 else "down"
    return Markup(
        '<svg class="signed" width="{0}" height="12" viewBox="0 0 {0} 12" {1}>{2}'
        '<line x1="{3}" y1="0" x2="{3}" y2="12" stroke="currentColor" stroke-opacity=".35"/>'
        '<rect class="{4}" x="{5}" y="2.5" width="{6}" height="7" fill="currentColor"/></svg>'
    ).format(2 * half, kind, name, half, direction, start, width)
