"""What is asked of the channels, and the figures that answer it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from duoshou.engine import Backend
from duoshou.metrics import Catalogue, DailyPanel, MetricError, QueryResult, daily_panel, query
from duoshou.model import Comparison, Period, Text
from duoshou.settings.calendar import Calendar
from duoshou.settings.channels import KnownChannel
from duoshou.statistics.response import Trial

DIMENSION = "channel"
TABLE_DAYS = 28
"""Four whole weeks: each weekday as often as the others."""
MOST_DAYS = 1095
STEP = 0.3
HORIZON = 28


@dataclass(frozen=True, slots=True)
class ChannelTest:
    """A test of a channel that the shop has made.

    Attributes:
        channel: Key of the channel.
        low: Spend of a day in one state.
        high: Spend of a day in the other.
        effect: Paid amount of a day at `high` less that at `low`.
        error: Its standard error.
    """

    channel: str
    low: float
    high: float
    effect: float
    error: float

    def as_trial(self, number: int, days: int) -> Trial:
        """Return it for periods of so many days, where the channel has a number."""
        return Trial(number, self.low * days, self.high * days, self.effect * days, self.error * days)


@dataclass(frozen=True, slots=True)
class ChannelQuestion:
    """What is asked.

    Attributes:
        backend: The engine.
        catalogue: Definitions of the metrics.
        as_of: Last day that counts.
        today: Last day that the clock says is over.
        shop: Key of the shop; None: all.
        currency: Of the shop.
        channels: The channels, in the order in which they are shown.
        assumed_margin: Contribution as part of sales where costs are unknown.
        calendar: Festivals; None: none are known.
        budget: Spend of a day that is to be split; None: as much as pays.
        step: Most by which a channel's spend may change at once, as a part of today's.
        horizon: Days ahead that gains are told for.
        tests: Tests that the shop has made.
        spend: Channel → spend of a day, to be held against today's.
        month_budget: Spend of the month of the next day; None: nobody said.
    """

    backend: Backend
    catalogue: Catalogue
    as_of: date
    today: date
    shop: str | None
    currency: str
    channels: tuple[KnownChannel, ...] = ()
    assumed_margin: float = 0.3
    calendar: Calendar | None = None
    budget: float | None = None
    step: float = STEP
    horizon: int = HORIZON
    tests: tuple[ChannelTest, ...] = ()
    spend: Mapping[str, float] = field(default_factory=dict)
    month_budget: float | None = None

    def titled(self, channel: str) -> Text:
        """Return the name of a channel."""
        return next((one.title for one in self.channels if one.key == channel), Text(channel, channel))

    def paid(self, channel: str) -> bool | None:
        """Return whether each visit of a channel is paid for; None: nobody said."""
        return next((one.paid for one in self.channels if one.key == channel), None)


def asked(
    question: ChannelQuestion,
    metrics: Sequence[str],
    period: Period,
    *,
    by: Sequence[str] = (),
    compare: Comparison | None = None,
) -> Iterator[QueryResult]:
    """Yield the answer to all metrics together, or to each that has one."""
    for group in ([*metrics], *([key] for key in metrics)):
        with contextlib.suppress(MetricError):
            yield query(
                question.backend,
                question.catalogue,
                group,
                period=period,
                by=list(by),
                shop=question.shop,
                as_of=question.today,
                comparison=compare,
            )
            if len(group) == len(metrics):
                return


def daily(
    question: ChannelQuestion, metrics: Sequence[str], period: Period, by: Sequence[str] = ()
) -> DailyPanel | None:
    """Return metrics day by day; None where they have no answer."""
    with contextlib.suppress(MetricError):
        return daily_panel(
            question.backend,
            question.catalogue,
            list(metrics),
            period=period,
            by=list(by),
            shop=question.shop,
            as_of=question.today,
        )
    return None
