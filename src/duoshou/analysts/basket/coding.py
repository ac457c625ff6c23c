"""Baskets fetched as codes and counted here: an engine of this process hands over numbers faster than it joins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray

from duoshou.analysts.basket.counts import Counted, Counts, Sizes
from duoshou.analysts.basket.question import BasketQuestion, paid_lines
from duoshou.statistics.baskets import Baskets, PairCounts, count_pairs, joined_pairs

MOST_LINES = 8_000_000
"""Lines fetched at one time; of more, the baskets are fetched in parts that are told by a hash of their key."""


@dataclass(frozen=True, slots=True)
class _Range:
    """Products by code and the months of their lines.

    Attributes:
        products: Ids by code, ascending.
        place: Position among the products that may lie in enough baskets, by code; -1 for the others.
        first: The first month.
        months: How many there are from the first to the last.
        lines: How many order lines.
    """

    products: tuple[str, ...]
    place: Counts
    first: int
    months: int
    lines: int


def counted_by_codes(question: BasketQuestion) -> Counted:
    """Return products and pairs of the period, counted from codes of baskets and products."""
    within = _range(question)
    chosen = np.flatnonzero(within.place >= 0)
    shape = chosen.size, within.months
    support, partners = (np.zeros(shape, dtype=np.int64) for _ in range(2))
    sizes = np.zeros((4, within.months), dtype=np.int64)
    pairs = PairCounts(*(np.empty(0, dtype=np.int64),) * 3)
    for baskets, months in _fetched(question, within):
        size = np.bincount(baskets.baskets, minlength=months.size)
        sizes += _sizes(size, months, within.months)
        place = within.place[baskets.items]
        wanted = place >= 0
        basket = baskets.baskets[wanted]
        cell = place[wanted] * within.months + months[basket]
        support += np.bincount(cell, minlength=support.size).reshape(shape)
        others = np.bincount(cell, size[basket] - 1, minlength=support.size)
        partners += others.astype(np.int64).reshape(shape)
        pairs = joined_pairs(pairs, count_pairs(baskets.only(within.place >= 0)))
    return _kept(question, within, chosen, support, partners, sizes, pairs)


def _range(question: BasketQuestion) -> _Range:
    lines: Any = paid_lines(question)
    grouped = lines.group_by("product_id").agg(
        lines=lines.count(), first=lines["month"].min(), last=lines["month"].max()
    )
    found = question.backend.execute(grouped).sort_by("product_id")
    number = found["lines"].to_numpy()
    place = np.where(number >= question.least, np.cumsum(number >= question.least) - 1, -1)
    first, last = (found[name].to_numpy() for name in ("first", "last"))
    begin = int(first.min()) if first.size else 0
    months = int(last.max()) - begin + 1 if last.size else 0
    return _Range(tuple(found["product_id"].to_pylist()), place, begin, months, int(number.sum()))


def _fetched(question: BasketQuestion, within: _Range) -> Iterator[tuple[Baskets, NDArray[np.int64]]]:
    """Return the baskets, a part at a time, and for each basket its month, counted from the first."""
    lines: Any = paid_lines(question)
    names: Any = lines.select("product_id").distinct()
    names = names.mutate(code=ibis.row_number().over(ibis.window(order_by="product_id")).cast("int32"))
    parts = 1 << max(-(-within.lines // MOST_LINES) - 1, 0).bit_length() if within.lines else 0
    for part in range(parts):
        some = lines.filter((lines["basket"].hash() & (parts - 1)) == part) if parts > 1 else lines
        coded = some.join(names, "product_id")
        whole = coded.group_by("basket").agg(
            month=(coded["month"].min() - within.first).cast("int32"), codes=coded["code"].collect()
        )
        found = question.backend.execute(whole.select("month", "codes")).combine_chunks()
        codes = found["codes"].combine_chunks()
        number = np.diff(codes.offsets.to_numpy())
        basket = np.repeat(np.arange(number.size), number)
        months = found["month"].to_numpy().astype(np.int64)
        items = codes.values.to_numpy()
        del found, codes
        yield Baskets.of(basket, items, number_of_items=len(within.products)), months


def _sizes(size: Counts, month: Counts, months: int) -> Counts:
    """Return baskets, items, pairs in both orders and baskets with several products, by month."""
    rows = (np.ones_like(size), size, size * (size - 1), (size > 1).astype(np.int64))
    return np.array([np.bincount(month, one, minlength=months) for one in rows]).astype(np.int64)


def _kept(
    question: BasketQuestion,
    within: _Range,
    chosen: Counts,
    support: Counts,
    partners: Counts,
    sizes: Counts,
    pairs: PairCounts,
) -> Counted:
    """Return what lies in enough baskets, and the months in which anything was bought."""
    often = support.sum(axis=1) >= question.least
    used = np.flatnonzero(sizes[0])
    position = np.full(len(within.products), -1, dtype=np.int64)
    position[chosen[often]] = np.arange(int(often.sum()))
    left, right = position[pairs.left], position[pairs.right]
    both = (left >= 0) & (right >= 0)
    return Counted(
        tuple(within.products[code] for code in chosen[often].tolist()),
        support[np.ix_(often, used)],
        partners[np.ix_(often, used)],
        Sizes(used + within.first, *sizes[:, used]),
        PairCounts(left[both], right[both], pairs.together[both]),
    )
