"""The catalogue of metrics, and the only code that computes one.

The catalogue is light; `query` loads the engine when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duoshou.metrics.catalogue import Catalogue, load_catalogue
from duoshou.metrics.definition import Additivity, Metric, Unit
from duoshou.metrics.errors import BrokenDefinition, MetricError, NotAnswerable, UnknownName
from duoshou.metrics.result import Flag, MetricValue, QueryResult, QueryRow
from duoshou.metrics.source import Dimension, Source

if TYPE_CHECKING:
    from duoshou.metrics.compute import query
    from duoshou.metrics.panel import DailyPanel, daily_panel
    from duoshou.metrics.parts import counted_once, has_both
    from duoshou.metrics.variants import answering, one_of_each

__all__ = [
    "Additivity",
    "BrokenDefinition",
    "Catalogue",
    "DailyPanel",
    "Dimension",
    "Flag",
    "Metric",
    "MetricError",
    "MetricValue",
    "NotAnswerable",
    "QueryResult",
    "QueryRow",
    "Source",
    "Unit",
    "UnknownName",
    "answering",
    "counted_once",
    "daily_panel",
    "has_both",
    "load_catalogue",
    "one_of_each",
    "query",
]


def __getattr__(name: str) -> Any:
    if name == "query":
        from duoshou.metrics.compute import query

        return query
    if name in {"DailyPanel", "daily_panel"}:
        from duoshou.metrics import panel

        return getattr(panel, name)
    if name in {"counted_once", "has_both"}:
        from duoshou.metrics import parts

        return getattr(parts, name)
    if name in {"answering", "one_of_each"}:
        from duoshou.metrics import variants

        return getattr(variants, name)
    raise AttributeError(name)
