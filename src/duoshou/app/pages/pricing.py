"""价格: elasticities, bands, and what to do with each price."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.analysts.pricing import PricingStudy
from duoshou.analysts.pricing.study import Product
from duoshou.app.pricing import prices_of

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class PricesPage:
    """The page of prices.

    Attributes:
        study: The whole study.
        costs: Whether it holds floors and advice.
    """

    study: PricingStudy
    costs: bool

    @property
    def rows(self) -> tuple[Product, ...]:
        """The first products."""
        return self.study.products[:MOST_SHOWN]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape, which is that of the command."""
        return self.study.to_dict() | {"costs_shown": self.costs}


def prices_page(workbench: Workbench, day: date | None, shop: str | None, *, costs: bool) -> PricesPage:
    """Return the page; without `costs` it tells neither floors nor advice."""
    study = prices_of(workbench, day, shop=shop)
    return PricesPage(study if costs else study.without_costs(), costs)
