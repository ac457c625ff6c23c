"""A workbench for those who may not see costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from duoshou.app.workbench import Workbench
from duoshou.metrics import MetricError
from duoshou.metrics.costs import tells_costs
from duoshou.model import Comparison, Grain, Period, Text

if TYPE_CHECKING:
    from duoshou.metrics import QueryResult


class DiscreetWorkbench(Workbench):
    """Answers no metric that tells costs, fees or margins; a workbook made with it leaves them out."""

    @classmethod
    def of(cls, bench: Workbench) -> DiscreetWorkbench:
        """Return one on the same workspace, which whoever asks closes; answers are not shared with the other."""
        made = cls(bench.workspace, bench.settings)
        made.__dict__["state"], made._shares_state = bench.state, True
        return made

    def query(
        self,
        metrics: Sequence[str],
        *,
        by: Sequence[str] = (),
        period: Period | None = None,
        last: str | None = None,
        grain: Grain | None = None,
        compare: Comparison | None = None,
        where: Mapping[str, str] | None = None,
        shop: str | None = None,
    ) -> QueryResult:
        """Return metrics, none of which tells costs; see `Workbench.query`.

        Raises:
            MetricError: If one does.
        """
        for name in metrics:
            metric = self.catalogue.metric(name)
            if tells_costs(self.catalogue, metric.key):
                raise MetricError(
                    "costs_hidden",
                    Text(f"没有权限看成本与毛利：{metric.title.zh}", f"no right to see costs: {metric.title.en}"),
                )
        return super().query(
            metrics, by=by, period=period, last=last, grain=grain, compare=compare, where=where, shop=shop
        )
