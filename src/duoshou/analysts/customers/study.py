"""The study of a shop's customers: all parts together, each of which may say that it cannot tell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from duoshou.analysts.customers.audience import Index, Paying, buyers, indices, paying
from duoshou.analysts.customers.cohorts import Cohort, cohorts
from duoshou.analysts.customers.findings import due_finding, fall_finding, money_first, risk_finding
from duoshou.analysts.customers.intervals import Repurchase, repurchases
from duoshou.analysts.customers.outlook import CannotTell, Outlook, learn, outlook
from duoshou.analysts.customers.question import LINES, CustomerQuestion, Known, known
from duoshou.analysts.customers.returning import Returned, fall, returned
from duoshou.analysts.customers.segments import CutOffs, Segment, cut_offs, segments
from duoshou.analysts.customers.traffic import Source, sources
from duoshou.metrics.derived import LOOKBACK_DAYS
from duoshou.metrics.result import Number
from duoshou.model import Finding, Text, plain

MANY_UNKNOWN = 0.1


@dataclass(frozen=True, slots=True)
class CustomerStudy:
    """What is known of a shop's customers.

    Attributes:
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the amounts.
        known: Of whom anything is known.
        cuts: Cut-offs of the segments; None without customers.
        segments: The eight segments.
        buyers: New and returning buyers of the last 90 days.
        cohorts: Customers by the month of their first purchase.
        returned: Repeat rate of the months whose new customers have had 60 days.
        repurchases: Products that are bought again.
        outlook: What is expected; None where it cannot be told.
        paying: Which parts of the visitors convert and pay.
        sources: Which sources bring visitors who do not fit the shop.
        indices: Where those who spend much differ from all.
        findings: What deserves attention.
        caveats: What cannot be told, and why.
    """

    as_of: date
    shop: str | None
    currency: str
    known: Known
    cuts: CutOffs | None
    segments: tuple[Segment, ...]
    buyers: dict[str, Number | None]
    cohorts: tuple[Cohort, ...]
    returned: tuple[Returned, ...]
    repurchases: tuple[Repurchase, ...]
    outlook: Outlook | None
    paying: tuple[Paying, ...]
    sources: tuple[Source, ...]
    indices: tuple[Index, ...]
    findings: tuple[Finding, ...]
    caveats: tuple[Text, ...]

    def without_costs(self) -> CustomerStudy:
        """Return the study for those who may not see what sales leave."""
        kept = tuple(
            replace(one, months=tuple(replace(each, contribution=None) for each in one.months)) for one in self.cohorts
        )
        return replace(self, cohorts=kept)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; amounts of money as decimal strings, expected ones as numbers."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        shape["known"]["unknown_share"] = self.known.unknown_share
        return shape | {"findings": [one.to_dict() for one in self.findings]}


def study_customers(question: CustomerQuestion) -> CustomerStudy:
    """Return what is known of a shop's customers; the shop without orders has an empty one that says so."""
    of = known(question) if question.backend.has_table(LINES) else None
    if of is None or not of.customers:
        nobody = of or Known(0, 0, 0, 0, None, Decimal("0.00"))
        caveat = _nobody(nobody)
        return CustomerStudy(
            question.as_of,
            question.shop,
            question.currency,
            nobody,
            None,
            (),
            {},
            (),
            (),
            (),
            None,
            paying(question),
            sources(question),
            (),
            (),
            (caveat,),
        )
    cuts = cut_offs(question)
    future, untold = _outlook(question, of)
    months, again = returned(question), repurchases(question)
    told = (
        None if future is None else risk_finding(question, future),
        fall_finding(question, fall(months)),
        due_finding(question, again),
    )
    return CustomerStudy(
        question.as_of,
        question.shop,
        question.currency,
        of,
        cuts,
        () if cuts is None else segments(question, cuts),
        buyers(question),
        cohorts(question),
        months,
        again,
        future,
        paying(question),
        sources(question),
        () if cuts is None else indices(question, cuts),
        money_first([one for one in told if one is not None]),
        tuple(_caveats(of, future, untold, again)),
    )


def _outlook(question: CustomerQuestion, of: Known) -> tuple[Outlook | None, Text | None]:
    try:
        return outlook(question, of, learn(question, of)), None
    except CannotTell as problem:
        return None, problem.text


def _nobody(of: Known) -> Text:
    if of.unknown_orders:
        return Text(
            "订单都认不出买家（平台已打码），客户分析无从谈起",
            "no order names its buyer (the platform masks them): nothing can be said of customers",
        )
    return Text("还没有已付款的订单", "there are no paid orders yet")


def _caveats(of: Known, future: Outlook | None, untold: Text | None, again: tuple[Repurchase, ...]) -> list[Text]:
    caveats = [] if untold is None else [untold]
    share = of.unknown_share or 0.0
    if share >= MANY_UNKNOWN:
        caveats.append(
            Text(
                f"{share:.0%} 的订单行认不出买家，没有算进来：复购和价值都偏低",
                f"{share:.0%} of the order lines name no buyer and are left out: returns and value look too low",
            )
        )
    if of.period is not None and (of.period.end - of.period.start).days < LOOKBACK_DAYS:
        caveats.append(
            Text(
                f"数据只有 {of.period.days} 天，不满 {LOOKBACK_DAYS} 天：更早买过的人会被当成新客",
                f"the data span {of.period.days} days, less than {LOOKBACK_DAYS}: older customers are taken for new",
            )
        )
    if not again:
        caveats.append(
            Text(
                "没有一个商品被再买满 30 次，复购间隔不能判断",
                "no product was bought again 30 times: intervals cannot be told",
            )
        )
    if future is not None and future.is_correlated:
        caveats.append(
            Text(
                "买得勤的人每次花的钱明显不同，与模型的假设不合：金额只作参考",
                "who buys oftener spends differently in a purchase, against the model's assumption: money is rough",
            )
        )
    if future is not None:
        caveats.append(
            Text(
                "预计只算现有客户，不含以后的新客；季节和活动的影响在区间里，不在中间值里",
                "only today's customers are foretold, no new ones; seasons and campaigns are in the interval alone",
            )
        )
    return caveats
