"""唯品会: the shop by day, with its service desk."""

from __future__ import annotations

from decimal import Decimal

from tests.layouts.files import workbook
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_HEADER = _cells(
    "时间|曝光流量|浏览流量|商详UV|商详UV价值|加购人数|收藏人数|兴趣人数|兴趣人次|访问-加购转化率|销售额|"
    "销售量|客户数|子订单数|ARPU|超V销售额|超V客户数|加购-支付转化率|购买转化率|接待数|客服转化数|"
    "客服转化金额|客服转化率"
)
assert len(_HEADER) == 23
_ROW = (
    "2026-07-01|120,000|9,000|3,000|4.10|210|45|300|420|7.00%|12,300.00|150|120|140|102.50|8,000.00|60|57.14%|4.00%|50|"
    "10|1,020.00|20.00%"
)
_TOTAL = "合计|220,000|17,000|5,500||390|85|550|800||12,300.00|150|120|140||8,000.00|60|||50|10|1,020.00|"

SAMPLES = [
    Sample(
        "vip_shop",
        "店铺销售经营_20260703.xlsx",
        workbook(
            {
                "店铺销售经营": [
                    _HEADER,
                    _cells(_ROW),
                    ["2026-07-02", "100,000", "8,000", "2,500", "-", 180, 40, 250, 380, "7.20%", *"-" * 13],
                    _cells(_TOTAL),
                ]
            }
        ),
        rows={"shop_period": 2, "inquiry_period": 1},
        facts={
            "SELECT sum(paid_amount) FROM shop_period": Decimal("12300.00"),
            "SELECT visitors * 1000 + buyers FROM shop_period WHERE period_start = DATE '2026-07-01'": 3000120,
            "SELECT impressions + page_views FROM shop_period WHERE period_start = DATE '2026-07-01'": 129000,
            "SELECT count(*) FROM shop_period WHERE paid_amount IS NULL AND paid_units IS NULL": 1,
            # 超V are members of the platform.
            "SELECT count(*) FROM shop_period WHERE member_buyers IS NOT NULL": 0,
            "SELECT agent || received || '/' || buyers || '/' || paid_amount FROM inquiry_period": "-50/10/1020.00",
        },
    )
]
