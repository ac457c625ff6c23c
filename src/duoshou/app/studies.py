"""The workbook of studies 经营分析: range, bundles, customers, promotion and channels, a sheet each."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from duoshou.analysts.advertising.words import LEVELS, VERDICTS
from duoshou.analysts.assortment.demand import Demand
from duoshou.analysts.assortment.words import BASES, QUADRANTS, ROLES, STAGES
from duoshou.app.advertising import advertising_of
from duoshou.app.assortment import range_of
from duoshou.app.baskets import BasketWish, bought_together
from duoshou.app.channel_budgets import channels_of
from duoshou.app.customers import customers_of
from duoshou.app.discreet import DiscreetWorkbench
from duoshou.model import Language, Period, Text
from duoshou.reports.tables import Column, Kind, TableSheet, write_tables
from duoshou.reports.words import Words

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench

BASKET_DAYS = 90
NAME = 34.0
NARROW = 9.0


def write_studies(workbench: Workbench, day: date, shop: str | None, path: Path, language: Language) -> Path:
    """Write the workbook and return its path; one for those who may not see costs tells nothing of what sales left.

    Args:
        workbench: The workspace; a discreet one for those who may not see costs.
        day: Last day that counts.
        shop: Key of the shop; None: the default one.
        path: The file to write.
        language: Language of the book.

    Raises:
        ReportError: If the file cannot be written.
    """
    costs = not isinstance(workbench, DiscreetWorkbench)
    settings = workbench.settings
    chosen = settings.shop(shop)
    sheets = [
        _range(workbench, day, shop, costs=costs),
        _bundles(workbench, day, shop, costs=costs),
        _customers(workbench, day, shop),
        _advertising(workbench, day, shop, costs=costs),
        _channels(workbench, day, shop, costs=costs),
    ]
    title = Text(f"{chosen.title} 经营分析 {day}", f"{chosen.title}: studies, {day}")
    return write_tables(sheets, title, Words(language), day, path)


def _range(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
    study = range_of(workbench, day, shop=shop)
    study = study if costs else study.without_costs()
    basis = BASES[study.basis]
    columns = [
        Column(Text("商品", "product"), width=NAME),
        Column(Text("类目", "category"), width=14.0),
        Column(Text("级别", "class"), width=NARROW),
        Column(Text("13 周件数", "pieces, 13 weeks"), Kind.COUNT),
        Column(Text("13 周销售", "sales, 13 weeks"), Kind.MONEY),
        *([Column(Text(f"13 周{basis.zh}", f"{basis.en}, 13 weeks"), Kind.MONEY)] if costs else []),
        Column(Text("阶段", "stage")),
        Column(Text("自", "since"), Kind.DAY),
        Column(Text("每周变化", "change a week"), Kind.CHANGE),
        Column(Text("下限", "low"), Kind.CHANGE, NARROW),
        Column(Text("上限", "high"), Kind.CHANGE, NARROW),
        *([Column(Text("角色", "role"))] if costs else []),
        Column(Text("象限", "quadrant")),
        Column(Text("库存", "stock"), Kind.COUNT),
        Column(Text("可售天数", "days of cover"), Kind.COUNT),
        Column(Text("滞销件数", "dead pieces"), Kind.COUNT),
        Column(Text("28 天需求", "demand, 28 days"), Kind.COUNT),
        Column(Text("下限", "low"), Kind.COUNT, NARROW),
        Column(Text("上限", "high"), Kind.COUNT, NARROW),
        Column(Text("大约卖完", "runs out"), Kind.DAY),
        Column(Text("急补线", "urgent below"), Kind.COUNT),
        Column(Text("要订件数", "pieces to order"), Kind.COUNT),
        Column(Text("预计少卖", "sales lost"), Kind.MONEY),
    ]
    rows = [
        (
            *(one.title, one.category, one.letter, one.units, one.amount),
            *([one.money] if costs else []),
            *(STAGES[one.life.stage], one.life.since, one.life.slope, one.life.slope_low, one.life.slope_high),
            *([ROLES[one.role]] if costs else []),
            QUADRANTS[one.quadrant],
            None if one.stock is None else one.stock.units,
            None if one.stock is None else one.stock.cover,
            None if one.stock is None else one.stock.dead_units,
            *_ahead(one.demand),
        )
        for one in study.products
    ]
    return TableSheet(Text("货盘", "Range"), study.caveats, tuple(columns), tuple(rows))


def _ahead(demand: Demand) -> tuple[date | float | Decimal | None, ...]:
    last, placed = demand.ahead[-1] if demand.ahead else None, demand.reorder
    return (
        *((None,) * 3 if last is None else (last.units, last.low, last.high)),
        *((None,) * 4 if placed is None else (placed.runs_out, placed.point, placed.pieces, placed.lost)),
    )


def _bundles(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
    wish = BasketWish(period=Period(day - timedelta(days=BASKET_DAYS - 1), day))
    report = bought_together(workbench, wish, shop=shop, costs=costs).report
    worth = {(one.pair.left.id, one.pair.right.id): one for one in report.bundles}
    columns = [
        Column(Text("商品", "product"), width=NAME),
        Column(Text("和", "and"), width=NAME),
        Column(Text("一起买的单数", "orders with both"), Kind.COUNT),
        Column(Text("是随机的几倍", "times chance"), Kind.RATIO),
        Column(Text("下限", "low"), Kind.RATIO, NARROW),
        Column(Text("上限", "high"), Kind.RATIO, NARROW),
        *([Column(Text("套餐优惠后毛利", "margin at the discount"), Kind.MONEY)] if costs else []),
        *([Column(Text("要多少单件订单加购", "orders that must take both"), Kind.RATE)] if costs else []),
    ]
    rows = []
    for pair in report.pairs:
        bundle = worth.get((pair.left.id, pair.right.id))
        money = (None, None) if bundle is None else (bundle.margin_at_discount, bundle.needed)
        rows.append(
            (
                *(pair.left.title, pair.right.title, pair.together, pair.shrunk, pair.low, pair.high),
                *(money if costs else ()),
            )
        )
    return TableSheet(Text("搭配", "Bundles"), report.caveats, tuple(columns), tuple(rows))


def _customers(workbench: Workbench, day: date, shop: str | None) -> TableSheet:
    study = customers_of(workbench, day, shop=shop)
    columns = (
        Column(Text("客户类别", "segment"), width=20.0),
        Column(Text("人数", "customers"), Kind.COUNT),
        Column(Text("人数占比", "share"), Kind.RATE),
        Column(Text("累计金额", "money"), Kind.MONEY),
        Column(Text("金额占比", "share of money"), Kind.RATE),
        Column(Text("平均次数", "purchases"), Kind.RATIO),
        Column(Text("距今天数", "days since"), Kind.COUNT),
        Column(Text("怎么做", "what to do"), width=NAME),
    )
    rows = tuple(
        (
            *(one.title, one.customers, one.share, one.money, one.money_share, one.purchases, one.days_since),
            one.advice,
        )
        for one in study.segments
    )
    return TableSheet(Text("客户", "Customers"), study.caveats, columns, rows)


def _advertising(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
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


def _channels(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
    study = channels_of(workbench, day, shop=shop)
    study = study if costs else study.without_costs()
    columns = (
        Column(Text("付费渠道", "paid channel"), width=20.0),
        Column(Text("判断", "verdict"), width=20.0),
        Column(Text("每天花费", "spend a day"), Kind.MONEY),
        Column(Text("再花一块带来", "sales of one more"), Kind.RATIO),
        Column(Text("下限", "low"), Kind.RATIO, NARROW),
        Column(Text("上限", "high"), Kind.RATIO, NARROW),
        *([Column(Text("保本线", "break-even"), Kind.RATIO)] if costs else []),
    )
    rows = tuple(
        (
            *(one.title, one.told, one.today),
            *((None,) * 3 if one.marginal is None else (one.marginal.value, one.marginal.low, one.marginal.high)),
            *([one.break_even] if costs else []),
        )
        for one in study.returns
    )
    return TableSheet(Text("渠道", "Channels"), (*study.caveats, *study.of_margin), columns, rows)
