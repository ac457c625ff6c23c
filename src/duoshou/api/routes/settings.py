"""The settings of the workspace as JSON: read without secrets, changed section by section."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.app.pages.settings import ASKED, change_general, general
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["settings"])
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]
Version = Annotated[
    str, Field(max_length=64, description="`version` of the answer that was changed; refused if the file has changed")
]
Plain = Annotated[str, Field(max_length=2000)] | bool | int | float | None


class ChangedSettings(BaseModel):
    """Settings that are to change."""

    model_config = ConfigDict(extra="forbid")
    version: Version
    values: dict[str, Plain] = Field(
        description="Dotted key → value, null for the default", min_length=1, max_length=len(ASKED)
    )


@router.get("/settings", summary="The settings of the workspace as a whole")
def read(visitor: Keeper) -> Json:
    """Return each setting with its value and where it comes from."""
    return Json(general(visitor.house.workspace))


@router.patch("/settings", summary="Change settings of the workspace as a whole")
def change(visitor: Keeper, changed: ChangedSettings) -> Json:
    """Change settings and return them all."""
    house, by = visitor.house, visitor.person.signature
    change_general(house.workspace, house.state, changed.values, version=changed.version, by=by)
    return Json(general(house.workspace))
