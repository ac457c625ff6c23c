"""The files carry the truth: plain statistics on the imported warehouse find the model's parameters again.

Nothing here reads the model's books. The truth names the parameter to compare with, and the products that no basket of
another product adds.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from duoshou.settings import Settings
from duoshou.settings.calendar import load_calendar

FIRST, LAST = date(2025, 4, 1), date(2025, 9, 30)
# Sources to which nobody comes who has bought before: returning buyers come directly.
NAMES = {"search": "手淘搜索", "recommendation": "手淘推荐", "content": "逛逛", "taoke": "淘宝客"}


@pytest.fixture(scope="session")
def quiet() -> set[date]:
    """Return the days without festival or holiday."""
    infos = load_calendar(Settings()).days(FIRST, LAST)
    return {one.day for one in infos if not one.festivals and not one.holidays and not one.is_makeup_workday}


@pytest.fixture(scope="session")
def funnel(known_shop: SimpleNamespace) -> dict[tuple[int, date], dict[str, tuple[int, int]]]:
    """Return visitors and buyers per source, for each product and day, of products that no basket adds."""
    places = {str(one): place for place, one in enumerate(known_shop.truth["products"]["ids"])}
    added = set(known_shop.truth["complements"]["right"])
    rows = known_shop.ask(
        "SELECT product_id, period_start, source_name, visitors, buyers FROM traffic_source_period "
        "WHERE product_id <> '-' AND grain = 'day'"
    )
    found: dict[tuple[int, date], dict[str, tuple[int, int]]] = defaultdict(dict)
    for product, day, source, visitors, buyers in rows:
        if places[product] not in added:
            found[places[product], day][source] = (visitors, buyers)
    return found


@pytest.mark.parametrize("source", ["recommendation", "content", "taoke"])
def test_conversion_by_source_is_found(known_shop: SimpleNamespace, funnel: Any, source: str) -> None:
    """The Mantel-Haenszel ratio of a source's conversion to that of search, over products and days, is the model's."""
    counts = [
        (*cell[NAMES[source]], *cell[NAMES["search"]])
        for cell in funnel.values()
        if NAMES[source] in cell and NAMES["search"] in cell
    ]
    people, buyers, other_people, other_buyers = np.array(counts, dtype=float).T
    whole = people + other_people
    ours, theirs = buyers * other_people / whole, other_buyers * people / whole
    ratio = np.log(ours.sum() / theirs.sum())
    # Greenland and Robins (1985), for the logarithm of the ratio of two risks.
    variance = ((buyers + other_buyers) * people * other_people - buyers * other_buyers * whole) / whole**2
    error = np.sqrt(variance.sum() / (ours.sum() * theirs.sum()))
    rules = known_shop.truth["parameters"]["source"]
    true = rules["conversion"][rules["keys"].index(source)] - rules["conversion"][rules["keys"].index("search")]
    assert error < 0.05
    assert ratio == pytest.approx(true, abs=3 * error)


def test_own_price_elasticities_are_found(known_shop: SimpleNamespace, funnel: Any, quiet: set[date]) -> None:
    """A Poisson regression of buyers on the price that orders show finds each product's elasticity within its error."""
    rows = known_shop.ask("SELECT product_id, created_on, median(unit_price)::DOUBLE FROM order_item GROUP BY 1, 2")
    places = {str(one): place for place, one in enumerate(known_shop.truth["products"]["ids"])}
    prices = {(places[product], day): price for product, day, price in rows}
    scores, errors = [], []
    for product in sorted({one for one, _ in funnel}):
        days = sorted(day for one, day in funnel if one == product and day in quiet and (one, day) in prices)
        cells = [[funnel[product, day].get(NAMES[one], (0, 0)) for one in ("search", "recommendation")] for day in days]
        people, buyers = np.array(cells, dtype=float).sum(axis=1).T
        price = np.log([prices[product, day] for day in days])
        found, error = _slope(
            price, people, buyers, [day.month for day in days], [day.isocalendar()[1] for day in days]
        )
        errors.append(error)
        scores.append((found - known_shop.truth["products"]["elasticity"][product]) / error)
    assert len(scores) >= 6
    assert np.sort(errors)[len(errors) // 2] < 0.7
    assert max(abs(one) for one in scores) < 3.5
    assert np.mean(np.square(scores)) < 2.6
    # The same scores of a product that does not answer to its price would be far off.
    still = (np.array(known_shop.truth["products"]["elasticity"])[sorted({one for one, _ in funnel})]) / errors
    assert np.mean(np.square(still + scores)) > 9


def test_the_repeat_rate_is_found(known_shop: SimpleNamespace) -> None:
    """Of those who bought first in one quarter, the part that buys again within 90 days is the closed form's."""
    ((cohort, again),) = known_shop.ask(
        "WITH paid AS (SELECT buyer_key, paid_on, min(paid_on) OVER (PARTITION BY buyer_key) AS first_on "
        "FROM order_header WHERE paid_on IS NOT NULL AND buyer_key IS NOT NULL) "
        "SELECT count(DISTINCT buyer_key), "
        "count(DISTINCT buyer_key) FILTER (paid_on > first_on AND paid_on <= first_on + 90) "
        f"FROM paid WHERE first_on < DATE '{LAST - timedelta(days=91)}'"
    )
    rules = known_shop.truth["parameters"]["customers"]
    expected = 1 - (rules["alpha"] / (rules["alpha"] + 90)) ** rules["r"]
    error = np.sqrt(expected * (1 - expected) / cohort)
    assert error < 0.004
    # Some repeat orders are not paid or find no stock, a few buyers have sent themselves: 0.4 percentage points.
    assert again / cohort == pytest.approx(expected, abs=3 * error + 0.004)


def test_the_week_and_the_pay_days_are_found(known_shop: SimpleNamespace, quiet: set[date]) -> None:
    """Visitors of a shop's quiet weeks, each week its own level, have the model's weekdays and pay-days."""
    visitors = dict(known_shop.ask("SELECT period_start, visitors FROM shop_period WHERE grain = 'day'"))
    weeks: dict[int, list[date]] = defaultdict(list)
    for day in sorted(quiet & visitors.keys()):
        weeks[day.isocalendar()[1]].append(day)
    full = [days for days in weeks.values() if len(days) >= 6]
    rules = known_shop.truth["parameters"]["shop"]
    rows, levels, clusters = [], [], []
    for number, days in enumerate(full):
        for day in days:
            row = np.zeros(7 + len(full))
            row[:6] = -1 if day.weekday() == 6 else np.arange(6) == day.weekday()
            row[6] = day.day in rules["payday_days"]
            row[7 + number] = 1
            rows.append(row)
            levels.append(np.log(visitors[day]))
            clusters.append(number)
    design, answer, cluster = np.array(rows), np.array(levels), np.array(clusters)
    bread = np.linalg.inv(design.T @ design)
    found = bread @ design.T @ answer
    errors = np.sqrt(np.diag(_sandwich(bread, design * (answer - design @ found)[:, None], cluster)))[:7]
    weekday = np.array(rules["weekday"])
    true = np.append((weekday - weekday.mean())[:6], rules["payday"])
    scores = (found[:7] - true) / errors
    assert len(full) >= 8
    assert errors.max() < 0.05
    assert np.abs(scores).max() < 3.5
    assert np.mean(np.square(scores)) < 2.6
    assert found[6] > 2 * errors[6]


def _slope(price: Any, people: Any, buyers: Any, months: list[int], weeks: list[int]) -> tuple[float, float]:
    """Return the coefficient of `price` and its error, robust to what the days of a week have in common."""
    month = np.array(months)
    design = np.column_stack([price - price.mean(), *((month == one).astype(float) for one in np.unique(month))])
    found = np.zeros(design.shape[1])
    found[1:] = np.log(buyers.sum() / people.sum())
    for _ in range(30):
        mean = people * np.exp(design @ found)
        found += np.linalg.solve(design.T @ (design * mean[:, None]), design.T @ (buyers - mean))
    mean = people * np.exp(design @ found)
    bread = np.linalg.inv(design.T @ (design * mean[:, None]))
    return float(found[0]), float(_sandwich(bread, design * (buyers - mean)[:, None], np.array(weeks))[0, 0] ** 0.5)


def _sandwich(bread: Any, score: Any, cluster: Any) -> Any:
    """Return the covariance of an estimate whose rows are independent between clusters only (Liang and Zeger 1986)."""
    sums = np.array([score[cluster == one].sum(axis=0) for one in np.unique(cluster)])
    return bread @ (sums.T @ sums) @ bread * len(sums) / (len(sums) - 1)
