"""Why a metric changed, as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import OfDays
from duoshou.app.pages.addresses import parsed_filters
from duoshou.app.pages.explorer import Question, explorer
from duoshou.gate import Visitor, needs
from duoshou.gate.costs import may_see
from duoshou.model import Period

router = APIRouter(tags=["metrics"])


class OfChange(OfDays):
    """Which change.

    Attributes:
        against_from: First day to hold it against; None: what `compare` says.
        against_to: Last day to hold it against.
        by: Dimension to split by.
    """

    against_from: Annotated[dt.date | None, Field(description="First day to hold it against, over `compare`")] = None
    against_to: Annotated[dt.date | None, Field(description="Last day to hold it against")] = None
    by: Annotated[
        str | None, Field(max_length=100, description="Dimension to split by; by default those that tell something")
    ] = None

    @property
    def against(self) -> Period | None:
        """The days to hold it against.

        Raises:
            InvalidPeriod: If the last lies before the first.
        """
        start, end = self.against_from or self.against_to, self.against_to or self.against_from
        return Period(start, end) if start and end else None


@router.get("/explain", summary="Why a metric changed between two periods, exactly decomposed")
def read(visitor: Annotated[Visitor, Depends(needs(Right.READ))], asked: Annotated[OfChange, Query()]) -> Json:
    """Return a change taken apart."""
    with visitor.house.bench() as bench:
        may_see(visitor, bench.catalogue, [asked.metric])
        where = parsed_filters(bench.catalogue, asked.where)
        question = Question(asked.metric, asked.period, asked.against, asked.compare, where, asked.by)
        return Json(explorer(bench, question, visitor.only_shop))
