"""The sheet of studies 渠道: returns and budgets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duoshou.app.channel_budgets import channels_of
from duoshou.app.studies.widths import NARROW
from duoshou.model import Text
from duoshou.reports.tables import Column, Kind, TableSheet

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def channels_sheet(workbench: Workbench, day: date, shop: str | None, *, costs: bool) -> TableSheet:
    """Return the channels as a sheet; without `costs` no returns."""
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
