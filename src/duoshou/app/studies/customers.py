"""The sheet of studies 客户: the segments."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duoshou.app.customers import customers_of
from duoshou.app.studies.widths import NAME
from duoshou.model import Text
from duoshou.reports.tables import Column, Kind, TableSheet

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def customers_sheet(workbench: Workbench, day: date, shop: str | None) -> TableSheet:
    """Return the segments as a sheet."""
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
