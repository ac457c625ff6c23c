"""What a request may name, as OpenAPI describes it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field

from duoshou.model import Comparison

Shop = Annotated[str | None, Field(description="Key, name or alias of the shop; by default the first", max_length=100)]


class OfShop(BaseModel):
    """A question about one shop; the gate looks the shop up."""

    shop: Shop = None


class OfDay(OfShop):
    """A question about one day of a shop.

    Attributes:
        date: The day; None: the last complete one.
        compare: What its values are held against.
    """

    date: Annotated[dt.date | None, Field(description="The day; by default the last complete one")] = None
    compare: Annotated[Comparison, Field(description="What the values are held against")] = Comparison.WEEK


AskedOfShop = Annotated[OfShop, Query()]
AskedOfDay = Annotated[OfDay, Query()]
