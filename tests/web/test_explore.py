"""分析: any metric, any two periods, down to any part."""

from __future__ import annotations

import re
from datetime import date
from typing import cast

import pytest
from markupsafe import Markup
from tests.cockpit import Cockpit

from duoshou.gate import Visitor
from duoshou.model import Period
from duoshou.web.figures import Picture, leading
from duoshou.web.numbers import number_address

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


def figures(page: str, table: str) -> list[tuple[str, str | None]]:
    """Return the text of each number in the body of the tables of a class, and where it leads."""
    body = "".join(re.findall(rf'<table class="{table}">.*?<tbody>(.*?)</tbody>', page, re.DOTALL))
    cells = re.findall(r'<td class="number[^"]*">(.*?)</td>', body, re.DOTALL)
    found = []
    for cell in cells:
        link = re.search(r'<a href="([^"]*)">(.*?)</a>', cell)
        found.append((link[2], link[1].replace("&amp;", "&")) if link else (cell.strip(), None))
    return found


def test_every_value_and_contribution_leads_to_its_numbers(cockpit: Cockpit) -> None:
    """Values of a driver and of a part open their number, contributions the pair; only shares of the change do not."""
    client = cockpit.signed_in()
    page = client.get(f"/explore?metric=pay_amount&{WEEK}&compare=week&by=region").text
    for table in ("split", "drivers"):
        found = figures(page, table)
        assert found
        assert {text for text, link in found if link is None and not text.endswith("%")} <= {"—", ""}
        values = [one for one in found if one[1] and one[1].startswith("/number?")]
        pairs = [one for one in found if one[1] and one[1].startswith("/explore?")]
        assert len(values) == 2 * len(pairs)
        assert all(link and link.endswith("#pair") for _, link in pairs)
    # 浙江省 has all of it: 4,500 against 7,650.
    (before, there), (after, here), (_, pair), *_ = figures(page, "split")
    assert (before, after) == ("4,500 元", "7,650 元")
    for link, told in ((there, "4,500.00"), (here, "7,650.00"), (pair, "4,500.00"), (pair, "7,650.00")):
        assert link
        assert told in client.get(link).text


def test_parts_that_no_filter_leaves_lead_nowhere(cockpit: Cockpit) -> None:
    """Smaller parts put together are no value of the dimension."""
    page = cockpit.signed_in().get(f"/explore?metric=pay_orders&{WEEK}&by=product").text
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        if '<span class="quiet">' in row.partition("</th>")[0]:
            assert "href" not in row


def test_the_rows_of_the_waterfall_are_links(cockpit: Cockpit) -> None:
    """From above: the value before, each driver's pair, the value after; named as they are read out."""
    client = cockpit.signed_in()
    page = client.get(f"/explore?metric=pay_amount&{WEEK}&compare=week").text
    drawn = re.findall(r"<svg [^>]*class=\"figure\".*?</svg>", page, re.DOTALL)
    rows = re.findall(r'<a href="([^"]*)" aria-label="([^"]*)"><rect', drawn[0])
    assert len(rows) >= 4
    assert 'role="group"' in drawn[0]
    assert rows == re.findall(r'<a href="([^"]*)" aria-label="([^"]*)"><rect', drawn[1])
    first, *drivers, last = [(link.replace("&amp;", "&"), label) for link, label in rows]
    assert first[0].startswith("/number?")
    assert "4,500.00" in client.get(first[0]).text
    assert "7,650.00" in client.get(last[0]).text
    assert all(link.startswith("/explore?") and link.endswith("#pair") for link, _ in drivers)
    assert drivers[0][1].startswith("访客数")


def test_scattered_days_cannot_be_written_in_an_address() -> None:
    """A value over days that are not in a row has no address; both values together still do."""
    scattered = Period.of_days([date(2026, 11, 1), date(2026, 11, 5)])

    class Asked:
        def link(self, path: str, **_: object) -> str:
            return path

    assert number_address(cast("Visitor", Asked()), "visitors", scattered, []) is None
    assert number_address(cast("Visitor", Asked()), "visitors", Period.of_day(date(2026, 11, 1)), []) == "/number"


def test_a_chart_whose_rows_do_not_match_stays_as_it_is() -> None:
    """Rather no link than a wrong one; addresses and labels cannot leave their attribute."""
    line = '<line transform="translate(-5.1,{})" x2="510" y2="0" role="img" aria-label="a&lt;&quot;" />'
    svg = Markup('<svg role="img">{}{}</svg>').format(Markup(line.format("1")), Markup(line.format("26")))
    plain = Picture(svg, svg)
    assert leading(plain, ["/x"]) == plain
    linked = leading(plain, ['/x?"><script>', None]).wide
    assert "<script>" not in linked
    assert linked.count("<a ") == 1
    assert 'aria-label="a&lt;&quot;"><rect x="-5.1" y="-11.5" width="510" height="25.0"' in linked
