"""Bids of shops whose auctions are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.changes.conftest import fill

from duoshou.analysts.advertising import AdQuestion, AdStudy, BidPlan, BidWish, study_advertising
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

AS_OF = date(2026, 9, 30)
KEYWORDS, DAYS, VALUE, MARGIN = 45, 92, 100.0, 0.5
Studied = Callable[..., AdStudy]


def auctions(seed: int = 3, *, known: bool = True) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Return days of keywords in second-price auctions of clicks ∝ bid^1.5, and what a click of each leaves."""
    random = np.random.default_rng(seed)
    rows, worth = [], {}
    for number in range(KEYWORDS):
        conversion = float(random.beta(0.05 * 40, 0.95 * 40))
        worth[f"k{number}"] = conversion * VALUE * MARGIN
        bid = float(np.round(np.exp(random.normal(0.9, 0.5)), 2))
        level = float(random.lognormal(3.0, 0.6))
        for back in range(DAYS, 0, -1):
            now = round(bid * (1.06 if (number + back // 7) % 2 else 0.94), 2)
            clicks = int(random.poisson(level * (now / bid) ** 1.5))
            rows.append(_row(f"k{number}", back, clicks, random.binomial(clicks, conversion), now, known=known))
    return rows, worth


def _row(keyword: str, back: int, clicks: int, orders: int, bid: float, *, known: bool) -> dict[str, Any]:
    return {
        "report_level": "keyword",
        "account": "main",
        "campaign": f"c{int(keyword[1:]) % 3}",
        "campaign_name": f"plan {int(keyword[1:]) % 3}",
        "target": keyword,
        "keyword": keyword,
        "attribution_window_days": 15,
        "day": AS_OF - timedelta(days=back - 1),
        "bid": Decimal(str(bid)) if known else None,
        "impressions": clicks * 20,
        "clicks": clicks,
        "cost": Decimal(str(round(clicks * bid * 0.6, 2))),
        "orders": orders,
        "sales_amount": Decimal(str(orders * VALUE)),
    }


@pytest.fixture
def studied() -> Iterator[Studied]:
    """Return what studies a shop of some rows of advertising."""
    with ExitStack() as stack:

        def study(rows: Sequence[Mapping[str, Any]], wish: BidWish | None = None) -> AdStudy:
            connection = duckdb.connect()
            fill(connection, {"ad_period": rows} if rows else {})
            backend = stack.enter_context(DuckDBBackend(connection))
            question = AdQuestion(
                backend, load_catalogue(), AS_OF, AS_OF, None, "CNY", lambda _, keys: {one: one for one in keys}, MARGIN
            )
            return study_advertising(question, wish)

        yield study


def planned(study: AdStudy) -> BidPlan:
    """Return the bids, which are there."""
    assert study.bids is not None
    return study.bids


def test_bids_go_where_a_click_is_worth_more_and_never_above_it(studied: Studied) -> None:
    """Raised bids stay below their limit, no step exceeds a quarter, and what is far too dear falls."""
    rows, worth = auctions()
    plan = planned(studied(rows))
    for one in plan.bids:
        assert one.known
        assert one.now is not None
        assert one.new is not None
        assert abs(one.change) <= 0.2501
        assert one.change <= 0 or one.new <= one.limit
        if float(one.now) > 2 * worth[one.keyword]:
            assert one.change < -0.15
    rises = [one.change for one in plan.bids if float(one.now or 0) < 0.5 * worth[one.keyword]]
    assert np.mean(rises) > 0.1
    assert plan.cost <= plan.budget * Decimal("1.02")
    assert plan.variation == 0.0


def test_what_is_promised_is_what_the_auction_gives(studied: Studied) -> None:
    """The profit beyond today's of the true auction lies within the interval of the gain."""
    rows, worth = auctions(5)
    study = studied(rows)
    plan = planned(study)
    truth = 0.0
    for one in plan.bids:
        now, new = float(one.now or 0), float(one.new or 0)
        clicks = float(np.mean([row["clicks"] for row in rows if row["keyword"] == one.keyword]))
        profit = [clicks * (bid / now) ** 1.5 * (worth[one.keyword] - 0.6 * bid) for bid in (now, new)]
        wasted = any(t.key == (one.campaign, one.keyword) and t.verdict == "wastes" for t in study.levels[0].targets)
        truth += 0.0 if wasted else 28 * (profit[1] - profit[0])
    assert float(plan.extra.low) * 0.9 < truth < float(plan.extra.high) * 1.1
    assert plan.auction.paid_share == pytest.approx(0.6, abs=0.02)
    assert plan.auction.clicks_of_tenth == pytest.approx(1.1**1.5 - 1, abs=0.03)
    assert plan.auction.clicks_of_tenth_low < plan.auction.clicks_of_tenth < plan.auction.clicks_of_tenth_high


def test_the_finding_tells_no_margin(studied: Studied) -> None:
    """Everybody reads it: neither what a click is worth nor the new bid, which leads to it, is in its words or rows."""
    study = studied(auctions()[0])
    (finding,) = [one for one in study.findings if one.kind == "advertising.bids"]
    assert finding.impact is not None
    assert 0 < finding.impact.low < finding.impact.amount < finding.impact.high
    assert finding.evidence[0].columns == ("target", "campaign", "clicks_a_day", "cost_per_click", "direction")
    assert study.without_costs().bids is None
    assert study.to_dict()["bids"]["bids"]


def test_a_budget_is_kept_and_a_larger_one_earns_more(studied: Studied) -> None:
    """What is aimed at is kept within what is not known of the curves; without a limit a further unit earns nothing."""
    rows, _ = auctions()
    free, tight = (planned(studied(rows, BidWish(budget=one, step=0.5))) for one in (1e6, 700.0))
    assert tight.cost <= Decimal(770)
    assert free.return_of_more == 0.0
    assert tight.return_of_more > 0
    assert sum(one.profit.value for one in free.bids) > sum(one.profit.value for one in tight.bids)


def test_a_goal_pays_for_more_and_has_its_price(studied: Studied) -> None:
    """Keywords of the plan are bid higher, up to worth and goal, and the profit that it costs is told."""
    rows, _ = auctions()
    plain, launch = (planned(studied(rows, BidWish(budget=1e6, goals=goals))) for goals in ((), (("c1", 1.0),)))
    (goal,) = launch.goals
    assert goal.keywords == 15
    assert goal.clicks > 0
    assert goal.price > 0
    by = {one.keyword: one for one in plain.bids}
    meant = [one for one in launch.bids if one.campaign == "c1"]
    assert all(one.limit == by[one.keyword].limit + 1 for one in meant)
    assert sum(one.change - by[one.keyword].change for one in meant) > 0
    assert planned(studied(rows, BidWish(goals=(("nobody", 1.0),)))).goals[0].keywords == 0


def test_unknown_bids_have_a_change_only_and_stated_ones_a_bid(studied: Studied) -> None:
    """Reports without bids give changes and say so; a sheet of today's bids gives bids."""
    rows, _ = auctions(known=False)
    plan = planned(studied(rows))
    assert all(one.now is None and one.new is None for one in plan.bids)
    assert plan.changed
    assert plan.variation > 0
    assert any("0.75" in one.en for one in plan.caveats)
    told = planned(studied(rows, BidWish(current=(("c1", "k1", 2.0),))))
    (one,) = [bid for bid in told.bids if bid.known]
    assert (one.keyword, one.now) == ("k1", Decimal("2.00"))


def test_without_keywords_there_are_no_bids(studied: Studied) -> None:
    """A report of plans alone proposes none."""
    rows = [row | {"report_level": "plan", "target": "-", "keyword": None} for row in auctions()[0]]
    assert studied(rows[:200]).bids is None
    assert studied([]).bids is None
