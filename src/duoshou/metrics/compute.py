"""The one way to compute a metric."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from duoshou.engine import Backend
from duoshou.metrics.answer import Answerer
from duoshou.metrics.buckets import Frame, aligned_frame, comparison_frame, current_frame
from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.definition import Metric
from duoshou.metrics.derived import quartiles
from duoshou.metrics.plan import Plan, plan_metric, scans_of
from duoshou.metrics.request import Request, resolve
from duoshou.metrics.result import QueryResult, QueryRow
from duoshou.metrics.scan import run_scan
from duoshou.model import Comparison, Grain, Period, Text


def query(
    backend: Backend,
    catalogue: Catalogue,
    metrics: Sequence[str],
    *,
    period: Period,
    as_of: date,
    grain: Grain | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    comparison: Comparison | None = None,
    shop: str | None = None,
    price_bands: Sequence[Decimal] = (),
    aligned: Sequence[date] = (),
) -> QueryResult:
    """Return the values of metrics.

    Args:
        backend: Open engine.
        catalogue: Definitions.
        metrics: Keys, names or platform aliases.
        period: Days, both ends included.
        as_of: Last day that is over; figures younger than their maturity are `provisional`.
        grain: Length of the buckets; every bucket of the period appears. None: one value for the period.
        by: Dimensions of the split.
        where: Dimension → value; an empty value stands for "not known".
        comparison: What the period is held against.
        shop: Shop key; None: all shops, which are added only where that is true.
        price_bands: Bounds of `price_band`; without them the quartiles of the period are taken and named.
        aligned: For the comparison `festival`: the day that each day of the period is held against, in their order.

    Raises:
        UnknownName: For a metric or dimension that nobody defined.
        NotAnswerable: Where an answer would not be true (currencies, people of several shops, a share of nothing).
    """
    answered = answer(
        backend,
        catalogue,
        metrics,
        period=period,
        as_of=as_of,
        grain=grain,
        by=by,
        where=where,
        comparison=comparison,
        shop=shop,
        price_bands=price_bands,
        aligned=aligned,
    )
    rows = _rows(answered.request, answered.frames[0], answered.plans, answered.answerer)
    compared = answered.frames[1].period if comparison else None
    return QueryResult(period, compared, grain, rows, _notes(catalogue, answered.plans))


@dataclass(frozen=True, slots=True)
class Answered:
    """A question whose figures are read: the answerer tells the values of each plan."""

    request: Request
    frames: Sequence[Frame]
    plans: Sequence[Plan]
    answerer: Answerer


def answer(
    backend: Backend,
    catalogue: Catalogue,
    metrics: Sequence[str],
    *,
    period: Period,
    as_of: date,
    grain: Grain | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    comparison: Comparison | None = None,
    shop: str | None = None,
    price_bands: Sequence[Decimal] = (),
    aligned: Sequence[date] = (),
) -> Answered:
    """Read the figures that a question needs; the arguments and errors are those of `query`."""
    asked = planned(
        backend,
        catalogue,
        metrics,
        period=period,
        as_of=as_of,
        grain=grain,
        by=by,
        where=where,
        comparison=comparison,
        shop=shop,
        price_bands=price_bands,
        aligned=aligned,
    )
    scans = scans_of(catalogue, asked.request, asked.plans, asked.frames)
    figures = {place: run_scan(backend, shape, asked.frames[place.frame]) for place, shape in scans.items()}
    answerer = Answerer(catalogue, asked.request, asked.frames, figures)
    return Answered(asked.request, asked.frames, asked.plans, answerer)


@dataclass(frozen=True, slots=True)
class Planned:
    """A question with the sources that answer it; nothing is computed yet."""

    request: Request
    frames: Sequence[Frame]
    plans: Sequence[Plan]


def planned(
    backend: Backend,
    catalogue: Catalogue,
    metrics: Sequence[str],
    *,
    period: Period,
    as_of: date,
    grain: Grain | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    comparison: Comparison | None = None,
    shop: str | None = None,
    price_bands: Sequence[Decimal] = (),
    aligned: Sequence[date] = (),
) -> Planned:
    """Return which sources answer a question; the arguments and errors are those of `query`."""
    request = resolve(catalogue, metrics, period, grain, by, where or {}, comparison, shop, as_of, price_bands)
    request = _with_price_bands(backend, request)
    frames = [current_frame(period, grain)]
    if comparison is Comparison.FESTIVAL and aligned:
        frames.append(aligned_frame(frames[0], grain, aligned))
    elif comparison is not None:
        frames.append(comparison_frame(frames[0], grain, comparison))
    plans = [plan_metric(backend, catalogue, request, metric, frames) for metric in request.metrics]
    return Planned(request, frames, plans)


def _with_price_bands(backend: Backend, request: Request) -> Request:
    if "price_band" not in request.asked_dimensions or request.price_bands:
        return request
    if not backend.has_table("order_line"):
        return request
    return replace(request, price_bands=quartiles(backend, backend.table("order_line"), request.period))


def _rows(request: Request, frame: Frame, plans: Sequence[Plan], answerer: Answerer) -> tuple[QueryRow, ...]:
    columns = {plan.metric.key: answerer.values(plan) for plan in plans}
    rows: list[QueryRow] = []
    for position, bucket in enumerate(part for part in frame.buckets if part is not None):
        label = {"period": request.grain.label(bucket.start)} if request.grain else {}
        parts = zip(*(values[position] for values in columns.values()), strict=True)
        group = [
            QueryRow({**label, **dict(zip(request.by, split, strict=True))}, dict(zip(columns, values, strict=True)))
            for split, values in zip(answerer.splits, parts, strict=True)
        ]
        rows += sorted(group, key=_order) if request.by else group
    return tuple(rows)


def _notes(catalogue: Catalogue, plans: Sequence[Plan]) -> tuple[Text, ...]:
    """Return what a reader must know of the whole answer, each once."""
    differing = (one for plan in plans for assignment in plan.assignments() for one in assignment.differing)
    return tuple(dict.fromkeys([*(difference.note for difference in differing), *_blind_notes(catalogue, plans)]))


def _blind_notes(catalogue: Catalogue, plans: Sequence[Plan]) -> Iterator[Text]:
    """Yield which figures cannot be split as asked, because no row of any source names what they are split by."""
    unsplit: dict[str, list[Metric]] = {}
    for plan in plans:
        for name in dict.fromkeys(name for one in plan.assignments() for name in one.blind):
            unsplit.setdefault(name, []).append(plan.metric)
    for name, metrics in unsplit.items():
        dimension = catalogue.dimensions[name].title
        zh, en = "、".join(one.title.zh for one in metrics), ", ".join(one.title.en for one in metrics)
        yield Text(
            f"{zh}：现有文件没有写{dimension.zh}，不能按它拆开",
            f"{en}: no file at hand names the {dimension.en.lower()}, so it cannot be split by it",
        )


def _order(row: QueryRow) -> tuple[bool, float, list[str]]:
    """Return the order within a bucket: the largest first, the unknown last."""
    first = next(iter(row.values.values())).value
    return first is None, -float(first or 0), [name or "" for name in row.dimensions.values()]
