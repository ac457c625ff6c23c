"""Whom the shop reaches: which parts of its visitors convert and pay, and where its best customers differ from all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import ibis
from scipy.stats import norm

from duoshou.analysts.customers.question import CustomerQuestion, paid_lines
from duoshou.analysts.customers.segments import CutOffs, flagged
from duoshou.engine import Backend
from duoshou.metrics import Catalogue, MetricError, QueryResult, query
from duoshou.metrics.compute import planned
from duoshou.metrics.result import Number
from duoshou.model import Period

DAYS = 90
LEAST = 30
MOST = 20
LEVEL = 0.95
SPLITS = ("buyer_type", "price_band", "category", "region", "channel")
METRICS = ("visitors", "pay_conversion_rate", "pay_buyers", "pay_amount", "spend_per_buyer")
BUYERS = ("new_buyers", "returning_buyers", "returning_buyer_share")
OF_LINES = {"region": "province", "city": "city", "device": "device", "traffic_source": "traffic_source"}


@dataclass(frozen=True, slots=True)
class Paying:
    """What a part of the visitors did in the last 90 days.

    Attributes:
        dimension: What they are split by.
        value: The part.
        values: Metrics by key; None where no source tells one by this dimension.
    """

    dimension: str
    value: str | None
    values: dict[str, Number | None]


@dataclass(frozen=True, slots=True)
class Index:
    """How much oftener a trait is found among customers who spend much than among all (TGI): 100 is as often.

    Attributes:
        dimension: Kind of the trait.
        value: The trait.
        customers: Customers most of whose money went there.
        spending: Those of them who spend much.
        index: Share of the trait among those who spend much, for each 100 among all.
        low: Lower end of its 95 % interval.
        high: Upper end.
    """

    dimension: str
    value: str
    customers: int
    spending: int
    index: float
    low: float
    high: float


def buyers(question: CustomerQuestion) -> dict[str, Number | None]:
    """Return new and returning buyers of the last 90 days, by the rule of 365 days."""
    rows = _rows(question, BUYERS, None)
    return dict.fromkeys(BUYERS) if not rows else rows[0].values


def paying(question: CustomerQuestion) -> tuple[Paying, ...]:
    """Return who converts and pays, by every dimension of which some source tells it; the 20 that pay most of each."""
    found: list[Paying] = []
    for dimension in SPLITS:
        told = sorted(_rows(question, METRICS, dimension), key=lambda one: (-_paid(one), str(one.value)))
        found += told[:MOST] if any(one.value is not None for one in told) else []
    return tuple(found)


def _paid(one: Paying) -> float:
    return float(one.values["pay_amount"] or 0)


def _rows(question: CustomerQuestion, metrics: Sequence[str], dimension: str | None) -> list[Paying]:
    """Return the metrics of each part; those that no source tells by the dimension are None."""
    parts: dict[str | None, dict[str, Number | None]] = {}
    for group in _answerable(question, metrics, dimension):
        for row in group.rows:
            value = row.dimensions[dimension] if dimension else None
            parts.setdefault(value, dict.fromkeys(metrics)).update({key: one.value for key, one in row.values.items()})
    found = [Paying(dimension or "", value, values) for value, values in parts.items()]
    return [_without_guesses(one, parts.get(None, {})) for one in found] if dimension else found


def _without_guesses(one: Paying, unknown: Mapping[str, Number | None]) -> Paying:
    """Return a part of which 0 is told only where it is known.

    It is not where the same metric has something of an unknown part, nor where nobody seems to pay of those who do
    convert: one source then names its parts otherwise than the other, as a tree of categories by another level.
    """
    if one.value is None:
        return one
    zeros = {key for key, value in one.values.items() if value == 0}
    guessed = {key for key in zeros if unknown.get(key)}
    if one.values.get("pay_conversion_rate"):
        guessed |= zeros
    if "pay_buyers" in guessed and "pay_conversion_rate" in zeros:
        guessed.add("pay_conversion_rate")
    return replace(one, values={key: None if key in guessed else value for key, value in one.values.items()})


def _answerable(question: CustomerQuestion, metrics: Sequence[str], dimension: str | None) -> Iterator[QueryResult]:
    """Yield the answer to the metrics that have one: together where that can be, for they are read in one pass."""
    if question.catalogue is None:
        return
    asked: dict[str, Any] = {
        "period": Period(question.as_of - timedelta(days=DAYS - 1), question.as_of),
        "by": [] if dimension is None else [dimension],
        "shop": question.shop,
        "as_of": question.today or question.as_of,
    }
    known = [key for key in metrics if _has_answer(question.backend, question.catalogue, key, asked)]
    for group in (known, *([key] for key in known)) if known else ():
        with contextlib.suppress(MetricError):
            yield query(question.backend, question.catalogue, group, **asked)
            if len(group) == len(known):
                return


def _has_answer(backend: Backend, catalogue: Catalogue, metric: str, asked: Mapping[str, Any]) -> bool:
    try:
        planned(backend, catalogue, [metric], **asked)
    except MetricError:
        return False
    return True


def indices(question: CustomerQuestion, cuts: CutOffs) -> tuple[Index, ...]:
    """Return the traits of at least 30 customers, by dimension, the highest index first.

    A customer counts once in a dimension, where most of the money went: counted with every trait that they ever bought
    with, those who buy often would be found oftener with each. All are those whose trait is known. The interval is
    Wilson's of the share of those who spend much among the customers with the trait.
    """
    lines: Any = paid_lines(question)
    lines = lines.filter(lines["buyer_key"].notnull(), lines["kept"] > 0)
    columns = dict(OF_LINES)
    if question.backend.has_table("product"):
        product: Any = question.backend.table("product")
        category = product.group_by(["shop", "product_id"]).agg(category=product["category"].max())
        lines = lines.left_join(category, ["shop", "product_id"]).select(*lines.columns, "category")
        columns |= {"category": "category"}
    people: Any = flagged(question, cuts).select("buyer_key", "spending")
    told: dict[str, list[dict[str, Any]]] = {}
    for row in _with_traits(question, lines, people, columns):
        told.setdefault(row["dimension"], []).append(row)
    found: list[Index] = []
    for dimension in columns:
        traits = _indexed(told.get(dimension, []))
        found += sorted(traits[:MOST], key=lambda one: (-one.index, one.value)) if len(traits) > 1 else []
    return tuple(found)


def _with_traits(
    question: CustomerQuestion, lines: Any, people: Any, columns: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return the customers with each trait and those of them who spend much, of columns with several values."""
    ends = {
        f"{end}|{name}": getattr(lines[column], end)() for name, column in columns.items() for end in ("min", "max")
    }
    held = question.backend.execute(lines.agg(**ends)).to_pylist()[0]
    parts = [
        _main_trait(lines, name, column)
        for name, column in columns.items()
        if held[f"min|{name}"] != held[f"max|{name}"]
    ]
    if not parts:
        return []
    with_trait: Any = (ibis.union(*parts) if len(parts) > 1 else parts[0]).inner_join(people, "buyer_key")
    counted: Any = with_trait.group_by(["dimension", "value"]).agg(
        customers=with_trait.count(), spending=with_trait["spending"].cast("int64").sum()
    )
    found: list[dict[str, Any]] = question.backend.execute(counted).to_pylist()
    return found


def _main_trait(lines: Any, name: str, column: str) -> Any:
    """Return one row for each buyer: the value of a column with which most of the money was spent."""
    known = lines.filter(lines[column].notnull())
    spent: Any = known.group_by(["buyer_key", column]).agg(kept=known["kept"].sum())
    order = ibis.window(group_by="buyer_key", order_by=[spent["kept"].desc(), spent[column]])
    ranked: Any = spent.mutate(place=ibis.row_number().over(order))
    return ranked.filter(ranked["place"] == 0).select("buyer_key", dimension=ibis.literal(name), value=ranked[column])


def _indexed(rows: Sequence[Mapping[str, Any]]) -> list[Index]:
    """Return the traits of a dimension that enough customers have, the most frequent first."""
    customers, spending = (sum(int(row[key]) for row in rows) for key in ("customers", "spending"))
    if not spending:
        return []
    share = spending / customers
    found = [_index(row, share) for row in rows if row["customers"] >= LEAST]
    return sorted(found, key=lambda one: (-one.customers, one.value))


def _index(row: Mapping[str, Any], share: float) -> Index:
    customers, spending = int(row["customers"]), int(row["spending"])
    low, high = wilson(spending, customers)
    index = spending / customers
    return Index(
        *(row["dimension"], row["value"], customers, spending),
        *(100 * one / share for one in (index, low, high)),
    )


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a share after Wilson (1927)."""
    z = float(norm.ppf((1 + LEVEL) / 2))
    middle = (part + z * z / 2) / (whole + z * z)
    half = z / (whole + z * z) * (part * (whole - part) / whole + z * z / 4) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
