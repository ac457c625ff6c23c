"""What two products that go together would bring as a bundle at a discount, and what it would give away."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from duoshou.analysts.basket.pairs import Pair
from duoshou.analysts.basket.question import BasketQuestion, paid_lines
from duoshou.model.numbers import cents

CONTRIBUTION = "line_contribution"
OTHER_COSTS = ("platform_fees", "freight_cost", "packaging_cost")
"""What is taken off the margin of goods as far as it is known."""
HORIZON = 30


class MarginBasis(StrEnum):
    """What a margin rests on: contribution of the lines, what is left after their known costs, or a stated rate."""

    CONTRIBUTION = "contribution"
    GROSS_MARGIN = "gross_margin"
    STATED = "stated"


class BundleVerdict(StrEnum):
    """Whether a bundle can pay.

    TEST: It pays when enough of those who take one take both; whether they do is for a test to say.
    GIVES_AWAY: Not even if every order with one of them took both: too many buy both anyway.
    NO_MARGIN: The second product leaves less than the discount costs.
    CANNOT_TELL: A margin is unknown.
    """

    TEST = "test"
    GIVES_AWAY = "gives_away"
    NO_MARGIN = "no_margin"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class UnitMoney:
    """What a piece of a product costs the buyer and leaves the shop; the margin None where it is unknown."""

    price: Decimal
    margin: Decimal | None
    basis: MarginBasis | None


@dataclass(frozen=True, slots=True)
class Bundle:
    """A pair as a bundle of one piece each. Money and orders are those of 30 days.

    Attributes:
        pair: The pair.
        price: Price of both without a discount, as paid.
        discount: Part of it that the bundle leaves to the buyer.
        margin: What both leave without a discount; None: unknown.
        margin_at_discount: What both leave at the discount.
        basis: What the margins rest on, the weaker of the two.
        orders: Orders with both.
        one_sided: Orders with one of them only.
        given_away: What those who buy both anyway would be given.
        break_even: More orders with both that earn it back; None where none can.
        bought_both: Share of the known buyers of either who bought both anyway; None: no buyer is known.
        worth: What the orders with both beyond chance leave, at the margin of the lesser one.
        worth_low: Lower end of its 95 % interval.
        worth_high: Upper end.
        verdict: Whether it can pay.
    """

    pair: Pair
    price: Decimal
    discount: float
    margin: Decimal | None
    margin_at_discount: Decimal | None
    basis: MarginBasis | None
    orders: float
    one_sided: float
    given_away: Decimal
    break_even: int | None
    bought_both: float | None
    worth: Decimal | None
    worth_low: Decimal | None
    worth_high: Decimal | None
    verdict: BundleVerdict

    @property
    def needed(self) -> float | None:
        """Share of the orders with one of them that must take both for the bundle to earn its discount back."""
        return None if self.break_even is None or not self.one_sided else self.break_even / self.one_sided


def unit_money(question: BasketQuestion, products: Sequence[str]) -> dict[str, UnitMoney]:
    """Return mean price and margin of a piece of each product, over the period."""
    if not products:
        return {}
    lines: Any = paid_lines(question)
    lines = lines.filter(lines["product_id"].isin(list(products)))
    paid: Any = lines["first_paid_amount"].coalesce(lines["paid_amount"])
    sold = lines.group_by("product_id").agg(paid=paid.sum(), units=lines["quantity"].coalesce(1).sum())
    margins = _margins(question, products)
    found = {}
    for row in question.backend.execute(sold).to_pylist():
        if row["paid"] is None or not row["units"]:
            continue
        price = Decimal(row["paid"]) / int(row["units"])
        margin, basis = margins.get(row["product_id"], (None, None))
        if margin is None and question.margin is not None:
            margin, basis = price * Decimal(str(question.margin)), MarginBasis.STATED
        found[row["product_id"]] = UnitMoney(price, margin, basis)
    return found


def _margins(question: BasketQuestion, products: Sequence[str]) -> dict[str, tuple[Decimal, MarginBasis]]:
    """Return the margin of a piece that was sold, from the lines of which it is known."""
    if not question.backend.has_table(CONTRIBUTION):
        return {}
    rows: Any = question.backend.table(CONTRIBUTION)
    wanted = [rows["paid_on"] >= question.period.start, rows["paid_on"] <= question.period.end]
    wanted += [rows["product_id"].isin(list(products)), rows["quantity"] > 0]
    if question.shop is not None:
        wanted.append(rows["shop"] == question.shop)
    rows = rows.filter(*wanted)
    whole, gross = rows["contribution"].notnull(), rows["gross_margin"].notnull()
    summed = rows.group_by("product_id").agg(
        contribution=rows["contribution"].sum(),
        contributing=rows["quantity"].sum(where=whole),
        known=rows["gross_margin"].sum() - sum(rows[one].sum(where=gross).coalesce(0) for one in OTHER_COSTS),
        costed=rows["quantity"].sum(where=gross),
    )
    found = {}
    for row in question.backend.execute(summed).to_pylist():
        if row["contribution"] is not None and row["contributing"]:
            each = Decimal(row["contribution"]) / int(row["contributing"])
            found[row["product_id"]] = (each, MarginBasis.CONTRIBUTION)
        elif row["known"] is not None and row["costed"]:
            found[row["product_id"]] = (Decimal(row["known"]) / int(row["costed"]), MarginBasis.GROSS_MARGIN)
    return found


def bundles(question: BasketQuestion, pairs: Sequence[Pair], money: Mapping[str, UnitMoney]) -> tuple[Bundle, ...]:
    """Return the pairs as bundles: those that can pay first, the most money first."""
    days = (question.period.end - question.period.start).days + 1
    found = [
        bundle(one, money[one.left.id], money[one.right.id], question.discount, days)
        for one in pairs
        if one.left.id in money and one.right.id in money
    ]
    ranks = list(BundleVerdict)
    return tuple(sorted(found, key=lambda one: (ranks.index(one.verdict), -(one.worth_low or Decimal(0)))))


def bundle(pair: Pair, left: UnitMoney, right: UnitMoney, discount: float, days: int) -> Bundle:
    """Return a pair as a bundle, from prices and margins of a piece; `days` is the length of the period it was seen in.

    The order that a bundle persuades would have held the product with the larger margin anyway: what it adds is the
    lesser margin less the discount on both. That is the careful reading.
    """
    scale = HORIZON / days
    price = left.price + right.price
    reduction = price * Decimal(str(discount))
    orders = pair.together * scale
    one_sided = (pair.with_left + pair.with_right - 2 * pair.together) * scale
    given = Decimal(str(orders)) * reduction
    both = None if left.margin is None or right.margin is None else left.margin + right.margin
    basis = (
        None if both is None else max((one.basis for one in (left, right) if one.basis), key=list(MarginBasis).index)
    )
    verdict, break_even = BundleVerdict.CANNOT_TELL, None
    worth: tuple[Decimal | None, ...] = (None, None, None)
    if left.margin is not None and right.margin is not None:
        lesser = min(left.margin, right.margin)
        worth = tuple(
            cents(lesser * Decimal(str(orders * (1 - 1 / one)))) for one in (pair.shrunk, pair.low, pair.high)
        )
        added = lesser - reduction
        if added <= 0:
            verdict = BundleVerdict.NO_MARGIN
        else:
            break_even = math.ceil(given / added)
            verdict = BundleVerdict.TEST if break_even <= one_sided else BundleVerdict.GIVES_AWAY
    known = pair.buyers is not None and pair.buyers_of_either
    return Bundle(
        pair,
        cents(price),
        discount,
        None if both is None else cents(both),
        None if both is None else cents(both - reduction),
        basis,
        orders,
        one_sided,
        cents(given),
        break_even,
        pair.buyers / pair.buyers_of_either if known and pair.buyers is not None and pair.buyers_of_either else None,
        worth[0],
        worth[1],
        worth[2],
        verdict,
    )
