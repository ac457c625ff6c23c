"""搭配: what is bought together, what follows, what replaces what, and bundles worth a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from duoshou.app.baskets import BasketAnswer, BasketWish, bought_together
from duoshou.model import Period

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

DAYS = (30, 90, 180, 365)


@dataclass(frozen=True, slots=True)
class BundlesPage:
    """The page of what is bought together.

    Attributes:
        answer: What the baskets tell.
        days: Days that were looked at.
        discount: Part of the price that a bundle leaves to the buyer.
    """

    answer: BasketAnswer
    days: int
    discount: float

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape, which is that of the command."""
        return self.answer.to_dict()


def bundles_page(
    workbench: Workbench, day: date | None, shop: str | None, days: int, discount: float, *, costs: bool
) -> BundlesPage:
    """Return the page; without `costs` it tells of no bundle.

    Args:
        workbench: The workspace.
        day: Last day; None: the last complete one.
        shop: Key, name or alias of the shop; None: the default one.
        days: Days of payment.
        discount: Part of the price that a bundle leaves to the buyer.
        costs: Whether whoever asks may see margins.
    """
    last = day or workbench.last_complete_day(workbench.shop_key(shop))
    wish = BasketWish(period=Period(last - timedelta(days=days - 1), last), discount=discount)
    return BundlesPage(bought_together(workbench, wish, shop=shop, costs=costs), days, discount)
