"""The sheet of studies 货盘: every product with its life, stock and demand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from duoshou.analysts.assortment.demand import Demand
from duoshou.analysts.assortment.words import BASES, QUADRANTS, ROLES, STAGES
from duoshou.app.assortment import range_of
from duoshou.app.studies.widths import NAME, NARROW
from duoshou.model import Text
from duoshou.reports.tables import Column, Kind, TableSheet

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def range_sheet(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
    """Return the products as a sheet; without `costs` nothing of what sales left."""
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
        Column(Text("滞销件数", "dead pieces"), Kind.COUNT),
        Column(Text("28 天需求", "demand, 28 days"), Kind.COUNT),
        Column(Text("下限", "low"), Kind.COUNT, NARROW),
        Column(Text("上限", "high"), Kind.COUNT, NARROW),
        Column(Text("够卖天数", "days it lasts"), Kind.COUNT),
        Column(Text("至少", "at least"), Kind.COUNT, NARROW),
        Column(Text("至多", "at most"), Kind.COUNT, NARROW),
        Column(Text("大约卖完", "runs out"), Kind.DAY),
        Column(Text("供货天数", "lead time, days"), Kind.COUNT),
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
            None if one.stock is None else one.stock.dead_units,
            *_ahead(one.demand),
        )
        for one in study.products
    ]
    return TableSheet(Text("货盘", "Range"), study.caveats, tuple(columns), tuple(rows))


def _ahead(demand: Demand) -> tuple[date | float | Decimal | None, ...]:
    last, placed = demand.ahead[-1] if demand.ahead else None, demand.reorder
    lasting = demand.lasting
    return (
        *((None,) * 3 if last is None else (last.units, last.low, last.high)),
        *((None,) * 3 if lasting is None else (lasting.days, lasting.low, lasting.high)),
        *(
            (None,) * 5
            if placed is None
            else (placed.runs_out, placed.lead_days, placed.point, placed.pieces, placed.lost)
        ),
    )
