"""设置 → 渠道."""

from __future__ import annotations

from functools import partial
from typing import Annotated, TypedDict

from fastapi import APIRouter, Depends, Path
from starlette.responses import RedirectResponse, Response

from duoshou.access import Right
from duoshou.app.editing import SettingsChanged
from duoshou.app.pages.channel_changes import (
    add_channel,
    assign,
    change_channel,
    channel_in,
    sources_of_form,
    take_channel,
)
from duoshou.app.pages.channels import Channels, channels
from duoshou.gate import Visitor, needs, not_found
from duoshou.gate.forms import Form, refusal
from duoshou.model import DuoshouError, Text
from duoshou.settings import SettingsError
from duoshou.settings.channels import UNASSIGNED
from duoshou.web.differences import value_name
from duoshou.web.rendering import render

router = APIRouter()
PLACE = "/settings/channels"
CHOSEN = "source."
AS_SHIPPED = "-"
PAID = {"yes": True, "no": False}
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]
Key = Annotated[str, Path(max_length=60)]


@router.get(PLACE)
def page(visitor: Reader) -> Response:
    """Show the channels and the sources of the last thirty days."""
    return _shown(visitor)


@router.post(PLACE)
def add(visitor: Keeper, fields: Form) -> Response:
    """Make a channel."""
    house, by = visitor.house, visitor.person.signature
    try:
        add_channel(house.workspace, house.state, **_said(fields), by=by)
    except SettingsError as error:
        return _shown(visitor, error, fields)
    return RedirectResponse(visitor.link(PLACE, saved="yes"), status_code=303)


@router.post(PLACE + "/assign")
def give(visitor: Keeper, fields: Form) -> Response:
    """Give the sources that were ticked a channel."""
    house, by = visitor.house, visitor.person.signature
    sources = [value for name, value in fields.items() if name.startswith(CHOSEN)]
    channel = fields.get("channel", "")
    known = [one.name for one in _found(visitor).sources]
    try:
        assign(
            house.workspace,
            house.state,
            sources,
            None if channel == AS_SHIPPED else channel,
            known=known,
            version=fields.get("version", ""),
            by=by,
        )
    except SettingsError as error:
        return _shown(visitor, error, fields)
    return RedirectResponse(visitor.link(PLACE, saved="yes"), status_code=303)


@router.get(PLACE + "/one/{key}")
def form(visitor: Keeper, key: Key) -> Response:
    """Show one channel in its form."""
    return _form(visitor, key)


@router.post(PLACE + "/one/{key}")
def change(visitor: Keeper, key: Key, fields: Form) -> Response:
    """Change a channel."""
    house, by = visitor.house, visitor.person.signature
    try:
        change_channel(house.workspace, house.state, key, **_said(fields), by=by)
    except SettingsError as error:
        return _form(visitor, key, error, fields)
    return RedirectResponse(visitor.link(PLACE, saved="yes"), status_code=303)


@router.post(PLACE + "/one/{key}/remove")
def remove(visitor: Keeper, key: Key, fields: Form) -> Response:
    """Take away what the settings say of a channel."""
    house, by = visitor.house, visitor.person.signature
    try:
        take_channel(house.workspace, house.state, key, version=fields.get("version", ""), by=by)
    except SettingsError as error:
        return _shown(visitor, error)
    return RedirectResponse(visitor.link(PLACE, saved="yes"), status_code=303)


class Said(TypedDict):
    """What a form says of a channel."""

    name: str
    paid: bool | None
    sources: list[str]
    version: str


def _said(fields: Form) -> Said:
    return Said(
        name=fields.get("name", "").strip(),
        paid=PAID.get(fields.get("paid", "")),
        sources=sources_of_form(fields.get("sources", "")),
        version=fields.get("version", ""),
    )


def _found(visitor: Visitor) -> Channels:
    with visitor.house.bench() as bench:
        return channels(bench, visitor.only_shop)


def _shown(visitor: Visitor, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    """Return the list; what was typed is kept, and what was ticked."""
    found = _found(visitor)
    kept = typed or {}
    ticked = {value for name, value in kept.items() if name.startswith(CHOSEN)}
    saved = visitor.text("saved") if error is None else None
    facts = {"error": error, "typed": kept, "ticked": ticked, "saved": saved, "AS_SHIPPED": AS_SHIPPED}
    return render(visitor, "channels.html", found, status=refusal(error), **facts, **_words(visitor, found))


def _form(visitor: Visitor, key: str, error: DuoshouError | None = None, typed: Form | None = None) -> Response:
    """Return the form of one channel.

    Raises:
        Refused: If there is no such channel.
    """
    found = _found(visitor)
    try:
        channel = channel_in(found.grouping, key)
    except SettingsError:
        raise not_found(Text("这个渠道", "such channel")) from None
    kept = {} if isinstance(error, SettingsChanged) else typed or {}
    facts = {"channel": channel, "typed": kept, "error": error}
    return render(visitor, "channel.html", found, status=refusal(error), **facts, **_words(visitor, found))


def _words(visitor: Visitor, found: Channels) -> dict[str, object]:
    """Return how a page calls channels: a shop's own name stays, the others are in the reader's language."""
    named = partial(value_name, visitor.language, "channel")

    def title(key: str) -> str:
        known = found.grouping.title(key)
        return named(key, known.zh if known else key)

    return {"title_of": title, "UNASSIGNED": UNASSIGNED}
