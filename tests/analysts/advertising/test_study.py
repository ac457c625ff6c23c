"""Paid promotion of shops whose truth is known."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.conftest import fill

from duoshou.analysts.advertising import AdQuestion, AdStudy, study_advertising
from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.words import Verdict
from duoshou.analysts.margin import MarginBasis
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue
from duoshou.statistics.sparse_rates import nested_rates

AS_OF = date(2026, 9, 30)
KEYWORDS = 300
VALUE, PRICE, MARGIN = 100.0, 2.0, 0.5
Studied = Callable[[Sequence[Mapping[str, Any]]], AdStudy]


def row(
    keyword: str, day: date, clicks: int, orders: int, *, campaign: str = "c1", cost: float | None = None
) -> dict[str, Any]:
    """Return a day of a keyword."""
    return {
        "report_level": "keyword",
        "account": "main",
        "campaign": campaign,
        "campaign_name": campaign,
        "target": keyword,
        "keyword": keyword,
        "attribution_window_days": 15,
        "day": day,
        "impressions": clicks * 20,
        "clicks": clicks,
        "cost": Decimal(str(round(clicks * PRICE if cost is None else cost, 2))),
        "orders": orders,
        "sales_amount": Decimal(str(round(orders * VALUE, 2))),
    }


def simulated(seed: int = 4) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Return the rows of keywords with known conversion, and the profit that a click of each brings."""
    random = np.random.default_rng(seed)
    rows, truth = [], {}
    for number in range(KEYWORDS):
        campaign = f"c{number % 6}"
        conversion = float(random.beta(0.04 * 60, 0.96 * 60))
        truth[f"k{number}"] = conversion * VALUE * MARGIN - PRICE
        daily = random.lognormal(0.8, 1.0)
        for back in range(80, 0, -1):
            clicks = int(random.poisson(daily))
            orders = int(random.binomial(clicks, conversion))
            if clicks:
                rows.append(row(f"k{number}", AS_OF - timedelta(days=back - 1), clicks, orders, campaign=campaign))
    return rows, truth


@pytest.fixture
def studied() -> Iterator[Studied]:
    """Return what studies a shop of some rows of advertising."""
    with ExitStack() as stack:

        def study(rows: Sequence[Mapping[str, Any]]) -> AdStudy:
            connection = duckdb.connect()
            fill(connection, {"ad_period": rows} if rows else {})
            backend = stack.enter_context(DuckDBBackend(connection))
            return study_advertising(
                AdQuestion(backend, load_catalogue(), AS_OF, AS_OF, None, "CNY", lambda _, __: {}, MARGIN)
            )

        yield study


def test_waste_is_found_and_hardly_ever_wrongly(studied: Studied) -> None:
    """Of the keywords told to waste, one in twenty at most does not; most of the wasted money is found."""
    rows, truth = simulated()
    study = studied(rows)
    (level,) = [one for one in study.levels if one.level is Level.KEYWORD]
    told = [one for one in level.targets if one.verdict is Verdict.WASTES]
    earning = [one for one in level.targets if one.verdict is Verdict.EARNS]
    assert len(told) > 30
    assert np.mean([truth[one.key[1]] >= 0 for one in told]) <= 0.05
    assert np.mean([truth[one.key[1]] <= 0 for one in earning]) <= 0.05
    lost = {one.key[1]: -truth[one.key[1]] * one.clicks for one in level.targets if truth[one.key[1]] < 0}
    assert sum(lost.get(one.key[1], 0.0) for one in told) > 0.6 * sum(lost.values())
    (finding,) = [one for one in study.findings if one.kind == "advertising.waste"]
    assert finding.impact is not None
    true = sum(lost.get(one.key[1], 0.0) for one in told) / level.period.days * 30
    assert float(finding.impact.amount) == pytest.approx(true, rel=0.15)
    assert finding.impact.low < finding.impact.amount < finding.impact.high
    # Everybody reads a finding, and not everybody may see what sales leave.
    assert study.margin is not None
    assert "break_even_click" not in finding.evidence[0].columns
    assert f"{study.margin.break_even:.1f}" not in finding.headline.en


def test_intervals_hold_the_profit(studied: Studied) -> None:
    """The 95 % intervals of profit hold what the clicks truly bring; order values do not scatter here."""
    rows, truth = simulated(9)
    (level,) = studied(rows).levels[:1]
    held = [float(one.profit_low) <= truth[one.key[1]] * one.clicks <= float(one.profit_high) for one in level.targets]
    assert np.mean(held) > 0.93


def test_days_that_are_not_settled_are_left_out(studied: Studied) -> None:
    """Cost of days whose orders may still come in says nothing of what they earn."""
    rows, _ = simulated()
    last = studied(rows).levels[0].period.end
    assert last <= AS_OF - timedelta(days=14)


def test_a_target_of_few_clicks_is_not_judged(studied: Studied) -> None:
    """Five clicks without an order are no waste; how many more are needed is told, and the group lends its rate."""
    settled = AS_OF - timedelta(days=40)
    many = [row(f"k{number}", settled, 2000, 40 + 14 * number) for number in range(10)]
    study = studied([*many, row("new", settled, 5, 0)])
    (new,) = [one for one in study.levels[0].targets if one.name == "new"]
    assert new.verdict is Verdict.CANNOT_TELL
    assert new.clicks_needed is None or new.clicks_needed > 50
    assert 0.03 < new.conversion < 0.06


def test_a_report_without_orders_is_not_taken_for_no_report(studied: Studied) -> None:
    """Where reports tell what was spent and not how much was ordered, it is the orders that are asked for."""
    rows = [row("k1", AS_OF - timedelta(days=back), 40, 2) for back in range(80)]
    (untold,) = studied([one | {"orders": None} for one in rows]).caveats
    (none,) = studied([]).caveats
    assert untold != none
    assert "成交笔数" in untold.zh
    assert "orders" in untold.en


def test_a_study_begins_with_the_first_day_of_a_report(studied: Studied) -> None:
    """Of a shop that began to advertise five weeks ago no earlier day is said to have been looked at."""
    study = studied([row("k1", AS_OF - timedelta(days=back), 40, 2) for back in range(35)])
    assert study.levels[0].period.start == AS_OF - timedelta(days=34)


def test_what_cannot_be_known_is_said(studied: Studied) -> None:
    """No report, no study; no costs, the assumed margin; who may not see margins sees no judgement."""
    nobody = studied([])
    assert (nobody.levels, nobody.findings, nobody.margin) == ((), (), None)
    assert nobody.caveats
    rows, _ = simulated()
    study = studied(rows)
    assert study.margin is not None
    assert (study.margin.basis, study.margin.rate) == (MarginBasis.ASSUMED, MARGIN)
    hidden = study.without_costs()
    assert {one.verdict for one in hidden.levels[0].targets} == {Verdict.CANNOT_TELL}
    assert (hidden.findings, hidden.margin) == ((), None)
    json.dumps(study.to_dict())


@pytest.mark.shared_data
def test_rates_of_real_ads_are_better_on_the_other_half(shared_data: Path) -> None:
    """KAG: the published totals, and drawn rates predict held-out approvals better than raw ones (log loss)."""
    with (shared_data / "facebook_kag" / "KAG_conversion_data.csv").open(encoding="utf-8") as file:
        ads = list(csv.DictReader(file))
    clicks = np.array([int(one["Clicks"]) for one in ads])
    bought = np.array([int(one["Approved_Conversion"]) for one in ads])
    assert len(ads) == 1143
    assert sum(float(one["Spent"]) for one in ads) == pytest.approx(58_705.23, abs=0.01)
    assert (int(clicks.sum()), int(bought.sum())) == (38_165, 1_079)
    random = np.random.default_rng(1)
    tried = np.maximum(clicks, bought)
    half = random.binomial(tried, 0.5)
    hits = random.hypergeometric(bought, tried - bought, half)
    campaign = np.unique([one["xyz_campaign_id"] for one in ads], return_inverse=True)[1].astype(np.int64)
    drawn = nested_rates(hits.astype(np.float64), half.astype(np.float64), [campaign]).mean
    raw = (hits + 1e-3) / (half + 2e-3)
    left, won = tried - half, bought - hits

    def loss(rate: np.ndarray) -> float:
        chance = np.clip(rate, 1e-6, 1 - 1e-6)
        return float(-(won * np.log(chance) + (left - won) * np.log(1 - chance)).sum())

    assert loss(drawn) < 0.95 * loss(raw)
    assert loss(drawn) < loss(np.full(len(ads), hits.sum() / half.sum()))
