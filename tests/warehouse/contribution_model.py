"""What `line_contribution` must hold, worked out line by line in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

CENT = Decimal("0.01")
FEES = {"commission", "service_fee", "affiliate_fee", "promotion_fee", "insurance", "tax"}


@dataclass(frozen=True)
class Line:
    """One order line, as far as it matters."""

    order: str
    number: int
    sku: str | None = None
    product: str | None = None
    quantity: int | None = 1
    paid: Decimal | None = None
    first: Decimal | None = None
    refund: Decimal | None = None
    status: str | None = "paid"
    platform: str = "taobao"
    discount_platform: Decimal | None = None
    paid_on: date | None = date(2026, 1, 10)
    created_on: date | None = date(2026, 1, 9)
    shop: str = "main"
    currency: str = "CNY"
    freight: Decimal | None = None


@dataclass(frozen=True)
class Cost:
    """One row of the cost sheet, or one `[[costs.unit]]`."""

    sku: str
    valid_from: date = date.min
    unit: Decimal | None = None
    freight: Decimal | None = None
    packaging: Decimal | None = None
    given: bool = False
    shop: str = "main"
    currency: str = "CNY"


@dataclass(frozen=True)
class Booking:
    """One row of a statement."""

    order: str | None
    kind: str
    amount: Decimal | None
    status: str | None = "settled"
    shop: str = "main"
    currency: str = "CNY"


@dataclass(frozen=True)
class Rule:
    """One `[[costs.rule]]`."""

    valid_from: date = date.min
    shop: str | None = None
    platform: str | None = None
    fee: Decimal | None = None
    freight: Decimal | None = None
    packaging: Decimal | None = None
    currency: str = "CNY"


def contributions(
    lines: Sequence[Line], shipped: set[str], costs: Sequence[Cost], bookings: Sequence[Booking], rules: Sequence[Rule]
) -> dict[tuple[str, str, int], dict[str, Any]]:
    """Return the values of every line that was paid for, by its key."""
    orders: dict[tuple[str, str], list[Line]] = {}
    for line in sorted(lines, key=lambda line: line.number):
        if was_sold(line):
            orders.setdefault((line.shop, line.order), []).append(line)
    found: dict[tuple[str, str, int], dict[str, Any]] = {}
    for (shop, order), members in orders.items():
        mine = [one for one in bookings if (one.shop, one.order) == (shop, order)]
        for line, values in zip(members, of_order(members, order in shipped, costs, mine, rules), strict=True):
            found[shop, order, line.number] = values
    return found


def was_sold(line: Line) -> bool:
    """Return whether the line was paid for."""
    if line.paid_on is not None:
        return True
    return line.status != "created" and not (line.status == "closed" and not line.first)


def kept_of(line: Line) -> Decimal | None:
    """Return what is left of what was paid."""
    if line.status == "closed" and line.refund is None:
        return Decimal(0)
    paid = line.paid if line.first is None else line.first
    return None if paid is None else paid - (line.refund or 0)


def of_order(
    lines: list[Line], shipped: bool, costs: Sequence[Cost], bookings: list[Booking], rules: Sequence[Rule]
) -> list[dict[str, Any]]:
    """Return the values of the lines of one order."""
    days = [line.paid_on for line in lines if line.paid_on] or [line.created_on for line in lines if line.created_on]
    day = min(days, default=date.min)
    kept = [kept_of(line) for line in lines]
    gone = [
        (line.quantity is None or line.quantity > 0)
        and value is not None
        and value <= max(line.freight or 0, 0)
        and ((line.refund or 0) > 0 or line.status == "closed")
        for line, value in zip(lines, kept, strict=True)
    ]
    ships = [
        (line.quantity is None or line.quantity > 0) and (not lost or shipped or line.status in ("shipped", "finished"))
        for line, lost in zip(lines, gone, strict=True)
    ]
    weights = [abs((line.paid if line.first is None else line.first) or Decimal(0)) for line in lines]
    parcel = [weight if ship else Decimal(0) for weight, ship in zip(weights, ships, strict=True)]
    by_paid = weights if any(weights) else [Decimal(1)] * len(lines)
    by_parcel = parcel if any(parcel) else [Decimal(int(ship)) for ship in ships]
    fees, basis = fees_of(lines[0], day, kept, bookings, rules)
    settled_subsidy = subsidy_of(bookings) if basis == "actual" else None
    fee_parts, subsidy_parts = split(fees, by_paid), split(settled_subsidy, by_paid)
    parcels = {name: split(rule_value(name, lines[0], day, rules), by_parcel) for name in ("freight", "packaging")}
    rows = []
    for number, line in enumerate(lines):
        cost = cost_of(line, day, costs)
        row: dict[str, Any] = {"kept_amount": kept[number], "platform_fees": fee_parts[number], "fee_basis": basis}
        subsidy = subsidy_parts[number]
        if settled_subsidy is None:
            free = gone[number] or line.discount_platform == 0
            pays = line.platform in ("pdd", "douyin")
            subsidy = Decimal(0) if free else line.discount_platform if pays else None
        row["platform_subsidy"] = subsidy
        left = kept[number]
        row["income"] = None if left is None else left + (subsidy or 0)
        units = 0 if gone[number] else line.quantity
        row["goods_cost"] = Decimal(0) if units == 0 else times(cost.unit if cost else None, units)
        for name, parts in parcels.items():
            per_unit = getattr(cost, name) if cost else None
            of_line = parts[number] if per_unit is None else times(per_unit, line.quantity)
            row[f"{name}_cost"] = of_line if ships[number] else Decimal(0)
        taken = [row[name] for name in ("goods_cost", "platform_fees", "freight_cost", "packaging_cost")]
        income = row["income"]
        row["gross_margin"] = None if income is None or taken[0] is None else income - taken[0]
        row["contribution"] = None if income is None or None in taken else income - sum(taken)
        row["cost_known"] = int(taken[0] is not None)
        row["costed_amount"] = income if taken[0] is not None else None
        row["contributing_amount"] = income if row["contribution"] is not None else None
        rows.append(row)
    return rows


def fees_of(
    line: Line, day: date, kept: list[Decimal | None], bookings: list[Booking], rules: Sequence[Rule]
) -> tuple[Decimal | None, str]:
    """Return the platform's fees of an order and what they rest on."""
    counted = [one for one in bookings if one.status in (None, "settled") and one.currency == line.currency]
    fees = [one.amount for one in counted if one.kind in FEES]
    if any(one.kind in ("sales", "commission", "service_fee") for one in counted) and None not in fees:
        return -sum((fee for fee in fees if fee is not None), Decimal(0)), "actual"
    rate = rule_value("fee", line, day, rules)
    if rate is None or None in kept:
        return None, "none"
    total = sum((value for value in kept if value is not None), Decimal(0))
    return (total * rate).quantize(CENT, ROUND_HALF_UP), "estimated"


def subsidy_of(bookings: list[Booking]) -> Decimal | None:
    """Return the subsidy that was settled."""
    told = [
        one.amount
        for one in bookings
        if one.kind == "platform_subsidy" and one.status in (None, "settled") and one.amount is not None
    ]
    return sum(told, Decimal(0)) if told else None


def rule_value(name: str, line: Line, day: date, rules: Sequence[Rule]) -> Decimal | None:
    """Return what the closest, then latest rule says."""
    fitting = [
        rule
        for rule in rules
        if getattr(rule, name) is not None
        and rule.valid_from <= day
        and rule.currency == line.currency
        and rule.shop in (None, line.shop)
        and rule.platform in (None, line.platform)
    ]
    best = max(fitting, key=lambda r: (r.shop is not None, r.platform is not None, r.valid_from), default=None)
    return getattr(best, name) if best else None


def cost_of(line: Line, day: date, costs: Sequence[Cost]) -> Cost | None:
    """Return the latest cost row by seller's code, else by product; the sheet before the settings."""
    for code in (line.sku, line.product):
        fitting = [
            cost
            for cost in costs
            if (cost.shop, cost.currency) == (line.shop, line.currency) and cost.sku == code and cost.valid_from <= day
        ]
        if fitting and code != "-":
            return max(fitting, key=lambda cost: (cost.valid_from, not cost.given))
    return None


def times(per_unit: Decimal | None, units: int | None) -> Decimal | None:
    """Return the amount of so many units."""
    return None if per_unit is None or units is None else (per_unit * units).quantize(CENT, ROUND_HALF_UP)


def split(total: Decimal | None, weights: list[Decimal]) -> list[Decimal | None]:
    """Share `total` out by cumulative rounding, half away from zero."""
    if total is None:
        return [None] * len(weights)
    whole = sum(weights) or Decimal(1)
    shares: list[Decimal | None] = []
    before, running = 0, Decimal(0)
    for weight in weights:
        running += weight
        exact = Fraction(abs(total) * 100) * Fraction(running) / Fraction(whole)
        upto = int(exact + Fraction(1, 2))
        shares.append((Decimal(upto - before) / 100).copy_sign(total) if upto != before else Decimal(0))
        before = upto
    return shares
