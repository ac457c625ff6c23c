"""The first screen and the glossary, as an operator and as an attacker ask for them."""

from __future__ import annotations

import pytest
from tests.cockpit import HOSTILE, LAST, Cockpit


def test_the_first_screen_tells_the_numbers_of_the_last_day(cockpit: Cockpit) -> None:
    """On the 18th 1,800 visitors came and 18 of them bought for 150 each."""
    page = cockpit.signed_in().get("/today").text
    assert "1,800" in page
    assert "2,700 元" in page
    assert "1.00%" in page
    assert "11-18 周三" in page


def test_findings_stand_by_money_and_their_words_are_text(cockpit: Cockpit) -> None:
    """The dearest comes first, faults of data apart, and a name with a tag in it is not a tag."""
    page = cockpit.signed_in().get("/today").text
    assert page.index("乙") < page.index("甲")
    assert "丙" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_another_day_is_told_as_not_judged(cockpit: Cockpit) -> None:
    """No list of findings is shown for a day on which nobody looked."""
    page = cockpit.signed_in().get(f"/today?date={LAST.replace(day=10)}").text
    assert "还没有运行每日任务" in page
    assert "1,000" in page


def test_the_json_twin_tells_the_same(cockpit: Cockpit) -> None:
    """Amounts are decimal strings, rates fractions, findings as in the design."""
    shape = cockpit.token("viewer").get("/api/v1/today").json()
    values = {one["metric"]: one["value"] for one in shape["figures"]}
    assert shape["day"] == LAST.isoformat()
    assert values["pay_amount"]["value"] == "2700.00"
    assert values["visitors"]["value"] == 1800
    assert values["pay_conversion_rate"]["value"] == pytest.approx(0.01)
    assert values["pay_amount"]["change"] == pytest.approx(18 / 11 - 1)
    assert [one["subject"]["name"] for one in shape["findings"]] == ["乙", "甲"]


def test_the_view_is_the_address(cockpit: Cockpit) -> None:
    """Comparison and day stand in every link to the same view."""
    page = cockpit.signed_in().get("/today?date=2026-11-17&compare=previous").text
    assert "/today?date=2026-11-16&amp;compare=previous" in page
    assert "+6.3%" in page


def test_the_page_speaks_english_when_asked(cockpit: Cockpit) -> None:
    """Every word of the page's own is English."""
    page = cockpit.signed_in().get("/today?lang=en").text
    assert "What needs attention" in page
    assert "要处理的发现" not in page


@pytest.mark.parametrize(
    "query",
    [
        {"date": "yesterday"},
        {"date": "2026-13-40"},
        {"compare": HOSTILE},
        {"shop": HOSTILE},
        {"shop": "../../etc/passwd"},
        {"date": "1" * 5000},
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_calmly(cockpit: Cockpit, query: dict[str, str]) -> None:
    """A page and JSON say what is wrong, and repeat nothing as markup."""
    page = cockpit.signed_in().get("/today", params=query)
    assert page.status_code == 422
    assert "<script>alert" not in page.text
    shape = cockpit.token("viewer").get("/api/v1/today", params=query)
    assert shape.status_code == 422
    assert shape.json()["error"]["code"]


def test_the_glossary_finds_by_any_name(cockpit: Cockpit) -> None:
    """Key, Chinese and English name and the platforms' words lead to the metric."""
    client = cockpit.signed_in("viewer")
    for words in ("pay_conversion_rate", "支付转化率", "conversion"):
        assert "/glossary/pay_conversion_rate" in client.get("/glossary", params={"q": words}).text
    assert "没有这样的指标" in client.get("/glossary", params={"q": HOSTILE}).text


def test_a_definition_says_what_the_number_is_and_is_not(cockpit: Cockpit) -> None:
    """The definition stands beside the latest value and leads to its rows."""
    page = cockpit.signed_in("viewer").get("/glossary/pay_conversion_rate").text
    assert "不能说明什么" in page
    assert "1.00%" in page
    assert "/number?metric=pay_conversion_rate" in page
    assert cockpit.token("viewer").get("/api/v1/metrics/nothing").json()["error"]["code"]


def test_a_metric_of_costs_keeps_its_value_from_who_may_not_see_it(cockpit: Cockpit) -> None:
    """Everybody reads what gross margin means; what it is, only those with the right to see costs."""
    assert cockpit.token("viewer").get("/api/v1/metrics/gross_margin").json()["latest"] is None
    assert cockpit.token("owner").get("/api/v1/metrics/gross_margin").json()["latest"]["metric"] == "gross_margin"
    assert "看不到成本" in cockpit.signed_in("viewer").get("/glossary/gross_margin").text
