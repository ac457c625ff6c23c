"""The service desk and the shop's ratings in Qianniu."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.layouts.files import workbook
from tests.layouts.sample import Sample
from tests.layouts.taobao import AGENTS, DSR, INQUIRIES, RECEPTION, SERVICE_SALES, columns

_TAIL = ("汇总值", "平均值", "全店汇总值", "全店平均值", "同行同层优秀", "同行同层均值")
_PEERS = ("汇总", "全店汇总值", "全店平均值", "同行同层优秀", "同行同层均值")
_DAY = "2026-08-11"

_PARTS = ("发出", "收到", "很满意", "满意", "一般", "不满", "很不满", "发送率", "返回率", "满意率", "服务度")
_RATINGS = [
    ["日期", "接待人数", "总", *[""] * 10, "邀请", *[""] * 10, "自主", *[""] * 10],
    ["", "", *_PARTS, *_PARTS, *_PARTS],
    [
        _DAY,
        "320",
        "200",
        "81",
        "60",
        "10",
        "5",
        "4",
        "2",
        "62.50%",
        "40.50%",
        "86.42%",
        "92.00%",
        "200",
        "70",
        "55",
        "8",
        "4",
        "2",
        "1",
        "62.50%",
        "35.00%",
        "90.00%",
        "93.00%",
        "-",
        "11",
        "5",
        "2",
        "1",
        "2",
        "1",
        "-",
        "-",
        "63.64%",
        "80.00%",
    ],
    ["全店汇总值", "320", "200", "81", *["-"] * 31],
    ["同行同层优秀", "9,320", "5,200", "4,081", *["-"] * 31],
]
_DSR_ROWS = [
    ["店铺 DSR 评分", *[""] * 6],
    DSR,
    ["宝贝与描述相符", "4.87", "上升", "4.80", "高于 12.50%", "4.90", "0.03"],
    ["卖家服务态度", "4.79", "下降", "4.81", "低于 3.10%", "/", "-"],
    ["物流服务质量", "4.82", "持平", "4.82", "持平", "4.85", "0.03"],
]
_DSR_DAYS = ["日期", "描述得分（较上日）", "物流得分（较上日）", "服务得分（较上日）"]

SAMPLES: list[Sample] = [
    Sample(
        layout="qianniu_service_agents",
        file="客服绩效_20260811.xlsx",
        data=workbook(
            {
                "Sheet1": [
                    AGENTS,
                    columns("某店旗舰店:小美|12|40|30.00%|8.52|25.30|95.00%|99.10%|3,600.00|120.00"),
                    ["某店旗舰店:小强", "-", "5", "0.00%", "-", "31.00", "-", "100.00%", "-", "0.00"],
                    *([word, "999", "9,999", "50%", "1", "1", "1", "1", "9,999.00", "9,999.00"] for word in _TAIL),
                ]
            }
        ),
        rows={"inquiry_period": 2},
        facts={
            "SELECT string_agg(agent, ' ' ORDER BY inquirers) FROM inquiry_period": "某店旗舰店:小强 某店旗舰店:小美",
            "SELECT DISTINCT period_start FROM inquiry_period": date(2026, 8, 11),
            "SELECT DISTINCT grain FROM inquiry_period": "day",
            "SELECT sum(inquirers) FROM inquiry_period": 45,
            "SELECT sum(paid_amount) FROM inquiry_period": Decimal("3600.00"),
            "SELECT sum(refund_amount) FROM inquiry_period": Decimal("120.00"),
            "SELECT buyers FROM inquiry_period WHERE inquirers = 5": None,
            "SELECT first_response_seconds FROM inquiry_period WHERE inquirers = 40": 8.52,
            "SELECT first_response_seconds FROM inquiry_period WHERE inquirers = 5": None,
            "SELECT satisfaction_rate FROM inquiry_period WHERE inquirers = 40": 0.95,
            "SELECT reply_rate FROM inquiry_period WHERE inquirers = 5": 1.0,
        },
    ),
    Sample(
        layout="qianniu_service_agents",
        name="without_day",
        file="客服绩效.xlsx",
        data=workbook(
            {"Sheet1": [AGENTS, ["某店旗舰店:小美", "12", "40", *["-"] * 7], ["汇总值", "12", "40", *["-"] * 7]]}
        ),
        rows={"inquiry_period": 0},
        rejected=1,
        problems=frozenset({"no_day"}),
    ),
    Sample(
        layout="qianniu_service_inquiries",
        file="客服-业绩询单.xlsx",
        data=workbook(
            {
                "业绩询单": [
                    INQUIRIES,
                    [_DAY, "120", "110", "30", "4,800.00", "36", "5,760.50", "27.27%", "30.00%"],
                    *([word, "9,999", "1", "1", "1.00", "1", "1.00", "-", "-"] for word in _PEERS),
                ]
            }
        ),
        rows={"inquiry_period": 1},
        facts={
            "SELECT agent FROM inquiry_period": "-",
            "SELECT period_start FROM inquiry_period": date(2026, 8, 11),
            "SELECT inquirers * 1000 + same_day_inquirers FROM inquiry_period": 120110,
            "SELECT same_day_buyers * 1000 + buyers FROM inquiry_period": 30036,
            "SELECT same_day_amount FROM inquiry_period": Decimal("4800.00"),
            "SELECT paid_amount FROM inquiry_period": Decimal("5760.50"),
            "SELECT consulters FROM inquiry_period": None,
        },
    ),
    Sample(
        layout="qianniu_service_reception",
        file="客服-咨询接待.xlsx",
        data=workbook(
            {
                "咨询接待": [
                    RECEPTION,
                    [
                        _DAY,
                        "340",
                        "320",
                        "3",
                        "300",
                        "26.40",
                        "98.20%",
                        "360",
                        "355",
                        "5",
                        "99.06%",
                        "9.10",
                        "12",
                        "4",
                        "310",
                        "30",
                        "4,100",
                        "1,900",
                        "2,200",
                        "115.79%",
                        "31,000",
                        "5分12秒",
                    ],
                    *([word, *["9,999"] * 4, "1", *["-"] * 16] for word in _PEERS),
                ]
            }
        ),
        rows={"inquiry_period": 1},
        facts={
            "SELECT agent FROM inquiry_period": "-",
            "SELECT consulters * 1000 + received FROM inquiry_period": 340320,
            "SELECT effective_received * 1000 + unanswered FROM inquiry_period": 300003,
            "SELECT response_seconds FROM inquiry_period": 26.4,
            "SELECT reception_seconds FROM inquiry_period": 312.0,
            "SELECT three_minute_reply_rate FROM inquiry_period": 0.982,
            "SELECT messages - buyer_messages - agent_messages FROM inquiry_period": 0,
            "SELECT round(reply_ratio, 4) FROM inquiry_period": 1.1579,
        },
    ),
    Sample(
        layout="qianniu_service_sales",
        file="客服-客单价.xlsx",
        data=workbook(
            {
                "客单价": [
                    SERVICE_SALES,
                    [_DAY, "6,400.00", "52", "40", "160.00", "1.30", "123.08"],
                    ["全店汇总值", "64,000.00", "520", "400", "-", "-", "-"],
                    ["同行同层均值", "7,000.00", "60", "50", "-", "-", "-"],
                ]
            }
        ),
        rows={"inquiry_period": 1},
        facts={
            "SELECT sales_amount FROM inquiry_period": Decimal("6400.00"),
            "SELECT sales_units * 100 + sales_buyers FROM inquiry_period": 5240,
            "SELECT paid_amount FROM inquiry_period": None,
        },
    ),
    Sample(
        layout="qianniu_service_ratings",
        file="客服-接待评价.xlsx",
        data=workbook({"接待评价": _RATINGS}, merged={"接待评价": ["A1:A2", "B1:B2", "C1:M1", "N1:X1", "Y1:AI1"]}),
        rows={"inquiry_period": 1},
        facts={
            "SELECT received FROM inquiry_period": 320,
            "SELECT ratings_sent * 1000 + ratings FROM inquiry_period": 200081,
            "SELECT rated_very_good + rated_good + rated_fair + rated_bad + rated_very_bad FROM inquiry_period": 81,
            "SELECT rated_very_good FROM inquiry_period": 60,
            "SELECT rated_very_bad FROM inquiry_period": 2,
            "SELECT round(satisfaction_rate, 4) FROM inquiry_period": 0.8642,
            "SELECT period_start FROM inquiry_period": date(2026, 8, 11),
        },
    ),
    Sample(
        layout="qianniu_dsr",
        file="DSR_2026-08-11.xlsx",
        data=workbook({"DSR": _DSR_ROWS}),
        rows={"service_score": 3},
        facts={
            "SELECT string_agg(score || ' ' || value, ', ' ORDER BY score) FROM service_score": (
                "description 4.87, logistics 4.82, service 4.79"
            ),
            "SELECT DISTINCT day FROM service_score": date(2026, 8, 11),
            "SELECT peers_mean FROM service_score WHERE score = 'service'": 4.81,
            "SELECT target FROM service_score WHERE score = 'service'": None,
            "SELECT target FROM service_score WHERE score = 'logistics'": 4.85,
            "SELECT round(peers_gap, 4) FROM service_score WHERE score = 'description'": 0.125,
            "SELECT round(peers_gap, 4) FROM service_score WHERE score = 'service'": -0.031,
            "SELECT peers_gap FROM service_score WHERE score = 'logistics'": 0.0,
        },
    ),
    Sample(
        layout="qianniu_dsr",
        name="days_below",
        file="DSR 20260811.xlsx",
        data=workbook(
            {
                "DSR": [
                    *_DSR_ROWS,
                    ["近期走势", *[""] * 6],
                    [*_DSR_DAYS, *[""] * 3],
                    ["2026-08-10", "4.86（-0.01）", "4.83（持平）", "4.80（+0.02）", "", "", ""],
                    ["2026-08-09", "4.87（0.00）", "-", "4.78（-0.01）", "", "", ""],
                ]
            }
        ),
        rows={"service_score": 8},
        facts={
            "SELECT value FROM service_score WHERE score = 'description' AND day = DATE '2026-08-10'": 4.86,
            "SELECT value FROM service_score WHERE score = 'logistics' AND day = DATE '2026-08-10'": 4.83,
            "SELECT value FROM service_score WHERE score = 'service' AND day = DATE '2026-08-09'": 4.78,
            "SELECT count(*) FROM service_score WHERE score = 'logistics' AND day = DATE '2026-08-09'": 0,
            "SELECT count(*) FROM service_score WHERE day = DATE '2026-08-11'": 3,
        },
    ),
    Sample(
        layout="qianniu_dsr",
        name="without_day",
        file="DSR.xlsx",
        data=workbook(
            {
                "DSR": [
                    _DSR_ROWS[0],
                    ["指标名称", "评分", "趋势提示", *DSR[3:6], "距目标值相差（笔5分评价订单）"],
                    *_DSR_ROWS[2:],
                ]
            }
        ),
        rows={"service_score": 0},
        rejected=3,
        problems=frozenset({"no_day"}),
    ),
    Sample(
        layout="qianniu_dsr_days",
        file="DSR.xlsx",
        data=workbook(
            {
                "DSR": [
                    ["DSR 走势", "", "", ""],
                    _DSR_DAYS,
                    ["2026-08-10", "4.86（-0.01）", "4.83（持平）", "4.80（+0.02）"],
                    ["2026-08-09", "4.87", "-", "4.78"],
                ]
            }
        ),
        rows={"service_score": 5},
        facts={
            "SELECT sum(value) FROM service_score WHERE score = 'description'": 9.73,
            "SELECT value FROM service_score WHERE score = 'logistics'": 4.83,
            "SELECT value FROM service_score WHERE score = 'service' AND day = DATE '2026-08-10'": 4.8,
        },
    ),
]
