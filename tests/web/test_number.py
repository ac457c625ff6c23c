"""数字: every number can be doubted and followed to its rows."""

from __future__ import annotations

import re

import pytest
from tests.cockpit import Cockpit

DAYS = "from=2026-11-16&to=2026-11-18"


def test_a_number_tells_its_meaning_its_days_and_its_rows(cockpit: Cockpit) -> None:
    """7,650 in three days: the definition, the table that answered, each day, and the file's rows that add up to it."""
    page = cockpit.signed_in().get(f"/number?metric=pay_amount&{DAYS}").text
    assert "7,650.00" in page
    assert "shop_period" in page
    for told in ("口径", "2,400.00", "2,550.00", "2,700.00", "店铺.csv", "合计 7,650.00"):
        assert told in page, told
    assert "style=" not in page


def test_a_filter_leads_to_the_orders_themselves(cockpit: Cockpit) -> None:
    """By province the orders answer: 51 lines of 150 each, page by page, each with file and row, and no buyer."""
    client = cockpit.signed_in()
    address = f"/number?metric=pay_amount&{DAYS}&where=region:浙江省"
    first = client.get(address).text
    assert "51 行" in first
    assert "合计 7,650.00" in first
    assert "订单.csv" in first
    assert "第 1 页，共 2 页" in first
    assert "第 2 页，共 2 页" in client.get(f"{address}&page=2").text
    assert "这一页没有行" in client.get(f"{address}&page=7").text
    assert "buyer_key" not in first
    assert "buyer1" not in first
    assert "<script>alert" not in first


def test_rows_are_sorted_where_their_heading_says(cockpit: Cockpit) -> None:
    """A heading sorts by its column, a second time the other way round."""
    client = cockpit.signed_in()
    address = f"/number?metric=visitors&{DAYS}&sort=visitors"
    shown = client.get(address).text
    turned = client.get(f"{address}&order=descending").text

    def values(page: str) -> list[str]:
        return re.findall(r'<td class="number measured">([\d,]+)</td>', page)

    assert values(shown) == ["1,600", "1,700", "1,800"]
    assert values(turned) == ["1,800", "1,700", "1,600"]
    assert 'aria-sort="descending"' in turned


def test_a_rate_shows_what_it_is_made_of(cockpit: Cockpit) -> None:
    """Numerator and denominator are numbers of their own, over the same days."""
    page = cockpit.signed_in().get(f"/number?metric=pay_conversion_rate&{DAYS}").text
    assert "1.00%" in page
    assert "5,100" in page
    assert re.search(r"/number\?metric=visitors&amp;from=2026-11-16&amp;to=2026-11-18", page)


def test_what_nobody_knows_is_unknown(cockpit: Cockpit) -> None:
    """Days without data show no 0."""
    page = cockpit.signed_in().get("/number?metric=pay_amount&from=2020-01-01&to=2020-01-02").text
    assert "所以是未知，不是 0" in page
    assert "没有来源知道这些日子" in page


@pytest.mark.parametrize(
    "query",
    [
        "metric=nope", "metric=visitors&sort=nope", "metric=visitors&sort=buyer_key", "metric=visitors&page=0",
        "metric=pay_buyers&where=region:浙江省&sort=buyer_key", "metric=visitors&page=1e9", "where=x", "where=nope:y",
        "from=2026-11-18&to=2026-11-01", "metric=visitors&sort=1;DROP TABLE shop_period", "compare=nope",
        "metric=<script>alert(1)</script>", f"metric={'9' * 5000}", "from=0001-01-01&to=9999-12-31",
        "from=0001-01-01&to=0001-01-01", "from=9999-12-31&to=9999-12-31",
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_meant_is_refused(cockpit: Cockpit, query: str) -> None:
    """Hostile and mistaken values are told; a hidden column does not sort."""
    answer = cockpit.signed_in().get(f"/number?{query}")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_costs_are_for_those_who_may_see_them(cockpit: Cockpit) -> None:
    """Rows of costs are refused to a lesser role."""
    for metric in ("gross_margin", "goods_cost", "contribution_rate"):
        assert cockpit.signed_in("viewer").get(f"/number?metric={metric}").status_code == 403
        assert cockpit.signed_in("operator").get(f"/number?metric={metric}").status_code == 200
