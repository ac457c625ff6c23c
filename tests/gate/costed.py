"""A shop with costs, in which everything that was found, given out, tried and measured has money of its own."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from tests import business
from tests.cockpit import LAST, PLAN_HEAD, SHOP_HEAD, delimited, make_people
from tests.layouts.taobao import SUBORDERS, SYCM_SOURCES, table

from duoshou.analysts.advice_kinds import MONEY_OF_COSTS
from duoshou.app import Workbench, open_workbench
from duoshou.app.loop.advice import advise, task_from_finding
from duoshou.app.loop.tasks import today_of
from duoshou.app.loop.trials import plan_test
from duoshou.loop.effects import Measured, record_effects
from duoshou.loop.trial import NewTrial, SwitchbackWish
from duoshou.model import Evidence, EvidenceType, Finding, Impact, Period, Source, Subject, Text, Verdict
from duoshou.settings import CostRule, CostSettings, Settings, Shop, Workspace
from duoshou.state import record_day

DAYS = [LAST - timedelta(days=number) for number in reversed(range(63))]
PRICES = {"A-1": ("1001", Decimal(150)), "B-1": ("1002", Decimal(90))}
THIN = {"A-1": "138.945", "B-1": "83.367"}
"""Costs that leave 7.37 % of each price."""
FAT = {"A-1": "61.5", "B-1": "72.09"}
"""Costs that leave 59 % and 19.9 %."""


@dataclass(frozen=True)
class Money:
    """Amounts that nothing else in the shop comes near, each with its name."""

    names: dict[str, str]

    def taken(self, name: str) -> Decimal:
        """Return an amount that was not taken yet."""
        number = 71_371 + 1_013 * len(self.names)
        self.names[str(number)] = name
        return Decimal(f"{number}.37")

    def worth(self, name: str, amount: Decimal) -> None:
        """Note an amount that the product made; where it is rounded, either way."""
        self.names.update({str(int(amount)): name, str(int(amount) + 1): name})

    def told(self, text: str) -> list[str]:
        """Return whose amounts stand in a text, with or without cents and separators, as words of their own."""
        words = set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)", text.replace(",", "")))
        words |= {one.partition(".")[0] for one in words if not one.startswith("0.")}
        return sorted({name for number, name in self.names.items() if number in words})


def advice_finding(kind: str, money: Money) -> Finding:
    """Return a finding of a kind whose money is made from costs."""
    row = (("甲", "A", money.taken(f"{kind} evidence")),)
    name = f"expected effect of {kind}"
    (one,) = business.finding().recommendations
    effect = Text(f"约 {money.taken(name)} 元", f"about {money.taken(name)} CNY")
    impact = Impact(
        money.taken(kind), "CNY", money.taken(f"{kind} low"), money.taken(f"{kind} high"), Text("利润", "profit")
    )
    return replace(
        business.finding("product", f"商品{kind}"),
        id="",
        kind=kind,
        subject=Subject("product", "1001", "羽绒服"),
        period=Period(LAST - timedelta(days=6), LAST),
        detected_on=LAST,
        headline=Text(f"{kind} 可以更好", f"{kind} could be better"),
        impact=impact,
        causes=(),
        evidence=(Evidence("cases", EvidenceType.TABLE, Text("代价", "cost"), ("case_zh", "case_en", "money"), row),),
        recommendations=(replace(one, expected_effect=effect),),
        caveats=(),
    )


def effect_of(number: int, money: Money, metric: str = "visitors") -> Measured:
    """Return an effect whose money, margin and days have amounts of their own."""
    window = Period(LAST - timedelta(days=6), LAST)
    parts = {
        name: {end: float(money.taken(f"{name} of an effect")) for end in ("estimate", "low", "high")}
        for name in ("gross", "cost", "displaced", "later")
    }
    days = [{"day": one.isoformat(), "expected": 100.0, "observed": 120.0} for one in window]
    if metric != "visitors":
        days = [row | {"observed": float(money.taken(f"days of {metric}"))} for row in days]
    guard = {"metric": "gross_margin", "low": -0.1, "high": 0.1, "standing": "held"}
    return Measured(
        Source.CAMPAIGN,
        str(number),
        Subject("product", "1001", "羽绒服"),
        metric,
        window,
        "synthetic_did",
        Verdict.WORKED,
        "CNY",
        LAST,
        is_final=True,
        amount=money.taken("amount of an effect"),
        low=money.taken("low of an effect"),
        high=money.taken("high of an effect"),
        relative=0.2 if metric == "visitors" else float(money.taken(f"relative change of {metric}")),
        relative_low=0.1,
        relative_high=0.3,
        content={
            "days": days,
            "money": {**parts, "margin": {"rate": float(money.taken("margin of an effect"))}},
            "together": {"estimate": float(money.taken("money of overlapping changes"))},
            "guards": [guard | {"relative": float(money.taken("guard that tells costs"))}],
        },
    )


def record_loop(workbench: Workbench, money: Money) -> None:
    """Record findings, a task from each, effects, and a test of a channel; what they are worth is in `money`."""
    found = [advice_finding(kind, money) for kind in sorted(MONEY_OF_COSTS)]
    record_day(workbench.state, "main", LAST, found)
    for one in found:
        advised = advise(workbench, one.id, "main", costs=True)
        for place, advice in enumerate(advised):
            if advice.money is None:
                continue
            task = task_from_finding(workbench, one.id, "main", by="owner", recommendation=place)
            assert task.what.expected.amount is not None
            money.worth(f"expected money of a task from {one.kind}", task.what.expected.amount)
            money.worth(f"money of advice on {one.kind}", advice.money.amount)
            break
    effects = [effect_of(1, money), effect_of(2, money, "contribution")]
    record_effects(workbench.state, "main", effects, by="job")
    money.names["0.2317"] = "break-even of a channel"
    wish = SwitchbackWish(28, 0.2317, states=("减半", "照常"))
    first = today_of(workbench) + timedelta(days=1)
    channel = Subject("channel", "ads_search", "关键词推广")
    plan_test(workbench, "main", NewTrial("渠道测试", channel, "pay_amount", first, wish), by="owner")


def files() -> Iterator[tuple[str, bytes]]:
    """Yield the shop's files: orders of two products, days, sources, plans on two scenes that move by themselves."""
    random = np.random.default_rng(4)
    pieces = random.poisson(6, (len(DAYS), 2)) + 1
    spend = random.gamma(2.0, 60.0, (len(DAYS), 2)).round(2)
    shop: list[list[Any]] = [SHOP_HEAD]
    plans: list[list[Any]] = [PLAN_HEAD]
    orders, sources = [], []
    for number, day in enumerate(DAYS):
        sold = [(sku, int(pieces[number, place])) for place, sku in enumerate(PRICES)]
        paid = sum(count * PRICES[sku][1] for sku, count in sold)
        count = sum(count for _, count in sold)
        shop.append([day.isoformat(), 500 + count, 1500, count, count, count, f"{paid}.00", 9])
        orders += [order(day, sku, piece) for sku, count in sold for piece in range(count)]
        for place, (scene, name) in enumerate((("关键词", "搜索计划"), ("人群", "人群计划"))):
            cost = spend[number, place]
            clicks = int(cost / 2) + 1
            head = [day.isoformat(), str(place), f"{scene}推广", str(70 + place), name]
            plans.append([*head, clicks * 20, clicks, f"{cost:.2f}", int(cost / 40), f"{cost * 3:.2f}"])
        sources.append(
            {
                "统计日期": day.isoformat(), "来源类型": "经营优势", "上级来源名称": "", "来源名称": "手淘搜索",
                "来源层级": "1", "访客数": str(300 + count), "支付买家数": str(count // 2), "支付金额": f"{paid / 2}",
            }
        )  # fmt: skip
    yield "店铺.csv", delimited(shop)
    yield "子订单.csv", delimited(table(SUBORDERS, *orders))
    yield "计划.csv", delimited(plans)
    yield "来源.csv", delimited(table(SYCM_SOURCES, *sources))


def order(day: date, sku: str, piece: int) -> dict[str, str]:
    """Return one order of one piece."""
    product, price = PRICES[sku]
    key = f"{day:%Y%m%d}{sku[0]}{piece:03d}".replace("A", "1").replace("B", "2")
    return {
        "子订单编号": f'="19{key}1"',
        "主订单编号": f'="19{key}0"',
        "商品标题": {"A-1": "羽绒服", "B-1": "围巾"}[sku],
        "商品价格": f"{price}",
        "购买数量": "1",
        "订单状态": "交易成功",
        "商家编码": sku,
        "买家应付货款": f"{price}",
        "买家实付金额": f"{price}",
        "订单创建时间": f"{day} 10:00:00",
        "订单付款时间": f"{day} 10:01:00",
        "商品ID": product,
    }


def make_shop(folder: Path, money: Money) -> tuple[Path, dict[str, str]]:
    """Make the shop without its costs; return it and the tokens of its people."""
    fees = CostRule(platform_fee_rate=0.0, freight_per_order=0.0, packaging_per_order=0.0)
    settings = Settings(name="商行", shops=(Shop(key="main", name="主店"),), costs=CostSettings(rules=(fees,)))
    Workspace.create(folder, settings)
    with open_workbench(folder) as workbench:
        take(workbench, dict(files()))
        record_loop(workbench, money)
        secrets = make_people(workbench)
    return folder, secrets


def with_costs(shop: Path, folder: Path, costs: dict[str, str]) -> Path:
    """Return a copy of the shop that knows what its goods cost."""
    shutil.copytree(shop, folder)
    with open_workbench(folder) as workbench:
        take(workbench, {"成本.csv": delimited([["商家编码", "成本价"], *costs.items()])})
    return folder


def take(workbench: Workbench, named: dict[str, bytes]) -> None:
    """Import files."""
    for name, content in named.items():
        path = workbench.workspace.inbox / name
        path.write_bytes(content)
        moment = datetime(2026, 11, 19, 9, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
        os.utime(path, (moment, moment))
    report = workbench.import_files()
    assert not report.failed, report.to_dict()
