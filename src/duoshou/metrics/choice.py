"""Which source answers: one that knows the days, then one that knows them exactly, then the one preferred."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from duoshou.engine import Backend
from duoshou.metrics.addable import require_addable
from duoshou.metrics.agreement import Difference, differences
from duoshou.metrics.buckets import Frame
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.coverage import Coverage, Known, Scope, coverage_of, dimension_columns
from duoshou.metrics.definition import Additivity, DateBase, Metric, RefundTreatment
from duoshou.metrics.errors import NotAnswerable
from duoshou.metrics.parts import has_both
from duoshou.metrics.request import Request
from duoshou.metrics.source import Source
from duoshou.metrics.tile import Tile, TileRule
from duoshou.metrics.variants import FORGOTTEN, One, Variant, held_by, is_whole, ranked
from duoshou.model import Text

NO_LACKS = (0, 0, 0)


@dataclass(frozen=True)
class Assignment:
    """The source that answers a metric, and how well it knows each bucket.

    Attributes:
        metric: Metric (measured, or derived from metrics of one source).
        source: Source.
        variant: Value of the source's variant column (an attribution window); several: one of them for each object.
        known: Rows that are read, per scope, and what is known of them.
        whole: Values of the whole dimensions that are read; empty: all rows are added.
        current: One tile for each bucket of the period.
        compared: One tile for each bucket of the comparison; None where it has no counterpart.
        days: Number of days of the period, and of the comparison.
        differing: Metrics whose rows count different things on different platforms; nothing is added then.
        has_parts: Whether rows of wholes and of their parts meet in the source, of which one counts.
        blind: Dimensions asked for of which no row of the source holds a value: all rows are of an unknown one.
    """

    metric: Metric
    source: Source
    variant: Variant
    known: dict[Scope, Known]
    whole: tuple[tuple[str, str], ...]
    current: tuple[Tile, ...]
    compared: tuple[Tile | None, ...]
    days: tuple[int, ...]
    differing: tuple[Difference, ...] = ()
    blind: tuple[str, ...] = ()
    has_parts: bool = False

    @property
    def name(self) -> str:
        """How the answer names the source: table, report level, attribution window."""
        window = "+".join(map(_window, self.variant)) if isinstance(self.variant, tuple) else _window(self.variant)
        return "/".join(part for part in (self.source.table, self.source.detail, window) if part)

    @property
    def shops(self) -> frozenset[str]:
        """Shops whose rows are read."""
        return frozenset(scope.shop for scope in self.known)

    @cached_property
    def lacks(self) -> tuple[int, int, int]:
        """Unknown days of the period, of the compared period, and buckets that are only approximate; less is better."""
        compared = [tile for tile in self.compared if tile is not None]
        missing = (sum(tile.missing for tile in self.current), sum(tile.missing for tile in compared))
        lacking = [
            0 if days <= all_days // FORGOTTEN else days
            for days, all_days in zip(missing, (*self.days, 0), strict=False)
        ]
        return lacking[0], lacking[1], sum(not tile.is_exact for tile in (*self.current, *compared))

    def settling(self, metric: Metric) -> timedelta:
        """Return how long the figures of a metric take to settle: the longest of the windows that are read."""
        return max((self._settles(scope, metric) for scope in self.known), default=timedelta(metric.maturity_days))

    def unsettled_days(self, metric: Metric) -> list[date]:
        """Return the days that no export has told of since the figures of a metric settled, in order."""
        days = {
            day
            for scope, one in self.known.items()
            if (takes := self._settles(scope, metric))
            for day, seen in one.exported.items()
            if seen < day + takes
        }
        return sorted(days)

    def _settles(self, scope: Scope, metric: Metric) -> timedelta:
        """Return how long figures take to settle: as long as their window counts sales; refunds come in after that."""
        days = metric.maturity_days
        if days and self.source.variant_of and isinstance(scope.variant, int) and scope.variant > 0:
            kept = metric.refunds in {RefundTreatment.SUBTRACTED, RefundTreatment.COUNTED}
            days = max(days, scope.variant) if kept else scope.variant
        return timedelta(days=days)


def assign(
    backend: Backend, catalogue: Catalogue, request: Request, metric: Metric, frames: Sequence[Frame]
) -> Assignment:
    """Return the best source for a metric.

    Raises:
        NotAnswerable: If no source carries the dimensions asked for, or the rows must not be added.
    """
    candidates = _candidates(backend, catalogue, request, metric, frames)
    chosen = _least_lacking(candidates)
    if chosen is None:
        raise _cannot_split(catalogue, request, metric)
    if chosen.blind:
        chosen = _seeing(_candidates(backend, catalogue, request, metric, frames)) or chosen
    require_addable(catalogue, request, metric, chosen.known, frames)
    differing = differences(catalogue, request, metric, chosen.source, chosen.known, frames)
    if not differing:
        return chosen
    # Another source may count the same thing everywhere; it must know every shop that would have been added.
    agreed = _least_lacking(
        one
        for one in _candidates(backend, catalogue, request, metric, frames)
        if one.lacks[:2] == NO_LACKS[:2]
        and chosen.shops <= one.shops
        and not differences(catalogue, request, metric, one.source, one.known, frames)
    )
    if agreed is None:
        return replace(chosen, differing=differing)
    require_addable(catalogue, request, metric, agreed.known, frames)
    return agreed


def _least_lacking(candidates: Iterable[Assignment]) -> Assignment | None:
    """Return the first candidate that knows most."""
    chosen: Assignment | None = None
    for candidate in candidates:
        if chosen is None or candidate.lacks < chosen.lacks:
            chosen = candidate
        if chosen.lacks == NO_LACKS:
            break
    return chosen


def _seeing(candidates: Iterable[Assignment]) -> Assignment | None:
    """Return the first candidate that knows most among those whose rows name what is asked for; None without any."""
    return _least_lacking(one for one in candidates if one.known and not one.blind and one.lacks[0] < one.days[0])


def _candidates(
    backend: Backend, catalogue: Catalogue, request: Request, metric: Metric, frames: Sequence[Frame]
) -> Iterator[Assignment]:
    for key in catalogue.sources_of(metric.key):
        source = catalogue.sources[key]
        if not _carries(source, request):
            continue
        if "buyer_type" in request.asked_dimensions and not _is_paid(catalogue, metric):
            continue
        coverage = coverage_of(backend, catalogue, source)
        for variant in _variants(backend, source, coverage, request, frames):
            found = _candidate(catalogue, request, metric, source, variant, coverage, frames)
            yield replace(found, has_parts=True) if has_both(backend, source) else found


def _carries(source: Source, request: Request) -> bool:
    """Return whether the source has every dimension asked for; of a market, which has no shop, a shop is not asked."""
    asked = set(request.asked_dimensions)
    if not source.shop and "shop" not in request.by:
        asked.discard("shop")
    return asked <= set(source.dimensions)


def _is_paid(catalogue: Catalogue, metric: Metric) -> bool:
    return all(catalogue.metrics[leaf].date_base is DateBase.PAID for leaf in catalogue.leaves(metric.key))


def _window(variant: One) -> str:
    return f"{variant}d" if variant and isinstance(variant, int) else str(variant or "")


def _variants(
    backend: Backend, source: Source, coverage: Coverage, request: Request, frames: Sequence[Frame]
) -> list[Variant]:
    """Return the windows that may answer, each alone; where several are told, those alone that leave nothing out."""
    present = ranked({scope.variant for scope in coverage}, source)
    asked = [scope for scope in coverage if _is_asked(scope, request)]
    told = ranked({scope.variant for scope in asked}, source)
    if not source.variant_of or len(told) < 2:
        return list(present) or [None]
    held = held_by(backend, source)
    days = [(frame.period.start, frame.period.end) for frame in frames]
    return [*(one for one in told if is_whole(held, asked, one, days)), told]


def _is_read(scope: Scope, variant: Variant) -> bool:
    return scope.variant in variant if isinstance(variant, tuple) else scope.variant == variant


def _candidate(
    catalogue: Catalogue,
    request: Request,
    metric: Metric,
    source: Source,
    variant: Variant,
    coverage: Coverage,
    frames: Sequence[Frame],
) -> Assignment:
    scopes = tuple(scope for scope in coverage if _is_read(scope, variant) and _is_asked(scope, request))
    scopes, whole = _whole_only(source, scopes, request)
    leaves = [catalogue.metrics[leaf] for leaf in catalogue.leaves(metric.key)]
    measured = [(leaf, measure) for leaf in leaves for measure in leaf.source if measure.use == source.key]
    measures = [measure for _, measure in measured]
    columns = frozenset(name for one in measures for name in one.needed_columns(source))
    counts_once = any(leaf.additivity is Additivity.DISTINCT for leaf in leaves)
    asked_once = set(source.distinct_within) - set(request.asked_dimensions) - {"shop"} - {name for name, _ in whole}
    known = {scope: coverage[scope] for scope in scopes}
    rule = TileRule(
        source.kind,
        known,
        columns,
        counts_once,
        is_whole=not asked_once,
        is_complete=all(set(one.within) <= request.asked_dimensions for one in measures),
        grains=next((one.grains for one in measures if one.grains), ()),
        adds_people=any(leaf.additivity is Additivity.DISTINCT and one.sum for leaf, one in measured),
    )
    tiles = [rule.tiles(frame.buckets) for frame in frames]
    return Assignment(
        metric,
        source,
        variant,
        known,
        whole,
        tuple(tile for tile in tiles[0] if tile is not None),
        tiles[1] if len(tiles) > 1 else (),
        tuple(frame.period.days for frame in frames),
        blind=_blind(source, known, request),
    )


def _blind(source: Source, known: Mapping[Scope, Known], request: Request) -> tuple[str, ...]:
    """Return the dimensions asked for of which no row that is read names a value."""
    held = frozenset[str]().union(*(one.columns for one in known.values()))
    asked = {name: column for name, column in dimension_columns(source).items() if name in request.asked_dimensions}
    return tuple(name for name, column in asked.items() if known and column not in held)


def _is_asked(scope: Scope, request: Request) -> bool:
    filters = {name: value for name, value in request.where if name != "shop" or scope.shop}
    return all(getattr(scope, name) == filters[name] for name in ("shop", "platform", "currency") if name in filters)


def _whole_only(
    source: Source, scopes: tuple[Scope, ...], request: Request
) -> tuple[tuple[Scope, ...], tuple[tuple[str, str], ...]]:
    """Return the scopes that stand for the whole where the platform gives it, and the filter that picks them."""
    for dimension, value in source.whole.items():
        if dimension in request.filters:
            return tuple(scope for scope in scopes if scope.whole == request.filters[dimension]), ()
        if dimension in request.by:
            return tuple(scope for scope in scopes if scope.whole != value), ()
        whole = tuple(scope for scope in scopes if scope.whole == value)
        return (whole, ((dimension, value),)) if whole else (scopes, ())
    return scopes, ()


def _cannot_split(catalogue: Catalogue, request: Request, metric: Metric) -> NotAnswerable:
    asked = ", ".join(sorted(request.asked_dimensions))
    possible = ", ".join(catalogue.dimensions_of(metric.key)) or "–"
    return NotAnswerable(
        "cannot_split",
        Text(f"没有来源能按 {asked} 给出{metric.title.zh}", f"no source tells {metric.key} by {asked}"),
        hint=Text(f"{metric.title.zh}可用维度：{possible}", f"{metric.key} can be split by {possible}"),
    )
