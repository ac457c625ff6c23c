"""What a request may name, as OpenAPI describes it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from duoshou.model import EARLIEST, LATEST, Comparison, Period

Shop = Annotated[str | None, Field(description="Key, name or alias of the shop; by default the first", max_length=100)]


# No shop has other days, and no comparison of these leaves the calendar.
Day = Annotated[dt.date, Field(ge=EARLIEST, le=LATEST)]


class OfShop(BaseModel):
    """A question about one shop; the gate looks the shop up."""

    shop: Shop = None


class OfDay(OfShop):
    """A question about one day of a shop.

    Attributes:
        date: The day; None: the last complete one.
        compare: What its values are held against.
    """

    date: Annotated[Day | None, Field(description="The day; by default the last complete one")] = None
    compare: Annotated[Comparison, Field(description="What the values are held against")] = Comparison.WEEK


AskedOfShop = Annotated[OfShop, Query()]
AskedOfDay = Annotated[OfDay, Query()]


class OfDays(OfShop):
    """A question about a metric over days.

    Attributes:
        metric: Key, name or alias.
        first: First day; `from` in the address.
        last: Last day; `to` in the address.
        compare: What the days are held against; None: as it suits.
        where: Filters, each `dimension:value`; an empty value stands for what is not known.
    """

    metric: Annotated[str, Field(max_length=200, description="Key, name or alias of the metric")] = "pay_amount"
    first: Annotated[Day | None, Field(alias="from", description="First day")] = None
    last: Annotated[Day | None, Field(alias="to", description="Last day")] = None
    compare: Annotated[Comparison | None, Field(description="What the days are held against")] = None
    where: Annotated[list[str], Field(max_length=8, description="Filters, each dimension:value")] = []

    @property
    def period(self) -> Period | None:
        """The days; one day where only one end is named.

        Raises:
            InvalidPeriod: If the last lies before the first.
        """
        start, end = self.first or self.last, self.last or self.first
        return Period(start, end) if start and end else None

    @property
    def against_what(self) -> Comparison:
        """What the days are held against; by default the same weekdays before."""
        return self.compare or Comparison.WEEK
