"""What is bought together, asked of one opened workspace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from duoshou.analysts.basket import BasketKind, BasketQuestion, BasketReport, bundle_findings, look_into_baskets
from duoshou.analysts.basket.pairs import Relation
from duoshou.analysts.basket.question import LEAST_TOGETHER
from duoshou.app.days import yesterday
from duoshou.model import Finding, Period
from duoshou.model.cells import BOM, csv_text

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

LAST = "90d"
COLUMNS = (
    *("relation", "product", "title", "product_2", "title_2", "together", "lift", "lift_low", "lift_high"),
    *("false_rate", "buyers_of_both", "price", "discount", "margin_at_discount", "given_away", "needed", "verdict"),
)


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


def baskets_csv(report: BasketReport) -> str:
    """Return the listed pairs as CSV for a spreadsheet, those judged as a bundle with what it would leave."""
    judged = {(one.pair.left.id, one.pair.right.id): one for one in report.bundles}
    rows: list[tuple[object, ...]] = []
    for one in (*report.pairs, *report.following, *report.substitutes):
        bundle = judged.get((one.left.id, one.right.id)) if one.relation is Relation.COMPLEMENT else None
        money: tuple[object, ...] = (None,) * 6
        if bundle is not None:
            money = (bundle.price, bundle.discount, bundle.margin_at_discount, bundle.given_away, bundle.needed)
            money = (*money, bundle.verdict.value)
        rows.append(
            (
                *(one.relation.value, one.left.id, one.left.title, one.right.id, one.right.title),
                *(one.together, one.shrunk, one.low, one.high, one.false_rate, one.buyers, *money),
            )
        )
    return BOM + csv_text(COLUMNS, rows)
