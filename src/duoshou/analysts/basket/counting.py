"""Counts of baskets, products, pairs, triples and steps to the next purchase, made in the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from ibis.expr.types import Table

from duoshou.analysts.basket.coding import counted_by_codes
from duoshou.analysts.basket.counts import Counted, Counts, Sizes, Steps
from duoshou.analysts.basket.question import BasketQuestion, days_of_buyers, held, often, paid_lines
from duoshou.statistics.baskets import PairCounts


def counted(question: BasketQuestion) -> Counted:
    """Return products and pairs of the period.

    An engine of this process hands over the baskets as codes; on a cluster they stay where they are and are joined.
    """
    return counted_by_codes(question) if question.backend.in_process else counted_in_engine(question)


def counted_in_engine(question: BasketQuestion) -> Counted:
    """Return products and pairs of the period, all of them counted by the engine."""
    sizes = _sizes(question)
    rows: Any = often(question)
    by_month = rows.group_by(["product_id", "month"]).agg(number=rows.count(), partners=(rows["size"] - 1).sum())
    found = question.backend.execute(by_month).to_pylist()
    products = tuple(sorted({row["product_id"] for row in found}))
    place = {one: index for index, one in enumerate(products)}
    support = np.zeros((len(products), sizes.months.size), dtype=np.int64)
    partners = np.zeros_like(support)
    for row in found:
        at = place[row["product_id"]], int(np.searchsorted(sizes.months, row["month"]))
        support[at], partners[at] = row["number"], row["partners"]
    return Counted(products, support, partners, sizes, _pairs(question, rows, place))


def _sizes(question: BasketQuestion) -> Sizes:
    rows: Any = held(question)
    sized: Any = rows.group_by("basket").agg(size=rows.count(), month=rows["month"].min())
    size = sized["size"]
    grouped = sized.group_by("month").agg(
        baskets=sized.count(), items=size.sum(), pairs=(size * (size - 1)).sum(), several=(size > 1).cast("int64").sum()
    )
    found = sorted(question.backend.execute(grouped).to_pylist(), key=lambda row: row["month"])
    names = ("month", "baskets", "items", "pairs", "several")
    return Sizes(*(np.array([row[name] for row in found], dtype=np.int64) for name in names))


def pairs_in_engine(rows: Table, basket: str = "basket") -> Table:
    """Return `left`, `right` and `together` of all pairs of products, `left` before `right` in the order of ids."""
    one: Any = rows.select(basket, left=rows["product_id"])
    other: Any = rows.select(basket, right=rows["product_id"])
    both: Any = one.join(other, [one[basket] == other[basket], one["left"] < other["right"]])
    return both.group_by(["left", "right"]).agg(together=both.count())


def _pairs(question: BasketQuestion, rows: Table, place: dict[str, int]) -> PairCounts:
    return _positions(question.backend.execute(pairs_in_engine(rows)), place)


def _positions(found: Any, place: dict[str, int]) -> PairCounts:
    left, right = (
        np.array([place[one] for one in found[name].to_pylist()], dtype=np.int64) for name in ("left", "right")
    )
    together = found["together"].to_numpy().astype(np.int64)
    order = np.lexsort((right, left))
    return PairCounts(left[order], right[order], together[order])


def counted_steps(question: BasketQuestion, products: Sequence[str]) -> Steps:
    """Return the steps from purchase to next purchase of one buyer, and what was bought in them."""
    place = {one: index for index, one in enumerate(products)}
    days: Any = days_of_buyers(question)
    first: Any = days.filter(days["following"].notnull())
    steps: Any = first.select("buyer_key", "day", "following").distinct()
    number = question.backend.execute(steps.agg(number=steps.count())).to_pylist()[0]["number"]
    second: Any = days.select("buyer_key", "product_id", following=days["day"]).semi_join(
        steps.select("buyer_key", "following"), ["buyer_key", "following"]
    )
    one: Any = first.select("buyer_key", "following", left=first["product_id"])
    other: Any = second.select("buyer_key", "following", right=second["product_id"])
    both: Any = one.join(other, ["buyer_key", "following"])
    both = both.filter(both["left"] != both["right"])
    both = both.filter(both["left"].isin(list(products)), both["right"].isin(list(products))) if products else both
    grouped: Any = both.group_by(["left", "right"]).agg(together=both.count())
    found = question.backend.execute(grouped.filter(grouped["together"] >= question.least))
    firsts, seconds = (_by_product(question, rows, place) for rows in (first, second))
    return Steps(int(number or 0), firsts, seconds, _positions(found, place))


def _by_product(question: BasketQuestion, rows: Any, place: dict[str, int]) -> Counts:
    found = question.backend.execute(rows.group_by("product_id").agg(number=rows.count())).to_pylist()
    counts = np.zeros(len(place), dtype=np.int64)
    for row in found:
        if row["product_id"] in place:
            counts[place[row["product_id"]]] = row["number"]
    return counts


def buyers_of(question: BasketQuestion, products: Sequence[str]) -> tuple[dict[str, int], dict[tuple[str, str], int]]:
    """Return how many known buyers bought each of a few products, and each two of them, in whatever orders."""
    if not products:
        return {}, {}
    lines: Any = paid_lines(question)
    lines = lines.filter(lines["buyer_key"].notnull(), lines["product_id"].isin(list(products)))
    rows: Any = lines.select("buyer_key", "product_id").distinct()
    single = question.backend.execute(rows.group_by("product_id").agg(number=rows.count())).to_pylist()
    double = question.backend.execute(pairs_in_engine(rows, "buyer_key")).to_pylist()
    return (
        {row["product_id"]: int(row["number"]) for row in single},
        {(row["left"], row["right"]): int(row["together"]) for row in double},
    )


def triples_in_engine(question: BasketQuestion, products: Sequence[str]) -> list[tuple[tuple[str, str, str], int]]:
    """Return the triples of some products that lie together often enough, the most frequent first."""
    if len(products) < 3:
        return []
    rows: Any = held(question)
    rows = rows.filter(rows["product_id"].isin(list(products)))
    a: Any = rows.select("basket", first=rows["product_id"])
    b: Any = rows.select("basket", second=rows["product_id"])
    c: Any = rows.select("basket", third=rows["product_id"])
    two: Any = a.join(b, [a["basket"] == b["basket"], a["first"] < b["second"]]).select("basket", "first", "second")
    three: Any = two.join(c, [two["basket"] == c["basket"], two["second"] < c["third"]])
    grouped: Any = three.group_by(["first", "second", "third"]).agg(together=three.count())
    found = question.backend.execute(grouped.filter(grouped["together"] >= question.least)).to_pylist()
    told = [((row["first"], row["second"], row["third"]), int(row["together"])) for row in found]
    return sorted(told, key=lambda one: (-one[1], one[0]))
