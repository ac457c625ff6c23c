"""设置 → 成本: fees, freight, packaging and unit costs by the day from which they hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from duoshou.app.editing import edit_settings, version_of
from duoshou.app.pages.typed import amount, day, percent
from duoshou.model import Text, plain
from duoshou.settings import CostRule, SettingsError, Shop, UnitCost, Workspace, read_settings
from duoshou.settings.writing import PutItem, TakeItem
from duoshou.state import State

PAGE = 50
NOTHING_SAID = Text("扣点、运费、包装至少写一项", "say at least one of fee, freight and packaging")


class Book(StrEnum):
    """The two lists."""

    RULE = "rule"
    UNIT = "unit"

    @property
    def key(self) -> str:
        """Key of its tables in the settings."""
        return f"costs.{self.value}"


class Standing(StrEnum):
    """Whether something holds today, not yet, or was replaced."""

    NOW = "now"
    LATER = "later"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule, and which of the file it is, from 0."""

    position: int
    rule: CostRule
    standing: Standing


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit cost, and which of the file it is, from 0."""

    position: int
    unit: UnitCost
    standing: Standing


@dataclass(frozen=True, slots=True)
class Costs:
    """What selling costs, as the settings say.

    Attributes:
        version: What the file is at present; goes back with each form.
        currency: Currency of what names none.
        shops: Shops that a cost may be limited to.
        rules: Every rule.
        units: A page of unit costs, by code and then the latest first.
        total: How many unit costs fit the search.
        page: Which page, from 1.
        search: What was searched for.
    """

    version: str
    currency: str
    shops: tuple[Shop, ...]
    rules: tuple[RuleRow, ...]
    units: tuple[UnitRow, ...]
    total: int
    page: int
    search: str

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(-(-self.total // PAGE), 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        rules, units = (
            [
                {"number": one.position, **msgspec.to_builtins(cost), "standing": one.standing.value}
                for one, cost in rows
            ]
            for rows in ([(one, one.rule) for one in self.rules], [(one, one.unit) for one in self.units])
        )
        found = {"rules": plain(rules), "units": plain(units), "total_units": self.total, "page": self.page}
        return {"version": self.version, "currency": self.currency, **found}


def costs(workspace: Workspace, search: str = "", page: int = 1) -> Costs:
    """Return the costs of the settings.

    Args:
        workspace: Whose.
        search: Only unit costs whose code holds this.
        page: Page of the unit costs, from 1; beyond the last one it is empty.

    Raises:
        SettingsError: If the file cannot be used as it stands.
    """
    version = version_of(workspace.settings_file)
    settings = read_settings(workspace)[0]
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    rules = [
        RuleRow(place, one, Standing.LATER if (one.valid_from or date.min) > today else Standing.NOW)
        for place, one in enumerate(settings.costs.rules)
    ]
    units = _unit_rows(settings.costs.units, today)
    wanted = [one for one in units if search.casefold() in one.unit.sku.casefold()]
    shown = wanted[(page - 1) * PAGE : page * PAGE]
    return Costs(version, settings.currency, settings.shops, tuple(rules), tuple(shown), len(wanted), page, search)


def one_cost(workspace: Workspace, book: Book, position: int) -> CostRule | UnitCost | None:
    """Return one of the file; None where there is none."""
    found = read_settings(workspace)[0].costs
    items: tuple[CostRule | UnitCost, ...] = found.rules if book is Book.RULE else found.units
    return items[position] if 0 <= position < len(items) else None


def put_cost(
    workspace: Workspace,
    state: State,
    book: Book,
    position: int | None,
    values: Mapping[str, object],
    *,
    version: str,
    by: str,
) -> None:
    """Add a cost, or change the one at `position`.

    Raises:
        SettingsError: If it cannot be so, or the file is another one by now.
    """
    if book is Book.RULE and all(values.get(name) is None for name in _SAID):
        raise SettingsError("settings_refused", NOTHING_SAID)
    edit_settings(workspace, state, [PutItem(book.key, position, values)], version=version, by=by)


def take_cost(workspace: Workspace, state: State, book: Book, position: int, *, version: str, by: str) -> None:
    """Take a cost away.

    Raises:
        SettingsError: If there is none, or the file is another one by now.
    """
    edit_settings(workspace, state, [TakeItem(book.key, position)], version=version, by=by)


def cost_of_form(book: Book, form: Mapping[str, str]) -> dict[str, object]:
    """Return what a form says of a cost.

    Raises:
        SettingsError: If a number or a day is none.
    """
    typed = {name: value.strip() for name, value in form.items()}
    scope = {name: typed.get(name) or None for name in ("shop", "currency")}
    found: dict[str, object] = {"valid_from": day(Text("生效日", "Valid from"), typed.get("valid_from", "")), **scope}
    if book is Book.UNIT:
        cost = amount(Text("成本", "Cost"), typed.get("cost", ""))
        if cost is None:
            raise SettingsError("settings_refused", Text("请写成本", "say the cost"))
        return {"sku": typed.get("sku", ""), "cost": cost, **found}
    return {
        **found,
        "platform": typed.get("platform") or None,
        "platform_fee_rate": percent(Text("平台扣点", "Platform's fee"), typed.get("platform_fee_rate", "")),
        "freight_per_order": amount(Text("运费", "Freight"), typed.get("freight_per_order", "")),
        "packaging_per_order": amount(Text("包装", "Packaging"), typed.get("packaging_per_order", "")),
    }


_SAID = ("platform_fee_rate", "freight_per_order", "packaging_per_order")


def _unit_rows(units: tuple[UnitCost, ...], today: date) -> list[UnitRow]:
    """Return the unit costs by code; of one scope the latest that has begun holds."""
    newest: dict[tuple[object, ...], date] = {}
    for one in units:
        begins = one.valid_from or date.min
        if begins <= today:
            newest[_scope(one)] = max(newest.get(_scope(one), date.min), begins)
    rows = []
    for place, one in enumerate(units):
        begins = one.valid_from or date.min
        replaced = begins < newest.get(_scope(one), date.min)
        standing = Standing.LATER if begins > today else Standing.REPLACED if replaced else Standing.NOW
        rows.append(UnitRow(place, one, standing))
    rows.sort(key=lambda row: row.unit.valid_from or date.min, reverse=True)
    return sorted(rows, key=lambda row: (row.unit.sku.casefold(), row.unit.sku, row.unit.shop or ""))


def _scope(one: UnitCost) -> tuple[object, ...]:
    return (one.sku, one.shop, one.currency)
