"""What is bought together, asked of one opened workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duoshou.analysts.basket import BasketKind, BasketQuestion, BasketReport, bundle_findings, look_into_baskets
from duoshou.analysts.basket.question import LEAST_TOGETHER
from duoshou.app.days import yesterday
from duoshou.model import Finding, Period

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

LAST = "90d"


@dataclass(frozen=True, slots=True)
class BasketWish:
    """What is asked.

    Attributes:
        period: Days of payment; None: `last`.
        last: The last days, such as `90d`; None: 90 days.
        kind: What counts as one basket.
        least: Least number of baskets with a pair.
        within: Days within which a next purchase counts.
        triples: Whether triples are counted.
        discount: Part of the price that a bundle would leave to the buyer.
        margin: Margin as part of the price where costs are unknown; None: bundles of such products are not judged.
    """

    period: Period | None = None
    last: str | None = None
    kind: BasketKind = BasketKind.ORDER
    least: int = LEAST_TOGETHER
    within: int = 30
    triples: bool = False
    discount: float = 0.1
    margin: float | None = None


@dataclass(frozen=True, slots=True)
class BasketAnswer:
    """What is bought together, and the bundles that are worth a test.

    Attributes:
        report: All that the baskets tell.
        findings: Bundles worth a test.
        costs: Whether margins are told.
    """

    report: BasketReport
    findings: tuple[Finding, ...]
    costs: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        findings = [one.to_dict() for one in self.findings]
        return {**self.report.to_dict(), "costs_shown": self.costs, "findings": findings}


def bought_together(
    workbench: Workbench, wish: BasketWish, *, shop: str | None = None, costs: bool = True
) -> BasketAnswer:
    """Return what is bought together.

    Args:
        workbench: The workspace.
        wish: What is asked.
        shop: Key, name or alias of the shop; None: the first one.
        costs: Whether whoever asks may see margins; else nothing is told of bundles.
    """
    key = workbench.shop_key(shop)
    period = wish.period or Period.last(wish.last or LAST, workbench.last_complete_day(key))

    def look() -> BasketReport:
        question = BasketQuestion(
            workbench.backend(),
            period,
            key,
            workbench.settings.currency,
            wish.kind,
            wish.least,
            wish.within,
            wish.triples,
            wish.discount,
            wish.margin,
        )
        return look_into_baskets(question)

    report = workbench.remembered(("baskets", key, period, wish), look)
    if not costs:
        return BasketAnswer(report.without_costs(), (), costs=False)
    return BasketAnswer(report, bundle_findings(report, yesterday(workbench.settings.timezone)), costs=True)
