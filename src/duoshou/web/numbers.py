"""Where figures of an explained change lead: a value to its number, a contribution to the two numbers it is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from duoshou.analysts.diagnosis.explain_parts import PartKind

if TYPE_CHECKING:
    from duoshou.analysts.diagnosis.explain_parts import Part
    from duoshou.analysts.diagnosis.explanation import Explanation
    from duoshou.gate import Visitor
    from duoshou.model import Period

PAIR = "#pair"
NAMED = frozenset({PartKind.VALUE, PartKind.UNKNOWN})
"""Parts that one filter leaves; the smaller parts together and what no part holds are none."""


def number_address(visitor: Visitor, metric: str, period: Period, where: Sequence[str]) -> str | None:
    """Return the address of a number; None where its days are not in a row, which no address can say."""
    if len(period.runs) > 1:
        return None
    return visitor.link("/number", metric=metric, where=list(where) or None, **_days(period))


@dataclass(frozen=True, slots=True)
class Leads:
    """Where the figures of an explanation lead.

    Attributes:
        visitor: Who asks.
        told: The explanation.
        where: Its filters, each `dimension:value`.
    """

    visitor: Visitor
    told: Explanation
    where: tuple[str, ...]

    def before(self, metric: str | None = None, part: tuple[str, Part] | None = None) -> str | None:
        """Return the address of the value of the days held against, of a metric and of a part of a dimension."""
        return self._number(self.told.baseline, metric, part)

    def after(self, metric: str | None = None, part: tuple[str, Part] | None = None) -> str | None:
        """Return the address of the value of the days explained."""
        return self._number(self.told.period, metric, part)

    def pair(self, metric: str | None = None, part: tuple[str, Part] | None = None) -> str | None:
        """Return the address of both values and what lies between them; None for a part that no filter leaves."""
        where = self._where(part)
        if where is None:
            return None
        baseline = self.told.baseline
        against = {"against_from": baseline.start, "against_to": baseline.end, "compare": None}
        if len(baseline.runs) > 1:
            against = {"against_from": None, "against_to": None}
        key = metric or self.told.metric.key
        days = {**_days(self.told.period), **against}
        return self.visitor.link("/explore", metric=key, where=where or None, by=None, **days) + PAIR

    def rows_of_waterfall(self) -> tuple[str | None, ...]:
        """Return where each row of the waterfall leads: value before, each driver, what is left, value after."""
        rest = (None,) if self.told.residual else ()
        drivers = (self.pair(one.key) for one in self.told.drivers)
        return (self.before(), *drivers, *rest, self.after())

    def _number(self, period: Period, metric: str | None, part: tuple[str, Part] | None) -> str | None:
        where = self._where(part)
        key = metric or self.told.metric.key
        return None if where is None else number_address(self.visitor, key, period, where)

    def _where(self, part: tuple[str, Part] | None) -> list[str] | None:
        if part is None:
            return list(self.where)
        dimension, one = part
        return [*self.where, f"{dimension}:{one.value or ''}"] if one.kind in NAMED else None


def _days(period: Period) -> dict[str, object]:
    return {"from": period.start, "to": period.end}
