"""The bids of the next step: what is wanted of them, and what is proposed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from duoshou.model import Period, Text, plain
from duoshou.statistics.bidding.learning import LEAP


@dataclass(frozen=True, slots=True)
class BidWish:
    """What is wanted of the bids.

    Attributes:
        budget: Most that all keywords may cost in a day; None: what they cost now.
        step: Most that a bid changes at once, as a part of it.
        goals: Plan or keyword and what a click of it may cost beyond what it is worth, for a launch or a rank.
        current: Campaign, keyword and the bid of today, where a sheet of the platform tells it.
    """

    budget: float | None = None
    step: float = 0.25
    goals: tuple[tuple[str, float], ...] = ()
    current: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Amount:
    """Money that is expected, with a 90 % interval."""

    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Bid:
    """One keyword of one plan; amounts are of a day.

    Attributes:
        campaign: Key of the plan.
        campaign_name: Its name.
        keyword: The keyword.
        known: Whether the bid of today is known; else only the change is proposed, and the limit of the price.
        now: Bid of today; None where not known.
        new: Proposed bid; None where not known.
        change: By how much to change it, as a part of it.
        price: Price of a click in the latest days.
        limit: Most that a click may cost: its worth, with what a goal pays.
        worth: What a click leaves.
        quality: The platform's quality score, where it tells one.
        clicks_now, cost_now: Expected without a change.
        clicks, clicks_low, clicks_high: Expected at the new bid, with a 90 % interval.
        cost: Expected at the new bid.
        profit: Margin less cost.
        extra: Profit beyond that of today's bid.
        held: Whether the best bid lies beyond this step.
    """

    campaign: str
    campaign_name: str
    keyword: str
    known: bool
    now: Decimal | None
    new: Decimal | None
    change: float
    price: Decimal
    limit: Decimal
    worth: Amount
    quality: float | None
    clicks_now: float
    cost_now: Decimal
    clicks: float
    clicks_low: float
    clicks_high: float
    cost: Amount
    profit: Amount
    extra: Amount
    held: bool


@dataclass(frozen=True, slots=True)
class PlanBudget:
    """A plan: what it costs in a day now, and what the bids would have it cost."""

    campaign: str
    name: str
    now: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class Goal:
    """A stated goal and its price.

    Attributes:
        name: Plan or keyword.
        a_click: What a click may cost beyond its worth.
        keywords: How many it holds for; 0: none has the name.
        clicks: More clicks in 28 days.
        price: Profit of 28 days that it costs.
    """

    name: str
    a_click: Decimal
    keywords: int
    clicks: float
    price: Decimal


@dataclass(frozen=True, slots=True)
class Trying:
    """Keywords too little known to leave at what they seem to be worth.

    Attributes:
        keywords: Bid more on than profit alone would have it, never above what a click is expected to be worth.
        price: Profit of 28 days that it costs to learn, if all are worth no more than expected.
    """

    keywords: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Auction:
    """The auction in the shop's own numbers: a model, not what the platform tells.

    Attributes:
        clicks_of_tenth: Change of clicks by a tenth more bid.
        clicks_of_tenth_low, clicks_of_tenth_high: 90 % interval.
        price_of_tenth: Change of the price of a click by it.
        paid_share: Price of a click as a part of the bid; None where no bid is known.
        further: What a further click costs as a part of the bid.
        further_price: What a further click costs, as a multiple of the price of those that are bought.
        measured: Whether the shop's own bids moved enough to tell it; else it is as auctions of the kind are.
    """

    clicks_of_tenth: float
    clicks_of_tenth_low: float
    clicks_of_tenth_high: float
    price_of_tenth: float
    paid_share: float | None
    further: float
    further_price: float
    measured: bool


@dataclass(frozen=True, slots=True)
class BidPlan:
    """The bids of the next step.

    Attributes:
        period: Days that the curves were learnt from.
        budget: Of a day.
        cost_now, cost: Of a day: now, and expected.
        return_of_more: What a further unit of budget would earn beyond itself; 0 where the budget does not bind; None
            where one step cannot reach the budget.
        step: Most that a bid changes.
        variation: How far bids are varied on purpose, so that the curves are learnt.
        days: Days that the extra profit is of.
        extra: Profit of those days beyond that of today's bids.
        bids: The keywords, those that move the most money first.
        plans: The plans.
        goals: What was wanted beyond profit, and what it costs.
        auction: How the auction answers.
        wasting: Bids to be changed of keywords that are told to waste: `extra` leaves them out.
        trying: Keywords that are bid on to know them.
    """

    period: Period
    budget: Decimal
    cost_now: Decimal
    cost: Decimal
    return_of_more: float | None
    step: float
    variation: float
    days: int
    extra: Amount
    bids: tuple[Bid, ...]
    plans: tuple[PlanBudget, ...]
    goals: tuple[Goal, ...]
    auction: Auction
    wasting: int = 0
    trying: Trying = Trying(0, Decimal(0))

    @property
    def row_count(self) -> int:
        """How many keywords it holds, by which a memory of answers is bounded."""
        return len(self.bids)

    @property
    def changed(self) -> tuple[Bid, ...]:
        """Those whose bid is to be changed."""
        return tuple(one for one in self.bids if one.change)

    @property
    def leaping(self) -> int:
        """How many rise by more than a step, because they are hardly clicked."""
        return sum(one.change > 0 for one in self._beyond) - sum(one.change > 0 for one in self.by_a_cent)

    @property
    def by_a_cent(self) -> tuple[Bid, ...]:
        """Those that move by a cent, which is more than a step of them."""
        return tuple(one for one in self._beyond if one.new and one.now and abs(one.new - one.now) <= Decimal("0.01"))

    @property
    def _beyond(self) -> tuple[Bid, ...]:
        # Whole cents within reach may not lie beyond the step, a rounded change may.
        return tuple(one for one in self.bids if abs(one.change) > self.step + 1e-4)

    @property
    def caveats(self) -> tuple[Text, ...]:
        """What the reader has to know of the bids."""
        found = [
            Text(
                "出价是模型：平台不告诉输掉的竞价。每周只走一步，看过结果再算下一步",
                "bids are by a model: a platform tells no lost auction. One step a week; look before the next",
            ),
        ]
        prices = [one.price for one in self.bids if one.price > 0]
        if prices and self.budget < min(prices):
            found.append(
                Text(
                    f"每天预算 {self.budget} 还不够一次点击（最便宜的约 {min(prices)}）：请提高预算，或者暂停",
                    f"a budget of {self.budget} a day buys not even one click, of which the cheapest costs about "
                    f"{min(prices)}: raise it or pause",
                )
            )
        if self.return_of_more is None:
            found.append(
                Text(
                    "一步到不了这个预算：先走这一步，之后再降",
                    "one step cannot reach that budget: take this one, and lower further with the next",
                )
            )
        if self.leaping:
            found.append(
                Text(
                    f"{self.leaping} 个词一天不到一次点击，几乎不花钱：一步最多加 {LEAP * self.step:.0%}",
                    f"{self.leaping} words get less than a click a day and cost next to nothing: they may rise by "
                    f"{LEAP * self.step:.0%} in one step until clicks are seen",
                )
            )
        if self.by_a_cent:
            found.append(
                Text(
                    f"{len(self.by_a_cent)} 个词出价太低，{self.step:.0%} 不到一分钱：最多动一分",
                    f"words of whose bid {self.step:.0%} is less than a cent, so that it moves by one cent at most: "
                    f"{len(self.by_a_cent)}",
                )
            )
        if self.trying.keywords:
            found.append(
                Text(
                    f"{self.trying.keywords} 个词点击太少，还不知道值多少：为了弄清，预算多分给它们一些，"
                    "出价不超过保本，点击够了就自己停",
                    f"{self.trying.keywords} words have too few clicks to know what they are worth: to find out they "
                    "get more of the budget, never above break-even, until there are clicks enough",
                )
            )
        if self.wasting:
            found.append(
                Text(
                    f"多赚的总数不含 {self.wasting} 个已判为浪费的词（那笔钱另外说了），所以不等于各行之和",
                    f"the total gain leaves out {self.wasting} keywords already told to waste (their money is told "
                    "there), so it is not the sum of the rows",
                )
            )
        if not all(one.known for one in self.bids):
            found.append(
                Text(
                    "报表没有出价的词只给调价幅度：现价按点击价 ÷ 0.75 推算，幅度不是绝对出价",
                    "where no report tells the bid only its change is proposed: the bid is taken as click price ÷ 0.75",
                )
            )
        if self.variation:
            found.append(
                Text(
                    f"词的出价很少变过，点击随出价怎么变还不清楚：一半的词高 {self.variation:.0%}、一半低 "
                    f"{self.variation:.0%}，下一步再换",
                    "bids hardly ever moved, so the curves are not known: half of the words are set "
                    f"{self.variation:.0%} higher and half lower, and turned in the next step",
                )
            )
        return tuple(found)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {name: plain(getattr(self, name)) for name in self.__slots__} | {"caveats": plain(self.caveats)}
