"""分析: any metric, any two periods, down to any part."""

from __future__ import annotations

import re

import pytest
from tests.cockpit import Cockpit

WEEK = "from=2026-11-16&to=2026-11-18"


def test_a_change_is_taken_apart(cockpit: Cockpit) -> None:
    """1,600 + 1,700 + 1,800 visitors against 900 + 1,000 + 1,100 a week before, at the same rate and price."""
    page = cockpit.signed_in().get(f"/explore?metric=pay_amount&{WEEK}&compare=week").text
    assert "7,650.00" in page
    assert "4,500.00" in page
    assert "+3,150 元" in page
    assert "+70.0%" in page
    assert "访客数" in page
    assert "style=" not in page


def test_any_two_periods_are_held_against_each_other(cockpit: Cockpit) -> None:
    """Days of one's own go before the comparison by name."""
    page = (
        cockpit.signed_in()
        .get(
            "/explore?metric=visitors&from=2026-11-02&to=2026-11-02&against_from=2026-11-01&against_to=2026-11-01&compare=year"
        )
        .text
    )
    assert "+100" in page
    assert "2026-11-01" in page


def test_a_part_leads_to_itself(cockpit: Cockpit) -> None:
    """The link of a part adds its filter; a second filter stands beside the first; each can be taken away."""
    client = cockpit.signed_in()
    page = client.get(f"/explore?metric=pay_amount&{WEEK}&by=region").text
    links = re.findall(r'href="(/explore\?[^"]*where=region%3A[^"]*)"', page)
    assert links
    inside = client.get(links[0].replace("&amp;", "&")).text
    assert "去掉筛选 浙江省" in inside
    both = client.get(f"/explore?metric=pay_amount&{WEEK}&where=region:浙江省&where=city:杭州市").text
    assert "去掉筛选 浙江省" in both
    assert "去掉筛选 杭州市" in both
    assert "where=region%3A%E6%B5%99%E6%B1%9F%E7%9C%81" in both
    assert client.get(f"/explore?metric=pay_amount&{WEEK}&where=product:<script>alert(1)</script>").status_code == 200


def test_names_of_products_are_text(cockpit: Cockpit) -> None:
    """A product whose name is a tag is no tag."""
    page = cockpit.signed_in().get(f"/explore?metric=ad_cost&{WEEK}&by=campaign").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_what_cannot_be_explained_is_told_calmly(cockpit: Cockpit) -> None:
    """Days without data are no error: the page says what to do, and keeps the form."""
    answer = cockpit.signed_in().get("/explore?metric=pay_amount&from=2020-01-01&to=2020-01-02")
    assert answer.status_code == 200
    assert "未知，不能拆解" in answer.text
    assert 'name="metric"' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "metric=nope", "metric='; DROP TABLE order_line; --", "metric=<script>alert(1)</script>",
        f"metric={'x' * 3000}", "metric=visitors&where=region", "metric=visitors&where=nope:x",
        "metric=pay_amount&by=nope", "from=2026-11-18&to=2026-11-01", "from=nope", "compare=nope",
        "from=0001-01-01&to=9999-12-31",
        "from=0001-01-01&to=0001-01-02", "against_from=0001-01-01&against_to=0001-01-02",
        "against_from=2026-11-05&against_to=2026-11-01", "metric=pay_amount&by=%00", "shop=nobody",
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_meant_is_refused(cockpit: Cockpit, query: str) -> None:
    """Hostile and mistaken values are told, and never become markup or SQL."""
    answer = cockpit.signed_in().get(f"/explore?{query}")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text


def test_costs_are_for_those_who_may_see_them(cockpit: Cockpit) -> None:
    """A margin is refused to a viewer, who is not offered it either."""
    viewer = cockpit.signed_in("viewer")
    assert viewer.get("/explore?metric=gross_margin").status_code == 403
    assert "<option" in viewer.get("/explore").text
    assert ">gross_margin<" not in viewer.get("/explore").text
    assert ">gross_margin<" in cockpit.signed_in("operator").get("/explore").text


def test_the_page_speaks_english(cockpit: Cockpit) -> None:
    """The page's own words are English when asked."""
    page = cockpit.signed_in().get(f"/explore?metric=pay_amount&{WEEK}&lang=en").text
    assert "What drove it" in page
    assert "由什么推动" not in page


def test_a_dimension_that_tells_nothing_leaves_the_rest(cockpit: Cockpit) -> None:
    """What cannot be split is said where the split would stand; drivers and days stay."""
    answer = cockpit.signed_in().get(f"/explore?metric=pay_conversion_rate&{WEEK}&by=terminal")
    assert answer.status_code == 200
    assert "没有按终端的支付转化率数据" in answer.text
    assert "每天" in answer.text
    assert "--by" not in answer.text
