"""Samples of 快手: the assessment of the service desk."""

from __future__ import annotations

from decimal import Decimal

from tests.layouts.files import workbook
from tests.layouts.sample import Sample


def _columns(names: str) -> list[str]:
    """Return the names of a header, which are written with bars between."""
    return names.split("|")


ASSESSMENT = _columns(
    "三分钟回复率（人维度）|三分钟回复率（会话）|不服务率|咨询人数|咨询人次|人工会话量|人工平均回复时长|"
    "好评率（人维度）|好评率（会话）|差评率（人维度）|差评率（会话）|IM不满意率（人维度）|询单人数|"
    "下单人数|支付人数|询单转化率|询单客单价|客服销售额"
)

_HEADER = ["客服", *(name.replace("（", "\n（ ") for name in ASSESSMENT)]
_SHOP: list[object] = [
    "某某旗舰店",
    "95.00%",
    "96.00%",
    "1.00%",
    120,
    150,
    140,
    "1分5秒",
    "90%",
    "91%",
    "2%",
    "3%",
    "4.00%",
]
_AGENT: list[object] = ["小美", "90.00%", "90.00%", "2.00%", 70, 80, 75, "50秒", "90%", "91%", "2%", "3%", "5.00%"]

SAMPLES: list[Sample] = [
    Sample(
        layout="kuaishou_cs",
        file="客服考核_2026-08-11.xlsx",
        data=workbook(
            {
                "Sheet1": [
                    _HEADER,
                    [*_SHOP, 60, 35, 30, "50.00%", 66, "1,980.00"],
                    [*_AGENT, 40, 20, 18, "45.00%", 66, "1,188.00"],
                ]
            }
        ),
        rows={"inquiry_period": 1},
        facts={
            "SELECT agent || grain || period_start FROM inquiry_period": "-day2026-08-11",
            "SELECT consulters * 1000 + sessions FROM inquiry_period": 120140,
            "SELECT response_seconds FROM inquiry_period": 65.0,
            "SELECT three_minute_reply_rate FROM inquiry_period": 0.95,
            "SELECT dissatisfaction_rate FROM inquiry_period": 0.04,
            "SELECT sales_amount FROM inquiry_period": Decimal("1980.00"),
            "SELECT inquirers * 10000 + order_buyers * 100 + buyers FROM inquiry_period": 603530,
        },
    ),
]
