"""客户: who the customers are, who comes back, who slips away, and what they will bring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from duoshou.analysts.customers import CustomerStudy
from duoshou.analysts.customers.cohorts import Cohort
from duoshou.app.customers import customers_of
from duoshou.model import Text

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

LEAST_DAYS, MOST_DAYS = 7, 730
COHORTS = 12
LIFE = 12


@dataclass(frozen=True, slots=True)
class CustomersPage:
    """The page of the customers.

    Attributes:
        study: What is known of them.
        days: Days ahead.
        cohorts: The latest cohorts, the youngest first.
        life: Months of life that the table of cohorts shows.
        dimensions: Names of the dimensions.
    """

    study: CustomerStudy
    days: int
    cohorts: tuple[Cohort, ...]
    life: range
    dimensions: dict[str, Text]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape, which is that of the command."""
        return self.study.to_dict()


def customers_page(
    workbench: Workbench, as_of: date | None, shop: str | None, days: int, *, costs: bool
) -> CustomersPage:
    """Return the page; without `costs` it tells nothing of what sales left."""
    found = customers_of(workbench, as_of, shop=shop, horizon=days)
    if not costs:
        found = found.without_costs()
    latest = tuple(reversed(found.cohorts[-COHORTS:]))
    longest = max((len(one.months) for one in latest), default=0)
    titles = {key: one.title for key, one in workbench.catalogue.dimensions.items()}
    return CustomersPage(found, days, latest, range(1, min(longest, LIFE + 1)), titles)
