"""One table of all channels over the last four weeks, and what they claim together against what was sold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from duoshou.analysts.channels.question import DIMENSION, TABLE_DAYS, ChannelQuestion, asked
from duoshou.metrics import MetricValue
from duoshou.metrics.result import Number
from duoshou.model import Comparison, Period, Text
from duoshou.settings.channels import UNASSIGNED

GROUPS = (
    ("visitors", "visitor_share", "pay_conversion_rate", "pay_amount"),
    ("ad_cost", "ad_sales", "roas", "cost_per_click"),
    ("new_buyers",),
    ("ad_new_buyers", "cost_per_new_ad_buyer"),
    ("refund_rate",),
    ("contribution",),
)
"""What the same tables tell is asked together."""
COLUMNS = tuple(key for group in GROUPS for key in group)
OF_COSTS = ("contribution",)


@dataclass(frozen=True, slots=True)
class ChannelFigures:
    """A channel over four weeks, against the four before.

    Attributes:
        channel: Key.
        title: Name.
        paid: Whether each visit is paid for; None: nobody said.
        values: Metric → value; None where no table tells it by channel.
        changes: Metric → relative change, of rates in points; None where it cannot be told.
    """

    channel: str
    title: Text
    paid: bool | None
    values: Mapping[str, Number | None]
    changes: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Claims:
    """What the channels say that they sold, against what was sold.

    Attributes:
        sources: Sum of what the platform ascribes to sources of visits.
        advertising: Sum of what the advertising reports claim.
        real: What the shop sold.
        twice: What is claimed at least twice: unpaid sources and advertising together beyond what was sold.
    """

    sources: Decimal | None
    advertising: Decimal | None
    real: Decimal | None
    twice: Decimal | None


@dataclass(frozen=True, slots=True)
class ChannelTable:
    """The table.

    Attributes:
        period: Its days.
        rows: Channels by visitors.
        untold: Metrics that no table tells by channel.
        claims: What is claimed against what was sold.
    """

    period: Period
    rows: tuple[ChannelFigures, ...]
    untold: tuple[str, ...]
    claims: Claims


def channel_table(question: ChannelQuestion) -> ChannelTable:
    """Return the channels of the last four weeks."""
    period = Period(question.as_of - timedelta(days=TABLE_DAYS - 1), question.as_of)
    found: dict[str, dict[str, MetricValue]] = {}
    for group in GROUPS:
        for answer in asked(question, group, period, by=(DIMENSION,), compare=Comparison.PREVIOUS):
            for row in answer.rows:
                channel = row.dimensions[DIMENSION]
                if channel is not None:
                    found.setdefault(channel, {}).update(row.values)
    told = {key for values in found.values() for key, one in values.items() if one.value is not None}
    rows = [_row(question, channel, values) for channel, values in found.items()]
    rows = [one for one in rows if any(value is not None for value in one.values.values())]
    rows.sort(key=lambda one: (-float(one.values["visitors"] or 0), -float(one.values["ad_cost"] or 0), one.channel))
    untold = tuple(key for key in COLUMNS if key not in told)
    return ChannelTable(period, tuple(rows), untold, _claims(question, period, rows))


def _row(question: ChannelQuestion, channel: str, values: Mapping[str, MetricValue]) -> ChannelFigures:
    known = {key: values[key].value if key in values else None for key in COLUMNS}
    changes = {key: _change(values.get(key)) for key in COLUMNS}
    return ChannelFigures(channel, question.titled(channel), question.paid(channel), known, changes)


def _change(value: MetricValue | None) -> float | None:
    """Return the relative change, of a rate in percentage points."""
    if value is None:
        return None
    return value.change if value.change_pp is None else value.change_pp


def _claims(question: ChannelQuestion, period: Period, rows: list[ChannelFigures]) -> Claims:
    real = next((one.rows[0].values["pay_amount"].value for one in asked(question, ("pay_amount",), period)), None)
    sources = _sum(rows, "pay_amount")
    claimed = _sum(rows, "ad_sales")
    free = _sum([one for one in rows if not one.paid and one.channel != UNASSIGNED], "pay_amount")
    twice = None
    if real is not None and claimed is not None and free is not None:
        twice = max(free + claimed - Decimal(real), Decimal(0))
    return Claims(sources, claimed, None if real is None else Decimal(real), twice)


def _sum(rows: list[ChannelFigures], metric: str) -> Decimal | None:
    values = [Decimal(str(one.values[metric])) for one in rows if one.values[metric] is not None]
    return sum(values, Decimal(0)) if values else None
