"""The sheets of studies 创意 and 系数: which creatives wear out, and what to bid by hour, region and placement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from duoshou.analysts.advertising.splits import Coefficient
from duoshou.analysts.advertising.wear import Wear
from duoshou.analysts.advertising.words import LEVELS, STATES
from duoshou.app.advertising import advertising_of
from duoshou.app.studies.widths import NAME, NARROW
from duoshou.model import Text
from duoshou.reports.tables import Column, Kind, TableSheet

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def part_sheets(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> list[TableSheet]:
    """Return the sheets that have anything; without `costs` they tell no money."""
    study = advertising_of(workbench, day, shop=shop)
    study = study if costs else study.without_costs()
    return [
        *([_creatives(study.creatives, costs=costs)] if study.creatives else []),
        *([_splits(study.splits, costs=costs)] if study.splits else []),
    ]


def _money(title: Text) -> tuple[Column, ...]:
    return (
        Column(title, Kind.MONEY),
        Column(Text("下限", "low"), Kind.MONEY, NARROW),
        Column(Text("上限", "high"), Kind.MONEY, NARROW),
    )


def _creatives(creatives: Sequence[Wear], *, costs: bool) -> TableSheet:
    columns = (
        Column(Text("创意", "creative"), width=NAME),
        Column(Text("计划", "plan"), width=20.0),
        Column(Text("从何时起", "since")),
        Column(Text("展现", "impressions"), Kind.COUNT),
        Column(Text("第一周点击率", "first click rate"), Kind.RATE),
        Column(Text("最近点击率", "click rate now"), Kind.RATE),
        Column(Text("比别的多掉", "lost beyond others"), Kind.CHANGE),
        Column(Text("下限", "low"), Kind.CHANGE, NARROW),
        Column(Text("上限", "high"), Kind.CHANGE, NARROW),
        Column(Text("判断", "verdict")),
        *(_money(Text("30 天少赚", "lost in 30 days")) if costs else ()),
    )
    rows = tuple(
        (
            *(one.name, one.campaign_name, str(one.since), one.impressions, one.fresh_rate, one.rate),
            *(one.lost, one.lost_low, one.lost_high, STATES[one.state]),
            *(((one.cost.value, one.cost.low, one.cost.high) if one.cost else (None,) * 3) if costs else ()),
        )
        for one in creatives
    )
    note = Text(
        "点击率从第一周起掉了多少，已扣掉同计划其他创意同一天的变化；90% 区间，误报预计不超过 5%",
        "how far the click rate fell since the first week beyond the plan's others; 90 % intervals, 5 % may be wrong",
    )
    return TableSheet(Text("创意", "Creatives"), (note,), columns, rows)


def _splits(splits: Sequence[Coefficient], *, costs: bool) -> TableSheet:
    columns = (
        Column(Text("维度", "split")),
        Column(Text("名称", "name"), width=NAME),
        Column(Text("计划", "plan"), width=20.0),
        Column(Text("点击", "clicks"), Kind.COUNT),
        Column(Text("点击值（计划=1）", "worth (plan = 1)"), Kind.RATIO),
        Column(Text("下限", "low"), Kind.RATIO, NARROW),
        Column(Text("上限", "high"), Kind.RATIO, NARROW),
        Column(Text("系数", "coefficient"), Kind.RATIO),
        *(_money(Text("30 天多赚", "more in 30 days")) if costs else ()),
    )
    rows = tuple(
        (
            *(LEVELS[one.level], one.name, one.campaign_name, one.clicks),
            *(one.ratio, one.ratio_low, one.ratio_high, one.coefficient),
            *(((one.gain.value, one.gain.low, one.gain.high) if one.gain else (None,) * 3) if costs else ()),
        )
        for one in splits
    )
    note = Text(
        "一次点击的价值比计划平均；确实不同才给系数，一次最多调三成；95% 区间",
        "worth of a click against the plan's mean; a coefficient only where it surely differs; 95 % intervals",
    )
    return TableSheet(Text("系数", "Coefficients"), (note,), columns, rows)
