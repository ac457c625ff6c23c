"""What keywords and searches tell beside their bids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pytest
from tests.analysts.conftest import fill

from duoshou.analysts.advertising import AdQuestion, AdStudy, study_advertising
from duoshou.analysts.advertising.question import Level
from duoshou.analysts.advertising.search_words import words_text
from duoshou.analysts.advertising.searches import normal
from duoshou.engine.reader import DuckDBBackend
from duoshou.metrics import load_catalogue

AS_OF = date(2026, 9, 30)


def row(level: str, name: str, day: date, clicks: int, orders: int, **named: Any) -> dict[str, Any]:
    """Return a day of a target whose click costs two and whose order brings a hundred."""
    return {
        "report_level": level,
        "account": "main",
        "campaign": "c1",
        "campaign_name": "c1",
        "target": name,
        "attribution_window_days": 7,
        "day": day,
        "impressions": clicks * 20,
        "clicks": clicks,
        "cost": Decimal(clicks * 2),
        "orders": orders,
        "sales_amount": Decimal(orders * 100),
    } | named


def study(rows: Sequence[Mapping[str, Any]]) -> AdStudy:
    """Return the study of a shop of some rows of advertising."""
    with ExitStack() as stack:
        connection = duckdb.connect()
        fill(connection, {"ad_period": rows})
        backend = stack.enter_context(DuckDBBackend(connection))
        return study_advertising(
            AdQuestion(backend, load_catalogue(), AS_OF, AS_OF, None, "CNY", lambda _, __: {}, 0.5)
        )


def searches(level: str = "search_term", number: int = 120) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """Return searches of known conversion, and the profit of a click of each."""
    random = np.random.default_rng(2)
    rows, truth = [], {}
    for one in range(number):
        name, conversion = f"s{one}", float(random.beta(1.6, 38.4))
        truth[name] = conversion * 50 - 2
        for back in range(16, 76, 5):
            clicks = int(random.poisson(40))
            orders = int(random.binomial(clicks, conversion))
            kind = {"search_term": name, "keyword": "shoe", "match_type": "BROAD"} if level == "search_term" else {}
            rows.append(row(level, name, AS_OF - timedelta(days=back), clicks, orders, **kind))
    return rows, truth


def test_searches_to_buy_earn_and_those_to_exclude_do_not() -> None:
    """At most one in twenty wrong of either, and what is bought exactly is not told to be bought."""
    rows, truth = searches()
    found = study(rows)
    assert found.words is not None
    buy, exclude = found.words.to_buy, found.words.to_exclude
    assert len(buy) > 10
    assert len(exclude) > 10
    assert np.mean([truth[one.search] < 0 for one in buy]) <= 0.05
    assert np.mean([truth[one.search] > 0 for one in exclude]) <= 0.05
    exact = row("search_term", "x", AS_OF, 1, 0, search_term="x", keyword=buy[0].search.upper(), match_type="EXACT")
    again = study([*rows, exact])
    assert again.words is not None
    assert buy[0].search not in {one.search for one in again.words.to_buy}
    lines = words_text(found.words, "CNY")
    assert len(lines) == 2
    bare = found.without_costs().words
    assert bare is not None
    assert bare.to_buy == bare.to_exclude == ()


def test_audiences_are_a_level_of_their_own() -> None:
    """With the same verdicts."""
    rows, truth = searches("audience")
    (level,) = [one for one in study(rows).levels if one.level is Level.AUDIENCE]
    wasting = [one for one in level.targets if one.verdict == "wastes"]
    assert len(wasting) > 10
    assert np.mean([truth[one.name] > 0 for one in wasting]) <= 0.05
    one = level.targets[0]
    assert one.acos is not None
    assert one.roas is not None
    assert one.acos * one.roas == pytest.approx(1.0)


def test_plans_that_buy_the_same_word_are_told() -> None:
    """Width, case and spaces make no other word; the cheaper comes first."""
    rows = []
    for back in range(80):
        day = AS_OF - timedelta(days=back)
        for campaign, keyword, cost in (("c1", "Red  Shoe", 90), ("c2", "red shoe", 60), ("c2", "blue shoe", 60)):
            rows.append(
                row("keyword", keyword, day, 30, 1, keyword=keyword)
                | {"campaign": campaign, "campaign_name": campaign, "cost": Decimal(cost)}
            )
    found = study(rows).words
    assert found is not None
    (clash,) = found.clashes
    assert [one.campaign for one in clash.plans] == ["c2", "c1"]
    assert "red shoe" in words_text(found, "CNY")[0].en


def test_words_are_compared_as_platforms_match_them() -> None:
    """By hand."""
    assert normal("Ｒｅｄ　 Shoe ") == "red shoe"
    assert normal("红 鞋") == normal("红鞋")
