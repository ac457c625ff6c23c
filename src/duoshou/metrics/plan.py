"""A plan for each metric: the sources that answer its parts, and the scans that fetch them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from duoshou.engine import Backend
from duoshou.metrics.buckets import Frame
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.choice import Assignment, assign
from duoshou.metrics.definition import Additivity, Measure, Metric
from duoshou.metrics.request import CHANNEL, Request
from duoshou.metrics.scan import ScanShape, split_by_kind
from duoshou.metrics.variants import Variant


@dataclass(frozen=True, slots=True)
class Plan:
    """How one metric is answered.

    Attributes:
        metric: Metric.
        assignment: Its source, when one source answers all of it.
        sides: Plans of numerator and denominator of a ratio across sources.
    """

    metric: Metric
    assignment: Assignment | None
    sides: tuple[Plan, ...] = ()

    def assignments(self) -> Iterator[Assignment]:
        """Yield the assignments of the plan."""
        if self.assignment is not None:
            yield self.assignment
        for side in self.sides:
            yield from side.assignments()

    @property
    def settling(self) -> timedelta:
        """How long the figures take to settle, by the attribution windows that are read."""
        own = timedelta(days=self.metric.maturity_days)
        return max((one.settling(self.metric) for one in self.assignments()), default=own)

    @property
    def source_name(self) -> str:
        """Names of the sources, in order."""
        return " + ".join(dict.fromkeys(one.name for one in self.assignments()))


def plan_metric(
    backend: Backend, catalogue: Catalogue, request: Request, metric: Metric, frames: Sequence[Frame]
) -> Plan:
    """Return the plan of a metric; only a ratio across sources has more than one source."""
    if metric.ratio and metric.ratio.across:
        sides = tuple(
            plan_metric(backend, catalogue, request, catalogue.metrics[part], frames)
            for part in catalogue.parts(metric.key)
        )
        return Plan(metric, None, sides)
    return Plan(metric, assign(backend, catalogue, request, metric, frames))


def leaf_keys(catalogue: Catalogue, assignment: Assignment) -> tuple[str, ...]:
    """Return the measured metrics that an assignment needs, its minimum sample's included."""
    keys = list(catalogue.leaves(assignment.metric.key))
    sample = sample_key(assignment.metric)
    if sample is not None:
        leaves = catalogue.leaves(sample)
        if all(any(one.use == assignment.source.key for one in catalogue.metrics[leaf].source) for leaf in leaves):
            keys += leaves
    return tuple(dict.fromkeys(keys))


def sample_key(metric: Metric) -> str | None:
    """Return the metric whose value is the sample: the named one, else a ratio's denominator."""
    if metric.minimum_sample == 0:
        return None
    return metric.sample or (metric.ratio.denominator if metric.ratio else metric.key)


def measure_of(catalogue: Catalogue, leaf: str, source: str) -> Measure:
    """Return the measure of a measured metric over a source."""
    return next(measure for measure in catalogue.metrics[leaf].source if measure.use == source)


@dataclass(frozen=True, slots=True)
class ScanPlace:
    """Which scan holds a figure: everything but the measures."""

    source: str
    variant: Variant
    has_parts: bool
    whole: tuple[tuple[str, str], ...]
    several_shops: bool
    tile: str
    date: str
    frame: int
    alone: str | None


def place_of(catalogue: Catalogue, assignment: Assignment, leaf: str, tile: str, frame: int) -> ScanPlace:
    """Return where the figures of a leaf are to be found."""
    source = assignment.source
    measure = measure_of(catalogue, leaf, source.key)
    alone = leaf if measure.stands_alone else None
    date = measure.date or source.date
    several = len(assignment.shops) > 1
    return ScanPlace(
        *(source.key, assignment.variant, assignment.has_parts, assignment.whole, several, tile, date, frame, alone)
    )


def scans_of(
    catalogue: Catalogue, request: Request, plans: Sequence[Plan], frames: Sequence[Frame]
) -> dict[ScanPlace, ScanShape]:
    """Return the scans that all plans need together; measures over the same rows share one scan."""
    wanted: dict[ScanPlace, dict[str, Measure]] = {}
    for assignment in (one for plan in plans for one in plan.assignments()):
        for frame, tiles in enumerate((assignment.current, assignment.compared)[: len(frames)]):
            for tile in sorted({one.grain for one in tiles if one is not None and not one.is_unknown}):
                for leaf in leaf_keys(catalogue, assignment):
                    place = place_of(catalogue, assignment, leaf, tile, frame)
                    wanted.setdefault(place, {})[leaf] = measure_of(catalogue, leaf, assignment.source.key)
    shapes: dict[ScanPlace, ScanShape] = {}
    for place, measures in wanted.items():
        for group in split_by_kind(measures):
            shapes[place] = shape_of(catalogue, request, place, group, frames[place.frame])
    return shapes


def shape_of(
    catalogue: Catalogue,
    request: Request,
    place: ScanPlace,
    measures: tuple[tuple[str, Measure], ...],
    frame: Frame,
) -> ScanShape:
    """Return the shape of the scan that fetches measures from one place."""
    return ScanShape(
        catalogue.sources[place.source],
        place.variant,
        place.whole,
        place.tile,
        place.date,
        tuple(sorted(measures, key=lambda pair: pair[0])),
        request.by,
        request.where,
        frame.grain,
        frame.ranges,
        place.several_shops,
        request.price_bands,
        catalogue.channels if CHANNEL in request.asked_dimensions else None,
        _within(catalogue, place, measures),
        place.has_parts,
    )


def _within(catalogue: Catalogue, place: ScanPlace, measures: tuple[tuple[str, Measure], ...]) -> tuple[str, ...]:
    """Return the metrics that must not be added over the several windows that are read."""
    if not isinstance(place.variant, tuple):
        return ()
    return tuple(key for key, _ in measures if catalogue.metrics[key].additivity is not Additivity.ADDITIVE)
