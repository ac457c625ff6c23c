"""Rows told with several attribution windows: which window answers for each object and day, so that none counts twice.

What a click cost is the same in every window, and what it sold is not: costs of objects told with different windows are
added, one window for each object and day, and sales are told only where a single window answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import ibis
from ibis.expr.types import Table

from duoshou.engine import Backend
from duoshou.metrics.coverage import Scope
from duoshou.metrics.derived import of_source
from duoshou.metrics.parts import counted_once, has_both
from duoshou.metrics.source import Source

FORGOTTEN = 7
"""A source that lacks one day in seven at most counts as knowing the period: an export that somebody forgot must not
change the definition behind a number from one day to the next. The answer is flagged `missing_days` all the same."""
One = int | str | None
Variant = One | tuple[One, ...]
"""The window that is read; several, the one preferred first: one of them for each object and day."""


@dataclass(slots=True)
class Objects:
    """How many objects are told of on a day: in any window, and in each."""

    whole: int = 0
    of: dict[One, int] = field(default_factory=lambda: defaultdict(int))


Held = dict[tuple[str, str | None, str | None], dict[date, Objects]]
"""Shop, platform and currency → day → objects."""


def held_by(backend: Backend, source: Source) -> Held:
    """Return how many objects each window tells of, learnt once for each snapshot."""
    memory_key = ("objects", source.key)
    if memory_key not in backend.memory:
        backend.memory[memory_key] = _learn(backend, source)
    found: Held = backend.memory[memory_key]
    return found


def _learn(backend: Backend, source: Source) -> Held:
    table = of_source(backend.table(source.table), source)
    table = counted_once(table, source) if has_both(backend, source) else table
    scope = {"shop": "shop", "platform": "platform", "currency": "currency"}
    named = {name: table[column] for name, column in scope.items()} | {"day": table[source.date]}
    objects = {f"object_{column}": table[column] for column in source.variant_of}
    held: Held = defaultdict(lambda: defaultdict(Objects))
    for extra in ({}, {"variant": table[str(source.variant)]}):
        each = table.select(**named, **objects, **extra).distinct()
        counted = each.group_by([*named, *extra]).aggregate(objects=each.count())
        for row in backend.execute(counted).to_pylist():
            found = held[row["shop"], row["platform"], row["currency"]][row["day"]]
            if extra:
                found.of[row["variant"]] = row["objects"]
            else:
                found.whole = row["objects"]
    return held


def _known(backend: Backend, source: Source) -> tuple[One, ...]:
    """Return the windows of a source, which is far cheaper than what each tells of, learnt once for each snapshot."""
    memory_key = ("variants", source.key)
    if memory_key not in backend.memory:
        table = of_source(backend.table(source.table), source)
        found = backend.execute(table.select(variant=table[str(source.variant)]).distinct()).to_pylist()
        backend.memory[memory_key] = ranked((row["variant"] for row in found), source)
    known: tuple[One, ...] = backend.memory[memory_key]
    return known


def is_whole(held: Held, scopes: Iterable[Scope], variant: One, days: Iterable[tuple[date, date]]) -> bool:
    """Return whether a window leaves no object out: on each day it tells of all in a shop, or of nothing.

    A day of which it tells nothing is a missing day, which an answer says.

    Args:
        held: Objects of each window.
        scopes: Rows that are asked for.
        variant: The window.
        days: First and last of the days asked for.
    """
    spans = tuple(days)
    places = {(one.shop, one.platform, one.currency) for one in scopes}
    for shop in {one[0] for one in places}:
        sums: dict[date, list[int]] = defaultdict(lambda: [0, 0])
        for place in places:
            if place[0] != shop:
                continue
            for day, objects in held.get(place, {}).items():
                if any(first <= day <= last for first, last in spans):
                    sums[day][0] += objects.whole
                    sums[day][1] += objects.of.get(variant, 0)
        told = [one for one in sums.values() if one[1]]
        if sums and (not told or any(own < whole for whole, own in told)):
            return False
    return True


def ranked(variants: Iterable[One], source: Source) -> tuple[One, ...]:
    """Return windows, the one that the source prefers first."""
    order = {value: position for position, value in enumerate(source.variant_order)}

    def rank(value: One) -> tuple[int, int, str]:
        number = value if isinstance(value, int) else 0
        return order.get(value or 0, len(order)), number, "" if isinstance(value, int) else value or ""

    return tuple(sorted(variants, key=rank))


def one_of_each(table: Table, source: Source, variants: Sequence[One]) -> Table:
    """Return of each object and day the rows of the first of the windows that tells of it."""
    column: Any = table[str(source.variant)]
    place = ibis.cases(*((column == one, number) for number, one in enumerate(variants)), else_=len(variants))
    keys = [name for name in ("shop", "platform", "currency", source.date, *source.variant_of) if name in table.columns]
    first = place.min().over(ibis.window(group_by=keys))
    marked = table.mutate(variant_place=place, variant_first=first)
    return marked.filter(marked["variant_place"] == marked["variant_first"]).drop("variant_place", "variant_first")


def answering(backend: Backend, source: Source, shop: str | None, days: Sequence[date]) -> tuple[One, ...]:
    """Return the window that answers for rows of a shop, or the several that do, the one preferred first.

    The rule is that of every metric: a window alone where it leaves no object out and lacks few days, else each.

    Args:
        backend: Open engine.
        source: How the table is read.
        shop: Key of the shop; None: all.
        days: The days asked for, in order.
    """
    alone = _known(backend, source)
    if len(alone) < 2:
        return alone
    held = {place: of for place, of in held_by(backend, source).items() if shop in {None, place[0]}}
    asked = set(days)
    by_day = [(day, one) for of in held.values() for day, one in of.items() if day in asked]
    told = ranked({variant for _, one in by_day for variant in one.of}, source)
    if len(told) < 2:
        return told
    scopes = [Scope(*place, None, None) for place in held]
    choices: list[tuple[One, ...]] = [(one,) for one in told if is_whole(held, scopes, one, ((days[0], days[-1]),))]

    def lacking(choice: tuple[One, ...]) -> int:
        missing = len(asked) - len({day for day, one in by_day if any(one.of.get(variant) for variant in choice)})
        return 0 if missing <= len(asked) // FORGOTTEN else missing

    return min([*choices, told], key=lacking)
