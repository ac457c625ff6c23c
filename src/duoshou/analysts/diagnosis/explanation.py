"""The answer to why a metric changed, and its JSON shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from duoshou.analysts.diagnosis.explain_drivers import Driver
from duoshou.analysts.diagnosis.explain_parts import Part, Split
from duoshou.analysts.diagnosis.explain_values import Pair
from duoshou.metrics import Flag, Metric
from duoshou.metrics.result import written
from duoshou.model import Period, Text

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a metric changed between two periods, without remainder.

    Attributes:
        metric: What changed.
        period: The days explained.
        baseline: The days they are held against.
        baseline_reason: Why these; None where somebody chose them.
        values: The two values, their source and flags.
        headline: The answer in one sentence.
        drivers: They and `residual` sum to the change; empty for a metric that is simply measured.
        residual: What the sources of the drivers and of the metric do not agree on.
        splits: One for each dimension; the parts and the overlap of each sum to the change.
        caveats: What a reader must know.
        has_gaps: Whether days are missing in either period.
    """

    metric: Metric
    period: Period
    baseline: Period
    baseline_reason: Text | None
    values: Pair
    headline: Text
    drivers: tuple[Driver, ...]
    residual: float
    splits: tuple[Split, ...]
    caveats: tuple[Text, ...]
    has_gaps: bool = False

    @property
    def change(self) -> float:
        """Value of the period less that of the baseline."""
        before, after = self.values.floats
        return after - before

    @property
    def relative_change(self) -> float | None:
        """Change in parts of the baseline; None where that is 0."""
        before = self.values.floats[0]
        return self.change / abs(before) if before else None

    @property
    def overlap(self) -> float:
        """Overlap of the first dimension; each split has its own."""
        return self.splits[0].overlap if self.splits else 0.0

    def share(self, contribution: float) -> float | None:
        """Return a contribution in parts of the change; None where nothing changed."""
        return contribution / self.change if self.change else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON object of `explain`: values as `query` writes them, contributions as numbers of that unit."""
        before, after = self.values.before, self.values.after
        return {
            "schema_version": SCHEMA_VERSION,
            "metric": self.metric.key,
            "unit": str(self.metric.unit),
            "current": {**_days(self.period), "value": written(after)},
            "baseline": {
                **_days(self.baseline),
                "value": written(before),
                "reason": _text(self.baseline_reason) if self.baseline_reason else None,
            },
            "change": self.change,
            "relative_change": self.relative_change,
            "headline": _text(self.headline),
            "drivers": self._drivers(self.drivers),
            "dimensions": [self._split(split) for split in self.splits],
            "overlap": self.overlap,
            "residual": self.residual,
            "source": self.values.source,
            "flags": sorted(flag for flag in self.values.flags if isinstance(flag, Flag)),
            "caveats": [_text(caveat) for caveat in self.caveats],
        }

    def _drivers(self, drivers: Sequence[Driver]) -> list[dict[str, Any]]:
        return [
            {
                "key": one.key,
                "contribution": one.contribution,
                "share": self.share(one.contribution),
                "before": written(one.pair.before),
                "after": written(one.pair.after),
                "source": one.pair.source,
                "drivers": self._drivers(one.drivers),
                "residual": one.residual,
            }
            for one in drivers
        ]

    def _split(self, split: Split) -> dict[str, Any]:
        return {
            "dimension": split.dimension,
            "parts": [self._part(part) for part in split.parts],
            "overlap": split.overlap,
            "source": split.source,
            "count": split.count,
        }

    def _part(self, part: Part) -> dict[str, Any]:
        return {
            "value": part.value,
            "kind": str(part.kind),
            "name": _text(part.name),
            "contribution": part.contribution,
            "share": self.share(part.contribution),
            "mix": part.mix,
            "rate": part.rate,
            "before": part.before,
            "after": part.after,
        }


def _days(period: Period) -> dict[str, str]:
    return {"from": period.start.isoformat(), "to": period.end.isoformat()}


def _text(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}
