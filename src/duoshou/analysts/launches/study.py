"""The study of a shop's launches: candidates and their verdicts, how launches come, and how many arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from duoshou.analysts.launches.arriving import Arrivals, arrived, class_a
from duoshou.analysts.launches.findings import Traffic, launch_findings
from duoshou.analysts.launches.question import LaunchQuestion, ProductDays, read_days
from duoshou.analysts.launches.rates import YOUNG_DAYS, Counted, Rate, Read, counted, overall, read_rates
from duoshou.analysts.margin import margin_of
from duoshou.model import Finding, Text, plain
from duoshou.model.numbers import cents
from duoshou.statistics.launches import Verdict, next_check
from duoshou.statistics.launches.verdicts import LEAST_LAUNCHES

RECENT = 28
MATURING = 15
"""Days in which platforms still attribute orders to a click."""
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A new product.

    Attributes:
        id: Its id.
        title: Its title.
        category: None where no file tells it.
        launched: Day of its first visit or sale.
        age: Days since then, that day included.
        visitors: Visitors of all these days, added up; None where no file tells them.
        buyers: Buyers of all these days, added up.
        amount: What they paid.
        ad_cost: What was spent on it in the last four settled weeks; None where no file tells it.
        ad_sales: What promotion claims of its sales in these weeks; None where no file tells it.
        verdict: By money per visitor: pass, fail, not enough data.
        early: What the leading rates say meanwhile, those that foretold money in the shop's own past.
        needed: Further visitors after which a verdict is due with a chance of four in five; None where it has one or
            none can be expected.
        next_check: Age at which it is judged next; None: its test is over.
        rates: What its rates say.
    """

    id: str
    title: str
    category: str | None
    launched: date
    age: int
    visitors: int | None
    buyers: int
    amount: Decimal
    ad_cost: Decimal | None
    ad_sales: Decimal | None
    verdict: Verdict
    early: Verdict
    needed: int | None
    next_check: int | None
    rates: tuple[Read, ...]

    @property
    def awaits_launches(self) -> bool:
        """Whether no number of visitors would bring a verdict, but more launches to compare with might."""
        return self.verdict is Verdict.NOT_ENOUGH and self.needed is None and self.rate(Rate.MONEY) is not None

    def rate(self, wanted: Rate) -> Read | None:
        """Return one of its rates."""
        return next((one for one in self.rates if one.rate is wanted), None)


@dataclass(frozen=True, slots=True)
class LaunchStudy:
    """What is known of a shop's launches.

    Attributes:
        as_of: Last day that counts.
        shop: Key of the shop; None: all.
        currency: Of the amounts.
        days: Days that were looked at.
        launches: Products that were launched in them.
        candidates: Those that are 60 days old at most, those with a verdict first.
        arrivals: How launches come and what became of them; None without any.
        findings: What deserves attention.
        caveats: What cannot be told, and why.
    """

    as_of: date
    shop: str | None
    currency: str
    days: int
    launches: int
    candidates: tuple[Candidate, ...]
    arrivals: Arrivals | None
    findings: tuple[Finding, ...]
    caveats: tuple[Text, ...]

    def without_costs(self) -> LaunchStudy:
        """Return the study for those who may not see margins, by which findings reckon."""
        return replace(self, findings=())

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape; money as decimal strings, rates as numbers."""
        shape = {name: plain(getattr(self, name)) for name in self.__slots__}
        return shape | {"findings": [one.to_dict() for one in self.findings]}


def study_launches(question: LaunchQuestion, first: date | None) -> LaunchStudy:
    """Return what is known of a shop's launches.

    Args:
        question: What is asked.
        first: First day of which anything is known; None: nothing is.
    """
    found = None if first is None else read_days(question, first)
    if found is None or not len(found.launched):
        days = 0 if found is None else found.days
        caveat = Text(
            "数据里看不到新品：四周之后才第一次有访客或成交的商品算新品",
            "no launch is in the data: a product counts as one if it was first seen four weeks after they begin",
        )
        return LaunchStudy(question.as_of, question.shop, question.currency, days, 0, (), None, (), (caveat,))
    told = counted(found)
    candidates = tuple(
        sorted(
            (_candidate(found, int(row), told) for row in found.launched if found.age(int(row)) <= YOUNG_DAYS),
            key=lambda one: (
                ORDER.index(one.verdict),
                ORDER.index(one.early),
                -(one.visitors or 0),
                -one.amount,
                one.id,
            ),
        )
    )
    study = LaunchStudy(
        question.as_of,
        question.shop,
        question.currency,
        found.days,
        len(found.launched),
        candidates,
        arrived(found),
        (),
        tuple(_caveats(found, candidates)),
    )
    if all(one.verdict is Verdict.NOT_ENOUGH for one in candidates):
        return study
    margin = margin_of(
        question.backend,
        question.catalogue,
        question.as_of,
        today=question.today,
        shop=question.shop,
        assumed=question.assumed_margin,
    )
    return replace(study, findings=launch_findings(question, candidates, traffic(found), margin.rate))


ORDER = (Verdict.PASSED, Verdict.FAILED, Verdict.NOT_ENOUGH)


def _candidate(found: ProductDays, row: int, told: Mapping[Rate, Counted]) -> Candidate:
    age = found.age(row)
    reads = read_rates(found, told, row)
    verdict, early = overall(reads)
    money = next((one.judgement for one in reads if one.rate is Rate.MONEY), None)

    def known(metric: str, days: slice = slice(-age, None)) -> float | None:
        values = found.values[metric][row, days]
        return float(np.nansum(values)) if np.isfinite(values).any() else None

    # Orders of the last days are still to be attributed: set against their cost, promotion would look worse than it is.
    settled = slice(-min(age, RECENT + MATURING), -MATURING)
    visitors, (cost, claimed) = known("visitors"), (known(one, settled) for one in ("ad_cost", "ad_sales"))
    return Candidate(
        found.products[row],
        found.titles[row],
        found.categories[row],
        found.day(int(found.start[row])),
        age,
        None if visitors is None else round(visitors),
        round(known("pay_buyers") or 0),
        cents(known("pay_amount") or 0.0),
        None if cost is None else cents(cost),
        None if claimed is None else cents(claimed),
        verdict,
        early,
        None if money is None else money.needed,
        next_check(age),
        reads,
    )


def traffic(found: ProductDays) -> Traffic | None:
    """Return what visitors a product of class A has on a day of the last four weeks; None where no file tells it."""
    hits = class_a(np.nan_to_num(found.values["pay_amount"]))[:, -1]
    visitors = found.values["visitors"][:, -RECENT:]
    recent = {
        found.products[row]: float(np.nanmean(visitors[row]))
        for row in range(len(found.products))
        if np.isfinite(visitors[row]).any()
    }
    of_hits = [recent[found.products[row]] for row in np.flatnonzero(hits) if found.products[row] in recent]
    if len(of_hits) < 3:
        return None
    return Traffic(float(np.median(of_hits)), recent)


def _caveats(found: ProductDays, candidates: tuple[Candidate, ...]) -> list[Text]:
    caveats = [
        Text(
            "每访客价值按支付金额算，没扣退款和成本",
            "money per visitor is what buyers pay, before refunds and costs",
        ),
        Text(
            "新品按第一次有访客或成交的那天算；停卖很久又上架的老品也会算进来",
            "a product counts as launched on the day of its first visit or sale: an old one that comes back does too",
        ),
    ]
    if any(one.awaits_launches for one in candidates):
        caveats.append(
            Text(
                "写“等更多上新”的，要么正好在界线上，要么本店上新太少、界线本身说不准：再多访客也判不了",
                "where more launches are awaited, it lies at the bar, or so few launches leave the bar unsure: "
                "no number of visitors would tell",
            )
        )
    if len(found.launched) <= LEAST_LAUNCHES:
        caveats.append(
            Text(
                f"本店数据里只有 {len(found.launched)} 次上新，少于 {LEAST_LAUNCHES} 次可比的不下结论",
                f"only {len(found.launched)} launches are in the data: with fewer than {LEAST_LAUNCHES} to compare "
                "with there is no verdict",
            )
        )
    if candidates and not any(one.rate(Rate.MONEY) for one in candidates):
        caveats.append(
            Text(
                "没有按商品的访客数，转化和每访客价值不能判断", "visitors by product are not known: no verdict by money"
            )
        )
    if candidates and not any(one.rate(Rate.CLICKS) for one in candidates):
        caveats.append(
            Text(
                "没有这些新品的展现和点击，点击率不能判断",
                "impressions and clicks of them are not known: no click rate",
            )
        )
    return caveats
