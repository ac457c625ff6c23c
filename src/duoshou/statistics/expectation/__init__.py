"""What to expect of many daily series, and which of them left it. Arrays in, arrays out."""

from duoshou.statistics.expectation.detection import Shape, Signals, detect
from duoshou.statistics.expectation.discoveries import adjusted, hierarchical, simes
from duoshou.statistics.expectation.fitting import DRIFTS, LENGTHS, Expectation, Reason, Windows, fit
from duoshou.statistics.expectation.panel import Design, Kind, Panel, series_of

__all__ = [
    "DRIFTS",
    "LENGTHS",
    "Design",
    "Expectation",
    "Kind",
    "Panel",
    "Reason",
    "Shape",
    "Signals",
    "Windows",
    "adjusted",
    "detect",
    "fit",
    "hierarchical",
    "series_of",
    "simes",
]
