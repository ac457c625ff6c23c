"""The glossary as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfShop
from duoshou.app.pages.glossary import definition, glossary
from duoshou.gate import Visitor, needs
from duoshou.metrics.definition import Unit

router = APIRouter(tags=["metrics"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Words = Annotated[str, Query(description="Words in key, names, aliases or formula", max_length=200)]


@router.get("/metrics", summary="The glossary, searched")
def search(
    visitor: Reader, q: Words = "", unit: Annotated[Unit | None, Query(description="Only this unit")] = None
) -> Json:
    """Return the metrics that a search finds."""
    with visitor.house.bench() as bench:
        return Json(glossary(bench, q, unit or ""))


@router.get("/metrics/{key}", summary="What one metric means, and its latest value")
def one(
    visitor: Reader,
    key: Annotated[str, Path(description="Key, name or platform alias", max_length=200)],
    asked: AskedOfShop,  # noqa: ARG001 - the gate reads the shop; here it is described
) -> Json:
    """Return what is known of one metric."""
    with visitor.house.bench() as bench:
        return Json(definition(bench, key, visitor.only_shop, costs=visitor.may(Right.COSTS)))
