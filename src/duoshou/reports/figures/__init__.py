"""Figures of the cockpit: plain values in, a Vega-Lite spec, an SVG for a page or a PNG for a chat out.

Nothing heavy is loaded before the first figure is drawn.
"""

from duoshou.reports.figures.bar_chart import bars
from duoshou.reports.figures.errors import FigureError
from duoshou.reports.figures.gallery import Figure, Gallery, spec_of
from duoshou.reports.figures.inputs import Bars, Change, Event, Part, Trend, Waterfall
from duoshou.reports.figures.look import DARK, LIGHT, NARROW, WIDE, Look, Palette, Theme
from duoshou.reports.figures.press import Press
from duoshou.reports.figures.sparkline_mark import sparkline
from duoshou.reports.figures.trend_chart import trend
from duoshou.reports.figures.waterfall_chart import waterfall

__all__ = [
    "DARK",
    "LIGHT",
    "NARROW",
    "WIDE",
    "Bars",
    "Change",
    "Event",
    "Figure",
    "FigureError",
    "Gallery",
    "Look",
    "Palette",
    "Part",
    "Press",
    "Theme",
    "Trend",
    "Waterfall",
    "bars",
    "sparkline",
    "spec_of",
    "trend",
    "waterfall",
]
