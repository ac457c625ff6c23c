"""The settings of the workspace as JSON: read without secrets, changed section by section."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from duoshou.access import Right
from duoshou.api.answers import Json
from duoshou.app.pages.costs import Book, costs, put_cost, take_cost
from duoshou.app.pages.festivals import add_day, calendar_page, remove_day, set_countries
from duoshou.app.pages.push import push_page, put_target, sender_of_tests, take_target
from duoshou.app.pages.settings import ASKED, change_general, general
from duoshou.app.push_targets import send_test
from duoshou.gate import Visitor, needs, not_found
from duoshou.model import Text

router = APIRouter(tags=["settings"])
Keeper = Annotated[Visitor, Depends(needs(Right.SETTINGS))]
Version = Annotated[
    str, Field(max_length=64, description="`version` of the answer that was changed; refused if the file has changed")
]
Plain = Annotated[str, Field(max_length=2000)] | bool | int | float | None


Asked = Annotated[str, Query(alias="version", max_length=64, description="`version` of the answer that was changed")]
Number = Annotated[int, Path(ge=0, le=1_000_000, description="Which of the file, from 0, as the list gives it")]
Words = Annotated[str, Field(max_length=200)]
Address = Annotated[str, Field(max_length=2000)]
SEES_COSTS = [Depends(needs(Right.COSTS))]
MAY_PUSH = [Depends(needs(Right.PUSH))]
Reader = Annotated[Visitor, Depends(needs(Right.READ))]
CostReader = Annotated[Visitor, Depends(needs(Right.COSTS))]
Pusher = Annotated[Visitor, Depends(needs(Right.PUSH))]


class Changed(BaseModel):
    """A change of a file that was read before."""

    model_config = ConfigDict(extra="forbid")
    version: Version


class ChangedSettings(Changed):
    """Settings that are to change."""

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


class Scope(Changed):
    """To which orders a cost applies."""

    valid_from: dt.date | None = Field(None, description="First day of payment; none: always")
    shop: Words | None = Field(None, description="Key, name or alias; none: every shop")
    currency: Words | None = Field(None, description="ISO 4217; none: the workspace's")


class Rule(Scope):
    """What an order costs beside its goods; what is not said is not known."""

    platform: Words | None = None
    platform_fee_rate: float | None = Field(None, ge=0, lt=1)
    freight_per_order: float | None = Field(None, ge=0, lt=1e9)
    packaging_per_order: float | None = Field(None, ge=0, lt=1e9)


class Unit(Scope):
    """What one unit of a product costs."""

    sku: Words
    cost: float = Field(ge=0, lt=1e9)


@router.get("/settings/costs", summary="Fees, freight, packaging and unit costs of the settings")
def read_costs(
    visitor: CostReader,
    q: Annotated[str, Query(max_length=100, description="Only codes that hold this")] = "",
    page: Annotated[int, Query(ge=1, le=100_000, description="Page of the unit costs, from 1")] = 1,
) -> Json:
    """Return the costs."""
    return Json(costs(visitor.house.workspace, q, page))


@router.post("/settings/costs/rule", summary="Add a rule", status_code=201, dependencies=SEES_COSTS)
def add_rule(visitor: Keeper, rule: Rule) -> Json:
    """Add a rule and return the costs."""
    return _put_cost(visitor, Book.RULE, None, rule, 201)


@router.post("/settings/costs/unit", summary="Add a unit cost", status_code=201, dependencies=SEES_COSTS)
def add_unit(visitor: Keeper, unit: Unit) -> Json:
    """Add a unit cost and return the costs."""
    return _put_cost(visitor, Book.UNIT, None, unit, 201)


@router.put("/settings/costs/rule/{number}", summary="Change a rule", dependencies=SEES_COSTS)
def change_rule(visitor: Keeper, number: Number, rule: Rule) -> Json:
    """Change a rule and return the costs."""
    return _put_cost(visitor, Book.RULE, number, rule)


@router.put("/settings/costs/unit/{number}", summary="Change a unit cost", dependencies=SEES_COSTS)
def change_unit(visitor: Keeper, number: Number, unit: Unit) -> Json:
    """Change a unit cost and return the costs."""
    return _put_cost(visitor, Book.UNIT, number, unit)


@router.delete("/settings/costs/{book}/{number}", summary="Take a rule or a unit cost away", dependencies=SEES_COSTS)
def remove_cost(visitor: Keeper, book: Book, number: Number, version: Asked) -> Json:
    """Take a cost away and return the rest."""
    house, by = visitor.house, visitor.person.signature
    take_cost(house.workspace, house.state, book, number, version=version, by=by)
    return Json(costs(house.workspace))


def _put_cost(visitor: Visitor, book: Book, number: int | None, said: Scope, status: int = 200) -> Json:
    house, by = visitor.house, visitor.person.signature
    values = said.model_dump(exclude={"version"})
    put_cost(house.workspace, house.state, book, number, values, version=said.version, by=by)
    return Json(costs(house.workspace), status_code=status)


class Countries(Changed):
    """Where the shop sells."""

    countries: list[Annotated[str, Field(max_length=10)]] = Field(max_length=50)


class OwnDay(Changed):
    """A day, or days in a row, of the shop's own; `version` is `calendar_version` of the calendar."""

    name: Words
    name_en: Words = ""
    first: dt.date
    last: dt.date | None = Field(None, description="None: one day")
    yearly: bool = Field(False, description="Whether it comes again each year on the same date")


@router.get("/settings/calendar", summary="Festivals and holidays of the next half year, and the shop's own days")
def read_calendar(visitor: Reader) -> Json:
    """Return the calendar."""
    return _calendar(visitor)


@router.put("/settings/calendar/countries", summary="Say where the shop sells")
def change_countries(visitor: Keeper, changed: Countries) -> Json:
    """Change the countries and return the calendar."""
    house, by = visitor.house, visitor.person.signature
    set_countries(house.workspace, house.state, changed.countries, version=changed.version, by=by)
    return _calendar(visitor)


@router.post("/settings/calendar/days", summary="Add a day of the shop's own", status_code=201)
def add_own_day(visitor: Keeper, own: OwnDay) -> Json:
    """Add a day and return the calendar."""
    house, by = visitor.house, visitor.person.signature
    name, last = Text(own.name, own.name_en or own.name), own.last or own.first
    add_day(house.workspace, house.state, name, own.first, last, yearly=own.yearly, version=own.version, by=by)
    return _calendar(visitor, 201)


@router.delete("/settings/calendar/days/{key}", summary="Take a day of the shop's own away")
def remove_own_day(visitor: Keeper, key: Annotated[str, Path(max_length=60)], version: Asked) -> Json:
    """Take a day away and return the calendar."""
    house, by = visitor.house, visitor.person.signature
    remove_day(house.workspace, house.state, key, version=version, by=by)
    return _calendar(visitor)


def _calendar(visitor: Visitor, status: int = 200) -> Json:
    with visitor.house.bench() as bench:
        return Json(calendar_page(bench), status_code=status)


class ChangedTarget(Changed):
    """What is to change of a push target; what is not named stays, null takes it away."""

    kind: Literal["dingtalk", "wecom", "feishu", "webhook"] | None = None
    name: Words | None = None
    url: Address | None = Field(None, description="Told to nobody once it is kept")
    url_env: Words | None = None
    secret: Words | None = Field(None, description="Told to nobody once it is kept")
    secret_env: Words | None = None
    shops: list[Words] | None = Field(None, max_length=1000)
    roles: list[Words] | None = Field(None, max_length=10)
    what: list[Literal["digest", "urgent", "notices"]] | None = Field(None, max_length=3)
    at: Annotated[str, Field(max_length=5)] | None = None
    language: Literal["zh", "en"] | None = None


@router.get("/settings/push", summary="Where messages go, without addresses and secrets")
def read_push(visitor: Pusher) -> Json:
    """Return the push targets."""
    return Json(push_page(visitor.house.workspace))


@router.post("/settings/push", summary="Add a push target", status_code=201, dependencies=MAY_PUSH)
def add_target(visitor: Keeper, target: ChangedTarget) -> Json:
    """Add a target and return them all."""
    return _put_target(visitor, None, target, 201)


@router.patch("/settings/push/{number}", summary="Change a push target", dependencies=MAY_PUSH)
def change_target(visitor: Keeper, number: Number, target: ChangedTarget) -> Json:
    """Change a target and return them all."""
    return _put_target(visitor, number, target)


@router.delete("/settings/push/{number}", summary="Take a push target away", dependencies=MAY_PUSH)
def remove_target(visitor: Keeper, number: Number, version: Asked) -> Json:
    """Take a target away and return the rest."""
    house, by = visitor.house, visitor.person.signature
    take_target(house.workspace, house.state, number, version=version, by=by)
    return Json(push_page(house.workspace))


@router.post("/settings/push/{number}/test", summary="Send a test message")
def try_target(visitor: Pusher, number: Number) -> Json:
    """Send a message that says that it is a test, and return what became of it."""
    settings = visitor.house.settings
    if number >= len(settings.push):
        raise not_found(Text("这个推送目标", "such target"))
    return Json(send_test(settings, settings.push[number].name, sender_of_tests()))


def _put_target(visitor: Visitor, number: int | None, said: ChangedTarget, status: int = 200) -> Json:
    house, by = visitor.house, visitor.person.signature
    values = said.model_dump(exclude={"version"}, exclude_unset=True)
    put_target(house.workspace, house.state, number, values, version=said.version, by=by)
    return Json(push_page(house.workspace), status_code=status)
