"""What the messages about a shop's day say."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests import business

from duoshou.app.checklist import Item, State
from duoshou.app.digest import DayOfShop, Figure, digest, missing, notice, urgent
from duoshou.metrics import MetricValue
from duoshou.metrics.definition import Unit
from duoshou.metrics.result import Flag, Number
from duoshou.model import (
    Confidence,
    Finding,
    Impact,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
    Unjudged,
    Untold,
)
from duoshou.reports.push import Message

DAY = date(2026, 8, 1)


def value(
    now: Number | None, change: float | None, unit: Unit = Unit.MONEY, *flags: Flag, pp: float | None = None
) -> MetricValue:
    """Return the value of a metric."""
    return MetricValue(now, None, change, pp, "shop_period", frozenset(flags), unit)


FIGURES = (
    Figure(Text("支付金额", "Paid amount"), value(Decimal("12345.6"), -0.032, Unit.MONEY, Flag.PROVISIONAL)),
    Figure(Text("访客数", "Visitors"), value(2310, 0.1, Unit.PEOPLE)),
    Figure(Text("支付转化率", "Conversion"), value(0.0231, 0.1, Unit.RATE, pp=0.31)),
    Figure(Text("退款金额", "Refunds"), value(Decimal(0), None)),
    Figure(Text("推广花费", "Ad cost"), None),
)


def fault(confidence: Confidence = Confidence.CERTAIN, day: date = DAY) -> Finding:
    """Return a fault of data."""
    return Finding(
        "data.missing_day",
        Subject("data", "main", "主店"),
        Period.of_day(day),
        DAY,
        Text(f"{day} 没有订单", f"no orders on {day}"),
        confidence,
        recommendations=(
            Recommendation(Text("补导订单", "import the orders"), Role.OPERATOR, Text("缺一天", "a day lacks")),
        ),
    )


def file(number: int) -> Item:
    """Return a file that is to be fetched."""
    title, menu = Text(f"订单报表{number}", f"Orders {number}"), Text("千牛 → 交易", "Seller centre → Trade")
    days = (date(2026, 7, 30), date(2026, 8, 1))
    return Item("main", "taobao", f"x{number}", title, menu, "daily", State.STALE, None, False, *days)


def day(**changes: object) -> DayOfShop:
    """Return a day of a shop."""
    whole = DayOfShop(
        key="main",
        title="主店",
        day=DAY,
        against=date(2026, 7, 25),
        currency="CNY",
        figures=FIGURES,
        findings=(fault(), business.finding()),
        unjudged=(Unjudged(("diagnosis.score",), next(iter(Untold)), True, Text("评分太少", "too few ratings")),),
        to_fetch=(file(1),),
        link="https://d.example/today?shop=main&date=2026-08-01",
    )
    return replace(whole, **changes)  # type: ignore[arg-type]


def blocks(message: Message) -> dict[str, tuple[str, ...]]:
    """Return heading → lines."""
    return {block.title: block.lines for block in message.blocks}


def test_the_digest_in_chinese() -> None:
    """Numbers with what they are held against, faults first, findings with money and who acts, what cannot be told."""
    message = digest(day(), "zh")
    assert message.title == "舵手日报 · 主店 · 2026-08-01 周六"
    assert message.link == "https://d.example/today?shop=main&date=2026-08-01"
    assert not message.urgent
    told = blocks(message)
    assert list(told) == [
        "数字（对比上周同日 07-25）",
        "先处理的数据问题",
        "发现",
        "不能判断",
        "今天要下载 1 个文件",
    ]
    assert told["数字（对比上周同日 07-25）"] == (
        "支付金额 12,345.60 元（-3.2%，暂定）",
        "访客数 2,310（+10.0%）",
        "支付转化率 2.31%（+0.31pp）",
        "退款金额 0.00 元",
        "推广花费 —",
    )
    assert told["先处理的数据问题"] == ("2026-08-01 没有订单 → 补导订单（运营）",)
    (finding,) = told["发现"]
    assert finding.startswith("羊绒围巾：各端成交率自 7月24日 起下降 32%")
    assert "（涉及约 11,997 元，8,120 元 至 15,871 元）" in finding
    assert finding.endswith("→ 对比前几名竞品的到手价和活动，再看评价与问大家有没有新的负面（运营）")
    assert told["不能判断"] == ("评分太少", "推广花费：这一天没有来源")
    assert told["今天要下载 1 个文件"] == ("订单报表1（缺 2026-07-30 至 2026-08-01）：千牛 → 交易",)


def test_the_digest_in_english() -> None:
    """It says the same, and no Chinese but names is left."""
    message = digest(day(title="Main"), "en")
    text = "\n".join([message.title, *(line for block in message.blocks for line in (block.title, *block.lines))])
    assert "Duoshou daily · Main · 2026-08-01 Sat" in text
    assert "Paid amount 12,345.60 CNY (-3.2%, provisional)" in text
    assert "no orders on 2026-08-01 → import the orders (operator)" in text
    assert "(about 11,997 CNY at stake, 8,120 CNY to 15,871 CNY)" in text
    assert "Ad cost: nothing tells of this day" in text
    assert "1 file to fetch today" in text
    assert not any("\u4e00" <= char <= "\u9fff" for char in text.replace("羊绒围巾", ""))


def test_a_quiet_day_is_short() -> None:
    """Nothing is said of what there is not."""
    calm = day(findings=(), unjudged=(), to_fetch=(), figures=FIGURES[:4], link=None)
    message = digest(calm, "zh")
    assert len(message.blocks) == 1
    assert message.link is None


def test_long_lists_are_cut_and_counted() -> None:
    """Five findings, three faults, five files; the rest is a number."""
    findings = tuple(
        business.finding("product", f"商品{number}", subject=Subject("product", str(number), "")) for number in range(8)
    )
    faults = tuple(fault(day=date(2026, 7, number)) for number in range(1, 6))
    told = blocks(digest(day(findings=findings + faults, to_fetch=tuple(map(file, range(7)))), "zh"))
    assert [len(told[name]) for name in ("先处理的数据问题", "发现", "今天要下载 7 个文件")] == [4, 6, 6]
    assert told["发现"][-1] == "另有 3 条"
    assert told["先处理的数据问题"][-1] == "另有 2 条"


def test_a_gain_and_unknown_money_are_told_as_such() -> None:
    """More earned than expected is no loss; without money nothing is invented."""
    gain = business.finding(impact=Impact(Decimal(-500), "CNY", Decimal(-700), Decimal(-300), Text("", "")))
    told = blocks(digest(day(findings=(gain, business.score())), "zh"))["发现"]
    assert "（多赚约 500 元，300 元 至 700 元）" in told[0]
    assert "（金额算不出）" in told[1]


def test_what_is_urgent() -> None:
    """Sure faults of data and losses that are surely losses; neither guesses, nor gains, nor what may be nothing."""
    loss = business.finding()
    unsure = business.finding("product", "b", confidence=Confidence.POSSIBLE, subject=Subject("product", "b", "b"))
    nothing = business.finding(
        "product",
        "c",
        subject=Subject("product", "c", "c"),
        impact=Impact(Decimal(500), "CNY", Decimal(-100), Decimal(900), Text("", "")),
    )
    gain = business.finding(
        "product",
        "d",
        subject=Subject("product", "d", "d"),
        impact=Impact(Decimal(-500), "CNY", Decimal(-700), Decimal(-300), Text("", "")),
    )
    found = (loss, unsure, nothing, gain, business.score(), fault(), fault(Confidence.POSSIBLE, date(2026, 7, 1)))
    assert [one.id for one in day(findings=found).urgent] == [fault().id, loss.id]


@pytest.mark.parametrize(
    ("language", "title"), [("zh", "舵手 · 主店：2 件事要马上看"), ("en", "Duoshou · 主店: 2 things")]
)
def test_an_urgent_message(language: str, title: str) -> None:
    """Marked, with faults and findings apart."""
    message = urgent(day(), day().urgent, language)  # type: ignore[arg-type]
    assert message.urgent
    assert message.title.startswith(title)
    assert len(message.blocks) == 2


def test_missing_data_and_notices() -> None:
    """How far the data reach and what to fetch; what happened in its own words."""
    message = missing(day(), "zh")
    assert message.title == "舵手 · 主店：昨天的数据还没有导入，目前到 2026-08-01 周六"
    assert list(blocks(message)) == ["今天要下载 1 个文件"]
    bare = missing(day(figures=(FIGURES[-1],)), "en")
    assert bare.title == "Duoshou · 主店: the data of 2026-08-01 Sat are missing"
    told = notice(Text("任务失败", "the job failed"), [Text("原因", "why")], "en")
    assert (told.title, told.blocks[0].lines) == ("Duoshou · the job failed", ("why",))
