"""The sheet of studies 价格: every product with its elasticity and what its price could be."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duoshou.analysts.pricing.advice import Verdict
from duoshou.analysts.pricing.words import REASONS
from duoshou.analysts.pricing.words import VERDICTS as PRICE_VERDICTS
from duoshou.app.pricing import prices_of
from duoshou.app.studies.widths import NAME, NARROW
from duoshou.model import Text
from duoshou.reports.tables import Column, Kind, TableSheet

if TYPE_CHECKING:
    from duoshou.analysts.pricing.study import Product as PricedProduct
    from duoshou.app.workbench import Workbench


def prices_sheet(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
    """Return the products with their prices as a sheet; without `costs` no floors and no advice."""
    study = prices_of(workbench, day, shop=shop)
    study = study if costs else study.without_costs()
    columns = [
        Column(Text("商品", "product"), width=NAME),
        Column(Text("类目", "category"), width=14.0),
        Column(Text("现价", "price"), Kind.MONEY),
        Column(Text("每天件数", "pieces a day"), Kind.RATIO),
        Column(Text("价格弹性", "elasticity"), Kind.RATIO),
        Column(Text("下限", "low"), Kind.RATIO, NARROW),
        Column(Text("上限", "high"), Kind.RATIO, NARROW),
    ]
    if costs:
        columns += [
            Column(Text("判断", "verdict")),
            Column(Text("为什么", "why"), width=NAME),
            Column(Text("保本价", "floor"), Kind.MONEY),
            Column(Text("建议价", "better price"), Kind.MONEY),
            Column(Text("28 天多赚", "earned more in 28 days"), Kind.MONEY),
            Column(Text("下限", "low"), Kind.MONEY),
            Column(Text("上限", "high"), Kind.MONEY),
            Column(Text("把握", "chance"), Kind.RATE),
            Column(Text("测试天数", "days of the test"), Kind.COUNT),
        ]
    rows = [
        (
            *(one.title, one.category, one.price, one.units_a_day),
            *(
                (None,) * 3
                if one.elasticity is None
                else (one.elasticity.value, one.elasticity.low, one.elasticity.high)
            ),
            *(_advised(one) if costs else ()),
        )
        for one in study.products
    ]
    return TableSheet(Text("价格", "Prices"), study.caveats, tuple(columns), tuple(rows))


def _advised(one: PricedProduct) -> tuple[object, ...]:
    best = one.best if one.verdict in {Verdict.CHANGE, Verdict.TEST} else None
    return (
        *(PRICE_VERDICTS[one.verdict], None if one.reason is None else REASONS[one.reason], one.floor),
        *((None,) * 5 if best is None else (best.price, best.gain, best.gain_low, best.gain_high, best.chance)),
        one.test_days,
    )
