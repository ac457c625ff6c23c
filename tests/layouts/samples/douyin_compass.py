"""Samples of 抖音 电商罗盘, 巨量千川 and 飞鸽."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tests.layouts.files import workbook
from tests.layouts.sample import Sample


def _columns(names: str) -> list[str]:
    """Return the names of a header, which are written with bars between."""
    return names.split("|")


def _filled(header: Sequence[str], *rows: Mapping[str, object]) -> list[list[object]]:
    """Return rows in the order of the header; what a row does not name is `-`."""
    assert all(set(row) <= set(header) for row in rows)
    return [[row.get(name, "-") for name in header] for row in rows]


LIVE = _columns(
    "店铺名称|店铺ID|主播头像|主播昵称|主播抖音号|直播开始时间|直播结束时间|直播时长(分钟)|"
    "直播间曝光人数|直播间曝光次数|直播间观看人数|单小时观看人数|直播间观看次数|最高在线人数|"
    "平均在线人数|人均观看时长(分钟)|评论次数|新加直播团人数|新增粉丝数|取关粉丝数|观看老粉占比|"
    "带货商品数|直播间商品曝光人数|直播间商品点击人数|直播间商品曝光次数|直播间商品点击次数|"
    "直播间成交订单数|直播间成交金额|直播间用户支付金额|单小时用户支付金额|直播间成交件数|直播间成交人数|"
    "直播间退款订单数|直播间退款金额|直播间退款人数|预估佣金支出|商品曝光-点击率(次数)|"
    "商品曝光-点击率(人数)|商品点击-成交率(次数)|商品点击-成交率(人数)|观看-成交率(次数)|"
    "观看-成交率(人数)|预售订单数|预售全款金额|新加购物团人数|直播间投放消耗|净成交金额|净成交订单数|"
    "1小时退款金额|1小时退款订单数|1小时退款率"
)
TRADE = _columns(
    "日期|店铺名称|店铺ID|载体类型|投放时段|用户支付金额|智能优惠券金额|电商平台补贴金额|"
    "退款后用户支付金额(支付时间)|退款后智能优惠券金额(支付时间)|退款后电商平台补贴金额(支付时间)|"
    "成交订单数|成交人数|客单价|千次曝光用户支付金额|退款金额(支付时间)|退款率(支付时间)|"
    "退款订单数(退款时间)|退款金额(退款时间)|商品曝光人数|商品点击人数|商品曝光次数|商品点击次数|"
    "商品点击率(次数)|商品点击-成交转化率(次数)|预售定金|达人补贴金额|退款订单数(支付时间)|"
    "成交退款金额(支付时间)|成交退款金额(退款时间)|全域实际免除佣金"
)
STANDARD = _columns(
    "日期|计划ID|计划名称|消耗(元)|展示次数|点击次数|点击率(%)|转化数|转化率(%)|转化成本(元)|"
    "直接成交订单数|直接成交金额(元)|直接支付ROI|直接下单订单数|直接下单金额(元)|直接下单ROI|"
    "7日总支付ROI|7日间接成交金额(元)|播放数|3s播放数|播放完成数|成交智能优惠券金额"
)
WHOLE = _columns(
    "日期|抖音号名称|抖音号ID|整体消耗|整体成交金额|整体成交订单数|整体支付ROI|整体成交订单成本|"
    "整体成交智能优惠券金额|整体展示次数|整体点击次数|整体点击率|整体转化率|整体千次展现费用|净成交ROI|"
    "净成交金额|净成交订单数|净成交订单成本|用户实际支付金额|净成交金额结算率|1小时内退款率"
)
AGENTS = _columns(
    "客服|客服在线天数|接待会话量|待回复会话量|已接待人数|转出会话量|有效评价数|有效好评数|有效差评数|"
    "全天不满意率|全天满意率|全天平响时长|全天首响时长|全天3分钟回复率|询单人数|下单人数|支付人数|"
    "退款人数|客服询单支付额|退款金额|退款后销售额|询单转化率"
)

_SESSIONS = _filled(
    LIVE,
    {
        "店铺名称": "某某旗舰店",
        "店铺ID": "100200",
        "主播昵称": "某某旗舰店",
        "主播抖音号": "mmqjd88",
        "直播开始时间": "2026/07/22 23:00:21",
        "直播结束时间": "2026/07/23 01:00:21",
        "直播时长(分钟)": "120",
        "直播间曝光人数": "8,000",
        "直播间曝光次数": "12000",
        "直播间观看人数": "3000",
        "直播间观看次数": "3500",
        "最高在线人数": "150",
        "人均观看时长(分钟)": "1.5",
        "新增粉丝数": "40",
        "取关粉丝数": "3",
        "直播间商品曝光次数": "9000",
        "直播间商品点击次数": "700",
        "直播间成交订单数": "30",
        "直播间成交金额": "3,300.00",
        "直播间用户支付金额": "3,000.50",
        "直播间成交件数": "33",
        "直播间成交人数": "28",
        "直播间退款金额": "99.00",
        "预估佣金支出": "150.00",
        "直播间投放消耗": "500.00",
        "1小时退款率": "1.20%",
    },
    {
        "主播昵称": "某某旗舰店",
        "主播抖音号": "mmqjd88",
        "直播开始时间": "2026/07/23 19:00:00",
        "直播间成交金额": "10.00",
    },
)
_DAY = {"日期": "2026-08-11", "店铺名称": "某某旗舰店", "店铺ID": "100200", "投放时段": "全部"}
_TRADES = _filled(
    TRADE,
    _DAY
    | {
        "载体类型": "全部",
        "用户支付金额": "10,000.00",
        "电商平台补贴金额": "200.00",
        "成交订单数": "100",
        "成交人数": "90",
        "退款金额(支付时间)": "600.00",
        "退款订单数(退款时间)": "8",
        "退款金额(退款时间)": "800.00",
        "商品曝光次数": "50000",
        "商品点击次数": "2500",
        "退款率(支付时间)": "6.00%",
    },
    _DAY | {"载体类型": "直播", "用户支付金额": "7000.00", "成交人数": "65"},
    _DAY | {"载体类型": "商品卡", "用户支付金额": "3000.00", "成交人数": "30"},
)
_PLANS = _filled(
    STANDARD,
    {
        "日期": "2026-08-11",
        "计划ID": "1790000000000000001",
        "计划名称": "直播间引流",
        "消耗(元)": "1,200.50",
        "展示次数": "30,000",
        "点击次数": "693",
        "点击率(%)": "2.31",
        "直接成交订单数": "20",
        "直接成交金额(元)": "2,400.00",
        "7日间接成交金额(元)": "600.00",
        "7日总支付ROI": "2.50",
        "成交智能优惠券金额": "12.00",
    },
    {
        "日期": "2026-08-11",
        "计划ID": "1790000000000000002",
        "消耗(元)": "99.50",
        "点击次数": "7",
        "直接成交金额(元)": "0.00",
    },
    {"日期": "总计", "消耗(元)": "1,300.00", "点击次数": "700", "点击率(%)": "2.31", "直接成交金额(元)": "2,400.00"},
)
_ACCOUNTS = _filled(
    WHOLE,
    {
        "日期": "2026-08-11",
        "抖音号名称": "某某旗舰店",
        "抖音号ID": "mmqjd88",
        "整体消耗": "500.00",
        "整体成交金额": "4,000.00",
        "整体成交订单数": "40",
        "整体支付ROI": "8.00",
        "整体成交智能优惠券金额": "30.00",
        "整体展示次数": "20000",
        "整体点击次数": "900",
        "整体点击率": "4.50%",
        "净成交金额": "3,600.00",
        "净成交订单数": "36",
        "1小时内退款率": "2.00%",
    },
    {
        "日期": "2026-08-11",
        "抖音号名称": "某某达人",
        "抖音号ID": "daren66",
        "整体消耗": "100.00",
        "整体成交金额": "0.00",
    },
)
_AGENT = {"客服在线天数": "6", "待回复会话量": "0", "转出会话量": "2", "有效评价数": "10"}
_PEOPLE = _filled(
    AGENTS,
    {"客服": "店铺汇总值", "接待会话量": "300", "已接待人数": "250", "客服询单支付额": "9,000.00"},
    {"客服": "店铺平均值", "接待会话量": "150", "已接待人数": "140", "全天3分钟回复率": "91.00%"},
    _AGENT
    | {
        "客服": "小美",
        "接待会话量": "200",
        "已接待人数": "180",
        "有效好评数": "8",
        "有效差评数": "1",
        "全天不满意率": "10.00%",
        "全天满意率": "80.00%",
        "全天平响时长": "2分30秒",
        "全天首响时长": "7小时41分52秒",
        "全天3分钟回复率": "92.50%",
        "询单人数": "80",
        "下单人数": "45",
        "支付人数": "40",
        "退款人数": "3",
        "客服询单支付额": "6,000.00",
        "退款金额": "150.00",
    },
    _AGENT
    | {"客服": "小丽", "接待会话量": "100", "已接待人数": "100", "全天平响时长": "45秒", "客服询单支付额": "4000.00"},
)

SAMPLES: list[Sample] = [
    Sample(
        layout="douyin_live",
        file="直播列表_20260723.xlsx",
        data=workbook({"Sheet1": [LIVE, *_SESSIONS]}),
        rows={"content_period": 2},
        facts={
            "SELECT min(content_id) FROM content_period WHERE channel = 'live'": "mmqjd88@2026-07-22 23:00:21",
            "SELECT CAST(min(day) AS VARCHAR) FROM content_period": "2026-07-22",
            "SELECT CAST(min(started_at) AS VARCHAR) FROM content_period": "2026-07-22 15:00:21",
            "SELECT max(duration_seconds) + max(watch_seconds) FROM content_period": 7290.0,
            "SELECT max(paid_amount) - max(user_paid_amount) FROM content_period": Decimal("299.50"),
            "SELECT max(impressions) - max(impression_viewers) FROM content_period": 4000,
            "SELECT sum(cost) + sum(commission) FROM content_period": Decimal("650.00"),
            "SELECT count(*) FROM content_period WHERE viewers IS NULL AND refund_amount IS NULL": 1,
        },
    ),
    Sample(
        layout="douyin_trade",
        file="交易概览_20260812.xlsx",
        data=workbook({"Sheet1": [TRADE, *_TRADES]}),
        rows={"shop_period": 1},
        facts={
            "SELECT paid_amount FROM shop_period": Decimal("10000.00"),
            "SELECT buyers FROM shop_period": 90,
            "SELECT refund_amount FROM shop_period": Decimal("800.00"),
            "SELECT refund_of_paid_amount FROM shop_period": Decimal("600.00"),
            "SELECT refund_orders FROM shop_period": 8,
            "SELECT impressions / clicks FROM shop_period": 20.0,
            "SELECT subsidy_amount FROM shop_period WHERE visitors IS NULL": Decimal("200.00"),
        },
    ),
    Sample(
        layout="douyin_qc_std",
        file="千川_标准推广_计划.xlsx",
        data=workbook({"Sheet1": [STANDARD, *_PLANS]}),
        rows={"ad_period": 2},
        facts={
            "SELECT sum(cost) FROM ad_period WHERE report_level = 'plan'": Decimal("1300.00"),
            "SELECT sales_amount FROM ad_period WHERE campaign = '1790000000000000001'": Decimal("3000.00"),
            "SELECT count(*) FROM ad_period WHERE sales_amount IS NULL": 1,
            "SELECT max(impressions) FROM ad_period WHERE attribution_window_days = 7": 30000,
            "SELECT sum(subsidy_amount) FROM ad_period": Decimal("12.00"),
        },
    ),
    Sample(
        layout="douyin_qc_uni",
        file="千川_全域推广.xlsx",
        data=workbook({"Sheet1": [WHOLE, *_ACCOUNTS]}),
        rows={"ad_period": 2},
        facts={
            "SELECT sum(cost) FROM ad_period WHERE report_level = 'plan'": Decimal("600.00"),
            "SELECT string_agg(campaign, ' ' ORDER BY campaign) FROM ad_period": "daren66 mmqjd88",
            "SELECT net_amount FROM ad_period WHERE campaign = 'mmqjd88'": Decimal("3600.00"),
            "SELECT max(net_orders) * 100 + max(orders) FROM ad_period": 3640,
            "SELECT min(scene) || max(campaign_name) FROM ad_period": "全域推广某某达人",
        },
    ),
    Sample(
        layout="douyin_feige",
        file="客服表现_20260803-20260809.xlsx",
        data=workbook({"Sheet1": [AGENTS, *_PEOPLE]}),
        rows={"inquiry_period": 2},
        facts={
            "SELECT string_agg(agent, ' ' ORDER BY sessions) FROM inquiry_period": "小丽 小美",
            "SELECT min(grain) || min(period_start) FROM inquiry_period": "week2026-08-03",
            "SELECT response_seconds FROM inquiry_period WHERE agent = '小美'": 150.0,
            "SELECT first_response_seconds FROM inquiry_period WHERE agent = '小美'": 27712.0,
            "SELECT three_minute_reply_rate FROM inquiry_period WHERE agent = '小美'": 0.925,
            "SELECT sum(paid_amount) FROM inquiry_period": Decimal("10000.00"),
            "SELECT rated_good * 10 + rated_bad FROM inquiry_period WHERE agent = '小美'": 81,
            "SELECT count(*) FROM inquiry_period WHERE satisfaction_rate IS NULL": 1,
        },
    ),
    Sample(
        layout="douyin_feige",
        name="days",
        file="客服表现_2026-08-03_2026-08-05.xlsx",
        data=workbook({"Sheet1": [AGENTS, *_PEOPLE]}),
        rows={"inquiry_period": 0},
        rejected=2,
        problems=frozenset({"period_not_calendar"}),
    ),
]
