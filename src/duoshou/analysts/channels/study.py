"""The study of the channels: table, claims, maturity, returns, a plan, and what is ahead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from duoshou.analysts.channels.ahead import PhaseAhead, phases_ahead
from duoshou.analysts.channels.exploring import Exploration, explorations
from duoshou.analysts.channels.findings import channel_findings
from duoshou.analysts.channels.maturity import Maturity, maturities
from duoshou.analysts.channels.pace import Pace, pace_of
from duoshou.analysts.channels.past import daily_past, few_days, past
from duoshou.analysts.channels.plan import BudgetPlan, WhatIf, budget_plan, what_if
from duoshou.analysts.channels.question import ChannelQuestion, ChannelTest
from duoshou.analysts.channels.returns import ChannelReturn, Fitted, Verdict, judged, usable
from duoshou.analysts.channels.table import OF_COSTS, ChannelTable, channel_table
from duoshou.analysts.margin import Margin, margin_of
from duoshou.model import Finding, Text, plain


@dataclass(frozen=True, slots=True)
class ChannelStudy:
    """What is known of a shop's channels.

    Attributes:
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the amounts.
        table: Channels over four weeks.
        maturities: How mature each paid channel is.
        returns: What spend on each brings.
        margin: What a unit of sales leaves; None where no spend is judged by it, and for those who may not see costs.
        plan: A better split; None where nothing can be told.
        what_if: Another spend, where one was asked about.
        tests: Tests that the returns rest on.
        explorations: What to spend on new channels.
        pace: What is left of the month's budget; None where nobody said one, or no spend is known.
        ahead: Festivals of the next sixty days.
        findings: What deserves attention.
        caveats: What cannot be told, and why.
    """

    as_of: date
    shop: str | None
    currency: str
    table: ChannelTable
    maturities: tuple[Maturity, ...]
    returns: tuple[ChannelReturn, ...]
    margin: Margin | None
    plan: BudgetPlan | None
    what_if: WhatIf | None
    tests: tuple[ChannelTest, ...]
    explorations: tuple[Exploration, ...]
    pace: Pace | None
    ahead: tuple[PhaseAhead, ...]
    findings: tuple[Finding, ...]
    caveats: tuple[Text, ...]

    @property
    def of_margin(self) -> tuple[Text, ...]:
        """What is to be said of the margin, to those who may see it."""
        return () if self.margin is None else self.margin.caveats

    def without_costs(self) -> ChannelStudy:
        """Return the study for those who may not see what sales leave: no margin, and nothing that is made from it."""
        rows = tuple(replace(one, values={**one.values, **dict.fromkeys(OF_COSTS)}) for one in self.table.rows)
        return replace(
            self,
            table=replace(self.table, rows=rows),
            returns=(),
            margin=None,
            plan=None,
            what_if=None,
            tests=(),
            explorations=(),
            findings=(),
            caveats=(*self.caveats, HIDDEN),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; amounts of the table as decimal strings, estimates as numbers."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        shape["margin"] = None if self.margin is None else self.margin.to_dict()
        return shape | {"findings": [one.to_dict() for one in self.findings]}


HIDDEN = Text(
    "回报和预算方案要用到成本，你的角色看不到", "returns and the plan come from costs, which your role does not show"
)


def study_channels(question: ChannelQuestion) -> ChannelStudy:
    """Return what is known of a shop's channels; parts that cannot be told are empty, and a caveat says why."""
    table = channel_table(question)
    known = daily_past(question)
    caveats = _of_table(table)
    fitted: Fitted | None = None
    margin: Margin | None = None
    stages: tuple[Maturity, ...] = ()
    tried: tuple[Exploration, ...] = ()
    plan, other = None, None
    pace = pace_of(question, known)
    if pace is not None and question.budget is None:
        question = replace(question, budget=pace.ordinary)
    if known is None:
        nothing = Text(
            "没有按渠道的推广花费或全店支付金额：导入推广报表和店铺日报后才有成熟度、回报和预算方案",
            "spend by channel or sales of the shop are not known: maturity, returns and a plan need both",
        )
        caveats.append(nothing)
    else:
        margin = margin_of(
            question.backend,
            question.catalogue,
            question.as_of,
            today=question.today,
            shop=question.shop,
            assumed=question.assumed_margin,
        )
        stages = maturities(known)
        worth = (margin.rate, margin.scale)
        fitted = judged(question, known, past(known, question.calendar) if known.known else None, *worth)
        plan, other = budget_plan(question, fitted, stages, *worth), what_if(question, fitted, *worth)
        tried = explorations(question, known, stages, margin.rate)
        caveats += [] if known.known else [few_days(known)]
        caveats += _of_returns(fitted)
    return ChannelStudy(
        question.as_of,
        question.shop,
        question.currency,
        table,
        stages,
        () if fitted is None else fitted.returns,
        margin,
        plan,
        other,
        () if known is None else usable(question, known),
        tried,
        pace,
        phases_ahead(question, known),
        channel_findings(question, fitted, plan, tried),
        tuple(caveats),
    )


def _of_table(table: ChannelTable) -> list[Text]:
    caveats = []
    names = {"refund_rate": Text("退款", "refunds"), "contribution": Text("毛利", "margins")}
    if "ad_new_buyers" in table.untold:
        names = {"new_buyers": Text("新客", "new customers"), **names}
    untold = [name for key, name in names.items() if key in table.untold]
    if untold and table.rows:
        zh, en = "、".join(one.zh for one in untold), ", ".join(one.en for one in untold)
        caveats.append(
            Text(
                f"平台导出没有按渠道给{zh}，表里留空，不拿别的数凑",
                f"exports do not give {en} by channel: these stay empty",
            )
        )
    if "ad_new_buyers" not in table.untold:
        caveats.append(
            Text(
                "推广新客是平台自己认的新客，各渠道会重复算",
                "new customers of advertising are who the platform calls new; channels count some of them twice",
            )
        )
    twice, real = table.claims.twice, table.claims.real
    if twice and real and twice > 0:
        share = float(twice / real)
        caveats.append(
            Text(
                f"免费来源和推广加起来认领的成交，比店铺实际多 {share:.0%}：有人重复认领，平台 ROI 偏高",
                f"unpaid sources and advertising together claim {share:.0%} more than was sold: ROAS is too high",
            )
        )
    return caveats


def _of_returns(fitted: Fitted) -> list[Text]:
    if not fitted.returns or any(one.verdict is not Verdict.CANNOT_TELL for one in fitted.returns):
        return []
    return [_testable() if any(one.test is not None and one.test.days for one in fitted.returns) else _too_noisy()]


def _testable() -> Text:
    return Text(
        "没有一条付费渠道的增量能判断，所以不给预算方案；做一次轮换测试就能知道",
        "of no paid channel can be told what it adds, so there is no plan; a switchback test would tell",
    )


def _too_noisy() -> Text:
    return Text(
        "没有一条付费渠道的增量能判断，所以不给预算方案；花费太小、销售波动太大，"
        "全店轮换 12 周也测不出，可以只拿几款商品做测试",
        "of no paid channel can be told what it adds, so there is no plan; spend is so small against the noise of "
        "sales that even twelve weeks of a switchback of the whole shop would not tell: test on a few products",
    )
