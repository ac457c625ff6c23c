"""From daily values to the effect with what else tells of the level."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
from tests.loop.evaluation.arrays import FIRST

from duoshou.loop.evaluation.estimate import Frame, estimate
from duoshou.loop.evaluation.kinds import Kinds
from duoshou.loop.evaluation.reading import Values
from duoshou.loop.evaluation.rules import companions_of
from duoshou.loop.evaluation.windows import Window
from duoshou.metrics import load_catalogue
from duoshou.model import Period
from duoshou.settings import Settings
from duoshou.settings.calendar import load_calendar

DAYS, START = 98, 77
NAMES = tuple(f"p{number:02}" for number in range(16))


def shop(seed: int) -> tuple[Values, Values]:
    """Return sales of a few a day and the visitors that they follow."""
    random = np.random.default_rng(seed)
    line = np.log(800) + np.cumsum(random.normal(0, 0.05, (len(NAMES), DAYS)), axis=1)
    visitors = random.poisson(np.exp(line)).astype(np.float64)
    sales = random.poisson(0.01 * visitors).astype(np.float64)
    period = Period(FIRST, FIRST + timedelta(days=DAYS - 1))
    return Values(NAMES, period, sales, None, "count"), Values(NAMES, period, visitors, None, "count")


def frame(names: tuple[str, ...] = NAMES[1:]) -> Frame:
    """Return three weeks judged after eleven before."""
    begun = FIRST + timedelta(days=START)
    past, judged = Period(FIRST, begun - timedelta(days=1)), Period(begun, begun + timedelta(days=20))
    return Frame(Window(past, judged, None, (), (), ()), judged.end, load_calendar(Settings()), names)


def test_companions_narrow_the_interval() -> None:
    """Visitors before the change tell of the level that few sales hide."""
    widths = []
    for seed in range(6):
        sales, visitors = shop(seed)
        for companions in ((), (visitors,)):
            found = estimate(sales, NAMES[:1], replace(frame(), unlike=True), level=0.95, companions=companions)
            assert found is not None
            widths.append(np.log1p(found.effect.relative_high) - np.log1p(found.effect.relative_low))
    assert np.median(widths[1::2]) < np.median(widths[::2])


def test_companions_that_are_not_known_of_all_are_left_out() -> None:
    """Visitors of half of the products tell nothing; the answer is the one without them."""
    sales, visitors = shop(1)
    half = Values(NAMES[:8], visitors.days, visitors.values[:8], None, "count")
    one, other = (estimate(sales, NAMES[:1], frame(), level=0.95, companions=each) for each in ((half,), ()))
    assert one is not None
    assert other is not None
    assert one.effect.relative == other.effect.relative


def test_what_happens_to_its_category_narrows_the_interval() -> None:
    """Two categories whose demand wanders apart; prices far from each other, so that nobody competes."""
    prices = {name: 100.0 * 2**number for number, name in enumerate(NAMES)}
    kinds = Kinds(prices, {name: "ab"[number % 2] for number, name in enumerate(NAMES)})
    widths = []
    for seed in range(4):
        random = np.random.default_rng(seed)
        demand = np.cumsum(random.normal(0, 0.05, (2, DAYS)), axis=1)[np.arange(len(NAMES)) % 2]
        counts = random.poisson(400 * np.exp(demand)).astype(np.float64)
        visitors = Values(NAMES, shop(0)[0].days, counts, None, "count")
        for view in (frame(), replace(frame(), kinds=kinds)):
            found = estimate(visitors, NAMES[:1], replace(view, unlike=True), level=0.95)
            assert found is not None
            widths.append(np.log1p(found.effect.relative_high) - np.log1p(found.effect.relative_low))
    assert np.median(widths[1::2]) < 0.8 * np.median(widths[::2])


def test_companions_are_metrics_of_the_catalogue() -> None:
    """What `rules.toml` names exists."""
    catalogue = load_catalogue()
    assert companions_of("pay_amount") == ("visitors",)
    for metric in ("pay_amount", "pay_conversion_rate", "pay_units", "pay_orders", "pay_buyers", "net_pay_amount"):
        assert catalogue.metric(metric).key == metric
        assert [catalogue.metric(name).key for name in companions_of(metric)] == list(companions_of(metric))
