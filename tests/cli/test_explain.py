"""`duoshou explain` on the command line."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.cli.conftest import Command, export

from duoshou.cli import main

FIRST, LAST = date(2026, 8, 3), date(2026, 8, 19)
FIGURES = {date(2026, 8, 12): "5356,34,36,87391.00", date(2026, 8, 19): "6479,13,13,37955.84"}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the documented sample day, the day a week before, and nothing on the 14th."""
    folder = tmp_path_factory.mktemp("explain") / "shop"
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
    rows = "".join(f"{day},{FIGURES.get(day, '5000,30,30,60000.00')}\n" for day in days if day.day != 14)
    assert main(["init", str(folder)]) == 0
    file = export(folder.parent, f"统计日期,访客数,支付买家数,支付父订单数,支付金额\n{rows}", "days.csv")
    assert main(["import", "--workspace", str(folder), str(file)]) == 0
    return folder


def lines(text: str) -> list[str]:
    """Return the lines with single spaces."""
    return [" ".join(line.split()) for line in text.splitlines()]


def test_in_words(sample: Path, duoshou: Command) -> None:
    """Headline, one line for each factor, the total, the baseline and why it was taken, in Chinese."""
    shown = duoshou("explain", "支付金额", "--from", "2026-08-19", "--to", "2026-08-19", "--workspace", sample)
    assert shown.code == 0
    found = lines(shown.out)
    assert found[0] == "支付金额 2026-08-19 – 2026-08-19，对比 2026-08-12 – 2026-08-12（上周同一天）"
    assert found[2].startswith("支付金额下降主要来自支付转化率（-68.39%")
    assert "访客数 5,356 6,479 +21.0% +11,283.30 -22.8%" in found
    assert "支付转化率 0.63% 0.20% -68.4% -68,272.85 138.1%" in found
    assert "客单价 2,570.32 2,919.68 +13.6% +7,554.39 -15.3%" in found
    assert "合计 87,391.00 37,955.84 -56.6% -49,435.16 100.0%" in found
    assert "来源：shop_period" in found


def test_in_english(sample: Path, duoshou: Command) -> None:
    """The same, complete, in English; without days the last complete one is meant."""
    shown = duoshou("explain", "pay_amount", "--workspace", sample, "--lang", "en")
    assert shown.code == 0
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in shown.out)
    found = lines(shown.out)
    assert found[0].endswith("against 2026-08-12 – 2026-08-12 (the same weekday of the week before)")
    assert found[2].startswith("Amount paid fell mainly through Purchase conversion rate (-68.39%")
    assert "in all 87,391.00 37,955.84 -56.6% -49,435.16 100.0%" in found


def test_a_rate_shows_mix_and_rate(shop: Path, duoshou: Command) -> None:
    """By dimension a ratio has two columns more, and effects of a rate are percentage points."""
    days = ("--from", "2010-12-02", "--to", "2010-12-02", "--against", "2010-12-01", "2010-12-01")
    shown = duoshou("explain", "average_unit_price", *days, "--by", "country", "--workspace", shop)
    found = lines(shown.out)
    assert "按国家 对比期 本期 影响 占变化 结构 自身" in found
    assert "France — 3.75 -18.75 -46.2% -18.75 0.00" in found


def test_missing_days_need_a_person(sample: Path, duoshou: Command) -> None:
    """A gap is said and is exit code 1, in words and in JSON."""
    words = ("explain", "pay_amount", "--from", "2026-08-13", "--to", "2026-08-19", "--workspace", sample)
    shown = duoshou(*words)
    assert shown.code == 1
    assert "• 2026-08-13 – 2026-08-19 有的日子没有数据" in shown.out
    answered = duoshou(*words, "--json")
    assert answered.code == 1
    answer = json.loads(answered.out)
    assert answer["baseline"]["from"] == "2026-08-06"
    assert sum(one["contribution"] for one in answer["drivers"]) + answer["residual"] == pytest.approx(answer["change"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((), "usage_metric_missing"),
        (("pay_amount", "--from", "2026-08-19"), "usage_period"),
        (("pay_amount", "--from", "2026-08-19", "--to", "2026-08-18"), "period_reversed"),
        (("pay_amount", "--against", "2026-08-19", "2026-08-18"), "period_reversed"),
        (("nonsense",), "unknown_metric"),
        (("pay_amount", "--by", "nonsense"), "unknown_dimension"),
        (("pay_amount", "--by", "product"), "no_parts"),
        (("pay_amount", "--by", "rating"), "cannot_split"),
        (("score_service", "--by", "score"), "not_divisible"),
        (("pay_amount_share",), "not_divisible"),
        (("pay_amount", "--against", "2020-01-01", "2020-01-02"), "value_unknown"),
    ],
)
def test_what_cannot_be_asked(sample: Path, duoshou: Command, words: tuple[str, ...], code: str) -> None:
    """Bad usage and what the data cannot answer end with exit code 2, a stable code and a hint."""
    shown = duoshou("explain", *words, "--workspace", sample, "--json")
    assert shown.code == 2
    error = json.loads(shown.err)["error"]
    assert error["code"] == code
    assert error["message"]
