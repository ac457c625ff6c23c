"""The sheet of studies 推广: every target, and the next step of the bids."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duoshou.analysts.advertising import BidPlan
from duoshou.analysts.advertising.auction_words import auction_text
from duoshou.analysts.advertising.words import LEVELS, VERDICTS
from duoshou.app.advertising import advertising_of
from duoshou.app.studies.widths import NAME, NARROW
from duoshou.model import Text
from duoshou.reports.tables import Column, Kind, TableSheet

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def advertising_sheet(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
    """Return the targets as a sheet; without `costs` nothing is judged."""
    study = advertising_of(workbench, day, shop=shop)
    study = study if costs else study.without_costs()
    columns = [
        Column(Text("层", "level")),
        Column(Text("对象", "target"), width=NAME),
        Column(Text("花费", "cost"), Kind.MONEY),
        Column(Text("点击", "clicks"), Kind.COUNT),
        Column(Text("点击价", "a click"), Kind.MONEY),
        Column(Text("点击转化率", "orders per click"), Kind.RATE),
        Column(Text("投产比", "ROAS"), Kind.RATIO),
        Column(Text("下限", "low"), Kind.RATIO, NARROW),
        Column(Text("上限", "high"), Kind.RATIO, NARROW),
    ]
    if costs:
        columns += [
            Column(Text("保本点击价", "break-even click"), Kind.MONEY),
            Column(Text("赚或亏", "earned or lost"), Kind.MONEY),
            Column(Text("判断", "verdict")),
            Column(Text("还差点击", "clicks missing"), Kind.COUNT),
        ]
    rows = [
        (
            *(LEVELS[level.level], one.name, one.cost, one.clicks, one.cost_per_click, one.conversion),
            *(one.expected_roas, one.roas_low, one.roas_high),
            *((one.break_even_click, one.profit, VERDICTS[one.verdict], one.clicks_needed) if costs else ()),
        )
        for level in study.levels
        for one in level.targets
    ]
    return TableSheet(Text("推广", "Promotion"), (*study.caveats, *study.of_margin), tuple(columns), tuple(rows))


def bids_sheet(plan: BidPlan) -> TableSheet:
    """Return the next step of the bids as a sheet."""
    columns = (
        Column(Text("关键词", "keyword"), width=NAME),
        Column(Text("计划", "plan"), width=20.0),
        Column(Text("出价", "bid"), Kind.MONEY),
        Column(Text("改为", "new"), Kind.MONEY),
        Column(Text("幅度", "change"), Kind.CHANGE),
        Column(Text("点击价", "a click"), Kind.MONEY),
        Column(Text("最多值", "a click at most"), Kind.MONEY),
        Column(Text("每天点击", "clicks a day"), Kind.RATIO),
        Column(Text("每天花费", "cost a day"), Kind.MONEY),
        Column(Text("每天多赚", "extra a day"), Kind.MONEY),
        Column(Text("下限", "low"), Kind.MONEY, NARROW),
        Column(Text("上限", "high"), Kind.MONEY, NARROW),
    )
    rows = tuple(
        (
            *(one.keyword, one.campaign_name, one.now, one.new, one.change, one.price, one.limit, one.clicks),
            *(one.cost.value, one.extra.value, one.extra.low, one.extra.high),
        )
        for one in plan.bids
    )
    return TableSheet(Text("出价", "Bids"), (*auction_text(plan.auction), *plan.caveats), columns, rows)
