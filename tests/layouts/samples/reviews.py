"""Reviews of several platforms in one table."""

from __future__ import annotations

import hashlib
from datetime import datetime

from tests.layouts.files import workbook
from tests.layouts.sample import Sample

_KEY = hashlib.md5("jd\x1f300000000002\x1f茶杯\x1f2026-06-07 13:40:00".encode()).hexdigest()

SAMPLES = [
    Sample(
        "reviews_multi",
        "多平台评价_20260608.xlsx",
        workbook(
            {
                "Sheet1": [
                    ("平台", "店铺", "时间", "订单编号", "商品名称", "评价内容", "评分"),
                    (
                        "天猫",
                        "舵手店",
                        "2026年06月07日 12:39:34",
                        "订单编号：4000000000000000001",
                        "茶杯",
                        "碎了",
                        "负面评价",
                    ),
                    ("京东", "舵手店", "6/7/26 13:40", "300000000002", "茶杯", "很好，电话13800138000", "5"),
                    ("拼多多", "舵手店", "2026-06-07 13:40:07", "260607-000000000000003", "茶垫", "一般", 3),
                ]
            }
        ),
        rows={"review": 3},
        facts={
            "SELECT string_agg(platform, ' ' ORDER BY platform) FROM review": "jd pdd taobao",
            "SELECT rating FROM review WHERE platform = 'taobao'": 1.0,
            "SELECT string_agg(sentiment, ' ' ORDER BY platform) FROM review": "positive neutral negative",
            "SELECT order_id FROM review WHERE platform = 'taobao'": "4000000000000000001",
            "SELECT created_at FROM review WHERE platform = 'taobao'": datetime(2026, 6, 7, 4, 39, 34),
            "SELECT created_at FROM review WHERE platform = 'jd'": datetime(2026, 6, 7, 5, 40),
            "SELECT review_id FROM review WHERE platform = 'jd'": _KEY,
            "SELECT text FROM review WHERE platform = 'taobao'": "碎了",
            "SELECT count(*) FROM review WHERE text LIKE '%138%'": 0,
        },
    )
]
