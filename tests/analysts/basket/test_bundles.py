"""A bundle's margin at a discount, what it gives away and when it pays."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analysts.basket.conftest import PERIOD, asked, products, shop
from tests.analysts.conftest import Opened

from duoshou.analysts.basket import bundle_findings, look_into_baskets
from duoshou.analysts.basket.bundles import BundleVerdict, MarginBasis, UnitMoney, bundle
from duoshou.analysts.basket.pairs import Pair, Product, Relation
from duoshou.engine import Backend


def pair(together: int = 60, left: int = 300, right: int = 200) -> Pair:
    """Return a pair that lies together twice as often as by chance."""
    one, other = Product("a", "A"), Product("b", "B")
    return Pair(
        one, other, Relation.COMPLEMENT, together, left, right, 2.0, together / 2, 2.0, 1.6, 2.5, 0.001, 50, 350
    )


def money(price: int, margin: int | None) -> UnitMoney:
    """Return price and margin of a piece."""
    basis = None if margin is None else MarginBasis.CONTRIBUTION
    return UnitMoney(Decimal(price), None if margin is None else Decimal(margin), basis)


def test_a_bundle_is_reckoned_as_by_hand() -> None:
    """Of 100 + 50 with margins 40 and 30 at 10 % off, 60 orders in 60 days give away 450; 30 more earn it back."""
    found = bundle(pair(), money(100, 40), money(50, 30), 0.1, 60)
    assert (found.price, found.margin, found.margin_at_discount) == (Decimal(150), Decimal(70), Decimal(55))
    assert (found.orders, found.one_sided, found.given_away) == (30, 190, Decimal(450))
    assert found.break_even == 30  # 450 / (30 - 15)
    assert (found.worth, found.worth_low, found.worth_high) == (Decimal(450), Decimal("337.50"), Decimal(540))
    assert found.bought_both == pytest.approx(50 / 350)
    assert found.verdict is BundleVerdict.TEST


def test_what_cannot_pay_is_said() -> None:
    """Too dear a discount leaves no margin, too few one-sided orders cannot earn it back, no cost tells nothing."""
    assert bundle(pair(), money(100, 40), money(50, 14), 0.1, 60).verdict is BundleVerdict.NO_MARGIN
    always = pair(together=150, left=160, right=160)
    assert bundle(always, money(100, 40), money(50, 30), 0.1, 60).verdict is BundleVerdict.GIVES_AWAY
    unknown = bundle(pair(), money(100, None), money(50, 30), 0.1, 60)
    assert (unknown.verdict, unknown.worth, unknown.margin) == (BundleVerdict.CANNOT_TELL, None, None)


@given(st.integers(1, 500), st.integers(1, 100), st.floats(0, 0.9), st.integers(1, 400))
def test_a_bundle_that_breaks_even_earns_what_it_gives_away(
    price: int, margin: int, discount: float, days: int
) -> None:
    """The break-even orders earn at least the discount that is given away, and one fewer does not."""
    found = bundle(pair(), money(price, margin), money(price, margin), discount, days)
    if found.break_even is None:
        return
    reduction = 2 * price * Decimal(str(discount))
    added, given = margin - reduction, Decimal(str(found.orders)) * reduction
    assert found.break_even * added >= given - Decimal("1e-9")
    assert not found.break_even or (found.break_even - 1) * added < given


def test_a_bundle_worth_a_test_is_a_finding(known: Backend) -> None:
    """With a stated margin, bread and butter become one finding: what to do, and no promise of money."""
    report = look_into_baskets(asked(known, margin=0.4))
    found = bundle_findings(report, PERIOD.end)
    assert [one.subject.id for one in found] == ["bread+butter"]
    assert found[0].impact is None
    (recommended,) = found[0].recommendations
    assert recommended.expected_effect is not None
    assert f"{report.bundles[0].needed:.1%}" in recommended.expected_effect.zh
    assert "若有 10% 加购" in recommended.expected_effect.zh
    # Everybody reads a finding but for the effect that is expected, and not everybody may see what a bundle leaves.
    read_by_all = str((found[0].headline, found[0].caveats, recommended.action, recommended.why))
    assert str(report.bundles[0].margin_at_discount) not in str(found[0])
    assert f"{report.bundles[0].needed:.1%}" not in read_by_all
    assert bundle_findings(look_into_baskets(asked(known)), PERIOD.end) == ()


def test_margins_are_those_of_the_lines_that_tell_them(opened: Opened) -> None:
    """The contribution of the lines goes before a stated margin, and is told as the weaker of the two bases."""
    lines = shop(500)
    left = [
        {
            **{name: line[name] for name in ("order_id", "line_no", "product_id", "paid_on", "quantity")},
            "contribution": Decimal(3),
        }
        for line in lines
        if line["product_id"] == "bread"
    ]
    backend = opened(order_line=lines, product=products(), line_contribution=left)
    found = look_into_baskets(asked(backend, margin=0.5)).bundles[0]
    assert (found.margin, found.basis) == (Decimal(8), MarginBasis.STATED)
    untold = look_into_baskets(asked(backend)).bundles[0]
    assert untold.verdict is BundleVerdict.CANNOT_TELL
