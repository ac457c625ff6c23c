"""The sheet of studies 测款: the new products and how they stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from duoshou.analysts.launches.rates import Rate, Read
from duoshou.analysts.launches.words import EARLY, RATES
from duoshou.analysts.launches.words import VERDICTS as LAUNCH_VERDICTS
from duoshou.app.launches import launches_of
from duoshou.app.studies.widths import NAME
from duoshou.model import Text
from duoshou.reports.tables import Column, Kind, TableSheet

if TYPE_CHECKING:
    from duoshou.app.workbench import Workbench


def launches_sheet(workbench: Workbench, day: date, shop: str | None) -> TableSheet:
    """Return the new products as a sheet."""
    study = launches_of(workbench, day, shop=shop)
    columns = [
        Column(Text("新品", "new product"), width=NAME),
        Column(Text("类目", "category"), width=14.0),
        Column(Text("上新日", "launched"), Kind.DAY),
        Column(Text("上新天数", "days since"), Kind.COUNT),
        Column(Text("访客", "visitors"), Kind.COUNT),
        Column(Text("支付金额", "sales"), Kind.MONEY),
        Column(Text("测款结果", "test"), width=14.0),
        Column(Text("还要访客", "visitors needed"), Kind.COUNT),
        Column(Text("再判（上新第几天）", "next check (day)"), Kind.COUNT),
        Column(Text("前期", "early signs"), width=14.0),
    ]
    for rate, title in RATES.items():
        kind = Kind.RATIO if rate is Rate.MONEY else Kind.RATE
        columns.append(Column(title, kind))
        columns += [
            Column(Text(f"{title.zh}{side.zh}", f"{title.en}, {side.en}"), kind)
            for side in (Text("下限", "low"), Text("上限", "high"), Text("过线", "bar"))
        ]
    rows = tuple(
        (
            *(one.title, one.category, one.launched, one.age, one.visitors, one.amount),
            *(LAUNCH_VERDICTS[one.verdict], one.needed, one.next_check, EARLY[one.early]),
            *(cell for rate in RATES for cell in _of_rate(one.rate(rate))),
        )
        for one in study.candidates
    )
    return TableSheet(Text("测款", "Launches"), study.caveats, tuple(columns), rows)


def _of_rate(read: Read | None) -> tuple[float | None, ...]:
    if read is None:
        return (None,) * 4
    return read.judgement.rate, read.judgement.low, read.judgement.high, read.judgement.bar
