"""What the customers are expected to buy in the next days, and which of them have lately fallen silent, in money."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from duoshou.analysts.customers.models import LEAST_TRIED, Fitted, HeldOut, chosen
from duoshou.analysts.customers.question import CustomerQuestion, Known, customers
from duoshou.analysts.customers.sampling import WEEK, Sample, sample_of
from duoshou.model import Period, Text
from duoshou.statistics.lifetime.purchases import FEWEST, NotFitted
from duoshou.statistics.lifetime.spending import SpendingModel, expected_amount, fit_spending

Floats = NDArray[np.float64]
LEVEL = 0.95
MANY = 100_000
"""Beyond so many customers those whose histories lie within the same weeks are looked at together."""
EPOCH = date(1970, 1, 1)
LIKELY_GONE = 0.5
MOST_ERROR = math.log(10)
"""Half the interval, as a logarithm, beyond which not even the order of magnitude is told."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Trial:
    """How the model that was chosen foretold days of the past.

    Attributes:
        period: The days.
        expected: Purchases that it expected of those who were customers before.
        actual: What they bought.
        mean_error: Mean absolute error of a customer, in purchases.
    """

    period: Period
    expected: float
    actual: float
    mean_error: float


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of those who are customers today; new ones are not in it.

    Attributes:
        period: The days ahead.
        model: `bg_nbd` or `pareto_nbd`.
        is_seasonal: Whether it knows the seasons of the shop's own years.
        active: How many customers are expected to buy still.
        orders: Purchases.
        money: What they bring, less refunds as they were.
        at_risk: Customers who came back before, and of whom leaving became likelier than not within as many days as
            lie ahead.
        risk: What these would have brought in the days ahead beyond what is expected of them now.
        trials: How the model foretold the past.
        is_correlated: Whether who buys oftener also spends more or less in a purchase, against the model's assumption.
    """

    period: Period
    model: str
    is_seasonal: bool
    active: float
    orders: Estimate
    money: Estimate
    at_risk: int
    risk: Estimate
    trials: tuple[Trial, ...]
    is_correlated: bool


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt of how customers buy and spend, and how far it erred.

    Attributes:
        purchases: How they buy.
        spending: What they spend.
        orders_error: Factor by which purchases may be wrong, as a logarithm: half of the 95 % interval.
        money_error: The same of money.
        tried: How it foretold the past.
    """

    purchases: Fitted
    spending: SpendingModel
    orders_error: float
    money_error: float
    tried: tuple[HeldOut, ...]


class CannotTell(ValueError):
    """The customers' past does not tell their future; `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def learn(question: CustomerQuestion, known: Known) -> Learnt:
    """Return how the customers buy and spend.

    Raises:
        CannotTell: If too few came back, the past is too short to try the models on, nothing can be learnt from it, or
            what it tells is so unsure that its interval spans orders of magnitude.
    """
    if known.returned < FEWEST:
        raise CannotTell(
            Text(
                f"只有 {known.returned} 位客户买过第二次，至少要 {FEWEST} 位，不能判断以后会买多少",
                f"only {known.returned} customers bought a second time, at least {FEWEST} are needed: cannot tell",
            )
        )
    sample, end = sample_of(question), float((question.as_of - EPOCH).days)
    try:
        model, tried = chosen(sample, end, question.horizon)
        spending = fit_spending(*sample.spent())
    except NotFitted as problem:
        raise CannotTell(Text("客户的购买记录推不出规律，不能判断", f"cannot tell: {problem}")) from problem
    if len(tried) < LEAST_TRIED or spending.q <= 1:
        raise CannotTell(
            Text(
                "历史太短或回头客太少，没法用过去检验预测，不能判断",
                "the past is too short, or too few came back in it, to try the forecast on: cannot tell",
            )
        )
    orders = orders_error(model, tried, question.horizon)
    if not orders <= MOST_ERROR:
        raise CannotTell(
            Text(
                f"以后 {question.horizon} 天的购买次数，按过去看连十倍以内都说不准，不能判断",
                f"by the past, purchases of the next {question.horizon} days are not known within a factor of ten: "
                "cannot tell",
            )
        )
    return Learnt(model, spending, orders, float(np.hypot(orders, _spending_error(sample))), tuple(tried))


def orders_error(model: Fitted, tried: list[HeldOut], days: int) -> float:
    """Return half the interval of the logarithm of all purchases.

    The errors in the customers' own past hold what no model knows, seasons and campaigns above all; their quantile is
    Student's, for they are few. Where the days ahead are more than those tried, errors grow with the root of time.
    """
    errors = np.array([one.log_error for one in tried])
    noise = float(np.mean([one.noise for one in tried]))
    longer = max(1.0, days / tried[0].days)
    past = max(float(np.mean(errors**2)) * longer, noise**2)
    own = model.log_error(days)
    quantile = float(student.ppf((1 + LEVEL) / 2, len(tried)))
    return float(np.sqrt(past * quantile**2 + (0.0 if np.isnan(own) else 1.96 * own) ** 2))


def _spending_error(sample: Sample) -> float:
    """Return half the interval of the logarithm of the mean amount of a purchase, drawn by customers."""
    number, mean = sample.spent()
    total = number * mean
    ratio = total.sum() / number.sum()
    return float(1.96 * np.sqrt(((total - ratio * number) ** 2).sum()) / total.sum())


def outlook(question: CustomerQuestion, known: Known, learnt: Learnt) -> Outlook:
    """Return what is expected of all customers, each with a history of their own, in the next days."""
    repeats, last, age, number, money = _groups(question, many=known.customers > MANY)
    days, model = float(question.horizon), learnt.purchases
    orders = model.orders(repeats, last, age, days)
    amount = expected_amount(learnt.spending, repeats + 1, money / number / (repeats + 1))
    active = model.active(repeats, last, age)
    silent = is_at_risk(model, repeats, last, age, days)
    lost = np.where(silent, orders * (1 / np.maximum(active, 1e-12) - 1) * amount, 0.0)
    ahead = Period(question.as_of + timedelta(days=1), question.as_of + timedelta(days=question.horizon))
    return Outlook(
        ahead,
        model.name,
        model.seasons is not None,
        float(number @ active),
        _estimate(float(number @ orders), learnt.orders_error),
        _estimate(float(number @ (orders * amount)), learnt.money_error),
        int(number[silent].sum()),
        _estimate(float(number @ lost), learnt.money_error),
        tuple(_trial(one) for one in learnt.tried),
        abs(learnt.spending.correlation) > 0.3,
    )


def is_at_risk(model: Fitted, repeats: Floats, last: Floats, age: Floats, days: float) -> NDArray[np.bool_]:
    """Return who came back before and of whom leaving became likelier than not within the last days."""
    before = np.maximum(last, age - days / WEEK)
    now_gone = model.active(repeats, last, age) < LIKELY_GONE
    return np.asarray((repeats > 0) & now_gone & (model.active(repeats, last, age, before) >= LIKELY_GONE))


def _groups(question: CustomerQuestion, *, many: bool) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Return repeats, weeks to the last purchase, weeks of age, customers and money of those alike."""
    rows: Any = customers(question)
    until = ibis.literal(question.as_of, type="date")
    rows = rows.select(
        repeats=rows["purchases"] - 1,
        last=rows["last"].delta(rows["first"], unit="day").cast("int64"),
        age=until.delta(rows["first"], unit="day").cast("int64"),
        money=rows["money"].cast("float64"),
    )
    width = int(WEEK) if many else 1
    rows = rows.mutate(last_part=(rows["last"] / width).floor(), age_part=(rows["age"] / width).floor())
    found = question.backend.execute(
        rows.group_by(["repeats", "last_part", "age_part"]).agg(
            last=rows["last"].cast("float64").mean() / WEEK,
            age=rows["age"].cast("float64").mean() / WEEK,
            number=rows.count(),
            money=rows["money"].sum(),
        )
    )
    names = ("repeats", "last", "age", "number", "money")
    repeats, last, age, number, money = (found[name].to_numpy().astype(np.float64) for name in names)
    return repeats, last, age, number, money


def _estimate(value: float, error: float) -> Estimate:
    factor = float(np.exp(error))
    return Estimate(value, value / factor, value * factor)


def _trial(one: HeldOut) -> Trial:
    first = EPOCH + timedelta(days=one.cut + 1)
    return Trial(Period(first, first + timedelta(days=one.days - 1)), one.expected, one.actual, one.mean_error)
