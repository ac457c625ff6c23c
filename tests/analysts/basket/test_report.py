"""What the baskets of a shop with known habits tell."""

from __future__ import annotations

import numpy as np
from tests.analysts.basket.conftest import asked, order, products, shop
from tests.analysts.conftest import Opened

from duoshou.analysts.basket import BasketKind, look_into_baskets
from duoshou.analysts.basket.counting import counted
from duoshou.analysts.basket.pairs import Pair, Relation
from duoshou.engine import Backend
from duoshou.statistics.baskets import Baskets, count_pairs


def named(pair: Pair) -> tuple[str, str]:
    """Return the ids of a pair."""
    return pair.left.id, pair.right.id


def test_complements_substitutes_and_what_follows_are_told_apart(known: Backend) -> None:
    """Bread and butter go together, two mugs replace each other, tea follows bread, and nothing else is told."""
    found = look_into_baskets(asked(known, triples=True))
    assert [named(one) for one in found.pairs] == [("bread", "butter")]
    pair = found.pairs[0]
    assert pair.lift is not None
    assert 1 < pair.low < pair.shrunk < pair.high
    assert pair.false_rate < 0.001
    assert [(named(one), one.relation) for one in found.substitutes] == [(("blue mug", "red mug"), Relation.SUBSTITUTE)]
    follows = {named(one) for one in found.following}
    assert ("bread", "tea") in follows
    assert {("red mug", "blue mug"), ("blue mug", "red mug")} <= follows
    assert found.caveats == ()


def test_pairs_of_the_engine_are_those_of_the_arrays(opened: Opened) -> None:
    """Every pair has the same count in the engine and on arrays of codes."""
    lines = shop(300)
    found = counted(asked(opened(order_line=lines), least=1))
    place = {one: index for index, one in enumerate(found.products)}
    orders = {one: index for index, one in enumerate(sorted({line["order_id"] for line in lines}))}
    baskets = np.array([orders[line["order_id"]] for line in lines])
    items = np.array([place[line["product_id"]] for line in lines])
    expected = count_pairs(Baskets.of(baskets, items))
    for name in ("left", "right", "together"):
        assert getattr(found.pairs, name).tolist() == getattr(expected, name).tolist()


def test_products_that_are_never_sold_in_one_month_are_no_substitutes(opened: Opened) -> None:
    """Two colours that were on sale in different months lie together in no basket, and nothing is told."""
    lines = []
    for number in range(800):
        mug = "red mug" if number % 50 < 25 else "blue mug"
        day = number % 25 + (31 if mug == "blue mug" else 0)
        lines += order(number, day, [f"other {number % 7}", mug], f"b{number % 90}")
    assert look_into_baskets(asked(opened(order_line=lines, product=products()))).substitutes == ()


def test_random_baskets_tell_nothing_whatever_their_sizes(opened: Opened) -> None:
    """Where most orders hold one product and a few hold ten at random, no pair is told as more or less than chance."""
    random = np.random.default_rng(5)
    names = np.array([f"p{number:02}" for number in range(30)])
    lines = []
    for number in range(2500):
        size = 10 if random.random() < 0.05 else 1
        lines += order(number, int(random.integers(0, 50)), random.choice(names, size, replace=False).tolist())
    goods = [{"product_id": str(name), "variant_id": "-", "category": "one"} for name in names]
    found = look_into_baskets(asked(opened(order_line=lines, product=goods)))
    assert found.looked == 30 * 29 // 2
    assert (found.pairs, found.substitutes) == ((), ())


def test_orders_of_one_buyer_on_one_day_can_be_one_basket(opened: Opened) -> None:
    """Two orders of a day are two baskets or one, as is asked; an order without a known buyer stands for itself."""
    lines = [line for number in range(20) for line in order(number, number // 2, ["a" if number % 2 else "b"], "x")]
    lines += [line for number in range(90, 94) for line in order(number, 3, ["a"])]
    backend = opened(order_line=lines)
    one, other = (look_into_baskets(asked(backend, kind=kind)).attach for kind in BasketKind)
    assert one is not None
    assert other is not None
    assert (one.baskets, one.several.value) == (24, 0)
    assert (other.baskets, other.several.value) == (14, 10 / 14)


def test_thin_data_are_said_to_be_thin(opened: Opened) -> None:
    """No orders, one product, and single-product orders each tell nothing, and why."""
    empty = look_into_baskets(asked(opened(order_line=[])))
    assert empty.attach is None
    assert "不能判断" in empty.caveats[0].zh
    one = look_into_baskets(asked(opened(order_line=[line for n in range(9) for line in order(n, n, ["a"])])))
    assert any("不到两个" in each.zh for each in one.caveats)
    single = [line for n in range(20) for line in order(n, n, ["a" if n % 2 else "b"])]
    two = look_into_baskets(asked(opened(order_line=single)))
    assert any("没有两件商品一起买过" in each.zh for each in two.caveats)
    assert (two.pairs, two.bundles) == ((), ())


def test_triples_are_counted_among_products_that_go_together(opened: Opened) -> None:
    """Three products that always come together are a triple with the count of their baskets."""
    lines = [line for n in range(40) for line in order(n, n, ["a", "b", "c"])]
    lines += [line for n in range(100, 400) for line in order(n, n % 50, [f"o{n % 9}", f"p{n % 11}"])]
    found = look_into_baskets(asked(opened(order_line=lines), triples=True))
    assert ([one.id for one in found.triples[0].products], found.triples[0].together) == (["a", "b", "c"], 40)
