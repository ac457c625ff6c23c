"""What can go wrong between a question about a metric and its answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duoshou.model import DuoshouError, Place, Text
from duoshou.model.text import Language


class MetricError(DuoshouError):
    """A question that cannot be answered, or a definition that cannot be read."""


class UnknownName(MetricError):
    """A metric or a dimension that nobody defined."""


class BrokenDefinition(MetricError):
    """Definitions of metrics that do not hold together.

    Attributes:
        problems: Every single one, when there are several; each has its own message, hint and place.
    """

    problems: tuple[BrokenDefinition, ...] = ()

    @classmethod
    def of(cls, problems: Sequence[BrokenDefinition]) -> BrokenDefinition:
        """Return one error for all problems: the only one, or a list of them."""
        if len(problems) == 1:
            return problems[0]
        count = len(problems)
        whole = cls(
            "definitions_broken",
            Text(
                "\n".join([f"指标定义有 {count} 处错误：", *(f"• {one.in_language('zh')}" for one in problems)]),
                "\n".join([f"{count} faults in the definitions:", *(f"• {one.in_language('en')}" for one in problems)]),
            ),
            hint=Text("写法见 docs/how-to/add-a-metric.md", "the form is described in docs/how-to/add-a-metric.md"),
            place=Place(file=problems[0].place.file),
        )
        whole.problems = tuple(problems)
        return whole

    def to_dict(self, language: Language = "zh") -> dict[str, Any]:
        """Return the JSON shape; several problems stand in `problems`."""
        shape = super().to_dict(language)
        return {**shape, "problems": [one.to_dict(language) for one in self.problems]} if self.problems else shape


class NotAnswerable(MetricError):
    """A question that the tables cannot answer without saying something untrue."""
