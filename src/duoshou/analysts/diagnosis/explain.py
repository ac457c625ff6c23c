"""Why a metric changed between two periods: drivers, parts, and what a reader must know of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from duoshou.analysts.diagnosis.explain_baseline import default_baseline
from duoshou.analysts.diagnosis.explain_caveats import caveats_of
from duoshou.analysts.diagnosis.explain_drivers import break_down
from duoshou.analysts.diagnosis.explain_errors import NotExplainable
from duoshou.analysts.diagnosis.explain_formulas import load_drivers
from duoshou.analysts.diagnosis.explain_headline import headline
from duoshou.analysts.diagnosis.explain_parts import Names, PartKind, Split, require_divisible, split_by
from duoshou.analysts.diagnosis.explain_values import Pair, Values
from duoshou.analysts.diagnosis.explanation import Explanation
from duoshou.engine import Backend
from duoshou.metrics import Additivity, Catalogue, Flag, Metric, MetricError
from duoshou.model import Period, Text

if TYPE_CHECKING:
    from duoshou.settings.calendar import Calendar


def explain(
    backend: Backend,
    catalogue: Catalogue,
    metric: str,
    *,
    period: Period,
    as_of: date,
    against: Period | None = None,
    by: Sequence[str] = (),
    shop: str | None = None,
    where: Mapping[str, str] | None = None,
    names: Names | None = None,
    calendar: Calendar | None = None,
) -> Explanation:
    """Return why a metric changed, exactly decomposed.

    By its formula: products by the logarithmic mean Divisia index (Ang, 2004), Shapley values where a factor is zero;
    sums term by term. By dimension: contributions of what is added, mix and rate effects of ratios. Every total closes
    to 1e-9; people counted in several parts stand in `overlap`, disagreement between sources in `residual`.

    Args:
        backend: Open engine.
        catalogue: Definitions.
        metric: Key, name or alias.
        period: The days to be explained.
        as_of: Last day that is over; younger figures are provisional.
        against: The days they are held against; None: the same weekdays a week before for less than a week, else the
            equal period just before.
        by: Dimensions; empty: those that a source of the metric carries and that tell something.
        shop: Only this shop.
        where: Only these values of dimensions.
        names: Finds readable names of a dimension's values.
        calendar: Festivals and holidays, of which the caveats tell.

    Raises:
        UnknownName: For a metric or dimension that nobody defined.
        NotAnswerable: Where the tables cannot answer.
        NotExplainable: If a value is unknown, or parts of the metric must not be put together.
    """
    found = catalogue.metric(metric)
    dimensions = tuple(dict.fromkeys(catalogue.dimension(name).key for name in by))
    if found.additivity is Additivity.SHARE or dimensions:
        require_divisible(found)
    chosen = None if against else default_baseline(period)
    baseline = chosen.period if chosen else against
    assert baseline is not None
    values = Values(backend, catalogue, period, baseline, as_of, shop, dict(where or {}))
    whole = values.whole(found.key)
    _require_known(found, whole, period, baseline)
    breakdown = break_down(values, found.key, whole)
    if dimensions:
        splits = [split_by(values, found.key, whole, one, names) for one in dimensions]
    else:
        splits = _telling_splits(values, found, whole, names)
    gaps = tuple(
        one for one in (period, baseline) if Flag.MISSING_DAYS in whole.flags and values.has_gaps(found.key, one)
    )
    return Explanation(
        found,
        period,
        baseline,
        chosen.reason if chosen else None,
        whole,
        headline(catalogue, found, whole, breakdown, splits),
        breakdown.drivers,
        breakdown.residual,
        tuple(splits),
        caveats_of(values, found, whole, breakdown, splits, gaps, calendar),
        bool(gaps),
    )


def _telling_splits(values: Values, metric: Metric, whole: Pair, names: Names | None) -> list[Split]:
    """Return the splits by the default dimensions that tell something: two parts with a name at least."""
    try:
        require_divisible(metric)
    except NotExplainable:
        return []
    carried = set(values.catalogue.dimensions_of(metric.key))
    found = []
    for dimension in load_drivers().default_dimensions:
        if dimension not in carried or dimension in values.where:
            continue
        told = dict(values.notes)
        try:
            split = split_by(values, metric.key, whole, dimension, names)
        except (MetricError, NotExplainable):
            split = None
        if split is not None and _tells(split):
            found.append(split)
        else:
            # What is said of a split that nobody sees is not said.
            values.notes = told
    return found


def _tells(split: Split) -> bool:
    """Return whether there are two named parts, and they move more than what no part or several parts hold."""
    named = sum(abs(part.contribution) for part in split.parts if part.kind in (PartKind.VALUE, PartKind.OTHER))
    nameless = sum(abs(part.contribution) for part in split.parts if part.kind is PartKind.ELSEWHERE)
    return split.count > 1 and named > nameless + abs(split.overlap)


def _require_known(metric: Metric, whole: Pair, period: Period, baseline: Period) -> None:
    if whole.is_known:
        return
    unknown = period if whole.after is None else baseline
    if Flag.NOT_ADDITIVE in whole.flags or Flag.DEFINITIONS_DIFFER in whole.flags:
        hint = Text("各部分不能合在一起，请加 --shop", "parts must not be put together: add --shop")
    else:
        hint = Text("请先导入这段时间的文件，或换一段时间", "import the files of these days, or choose other days")
    raise NotExplainable(
        "value_unknown",
        Text(
            f"{unknown.start} – {unknown.end} 的{metric.title.zh}未知，不能拆解",
            f"{metric.key} of {unknown.start} – {unknown.end} is unknown and cannot be explained",
        ),
        hint=hint,
    )
