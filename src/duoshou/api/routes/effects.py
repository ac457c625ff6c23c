"""What everything that was done brought, and what the playbook learned from it, as JSON."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from pydantic import Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfShop, OfShop
from duoshou.app.loop.advice import playbook_standing
from duoshou.app.pages.effects import effect_page, effects_page
from duoshou.gate import Visitor, needs
from duoshou.model import Verdict

router = APIRouter(tags=["effects"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
EffectId = Annotated[str, Path(description="Id of the effect", max_length=100)]


class OfEffects(OfShop):
    """Which effects.

    Attributes:
        verdict: Only those with this verdict.
        page: Page of the list.
    """

    verdict: Annotated[Verdict | None, Field(description="Only those with this verdict")] = None
    page: Annotated[int, Field(ge=1, le=100_000, description="Page of the list")] = 1


@router.get("/effects", summary="Measured effects, and what all of them brought together")
def overview(visitor: Reader, asked: Annotated[OfEffects, Query()]) -> Json:
    """Return a page of effects."""
    with visitor.house.bench() as bench:
        return Json(effects_page(bench, asked.verdict, asked.page, visitor.only_shop, costs=visitor.may(Right.COSTS)))


@router.get("/effects/{effect_id}", summary="One effect: days, money, guards, caveats")
def one(visitor: Reader, effect_id: EffectId, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Return one effect with what it rests on."""
    with visitor.house.bench() as bench:
        return Json(effect_page(bench, effect_id, visitor.only_shop, costs=visitor.may(Right.COSTS)))


@router.get("/playbook", summary="Actions by cause: how often they were tried and worked, what may be expected")
def playbook(visitor: Reader, asked: AskedOfShop) -> Json:  # noqa: ARG001 - the gate reads the shop
    """Return how every entry of the playbook stands."""
    with visitor.house.bench() as bench:
        key = bench.shop_key(visitor.only_shop)
        return Json({"shop": key, "playbook": [one.to_dict() for one in playbook_standing(bench, key)]})
