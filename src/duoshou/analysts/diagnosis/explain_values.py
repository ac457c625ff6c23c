"""The two periods' values of metrics, asked of the one place that computes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from duoshou.engine import Backend
from duoshou.metrics import Catalogue, Flag, NotAnswerable, QueryResult, query
from duoshou.metrics.result import Number
from duoshou.model import Comparison, Period, Text


@dataclass(frozen=True, slots=True)
class Pair:
    """A value in the period and in the baseline, from one source.

    Attributes:
        before: In the baseline; None when unknown.
        after: In the period; None when unknown.
        source: What answered.
        flags: What is to be known of either.
        is_implied: Whether it was computed from the explained metric and its other factors, because its own source is
            another one.
    """

    before: Number | None
    after: Number | None
    source: str | None = None
    flags: frozenset[Flag] = frozenset()
    is_implied: bool = False

    @property
    def is_known(self) -> bool:
        """Whether both are."""
        return self.before is not None and self.after is not None

    @property
    def floats(self) -> tuple[float, float]:
        """Before and after; the unknown counts as nothing."""
        return float(self.before or 0), float(self.after or 0)


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a split: its value of the dimension, None for those without one, and a pair for each metric."""

    value: str | None
    pairs: Mapping[str, Pair]


@dataclass(slots=True)
class Values:
    """Asks for values of both periods at once, so that one and the same source answers both.

    Attributes:
        backend: Open engine.
        catalogue: Definitions.
        period: The days to be explained.
        baseline: The days they are held against.
        as_of: Last day that is over.
        shop: Only this shop.
        where: Only these values of dimensions.
        notes: What the answers said of themselves.
    """

    backend: Backend
    catalogue: Catalogue
    period: Period
    baseline: Period
    as_of: date
    shop: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    notes: dict[Text, None] = field(default_factory=dict)

    def whole(self, key: str) -> Pair:
        """Return the value of one metric.

        Raises:
            MetricError: If the tables cannot answer.
        """
        return self.wholes([key])[key]

    def wholes(self, keys: Sequence[str]) -> dict[str, Pair]:
        """Return the values of metrics.

        Raises:
            MetricError: If the tables cannot answer one of them.
        """
        (row,) = self._ask(keys, ()).rows
        return {key: Pair(one.compare, one.value, one.source, one.flags) for key, one in row.values.items()}

    def answerable(self, keys: Sequence[str]) -> dict[str, Pair]:
        """Return the values of those metrics that the tables can answer."""
        if not keys:
            return {}
        try:
            return self.wholes(keys)
        except NotAnswerable:
            if len(keys) == 1:
                return {}
        found: dict[str, Pair] = {}
        for key in keys:
            found |= self.answerable([key])
        return found

    def groups(self, keys: Sequence[str], dimension: str) -> list[Group]:
        """Return the values of metrics for each value of a dimension.

        Raises:
            MetricError: If the tables cannot answer.
        """
        return [
            Group(
                row.dimensions[dimension],
                {key: Pair(one.compare, one.value, one.source, one.flags) for key, one in row.values.items()},
            )
            for row in self._ask(keys, (dimension,)).rows
        ]

    def has_gaps(self, key: str, period: Period) -> bool:
        """Return whether days of a period are missing in what answers a metric."""
        asked = query(
            self.backend, self.catalogue, [key], period=period, as_of=self.as_of, shop=self.shop, where=self.where
        )
        return Flag.MISSING_DAYS in asked.rows[0].values[key].flags

    def _ask(self, keys: Sequence[str], by: Sequence[str]) -> QueryResult:
        # The comparison with an explicit list of days is the only one that takes any baseline.
        result = query(
            self.backend,
            self.catalogue,
            keys,
            period=self.period,
            as_of=self.as_of,
            by=by,
            where=self.where,
            comparison=Comparison.FESTIVAL,
            aligned=list(self.baseline),
            shop=self.shop,
        )
        self.notes |= dict.fromkeys(result.notes)
        return result
