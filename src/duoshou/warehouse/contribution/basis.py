"""The cost settings as plain rows, and the tables that the derivation reads them from."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib import resources

import duckdb

from duoshou.settings import Settings
from duoshou.warehouse.schema import literal

# Rates are kept in millionths, so that fees are computed in whole numbers.
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One `[[costs.rule]]`; None: of every shop or platform, or not said.

    Attributes:
        valid_from: First day of payment.
        shop: Key of the shop.
        platform: Platform in small letters.
        currency: Currency of the orders and of the amounts.
        fee_rate: Platform's share in millionths.
        freight: Freight of an order in cents.
        packaging: Packaging of an order in cents.
    """

    valid_from: date
    shop: str | None
    platform: str | None
    currency: str
    fee_rate: int | None
    freight: int | None
    packaging: int | None


@dataclass(frozen=True, slots=True)
class CostBasis:
    """What the settings say of costs.

    Attributes:
        rules: Fees, freight and packaging of orders.
        units: (shop, code, first day, currency) → cost of one unit.
    """

    rules: tuple[Rule, ...] = ()
    units: tuple[tuple[str, str, date, str, Decimal], ...] = ()

    @property
    def digest(self) -> str:
        """A digest of everything that decides the result beside the tables."""
        return hashlib.sha256(
            repr((self.rules, self.units, subsidising_platforms(), twice_told())).encode()
        ).hexdigest()[:16]


def cost_basis(settings: Settings) -> CostBasis:
    """Return the cost settings as plain rows, with every name of a shop resolved."""
    rules = tuple(
        Rule(
            rule.valid_from or date.min,
            settings.shop(rule.shop).key if rule.shop else None,
            rule.platform.casefold() if rule.platform else None,
            rule.currency or settings.currency,
            _scaled(rule.platform_fee_rate, MILLION),
            _scaled(rule.freight_per_order, 100),
            _scaled(rule.packaging_per_order, 100),
        )
        for rule in settings.costs.rules
    )
    units: dict[tuple[str, str, date, str], Decimal] = {}
    # What is said of one shop stands in the place of what is said of all.
    for unit in sorted(settings.costs.units, key=lambda unit: unit.shop is not None):
        shops = [settings.shop(unit.shop)] if unit.shop else settings.shops
        for shop in shops:
            key = (shop.key, unit.sku, unit.valid_from or date.min, unit.currency or settings.currency)
            units[key] = Decimal(repr(unit.cost))
    return CostBasis(rules, tuple((*key, cost) for key, cost in sorted(units.items())))


def _scaled(value: float | None, factor: int) -> int | None:
    if value is None:
        return None
    # The shortest decimal that stands for the float is what the person wrote.
    return int((Decimal(repr(value)) * factor).to_integral_value(ROUND_HALF_UP))


def subsidising_platforms() -> tuple[str, ...]:
    """Return the platforms that pay the shop for the discounts that they bear."""
    return tuple(sorted(row["name"] for row in _platforms()["platform"]))


def twice_told() -> tuple[tuple[str, str], ...]:
    """Return (platform, mark) where two statements tell the same money; the mark is in the ids of the better one."""
    return tuple(sorted((row["platform"], row["mark"]) for row in _platforms()["twice_told"]))


@cache
def _platforms() -> dict[str, list[dict[str, str]]]:
    text = (resources.files("duoshou.warehouse.contribution") / "platforms.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def basis_tables(connection: duckdb.DuckDBPyConnection, basis: CostBasis) -> None:
    """Make the temporary tables `cost_rule` and `unit_cost`, the latter with the imported costs too."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE cost_rule (valid_from DATE, shop VARCHAR, platform VARCHAR, currency VARCHAR, "
        "fee_rate HUGEINT, freight HUGEINT, packaging HUGEINT)"
    )
    for rule in basis.rules:
        values = [rule.valid_from, rule.shop, rule.platform, rule.currency, rule.fee_rate, rule.freight, rule.packaging]
        connection.execute("INSERT INTO cost_rule VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE given_cost (shop VARCHAR, code VARCHAR, valid_from DATE, currency VARCHAR, "
        "unit_cost DECIMAL(18,4), freight DECIMAL(18,4), packaging DECIMAL(18,4))"
    )
    for unit in basis.units:
        connection.execute("INSERT INTO given_cost VALUES (?, ?, ?, ?, ?, NULL, NULL)", list(unit))
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE unit_cost AS
        WITH sheet AS (
            SELECT shop, sku AS code, valid_from, currency, unit_cost, freight, packaging
            FROM cost)
        SELECT * FROM sheet WHERE code <> {literal("-")}
        UNION ALL SELECT * FROM given_cost ANTI JOIN sheet USING (shop, code, valid_from, currency)
        WHERE code <> {literal("-")}"""
    )
    connection.execute("DROP TABLE given_cost")
