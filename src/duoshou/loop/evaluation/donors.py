"""Whom something is compared with: others that what was done cannot have touched."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from duoshou.loop.evaluation.case import Case, Done
from duoshou.loop.evaluation.company import partners, promoted
from duoshou.loop.evaluation.kinds import UNKNOWN, Kinds, kinds_of, sizes
from duoshou.loop.evaluation.reading import Reader, Values
from duoshou.loop.evaluation.windows import Window
from duoshou.model import Period

COMPARED = {"product": "pay_amount", "category": "pay_amount", "campaign": "ad_cost"}
"""Types whose subjects do not live from one another, and what shows that one is alive. Agents share the same
inquiries, variants the same page, sources the same buyers: there a gain of one is the loss of another."""
COMPETING = frozenset({"product"})
"""Types of which those most alike compete, and are no donors of one another."""
ALIVE = 0.5
"""Share of the days before on which a donor must have been alive."""
LATELY = 14
MOST_DONORS = 40
"""The largest are kept: their chance is the smallest, and more of them add little."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is looked at: one or several subjects of a type, added."""

    type: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Donors:
    """Whom something is compared with.

    Attributes:
        names: Their keys, the largest first.
        rivals: Those that compete with it and may have lost what it gained.
        excluded: Why how many were left out: `substitute`, `partner`, `campaign`, `own_change` or `dead`.
        kinds: Of what kind all of them are.
    """

    names: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    excluded: Mapping[str, int] = field(default_factory=dict)
    kinds: Kinds = field(default=UNKNOWN, repr=False)


def donors_of(reader: Reader, target: Target, case: Case, window: Window, done: Sequence[Done]) -> Donors:
    """Return whom a target is compared with.

    Left out are: what competes with it (same category and a mean price within a factor of `PRICE_BAND`; where no file
    tells categories, the price alone), what is bought with it, what shares a campaign with it, what was changed itself
    from the days before to the last judged one, and what hardly sells.
    """
    alive_by = COMPARED.get(target.type)
    sold = None if alive_by is None else reader.values(alive_by, target.type)
    if sold is None:
        return Donors()
    days = Period(window.past.start, min(window.last, max(reader.until, window.past.end)))
    reasons = dict.fromkeys(_dead(sold, window.past), "dead")
    kinds = kinds_of(reader, sold, window.past) if target.type in COMPETING else UNKNOWN
    rivals = kinds.rivals(target.names)
    if target.type in COMPETING:
        reasons |= dict.fromkeys(rivals, "substitute")
        reasons |= dict.fromkeys(partners(reader.backend, reader.shop, target.names, window.past), "partner")
    if target.type in {"product", "campaign"}:
        reasons |= dict.fromkeys(_pushed_with(reader, target, days), "campaign")
    reasons |= dict.fromkeys(changed(target.type, done, days, case), "own_change")
    others = [name for name in sold.names if name not in set(target.names)]
    kept = [name for name in others if name not in reasons]
    size = sizes(sold, window.past)
    kept.sort(key=lambda name: (-size[name], name))
    competing = tuple(sorted(name for name in rivals if reasons[name] != "own_change"))
    excluded = Counter(reasons[name] for name in others if name in reasons)
    return Donors(tuple(kept[:MOST_DONORS]), competing, excluded, kinds)


def changed(type_: str, done: Sequence[Done], days: Period, case: Case) -> frozenset[str]:
    """Return the subjects of a type that were changed themselves within the days, but for the case's own."""
    lasting = (one for one in done if one.on <= days.end and (one.until or one.on) >= days.start)
    return frozenset(id_ for one in lasting if one.id not in case.own for kind, id_ in one.subjects if kind == type_)


def _dead(sold: Values, days: Period) -> list[str]:
    first, last = max(sold.column(days.start), 0), max(sold.column(days.end) + 1, 0)
    past = np.nan_to_num(sold.values[:, first:last]) > 0
    if not past.shape[1]:
        return list(sold.names)
    alive = (past.mean(axis=1) >= ALIVE) & past[:, -LATELY:].any(axis=1)
    return [name for name, lives in zip(sold.names, alive, strict=True) if not lives]


def _pushed_with(reader: Reader, target: Target, days: Period) -> frozenset[str]:
    """Return what the same promotion pushes: products of a campaign of the target's, campaigns for its products."""
    table, own = promoted(reader.backend, reader.shop, days), set(target.names)
    if target.type == "product":
        return frozenset().union(*(products for products in table.values() if products & own)) - own
    products = frozenset().union(*(table.get(name, frozenset()) for name in own))
    return frozenset(name for name, others in table.items() if others & products) - own
