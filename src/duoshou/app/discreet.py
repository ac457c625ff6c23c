"""A workbench, and findings, for those who may not see costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from duoshou.analysts.advice_kinds import BELOW_COST, OF_COSTS
from duoshou.app.results import FindingList
from duoshou.app.workbench import Workbench
from duoshou.metrics import MetricError
from duoshou.metrics.costs import tells_costs
from duoshou.model import Comparison, Evidence, Finding, Grain, Period, Subject, Text

if TYPE_CHECKING:
    from duoshou.metrics import QueryResult


class DiscreetWorkbench(Workbench):
    """Tells no costs, fees and margins, nor money that is made from them; a workbook made with it leaves them out."""

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

    def findings(self, day: date | None = None, kind: str | None = None, shop: str | None = None) -> FindingList:
        """Return the findings of a day without money that is made from costs; see `Workbench.findings`."""
        told = super().findings(day, kind, shop)
        return replace(told, findings=tuple(map(discreet_finding, told.findings)))


MONEY = frozenset({"money", "amount", "gain", "profit"})
"""Columns of evidence that hold what sales leave."""
HIDDEN_MONEY = Text(
    "金额涉及成本，要有看成本的权限才看得到", "its money is made from costs and takes the right to see them"
)
"""Caveat of a finding whose money is left out, so that nobody takes it for unknown."""
SOLD_AT_A_LOSS = Text(
    "有商品卖一件亏一件；是哪些，要有看成本的权限",
    "products are sold at a loss; which they are takes the right to see costs",
)


def discreet_finding(found: Finding) -> Finding:
    """Return a finding as those may read it who may not see costs: without money made from costs, and saying so.

    What a trouble costs stays: it is an estimate with an interval, of sales that nobody else can count.
    """
    if found.kind == BELOW_COST:
        subject = Subject("shop", "", "")
        return replace(
            found,
            headline=SOLD_AT_A_LOSS,
            subject=subject,
            impact=None,
            causes=(),
            evidence=(),
            recommendations=(),
            caveats=(HIDDEN_MONEY,),
        )
    if found.kind not in OF_COSTS:
        return found
    return replace(
        found,
        impact=None,
        evidence=tuple(one for one in found.evidence if not _tells_money(one)),
        recommendations=tuple(replace(one, expected_effect=None) for one in found.recommendations),
        caveats=(*(one for one in found.caveats if one != HIDDEN_MONEY), HIDDEN_MONEY),
    )


def _tells_money(evidence: Evidence) -> bool:
    return not MONEY.isdisjoint(evidence.columns)
