"""The channels of the settings as JSON: which traffic sources and advertising scenes make a channel."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.api.asked import AskedOfShop
from duoshou.api.routes.settings import Asked, Changed, Words
from duoshou.app.pages.channel_changes import add_channel, assign, change_channel, take_channel
from duoshou.app.pages.channels import Channels, channels
from duoshou.gate import Visitor, needs

router = APIRouter(tags=["settings"])
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]
Key = Annotated[str, Path(max_length=60, description="Key of the channel; unassigned for what is set aside")]
Sources = Annotated[list[Words], Field(max_length=1000)]


class NewChannel(Changed):
    """A channel; its key is made of its name."""

    name: Annotated[str, Field(max_length=60)]
    paid: bool | None = Field(None, description="Whether its visits are paid for; null: not said")
    sources: Sources = Field([], description="Names or paths of sources and scenes; * stands for any text")


class Assignment(Changed):
    """Sources that get a channel."""

    sources: Annotated[list[Words], Field(min_length=1, max_length=1000)] = Field(
        description="Paths of traffic sources, or names of scenes"
    )
    channel: Words | None = Field(
        description="Key of the channel; `unassigned`: none; null: whatever the product brings"
    )


@router.get("/settings/channels", summary="Channels, and every source of the last thirty days with its channel")
def read_channels(visitor: Reader, _asked: AskedOfShop) -> Json:
    """Return the channels."""
    return Json(_channels(visitor))


@router.post("/settings/channels", summary="Add a channel", status_code=201)
def add(visitor: Keeper, new: NewChannel) -> Json:
    """Add a channel and return them all."""
    house, by = visitor.house, visitor.person.signature
    add_channel(house.workspace, house.state, new.name, paid=new.paid, sources=new.sources, version=new.version, by=by)
    return Json(_channels(visitor), status_code=201)


@router.post("/settings/channels/assign", summary="Give sources a channel")
def give(visitor: Keeper, said: Assignment) -> Json:
    """Assign sources and return the channels."""
    house, by = visitor.house, visitor.person.signature
    known = [one.name for one in _channels(visitor).sources]
    assign(house.workspace, house.state, said.sources, said.channel, known=known, version=said.version, by=by)
    return Json(_channels(visitor))


@router.put("/settings/channels/{key}", summary="Change a channel")
def change(visitor: Keeper, key: Key, said: NewChannel) -> Json:
    """Change a channel and return them all; what is as the product brings it is not kept."""
    house, by = visitor.house, visitor.person.signature
    change_channel(
        house.workspace,
        house.state,
        key,
        name=said.name,
        paid=said.paid,
        sources=said.sources,
        version=said.version,
        by=by,
    )
    return Json(_channels(visitor))


@router.delete("/settings/channels/{key}", summary="Take away what the settings say of a channel")
def remove(visitor: Keeper, key: Key, version: Asked) -> Json:
    """Take it away and return the channels: a shipped one is then as the product brings it."""
    house, by = visitor.house, visitor.person.signature
    take_channel(house.workspace, house.state, key, version=version, by=by)
    return Json(_channels(visitor))


def _channels(visitor: Visitor) -> Channels:
    with visitor.house.bench() as bench:
        return channels(bench, visitor.only_shop)
