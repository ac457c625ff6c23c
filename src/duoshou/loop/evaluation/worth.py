"""What a case brought in money: sales that came, what they leave, what they cost, whom they were taken from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from duoshou.loop.evaluation.case import Case
from duoshou.loop.evaluation.company import promoted
from duoshou.loop.evaluation.displacement import Estimate, Net, net_of
from duoshou.loop.evaluation.donors import COMPETING, Donors, Target, donors_of
from duoshou.loop.evaluation.estimate import Found, Frame
from duoshou.loop.evaluation.money import Margin, margin_of, sold_more, worth_of
from duoshou.loop.evaluation.rules import LEAST_DAYS, LEVEL, spends
from duoshou.model import Period

if TYPE_CHECKING:
    from duoshou.loop.evaluation.measure import Setting


@dataclass(frozen=True, slots=True)
class Worth:
    """A case in money.

    Attributes:
        sales: Effect on sales; None where no file tells them.
        margin: What a unit of sales leaves.
        gross: Contribution gained, before anything is taken off; None: unknown.
        cost: What promotion cost more; None: not asked, or unknown.
        displaced: Effect on what competes with it, as contribution; None: nothing competes, or unknown.
        later: Effect on its own sales after it ended, as contribution; None: it did not end, or it is too early.
        net: What is left; None: unknown.
        shares: Shares of the gain that were taken from others, and from later days.
        caveats: Codes.
    """

    sales: Found | None = None
    margin: Margin | None = None
    gross: Estimate | None = None
    cost: Estimate | None = None
    displaced: Estimate | None = None
    later: Estimate | None = None
    net: Estimate | None = None
    shares: tuple[float, float] = (0.0, 0.0)
    caveats: tuple[str, ...] = ()

    def relative(self, metric: str) -> Estimate | None:
        """Return the relative change of what is earned; None where it rests on no cost of that kind."""
        if self.gross is None or self.sales is None or self.margin is None or self.margin.rate <= 0:
            return None
        if self.margin.basis == "assumed" or (metric == "contribution" and self.margin.basis != metric):
            return None
        known = np.isfinite(self.sales.effect.observed)
        expected = float(np.nansum(self.sales.effect.expected[known])) * self.margin.rate
        return self.gross.scaled(1 / expected) if expected > 0 else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON shape."""
        return {
            "money": {
                "gross": _shape(self.gross),
                "cost": _shape(self.cost),
                "displaced": _shape(self.displaced, self.shares[0]),
                "later": _shape(self.later, self.shares[1]),
                "margin": None if self.margin is None else self.margin.to_dict(),
            }
        }


def worth_of_case(case: Case, target: Target, donors: Donors, frame: Frame, setting: Setting) -> Worth:
    """Return what a case brought in money.

    The contribution gained is what the sales that came left, less what the sales that would have come would have left
    at the former margin: a change of the price is in it. From it are taken: what promotion cost more, where the change
    spends; what competing products lost; what is missing after it ended. A campaign is judged by the sales of the
    products that it promotes, where files tell which; else by the sales that the platform credits to it, which are not
    all its own.
    """
    seller, around, view, attributed = _seller(case, target, donors, frame, setting)
    if attributed:
        sales = setting.estimated("ad_sales", target, frame)
    else:
        sales = setting.estimated("pay_amount", seller, view)
    if sales is None:
        return Worth(caveats=("no_money",))
    past = Period(max(sales.past.start, sales.past.end - timedelta(days=89)), sales.past.end)
    type_, names = ("shop", ("",)) if attributed else (seller.type, seller.names)
    margin = margin_of(setting.reader, type_, names, past, sales.judged, setting.assumed_margin)
    gross = worth_of(sales, margin, LEVEL)
    caveats = [*margin.caveats, *(["attributed"] if attributed else [])]
    cost = _cost(case, target, frame, setting)
    caveats += ["extra_cost"] if cost is not None else []
    displaced = None if attributed else _displaced(seller, around, view, setting, margin)
    later = None if attributed else _later(seller, view, setting, margin)
    more = 0.0 if attributed else sold_more(setting.reader, seller.type, seller.names, past, sales.judged, margin)
    taken = net_of(gross, tuple(one or _NOTHING for one in (displaced, later)), LEVEL, more)
    caveats += _said(gross, taken, displaced, later)
    net = taken.net if cost is None else taken.net.minus(cost)
    shares = (taken.shares[0], taken.shares[1])
    return Worth(sales, margin, gross, cost, displaced, later, net, shares, tuple(caveats))


_NOTHING = Estimate(float("nan"), float("nan"), float("nan"))


def _seller(
    case: Case, target: Target, donors: Donors, frame: Frame, setting: Setting
) -> tuple[Target, Donors, Frame, bool]:
    """Return whose sales tell the money, whom they are compared with, and whether the platform only credits them."""
    if target.type != "campaign":
        return target, donors, frame, False
    window, reader = frame.window, setting.reader
    pushed = promoted(reader.backend, reader.shop, Period(window.past.start, window.judged.end))
    products = sorted(frozenset().union(*(pushed.get(name, frozenset()) for name in target.names)))
    if not products or reader.values("pay_amount", "product") is None:
        return target, donors, frame, True
    seller = Target("product", tuple(products))
    around = donors_of(reader, seller, case, window, setting.done)
    competing = seller.type in COMPETING
    view = Frame(window, frame.until, frame.calendar, around.names, frame.selected, competing, around.kinds)
    return seller, around, view, False


def _cost(case: Case, target: Target, frame: Frame, setting: Setting) -> Estimate | None:
    """Return what promotion cost more, where the change spends and files tell it."""
    if not spends(case.kind):
        return None
    values = setting.reader.values("ad_cost", target.type)
    rows = [] if values is None else values.rows(target.names)
    if values is None or not rows:
        return None
    found = setting.estimated("ad_cost", target, frame)
    if found is not None:
        return found.total
    begun = max(values.column(frame.window.judged.start), 0)
    last = values.column(min(frame.window.judged.end, frame.until)) + 1
    if np.nansum(values.values[rows, :begun]) > 0:
        return None
    spent = float(np.nansum(values.values[rows, begun:last]))
    return Estimate(spent, spent, spent)


def _displaced(seller: Target, around: Donors, view: Frame, setting: Setting, margin: Margin) -> Estimate | None:
    if not around.rivals:
        return None
    found = setting.estimated("pay_amount", Target(seller.type, around.rivals), view)
    return None if found is None else found.total.scaled(margin.rate)


def _later(seller: Target, view: Frame, setting: Setting, margin: Margin) -> Estimate | None:
    after = view.window.after
    if after is None or (setting.reader.until - after.start).days + 1 < LEAST_DAYS:
        return None
    found = setting.estimated("pay_amount", seller, view, over=after)
    return None if found is None else found.total.scaled(margin.rate)


def _said(gross: Estimate, taken: Net, displaced: Estimate | None, later: Estimate | None) -> list[str]:
    """Return what is said of what was taken from elsewhere, where there is something: that it was, or is not clear."""
    if gross.low <= 0 <= gross.high:
        return []
    said = []
    for one, share, code in ((displaced, taken.shares[0], "displaced"), (later, taken.shares[1], "pulled_forward")):
        if one is not None and one.high < 0 < share:
            said.append(code)
        elif one is not None and share > _UNCLEAR:
            said.append("displacement_unknown")
    return said


_UNCLEAR = 0.1
"""Expected share above which it is said that the gain may come from elsewhere."""


def _shape(one: Estimate | None, share: float | None = None) -> dict[str, float] | None:
    if one is None:
        return None
    shape = {"estimate": one.value, "low": one.low, "high": one.high}
    return shape if share is None else {**shape, "share": share}
