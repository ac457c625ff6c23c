"""What can go wrong between a question about a metric and its answer."""

from __future__ import annotations

from duoshou.model import DuoshouError


class MetricError(DuoshouError):
    """A question that cannot be answered, or a definition that cannot be read."""


class UnknownName(MetricError):
    """A metric or a dimension that nobody defined."""


class BrokenDefinition(MetricError):
    """A metric, a source or a dimension whose definition does not hold together."""


class NotAnswerable(MetricError):
    """A question that the tables cannot answer without saying something untrue."""
