"""How a report asks for numbers, and a memory of everything it was told, for the page of definitions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from duoshou.metrics import Catalogue, MetricError, MetricValue, QueryResult, QueryRow
from duoshou.model import Comparison, Grain, Period, Text


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
        notes: Comparison → what a reader must know of the answers so compared.
    """

    ask: Ask
    catalogue: Catalogue
    shop: str | None = None
    used: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[Comparison, list[Text]] = field(default_factory=dict)

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
        try:
            return self.asked(keys, period, by=by, grain=grain, compare=compare, shown=shown) if keys else ()
        except MetricError:
            rows = self._one_by_one(keys, period, by, grain, compare)
        if shown:
            self._remember_all(rows)
        return rows

    def asked(
        self,
        metrics: Sequence[str],
        period: Period,
        *,
        by: Sequence[str] = (),
        grain: Grain | None = None,
        compare: Comparison | None = None,
        shown: bool = True,
    ) -> tuple[QueryRow, ...]:
        """Return the rows of an answer.

        Raises:
            MetricError: If one of the metrics cannot be answered so.
        """
        result = self.ask(metrics, by=by, period=period, grain=grain, compare=compare, where=self._where)
        if compare is not None:
            known = self.notes.setdefault(compare, [])
            known += [note for note in result.notes if note not in known]
        if shown:
            self._remember_all(result.rows)
        return result.rows

    @property
    def _where(self) -> dict[str, str]:
        return {"shop": self.shop} if self.shop else {}

    def _remember_all(self, rows: Sequence[QueryRow]) -> None:
        for row in rows:
            for key, value in row.values.items():
                self.remember(key, value)

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
    ) -> tuple[QueryRow, ...]:
        """Ask again for each metric, so that one that has no true answer does not take the others with it."""
        merged: dict[tuple[str | None, ...], QueryRow] = {}
        for key in keys:
            try:
                rows = self.asked([key], period, by=by, grain=grain, compare=compare, shown=False)
            except MetricError:
                continue
            for row in rows:
                place = tuple(row.dimensions.values())
                merged.setdefault(place, QueryRow(row.dimensions, {})).values.update(row.values)
        return tuple(merged.values())
