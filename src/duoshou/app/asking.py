"""Metrics, asked of one opened workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from duoshou.app.days import yesterday
from duoshou.metrics import QueryResult
from duoshou.metrics import query as answer
from duoshou.model import Comparison, Grain, Period

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def query(
    workbench: Workbench,
    metrics: Sequence[str],
    period: Period,
    *,
    by: Sequence[str] = (),
    grain: Grain | None = None,
    compare: Comparison | None = None,
    where: Mapping[str, str] | None = None,
    shop: str | None = None,
) -> QueryResult:
    """Return metrics over a period; see `Workbench.query`."""
    alignment = workbench.calendar.align(period) if compare is Comparison.FESTIVAL else None
    result = answer(
        workbench.backend(),
        workbench.catalogue,
        metrics,
        period=period,
        grain=grain,
        by=by,
        where=where,
        comparison=compare,
        shop=workbench.settings.shop(shop).key if shop else None,
        as_of=yesterday(workbench.settings.timezone),
        aligned=alignment.others if alignment else (),
    )
    return replace(result, notes=(*result.notes, *alignment.notes())) if alignment else result
