"""What a further unit of spend on a channel brings, and whether that can be told at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

import numpy as np

from duoshou.analysts.channels.evidence import ONE_SIDED, Evidence, absorbing, evidence_of, follows_demand, steadied
from duoshou.analysts.channels.maturity import Span
from duoshou.analysts.channels.past import Daily, Past, festival_days
from duoshou.analysts.channels.question import TABLE_DAYS, ChannelQuestion, ChannelTest
from duoshou.model import Text
from duoshou.statistics.response import Response, ShapePrior, fit_response
from duoshou.statistics.response.shapes import Floats
from duoshou.statistics.trials import plan_switchback

SITE_WIDE = "ads_site"
LEVEL = 0.9
DAY_SHAPE = ShapePrior(decay=(1.5, 1.5))
WEEK_SHAPE = ShapePrior(decay=(1.0, 3.0))
LEAST_ACTIVE = 8
CHANGES = (0.5, 1.0)
CARRY_OVER = 2
HISTORY = 182
SEED = 3


class Verdict(StrEnum):
    """What the next unit of spend does."""

    EARNS = "earns"
    LOSES = "loses"
    CANNOT_TELL = "cannot_tell"


VERDICTS = {
    Verdict.EARNS: Text("多花还赚", "more spend earns"),
    Verdict.LOSES: Text("多花就亏", "the last spend loses"),
    Verdict.CANNOT_TELL: Text("不能判断", "cannot tell"),
}


@dataclass(frozen=True, slots=True)
class SmallestTest:
    """The smallest test that would tell.

    Attributes:
        change: Part of today's spend that is taken away and given back in turns; 1 is off and on.
        days: Days; None where even the longest would not tell.
        run: Least days in a row in one state.
        detectable: Sales for a unit of spend that the best considered would find; None: it would find none.
        lift: That break-even as a part of the shop's sales of a day: the smallest difference worth finding.
        carry_over: Days that a switch may still be felt.
    """

    change: float
    days: int | None
    run: int
    detectable: float | None
    lift: float
    carry_over: int = CARRY_OVER

    @property
    def how(self) -> Text:
        """How it is done, where it would tell."""
        zh, en = "轮流停投和恢复", "stop the spend and give it back"
        if self.change < 1:
            zh, en = (
                f"花费轮流减 {self.change:.0%} 和恢复",
                f"take {self.change:.0%} of the spend away and give it back",
            )
        return Text(
            f"{zh}，每段至少 {self.run} 天，共 {self.days} 天",
            f"{en} in turns of {self.run} days at least, {self.days} days in all",
        )

    @property
    def words(self) -> Text:
        """What is to be said of it: how it is done, or what the longest would find at best."""
        if self.days is not None:
            return Text(f"最小的测试：{self.how.zh}", f"smallest test: {self.how.en}")
        zh, en = "全店轮换 12 周也测不出", "twelve weeks of a switchback of the whole shop would not tell"
        if self.detectable is None:
            return Text(zh, en)
        return Text(
            f"{zh}：每花一块至少要带来 {self.detectable:,.1f} 才看得见",
            f"{en}: a unit of spend would have to bring {self.detectable:,.1f} to be seen",
        )


@dataclass(frozen=True, slots=True)
class ChannelReturn:
    """What spend on a channel brings.

    Attributes:
        channel: Key.
        title: Name.
        verdict: What the next unit does.
        told: The same in words.
        today: Spend of a day, mean of the last four weeks.
        average: Sales for a unit of spend over the whole past, with the 90 % interval; None where it cannot be told.
        marginal: Sales for a further unit at today's spend; None where it cannot be told.
        break_even: Sales for a unit of spend at which nothing is earned or lost.
        claimed: What the platform claims for a further unit, by regression: an upper bound at best.
        followed: Share of the movement of the spend that demand explains.
        unseen: By how much both returns are widened, for what is not seen may be as strong as the demand that is.
        reasons: Why it cannot be told, or what limits it.
        test: The smallest test that would tell; None where it is told.
    """

    channel: str
    title: Text
    verdict: Verdict
    told: Text
    today: float
    average: Span | None
    marginal: Span | None
    break_even: float
    claimed: Span | None
    followed: float | None
    unseen: float
    reasons: tuple[Text, ...]
    test: SmallestTest | None


@dataclass(frozen=True, slots=True)
class Fitted:
    """The channels as they are judged.

    Attributes:
        returns: One for each channel.
        response: The response of all; None where no model could be fitted.
        days: Length of its periods.
    """

    returns: tuple[ChannelReturn, ...]
    response: Response | None
    days: int


def today_of(known: Daily) -> Floats:
    """Return float[C], mean spend of a day over the last four weeks."""
    return np.asarray(known.cost[-TABLE_DAYS:].mean(axis=0))


def judged(question: ChannelQuestion, known: Daily, of: Past | None, value: float, scale: float = 0.0) -> Fitted:
    """Return what spend on each channel brings.

    Args:
        question: What is asked.
        known: Day by day.
        of: What a response is fitted to; None where the days are too few.
        value: Contribution of a unit of sales.
        scale: Standard deviation of its logarithm.
    """
    if of is None:
        few = Text("数据天数不够", "too few days")
        return Fitted(tuple(_untold(question, known, one, value, (few,)) for one in range(_count(known))), None, 1)
    trials = [one.as_trial(known.channels.index(one.channel), of.days) for one in usable(question, known)]
    shape = DAY_SHAPE if of.days == 1 else WEEK_SHAPE
    first = of.spend[: max(28 // of.days, 1)].mean(axis=0)
    unheard = _unheard(question, known, of)
    base = np.concatenate([steadied(of), *(absorbing(of, one) for one in unheard)], axis=1)
    try:
        response = fit_response(of.sales, of.spend, base, shapes=shape, trials=trials, before=first)
    except ValueError:
        few = Text("数据期数比要估的东西还少", "there are fewer periods than things to estimate")
        return Fitted(tuple(_untold(question, known, one, value, (few,)) for one in range(_count(known))), None, 1)
    returns = []
    for one, channel in enumerate(known.channels):
        tests = [test for test in question.tests if test.channel == channel]
        facts = evidence_of(of, one, response, tests, 1 / value)
        if one in unheard:
            facts = replace(facts, bias=0.0)
        returns.append(_judge(question, known, of, response, one, (value, scale), facts))
    return Fitted(tuple(returns), response, of.days)


def _unheard(question: ChannelQuestion, known: Daily, of: Past) -> list[int]:
    """Return the tested channels of which only the tests may tell: without them nothing could be told of these."""
    seen = known.demand.shape[1] > 0
    tested = sorted({known.channels.index(one.channel) for one in usable(question, known)})
    return [one for one in tested if known.channels[one] == SITE_WIDE or not seen or follows_demand(of, one)]


def _count(known: Daily) -> int:
    return len(known.channels)


def usable(question: ChannelQuestion, known: Daily) -> tuple[ChannelTest, ...]:
    """Return the tests of channels that were spent on."""
    return tuple(one for one in question.tests if one.channel in known.channels)


def _judge(
    question: ChannelQuestion,
    known: Daily,
    of: Past,
    response: Response,
    one: int,
    worth: tuple[float, float],
    facts: Evidence,
) -> ChannelReturn:
    value, scale = worth
    today = today_of(known)
    reasons = _reasons(known, of, response, one, value, facts)
    if reasons:
        reasons += [*_together(question, known, facts), *_coarse(facts)]
        return _untold(question, known, one, value, tuple(reasons), facts.followed)
    average = _span(response.returns[:, one], facts.bias)
    break_even, draws = 1 / value, response.marginal(one, float(today[one]) * of.days)
    marginal = _span(draws, facts.bias)
    # What a sale leaves is itself only estimated: what is held against break-even has that error too.
    held = _span(draws * valued(len(draws), scale), facts.bias)
    if held.low > break_even:
        verdict = Verdict.EARNS
    elif held.high < break_even:
        verdict = Verdict.LOSES
    else:
        near = Text(
            "边际回报的区间（含毛利率的误差）跨过保本线，加减都不能说一定对",
            "the interval of what a further unit brings, with the error of the margin, holds the break-even: neither "
            "more nor less is surely right",
        )
        why = (near, *_together(question, known, facts))
        return _untold(question, known, one, value, why, facts.followed, (average, marginal, facts.bias))
    return ChannelReturn(
        known.channels[one],
        question.titled(known.channels[one]),
        verdict,
        VERDICTS[verdict],
        float(today[one]),
        average,
        marginal,
        break_even,
        _claimed(known, one),
        facts.followed,
        facts.bias,
        (),
        None,
    )


def _reasons(known: Daily, of: Past, response: Response, one: int, value: float, facts: Evidence) -> list[Text]:
    """Return why nothing can be told; empty where something can."""
    active = int((of.spend[:, one] > 0).sum())
    if today_of(known)[one] <= 0:
        return [Text(f"最近 {TABLE_DAYS} 天没有花费", f"no spend in the last {TABLE_DAYS} days")]
    if facts.tested:
        return []
    if known.channels[one] == SITE_WIDE:
        return [
            Text(
                "全站推广把自然成交也算进去，花费由平台跟着成交调：没有测试就分不开",
                "site-wide promotion counts organic sales as its own and spends as they go: only a test tells",
            )
        ]
    if active < LEAST_ACTIVE:
        return [Text(f"只投过 {active} 期", f"spend in {active} periods only")]
    return _of_movement(known, facts, max(float(np.median(response.returns[:, one])), 1 / value))


def _of_movement(known: Daily, facts: Evidence, wanted: float) -> list[Text]:
    """Return why how the spend moves tells nothing; empty where it does."""
    if facts.follows:
        return [
            Text(
                f"花费跟着需求走（{facts.followed:.0%} 的变动），看到的回报可能本来就会有",
                f"the spend follows demand ({facts.followed:.0%} of its movement): sales may have come anyway",
            )
        ]
    if not known.demand.shape[1]:
        return [
            Text(
                "没有搜索、活动这些免费来源的访客，看不出花费是不是跟着需求走：先导入流量来源日报",
                "visitors who come by search or campaigns are not known, so whether spend follows demand cannot be "
                "seen: import the daily report of traffic sources",
            )
        ]
    if ONE_SIDED * facts.error > wanted:
        return [
            Text(
                "花费自己的变动比销售的日常波动小得多，分不出它带来多少",
                "the spend moves by itself too little against the noise of sales to tell what it brings",
            )
        ]
    return []


def _together(question: ChannelQuestion, known: Daily, facts: Evidence) -> list[Text]:
    """Return that the spend moves with another's, where it does."""
    if facts.beside is None or facts.tested:
        return []
    other = question.titled(known.channels[facts.beside])
    return [
        Text(
            f"它的花费总和「{other.zh}」一起动，两条分不开：先只调其中一条",
            f"its spend moves as that of “{other.en}” does, so the two cannot be told apart: change one of them alone",
        )
    ]


def _coarse(facts: Evidence) -> list[Text]:
    """Return that the tests on record leave too much open, where there are any that do."""
    if facts.left is None or facts.tested:
        return []
    half = ONE_SIDED * facts.left
    return [
        Text(
            f"已有的测试太粗（每花一块的误差 ±{half:,.1f}），单凭它说不清",
            f"the test on record is too coarse to tell: it leaves ±{half:,.1f} for a unit of spend",
        )
    ]


def valued(number: int, scale: float) -> Floats:
    """Return float[N], draws about one of what a unit of sales leaves: the same for all channels at once."""
    normal = np.random.default_rng(SEED).standard_normal(number)
    return np.asarray(np.exp(scale * normal - scale**2 / 2))


def _span(draws: Floats, bias: float) -> Span:
    low, middle, high = (float(one) for one in np.quantile(draws, ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2)))
    return Span(middle, max(low - bias, 0.0), high + bias)


def _untold(
    question: ChannelQuestion,
    known: Daily,
    one: int,
    value: float,
    reasons: Sequence[Text],
    followed: float | None = None,
    seen: tuple[Span, Span, float] | None = None,
) -> ChannelReturn:
    channel, today = known.channels[one], float(today_of(known)[one])
    return ChannelReturn(
        channel,
        question.titled(channel),
        Verdict.CANNOT_TELL,
        VERDICTS[Verdict.CANNOT_TELL],
        today,
        seen[0] if seen else None,
        seen[1] if seen else None,
        1 / value,
        _claimed(known, one),
        followed,
        seen[2] if seen else 0.0,
        tuple(reasons),
        smallest_test(question, known, today, value),
    )


def smallest_test(question: ChannelQuestion, known: Daily, today: float, value: float) -> SmallestTest | None:
    """Return the smallest switchback that tells break-even from nothing; None without spend or with few days."""
    if today <= 0:
        return None
    found, length = None, min(len(known.sales), HISTORY)
    first = known.period.end - timedelta(days=length - 1)
    usual = np.where(festival_days(question.calendar, first, length), np.nan, known.sales[-length:])
    for change in CHANGES:
        effect = today * change / value
        plan = plan_switchback(
            usual,
            effect,
            carry_over=CARRY_OVER,
            weekday=first.weekday(),
        )
        if not plan.options:
            return None
        least = min(one.detectable for one in plan.options) / (today * change)
        lift = effect / float(np.nanmean(usual))
        found = SmallestTest(change, plan.days, plan.run, least if np.isfinite(least) else None, lift)
        if plan.days is not None:
            return found
    return found


def _claimed(known: Daily, one: int) -> Span | None:
    """Return what the platform claims for a further unit of spend, from day to day."""
    cost, claimed = known.cost[-HISTORY:, one], known.claimed[-HISTORY:, one]
    used = cost > 0
    if int(used.sum()) < 14 or np.ptp(cost[used]) <= 0:
        return None
    centred = cost[used] - cost[used].mean()
    moved = float(centred @ centred)
    slope = float(centred @ claimed[used]) / moved
    left = claimed[used] - claimed[used].mean() - slope * centred
    error = float(np.sqrt(left @ left / (len(left) - 2) / moved))
    return Span(slope, slope - ONE_SIDED * error, slope + ONE_SIDED * error)
