"""Why a metric changed, asked of one opened workspace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from duoshou.analysts.diagnosis.explain import explain as explain_change
from duoshou.app.days import yesterday
from duoshou.model import Period
from duoshou.reports.names import names_from

if TYPE_CHECKING:
    from duoshou.analysts.diagnosis.explanation import Explanation
    from duoshou.app.workbench import Workbench


def explain(
    workbench: Workbench,
    metric: str,
    *,
    period: Period | None = None,
    against: Period | None = None,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    shop: str | None = None,
) -> Explanation:
    """Return why a metric changed; see `Workbench.explain`."""
    backend = workbench.backend()
    return explain_change(
        backend,
        workbench.catalogue,
        metric,
        period=period or Period.of_day(workbench.last_complete_day(shop)),
        as_of=yesterday(workbench.settings.timezone),
        against=against,
        by=by,
        where=where,
        shop=workbench.settings.shop(shop).key if shop else None,
        names=names_from(backend, workbench.catalogue),
        calendar=workbench.calendar,
    )
