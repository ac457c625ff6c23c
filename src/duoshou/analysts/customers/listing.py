"""Every customer by their hashed key, with segment and likelihoods: what a list to reach them is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ibis
import numpy as np

from duoshou.analysts.customers.outlook import CannotTell, is_at_risk, learn
from duoshou.analysts.customers.question import CustomerQuestion, known
from duoshou.analysts.customers.sampling import WEEK
from duoshou.analysts.customers.segments import FLAGS, NAMES, cut_offs, flagged
from duoshou.statistics.lifetime.spending import expected_amount

COLUMNS = (
    "buyer_key",
    "segment",
    "first_purchase",
    "last_purchase",
    "purchases",
    "money",
    "probability_active",
    "expected_purchases",
    "expected_money",
    "at_risk",
)


def listed(question: CustomerQuestion) -> Iterator[tuple[Any, ...]]:
    """Yield a row of `COLUMNS` for each customer, by key; what cannot be told of the future is None."""
    cuts = cut_offs(question)
    if cuts is None:
        return
    rows: Any = flagged(question, cuts)
    until = ibis.literal(question.as_of, type="date")
    rows = rows.mutate(
        until_last=rows["last"].delta(rows["first"], unit="day").cast("float64"),
        age=until.delta(rows["first"], unit="day").cast("float64"),
    ).order_by("buyer_key")
    found = question.backend.execute(rows)
    try:
        learnt = learn(question, known(question))
    except CannotTell:
        told: list[tuple[Any, ...]] = [(None, None, None, None)] * found.num_rows
    else:
        bought, paid = (found[name].cast("float64").to_numpy() for name in ("purchases", "money"))
        history = (bought - 1, found["until_last"].to_numpy() / WEEK, found["age"].to_numpy() / WEEK)
        days = float(question.horizon)
        orders = learnt.purchases.orders(*history, days)
        money = orders * expected_amount(learnt.spending, bought, paid / bought)
        active = learnt.purchases.active(*history)
        risk = is_at_risk(learnt.purchases, *history, days)
        rounded = (np.round(active, 4), np.round(orders, 4), np.round(money, 2), risk.astype(int))
        told = list(zip(*(one.tolist() for one in rounded), strict=True))
    for row, future in zip(
        found.select(["buyer_key", *FLAGS, "first", "last", "purchases", "money"]).to_pylist(), told, strict=True
    ):
        name = NAMES[bool(row["recent"]), bool(row["frequent"]), bool(row["spending"])]
        yield (row["buyer_key"], name.key, row["first"], row["last"], row["purchases"], row["money"], *future)
