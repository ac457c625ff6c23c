"""A budget for new channels: how much to spend on finding out, and when to stop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from duoshou.analysts.channels.maturity import Maturity, Span, Stage
from duoshou.analysts.channels.past import Daily
from duoshou.analysts.channels.question import ChannelQuestion
from duoshou.analysts.channels.returns import today_of
from duoshou.model import Text
from duoshou.statistics.exploration import learn, shares
from duoshou.statistics.response.shapes import Floats

DAYS = 84
FLOOR = 0.02
"""A new channel keeps this share of the whole until it is let go."""
MOST = 0.15
"""New channels together take no more than this of the whole."""


@dataclass(frozen=True, slots=True)
class Exploration:
    """What to spend on a new channel for the time being.

    Attributes:
        channel: Key.
        title: Name.
        share: Of all spend on channels: of the budget that is asked about, else of today's.
        budget: Spend of a day.
        conversion: Orders for a click, with the 90 % interval.
        best: Chance that it earns most of all channels for its money.
        stop: Whether to let it go.
        rule: When to stop or to go on.
    """

    channel: str
    title: Text
    share: float
    budget: float
    conversion: Span
    best: float
    stop: bool
    rule: Text


def explorations(
    question: ChannelQuestion, known: Daily, stages: Sequence[Maturity], value: float
) -> tuple[Exploration, ...]:
    """Return what to spend on each new channel, by the orders that the platform claims for its clicks."""
    new = [number for number, one in enumerate(stages) if one.stage is Stage.NEW]
    tries = known.clicks[-DAYS:]
    wins = np.minimum(known.orders[-DAYS:], tries)
    if not new or tries.sum() <= 0:
        return ()
    found = shares(learn(wins, tries), np.random.default_rng(0), worth=_worth(known, value), floor=FLOOR)
    total = float(today_of(known).sum()) if question.budget is None else question.budget
    price = _price(known)
    room = min(1.0, MOST / max(float(found.share[new].sum()), 1e-9))
    told = []
    for number in new:
        share = float(found.share[number]) * room
        stop = bool(found.stopped[number])
        told.append(
            Exploration(
                known.channels[number],
                question.titled(known.channels[number]),
                share,
                share * total,
                Span(float(found.rate[number]), float(found.low[number]), float(found.high[number])),
                float(found.best[number]),
                stop,
                _rule(stop, share * total >= price[number]),
            )
        )
    return tuple(told)


def _worth(known: Daily, value: float) -> Floats:
    """Return what an order is worth for the price of a click, by channel; a channel of few orders as all together."""
    orders, sales = known.orders[-DAYS:].sum(axis=0), known.claimed[-DAYS:].sum(axis=0)
    usual = sales.sum() / max(orders.sum(), 1.0)
    sold = (sales + 10 * usual) / (orders + 10)
    return np.asarray(value * sold / np.maximum(_price(known), 1e-9))


def _price(known: Daily) -> Floats:
    """Return the price of a click by channel; of a channel of few clicks as of all together."""
    cost, clicks = known.cost[-DAYS:].sum(axis=0), known.clicks[-DAYS:].sum(axis=0)
    return np.asarray((cost + cost.sum() / max(clicks.sum(), 1.0)) / (clicks + 1))


def _rule(stop: bool, buys: bool) -> Text:
    if stop:
        return Text(
            "它接近最好渠道的可能已不到 1%：停投，一个季度后可小额再试",
            "the chance that it comes near the best is below 1 %: stop, and try a little again in a quarter",
        )
    if not buys:
        return Text(
            "总预算太小，分给它的钱一天买不到一次点击，什么也试不出来：加预算，或者先不试",
            "the budget is so small that its part buys less than a click a day and tells nothing: spend more, or wait",
        )
    return Text(
        "每周重算一次；接近最好渠道的可能低于 1% 就停，投满 8 周后转入正常判断",
        "count anew each week; stop when the chance that it comes near the best falls below 1 %; after eight weeks "
        "it is judged like the others",
    )
