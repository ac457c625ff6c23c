"""渠道: what each channel brings, how mature it is, and how to split the budget."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.analysts.channels import ChannelStudy
from duoshou.analysts.channels.maturity import Maturity
from duoshou.app.channel_budgets import BudgetWish, channels_of

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

MOST_BUDGET = 100_000_000
STEPS = (10, 20, 30, 50)


@dataclass(frozen=True, slots=True)
class ChannelBudgetsPage:
    """The page of the channels.

    Attributes:
        study: What is known of them.
        wish: What was asked of the budgets.
        stages: Channel → how mature it is.
    """

    study: ChannelStudy
    wish: BudgetWish
    stages: dict[str, Maturity]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape, which is that of the command."""
        return self.study.to_dict()


def channel_budgets_page(
    workbench: Workbench, as_of: date | None, shop: str | None, *, budget: int, month: int, step: int, costs: bool
) -> ChannelBudgetsPage:
    """Return the page.

    Args:
        workbench: The workspace.
        as_of: Last day that counts; None: the last complete one.
        shop: Key of the shop; None: the default one.
        budget: Spend of a day to be split; 0: as much as pays.
        month: Spend of the month; 0: the target that was imported.
        step: Most by which a channel changes at once, in per cent.
        costs: Whether whoever asks may see what sales leave; else no return and no plan is told.
    """
    wish = BudgetWish(float(budget) or None, step / 100, month_budget=float(month) or None)
    found = channels_of(workbench, as_of, shop=shop, wish=wish)
    if not costs:
        found = found.without_costs()
    return ChannelBudgetsPage(found, wish, {one.channel: one for one in found.maturities})
