"""Made-up findings about a business, one of each kind, as the diagnosis gives them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from duoshou.model import (
    Cause,
    Confidence,
    Evidence,
    EvidenceType,
    Finding,
    Impact,
    Period,
    Recommendation,
    Role,
    Subject,
    Text,
)

DAY = date(2026, 8, 1)
COINCIDES = Text(
    "这是时间上的吻合，不是证明；验证要看恢复后的变化或做测试",
    "this coincides in time and proves nothing; a test tells",
)
HOSTILE = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)")
CAUSES = (
    ("competitor_price_cut", "成交变难（常见于竞品降价）", "harder to sell (often a competitor's cut)", 0.82),
    ("page_broken_wireless", "无线端详情页异常", "the page fails on phones", 0.12),
    ("stock_out", "缺货", "out of stock", 0.06),
)
MOVES: tuple[tuple[Any, ...], ...] = (
    ("无线端成交率", "orders per visitor on phones", -0.3857, -6.2),
    ("电脑端成交率", "orders per visitor on computers", -0.2877, -3.9),
    ("搜索访客", "search visitors", 0.0488, 0.8),
    ("加购率", "carts per visitor", -0.1054, -2.1),
)


def impact(amount: str, low: str, high: str) -> Impact:
    """Return money at stake over 28 days."""
    basis = Text(
        "照此下去 28 天少赚的贡献毛利，按 2026-07-24 至 2026-08-01 的日均推算；成本未知，按毛利率 30% 估",
        "contribution lost in 28 days at the daily mean of 2026-07-24 to 2026-08-01; a margin of 30% is assumed",
    )
    return Impact(Decimal(amount), "CNY", Decimal(low), Decimal(high), basis)


def loss(amount: str, low: str, high: str) -> Evidence:
    """Return what was lost so far, as evidence."""
    title = Text("到今天为止少赚的贡献毛利，90% 区间", "contribution lost so far, with its 90 % interval")
    row = ("2026-07-24", "2026-08-01", amount, low, high)
    return Evidence("loss", EvidenceType.TABLE, title, ("from", "to", "amount", "low", "high"), (row,))


def moved(rows: tuple[tuple[Any, ...], ...] = MOVES, columns: tuple[str, ...] = ()) -> Evidence:
    """Return what moved, as evidence: logarithms."""
    title = Text("各指标相对预期的变化（对数）", "moves against expectation (logarithms)")
    return Evidence("moves", EvidenceType.TABLE, title, ("feature_zh", "feature_en", "move", "score", *columns), rows)


def finding(type_: str = "product", name: str = "羊绒围巾", **changes: Any) -> Finding:
    """Return a trouble of a product, or of something else."""
    causes = Evidence(
        "causes",
        EvidenceType.TABLE,
        Text("各原因的可能性", "weights of the causes"),
        ("cause_zh", "cause_en", "weight"),
        tuple((zh, en, weight) for _, zh, en, weight in CAUSES),
    )
    made = Finding(
        kind=f"diagnosis.{type_}",
        subject=Subject(type_, f"{type_}-1", name),
        period=Period(date(2026, 7, 24), DAY),
        detected_on=DAY,
        headline=Text(
            f"{name}：各端成交率自 7月24日 起下降 32%，自己的价格没动，9 天少赚约 3,856 元",
            f"{name}: orders per visitor fell by 32% on all devices since 2026-07-24; about 3,856 CNY lost in 9 days",
        ),
        confidence=Confidence.LIKELY,
        impact=impact("11997.33", "8120.00", "15870.50"),
        causes=tuple(Cause(key, Subject(type_, name, ""), None, weight, ("moves",)) for key, _, _, weight in CAUSES),
        evidence=(moved(), causes, loss("3856.28", "2610.00", "5101.23")),
        recommendations=(
            Recommendation(
                Text(
                    "对比前几名竞品的到手价和活动，再看评价与问大家有没有新的负面",
                    "Compare the final price of the main competitors, then look for new bad reviews and questions",
                ),
                Role.OPERATOR,
                Text("来的人一样多，两个端都更不肯买", "as many people come but buy less on every device"),
                Text("恢复正常后每天约多赚 428", "about 428 a day once it is as usual again"),
                "hours",
            ),
        ),
        caveats=(COINCIDES,),
    )
    return replace(made, id="", **changes)


def score() -> Finding:
    """Return a service score that falls: no money, causes that only worsened at the same time."""
    rows = tuple((date(2026, 7, 1 + number), 4.86 - number / 500, 4.82, 4.80) for number in range(30))
    series = Evidence(
        "score",
        EvidenceType.SERIES,
        Text("评分走势", "The scores"),
        ("day", "description", "service", "logistics"),
        rows,
    )
    changes = Evidence(
        "changes",
        EvidenceType.TABLE,
        Text("各项评分的变化（90% 区间）和下降的可能性", "Change of each score (90 % interval), probability of a fall"),
        ("score_zh", "score_en", "before", "after", "change", "low", "high", "chance", "peers_gap"),
        (
            ("描述相符", "item as described", 4.86, 4.80, -0.06, -0.08, -0.04, 0.99, None),
            ("服务态度", "service", 4.82, 4.82, 0.0, -0.01, 0.01, 0.08, 0.02),
        ),
    )
    ties = Evidence(
        "ties",
        EvidenceType.TABLE,
        Text("同期相关指标", "Related metrics before and after"),
        ("metric", "name_zh", "name_en", "before", "after", "change", "low", "high", "chance", "worse"),
        (("refund_rate", "描述不符、质量类退款", "refunds for the goods", 0.02, 0.05, 1.5, 0.8, 2.4, 0.99, True),),
    )
    return finding(
        "score",
        "描述相符",
        headline=Text("描述相符评分自 2026-07-01 起走低：4.86 → 4.80", "The item score has been falling: 4.86 → 4.80"),
        impact=None,
        causes=(
            Cause("old_ratings_leave", Subject("score", "description", "描述相符"), -0.02, 0.4, ("score",)),
            Cause("refunds_for_the_goods", Subject("metric", "refund_rate", "质量类退款"), None, None, ("ties",)),
        ),
        evidence=(series, changes, ties),
        recommendations=(
            Recommendation(
                Text("争取 120 个五星，描述相符可回到 4.85", "Win 120 five-star ratings to bring it back to 4.85"),
                Role.SERVICE,
                Text("n = N ×（目标 − 现值）÷（5 − 目标）", "n = N × (target − score) ÷ (5 − target)"),
            ),
        ),
        caveats=(
            Text("评分是约 180 天的滚动均值，变化慢", "The score is a rolling mean of about 180 days"),
            Text("相关指标只说明同时变差，不等于原因", "A related metric worsened at the same time only"),
            Text("五星数按窗口不动计算", "The five-star count lets the window stand still"),
        ),
    )


def gain() -> Finding:
    """Return a change for the better, with an entry of the event ledger."""
    note = Evidence("event:7", EvidenceType.TEXT, Text("换了新主图", "换了新主图"), (), (("2026-07-24", "main_image"),))
    return finding(
        "campaign",
        "计划一",
        headline=Text("计划一：点击率上升，9 天多赚约 500 元", "计划一: clicked more; about 500 CNY gained in 9 days"),
        impact=impact("-1555.00", "-2300.00", "-800.00"),
        evidence=(*finding().evidence[:2], loss("-500.00", "-740.00", "-257.00"), note),
    )


def shop_trouble() -> Finding:
    """Return a trouble of the whole shop with other signals of it, no cause that fits, and an unknown move."""
    members = Evidence(
        "members",
        EvidenceType.TABLE,
        Text("同一件事的其他信号", "other signals of the same trouble"),
        ("type", "subject", "cause", "from"),
        (("region", "浙江省", "slow_logistics", "2026-07-25"), ("product", "p1", "stock_out", "2026-07-26")),
    )
    rows = (
        ("全店访客", "visitors", float("nan"), float("nan")),
        ("缺货天数占比", "days out of stock", 0.5, 9.0, "points"),
    )
    return finding(
        "shop",
        "示范店",
        headline=Text("全店成交率下降 18%，原因不能判断", "The whole shop converts 18% less; the cause cannot be told"),
        confidence=Confidence.CANNOT_TELL,
        impact=impact("5200.00", "-300.00", "10700.00"),
        causes=(Cause("unexplained", Subject("shop", "shop", ""), None, 0.7, ("moves",)),),
        evidence=(
            moved(((*rows[0][:4], "log"), rows[1]), ("unit",)),
            Evidence("causes", EvidenceType.TABLE, Text("各原因", "causes"), ("cause_zh", "cause_en", "weight"), ()),
            members,
        ),
        caveats=(COINCIDES, Text("现有数据分不清原因", "the data at hand cannot tell the causes apart")),
    )


def hostile() -> list[Finding]:
    """Return findings whose names would be formulas or steer a terminal, and one with an endless name."""
    names = [*HOSTILE, "\x1b[31m红\n行", "很长的商品名" * 400]
    found = []
    for number, name in enumerate(names):
        made = finding("keyword", name, headline=Text(name, name), recommendations=(), causes=(), caveats=())
        evidence = (moved(((name, name, -0.5, -3.0),)),)
        subject = Subject("keyword", f"k{number}", name)
        found.append(replace(made, id="", subject=subject, evidence=evidence, impact=None))
    return found


def one_of_each() -> list[Finding]:
    """Return one finding of each kind, not in order of their money."""
    return [
        score(),
        gain(),
        shop_trouble(),
        finding(),
        finding("agent", "小美", impact=impact("820.00", "300.00", "1340.00")),
        finding("region", "浙江省", impact=impact("640.00", "100.00", "1180.00")),
        finding("keyword", "羊绒围巾女", impact=impact("310.50", "200.00", "420.00"), causes=(), evidence=(moved(),)),
    ]
