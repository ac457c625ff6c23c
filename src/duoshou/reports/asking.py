"""How a report asks for numbers, and a memory of everything it was told, for the page of definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from duoshou.metrics import Catalogue, MetricError, MetricValue, QueryResult, QueryRow
from duoshou.model import Comparison, Grain, Period


class Ask(Protocol):
    """The metrics layer, bound to one workspace."""

    def __call__(
        self,
        metrics: Sequence[str],
        *,
        by: Sequence[str] = (),
        period: Period,
        grain: Grain | None = None,
        compare: Comparison | None = None,
        where: Mapping[str, str] = ...,
    ) -> QueryResult:
        """Return the values of metrics."""


@dataclass
class Answers:
    """The questions of one report.

    Attributes:
        ask: The metrics layer.
        catalogue: Definitions.
        shop: Only this shop; all for None.
        used: Metric key → tables that answered, in order of first use.
    """

    ask: Ask
    catalogue: Catalogue
    shop: str | None = None
    used: dict[str, list[str]] = field(default_factory=dict)

    def known(self, metrics: Sequence[str]) -> list[str]:
        """Return those metrics that the catalogue has."""
        return [key for key in metrics if key in self.catalogue.metrics]

    def rows(
        self,
        metrics: Sequence[str],
        period: Period,
        *,
        by: Sequence[str] = (),
        grain: Grain | None = None,
        compare: Comparison | None = None,
        shown: bool = True,
    ) -> tuple[QueryRow, ...]:
        """Return the rows of an answer; metrics that cannot be answered so are left out of every row.

        Sources of values that are not `shown` are not remembered; `remember` those that are after all.
        """
        keys = self.known(metrics)
        where = {"shop": self.shop} if self.shop else {}
        try:
            rows = self.ask(keys, by=by, period=period, grain=grain, compare=compare, where=where).rows if keys else ()
        except MetricError:
            rows = self._one_by_one(keys, period, by, grain, compare, where)
        if shown:
            for row in rows:
                for key, value in row.values.items():
                    self.remember(key, value)
        return rows

    def one(
        self, metrics: Sequence[str], period: Period, compare: Comparison | None = None, *, shown: bool = True
    ) -> dict[str, MetricValue]:
        """Return the values of one period."""
        rows = self.rows(metrics, period, compare=compare, shown=shown)
        return rows[0].values if rows else {}

    def remember(self, key: str, value: MetricValue) -> None:
        """Remember where a value came from, for the page of definitions."""
        sources = self.used.setdefault(key, [])
        if value.source is not None and value.source not in sources:
            sources.append(value.source)

    def _one_by_one(
        self,
        keys: Sequence[str],
        period: Period,
        by: Sequence[str],
        grain: Grain | None,
        compare: Comparison | None,
        where: Mapping[str, str],
    ) -> tuple[QueryRow, ...]:
        """Ask again for each metric, so that one that has no true answer does not take the others with it."""
        merged: dict[tuple[str | None, ...], QueryRow] = {}
        for key in keys:
            try:
                rows = self.ask([key], by=by, period=period, grain=grain, compare=compare, where=where).rows
            except MetricError:
                continue
            for row in rows:
                place = tuple(row.dimensions.values())
                merged.setdefault(place, QueryRow(row.dimensions, {})).values.update(row.values)
        return tuple(merged.values())
