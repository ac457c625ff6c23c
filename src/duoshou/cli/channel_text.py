"""The study of the channels in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from duoshou.cli.session import Session
from duoshou.cli.width import table
from duoshou.model import Text
from duoshou.model.numbers import amount, count, rate

if TYPE_CHECKING:
    from duoshou.analysts.channels import ChannelStudy
    from duoshou.analysts.channels.maturity import Span
    from duoshou.analysts.channels.pace import Pace
    from duoshou.analysts.channels.plan import BudgetPlan, WhatIf
    from duoshou.analysts.channels.question import ChannelTest

NOTHING = "—"


def channels_text(found: ChannelStudy, session: Session) -> str:
    """Return all parts of the study, each where there is something to say."""
    parts = [_table(found, session), _returns(found, session), _plan(found.plan, found.currency, session)]
    parts += [_what_if(found.what_if, found.currency, session), _tried(found, session)]
    parts += [_pace(found.pace, found.currency, session), _ahead(found, session)]
    parts += [_closing(found, session)]
    return "\n\n".join(part for part in parts if part)


def _table(found: ChannelStudy, session: Session) -> str:
    if not found.table.rows:
        return ""
    language, currency = session.language, found.currency
    words = (
        *(("渠道", "channel"), ("访客", "visitors"), ("占比", "share"), ("转化率", "conversion")),
        *(("支付金额", "sales"), ("花费", "spend"), ("推广成交", "claimed"), ("花费变化", "spend change")),
    )
    rows = []
    for one in found.table.rows:
        values, change = one.values, one.changes["ad_cost"]
        cells = [count(values["visitors"]), rate(values["visitor_share"]), rate(values["pay_conversion_rate"])]
        cells += [amount(values[key], currency, language) for key in ("pay_amount", "ad_cost", "ad_sales")]
        rows.append([one.title.in_language(language), *cells, NOTHING if change is None else f"{change:+.0%}"])
    head = f"{found.table.period.start} – {found.table.period.end}"
    return "\n".join([head, table([session.say(*one) for one in words], rows, numeric=[False, *[True] * 7])])


def _span(one: Span | None) -> str:
    return NOTHING if one is None else f"{one.value:.2f} [{one.low:.2f}, {one.high:.2f}]"


def _returns(found: ChannelStudy, session: Session) -> str:
    if not found.returns:
        return ""
    stages = {one.channel: one.title.in_language(session.language) for one in found.maturities}
    words = (
        *(("付费渠道", "paid channel"), ("阶段", "stage"), ("每天花费", "spend a day"), ("再花一块带来", "next unit")),
        *(("平台自报", "claimed"), ("保本", "break-even"), ("判断", "verdict")),
    )
    rows = [
        [
            one.title.in_language(session.language),
            stages.get(one.channel, NOTHING),
            f"{one.today:,.0f}",
            _span(one.marginal),
            _span(one.claimed),
            f"{one.break_even:.2f}",
            one.told.in_language(session.language),
        ]
        for one in found.returns
    ]
    numeric = [False, False, True, True, True, True, False]
    lines = [table([session.say(*one) for one in words], rows, numeric=numeric)]
    reasons = {one.channel: one.reason for one in found.maturities}
    for one in found.returns:
        name = one.title.in_language(session.language)
        said = [*one.reasons, *([reasons[one.channel]] if one.channel in reasons else [])]
        tested = [_tested(test) for test in found.tests if test.channel == one.channel]
        said += [*tested, *([] if one.test is None else [one.test.words])]
        lines += [session.say(f"  {name}：{each.zh}", f"  {name}: {each.en}") for each in said]
    return "\n".join(lines)


def _tested(test: ChannelTest) -> Text:
    return Text(
        f"做过测试：每天花 {test.low:,.0f} 和 {test.high:,.0f} 相比，"
        f"全店每天多卖 {test.effect:,.0f} ± {test.error:,.0f}",
        f"tested at {test.low:,.0f} and {test.high:,.0f} a day: the shop sold {test.effect:,.0f} ± {test.error:,.0f} "
        "more a day",
    )


def _plan(plan: BudgetPlan | None, currency: str, session: Session) -> str:
    if plan is None:
        return ""
    words = (("预算（每天）", "budget a day"), ("现在", "today"), ("建议", "planned"))
    rows = [
        [one.title.in_language(session.language), f"{one.today:,.0f}", f"{one.planned:,.2f}"] for one in plan.budgets
    ]
    gain = _money(plan.gain, currency, session)
    line = session.say(
        f"合计 {plan.today:,.0f} → {plan.planned:,.2f}；{plan.horizon} 天与现在相比的得失 {gain}",
        f"{plan.today:,.0f} → {plan.planned:,.2f} in all; against today {gain} in {plan.horizon} days",
    )
    note = plan.note.in_language(session.language)
    return "\n".join([table([session.say(*one) for one in words], rows, numeric=[False, True, True]), line, note])


def _money(one: Span, currency: str, session: Session) -> str:
    value, low, high = (amount(round(each), currency, session.language) for each in (one.value, one.low, one.high))
    return session.say(f"{value}（90% 区间 {low} 至 {high}）", f"{value} (90 % interval {low} to {high})")


def _pace(pace: Pace | None, currency: str, session: Session) -> str:
    if pace is None:
        return ""
    whole, spent, due, next_day = (
        amount(round(each), currency, session.language) for each in (pace.budget, pace.spent, pace.due, pace.tomorrow)
    )
    head = session.say(
        f"{pace.period.start:%Y-%m} 预算 {whole}，已花 {spent}（按节奏该花 {due}）；下一天 {next_day}",
        f"budget of {pace.period.start:%Y-%m}: {whole}, {spent} spent ({due} due by now); next day {next_day}",
    )
    words = (("余下的日子", "days left"), ("", ""), ("是平日的几倍", "times ordinary"), ("每天花", "a day"))
    rows = [
        [
            f"{one.period.start} – {one.period.end}",
            one.title.in_language(session.language),
            f"{one.times:.1f}",
            f"{one.budget:,.0f}",
        ]
        for one in pace.runs
    ]
    told = table([session.say(*one) for one in words], rows, numeric=[False, False, True, True])
    return "\n".join([head, told, *(f"  {one.in_language(session.language)}" for one in pace.caveats)])


def _what_if(found: WhatIf | None, currency: str, session: Session) -> str:
    if found is None:
        return ""
    asked = ", ".join(f"{channel} = {spend:,.0f}" for channel, spend in found.spend.items())
    told = "" if found.gain is None else _money(found.gain, currency, session)
    why = "" if found.reason is None else found.reason.in_language(session.language)
    return session.say(f"试算 {asked}：{told} {why}", f"What if {asked}: {told} {why}").rstrip()


def _tried(found: ChannelStudy, session: Session) -> str:
    return "\n".join(
        session.say(
            f"新渠道 {one.title.zh}：每天 {one.budget:,.0f}（占 {one.share:.1%}）。{one.rule.zh}",
            f"New channel {one.title.en}: {one.budget:,.0f} a day ({one.share:.1%}). {one.rule.en}",
        )
        for one in found.explorations
    )


def _ahead(found: ChannelStudy, session: Session) -> str:
    lines = []
    for one in found.ahead:
        names = f"{one.festival.in_language(session.language)} {one.phase.in_language(session.language)}"
        line = f"{one.period.start} – {one.period.end} {names}"
        if one.spend_times is not None and one.sales_times is not None:
            line += session.say(
                f"：去年同期花费是平日的 {one.spend_times:.1f} 倍，成交 {one.sales_times:.1f} 倍",
                f": last year spend was {one.spend_times:.1f} times the usual, sales {one.sales_times:.1f} times",
            )
        lines.append(line)
    return "\n".join(lines)


def _closing(found: ChannelStudy, session: Session) -> str:
    lines = [f"! {one.headline.in_language(session.language)}" for one in found.findings]
    return "\n".join(
        [*lines, *(f"  {one.in_language(session.language)}" for one in (*found.caveats, *found.of_margin))]
    )
