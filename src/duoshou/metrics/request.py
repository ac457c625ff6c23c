"""One question, with its names resolved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from duoshou.metrics.catalogue import Catalogue
from duoshou.metrics.definition import Metric
from duoshou.metrics.errors import NotAnswerable
from duoshou.model import Comparison, Grain, Period, Text

CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Attributes:
        metrics: Metrics in the order asked, each once.
        period: Days.
        grain: Length of the buckets, or None for one value of the whole period.
        by: Dimensions of the split.
        where: Dimension → value; a shop asked for stands here too.
        comparison: What the period is held against.
        as_of: Last day that is over; younger figures may still change.
        price_bands: Lower bounds of the price bands above 0, ascending; empty: quartiles.
    """

    metrics: tuple[Metric, ...]
    period: Period
    grain: Grain | None
    by: tuple[str, ...]
    where: tuple[tuple[str, str], ...]
    comparison: Comparison | None
    as_of: date
    price_bands: tuple[Decimal, ...] = ()

    @property
    def filters(self) -> dict[str, str]:
        """The filters as a mapping."""
        return dict(self.where)

    @property
    def asked_dimensions(self) -> frozenset[str]:
        """Every dimension that a source must carry."""
        return frozenset((*self.by, *(name for name, _ in self.where)))


def resolve(
    catalogue: Catalogue,
    metrics: Sequence[str],
    period: Period,
    grain: Grain | None,
    by: Sequence[str],
    where: Mapping[str, str],
    comparison: Comparison | None,
    shop: str | None,
    as_of: date,
    price_bands: Sequence[Decimal],
) -> Request:
    """Return the request with every name resolved.

    Raises:
        UnknownName: For a metric or dimension that nobody defined.
        NotAnswerable: For a dimension that no table carries yet, a share without a split, or two different shops.
    """
    found = tuple(dict.fromkeys(catalogue.metric(name).key for name in metrics))
    if not found:
        raise NotAnswerable(
            "no_metric",
            Text("没有指定指标", "no metric was named"),
            hint=Text("例如 duoshou query pay_amount", "for example: duoshou query pay_amount"),
        )
    split = tuple(dict.fromkeys(_dimension(catalogue, name) for name in by))
    filters = {_dimension(catalogue, name): value for name, value in where.items()}
    if filters.get(CHANNEL):
        filters[CHANNEL] = catalogue.channels.key_of(filters[CHANNEL])
    if shop is not None and filters.setdefault("shop", shop) != shop:
        raise NotAnswerable("two_shops", Text("--shop 与 --where shop 不一致", "--shop and --where shop differ"))
    chosen = tuple(catalogue.metrics[key] for key in found)
    for metric in chosen:
        if metric.share and not split:
            raise NotAnswerable(
                "share_without_split",
                Text(f"{metric.title.zh}是占比，必须说明拆分维度", f"{metric.key} is a share and needs a split"),
                hint=Text("请加 --by，例如 --by product", "add --by, for example --by product"),
            )
    ordered = tuple(sorted(filters.items()))
    return Request(chosen, period, grain, split, ordered, comparison, as_of, tuple(sorted(price_bands)))


def _dimension(catalogue: Catalogue, name: str) -> str:
    dimension = catalogue.dimension(name)
    if dimension.needs is not None:
        raise NotAnswerable(
            "dimension_not_loaded",
            Text(f"暂时不能按{dimension.title.zh}拆分", f"there is nothing yet to split by {dimension.key}"),
            hint=Text(f"需要{dimension.needs.zh}", f"it needs {dimension.needs.en}"),
        )
    return dimension.key
