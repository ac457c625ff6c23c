"""Business Advisor (Sycm): where visitors came from, and the shop by category."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.layouts.files import workbook
from tests.layouts.sample import Sample
from tests.layouts.taobao import SYCM_CATEGORIES, SYCM_SOURCES, table

_DAY = "2026-08-11"


def _source(name: str, level: int, parent: str, visitors: str, **further: str) -> dict[str, str]:
    return {
        "统计日期": "2026-08-03~2026-08-09",
        "来源类型": "付费流量" if name == "关键词推广" else "免费流量",
        "上级来源名称": parent,
        "来源名称": name,
        "来源层级": str(level),
        "商品ID": "-",
        "访客数": visitors,
        **further,
    }


def _category(name: str, level: str, parent: str, source: str, visitors: str, amount: str) -> dict[str, str]:
    return {
        "统计日期": _DAY,
        "类目名称": name,
        "类目层级": level,
        "父类目名称": parent,
        "来源名称": source,
        "来源层级": "-" if source == "-" else "1",
        "访客数": visitors,
        "支付金额": amount,
        "支付人数": "-" if amount == "-" else "2",
    }


SAMPLES: list[Sample] = [
    Sample(
        layout="sycm_traffic_sources",
        file="流量来源_2026-08-03_2026-08-09.xlsx",
        data=workbook(
            {
                "流量来源": table(
                    SYCM_SOURCES,
                    _source("平台流量", 1, "-", "9,000", 支付金额="90,000.00", 支付买家数="60"),
                    _source("手淘搜索", 2, "平台流量", "5,000", 支付金额="60,000.00", 平均停留时长="31.5"),
                    _source("关键词推广", 2, "广告流量", "1,200", 支付金额="-", 加购人数="80"),
                    _source("其他", 2, "平台流量", "40"),
                    _source("其他", 2, "广告流量", "7"),
                    {**_source("手淘搜索", 2, "平台流量", "300"), "统计日期": _DAY, "商品ID": "612345678901"},
                )
            }
        ),
        rows={"traffic_source_period": 6},
        facts={
            "SELECT count(DISTINCT source_path) FROM traffic_source_period": 5,
            "SELECT source_path FROM traffic_source_period WHERE visitors = 9000": "平台流量",
            "SELECT source_path FROM traffic_source_period WHERE visitors = 5000": "平台流量 > 手淘搜索",
            "SELECT product_id || ' ' || grain FROM traffic_source_period WHERE visitors = 5000": "- week",
            "SELECT period_start FROM traffic_source_period WHERE visitors = 5000": date(2026, 8, 3),
            "SELECT product_id || ' ' || grain FROM traffic_source_period WHERE visitors = 300": "612345678901 day",
            "SELECT source_kind FROM traffic_source_period WHERE visitors = 1200": "paid",
            "SELECT source_kind FROM traffic_source_period WHERE visitors = 9000": "free",
            "SELECT sum(visitors) FROM traffic_source_period WHERE source_level = 1": 9000,
            "SELECT paid_amount FROM traffic_source_period WHERE visitors = 1200": None,
            "SELECT cart_buyers FROM traffic_source_period WHERE visitors = 1200": 80,
            "SELECT dwell_seconds FROM traffic_source_period WHERE visitors = 5000": 31.5,
            "SELECT parent_name FROM traffic_source_period WHERE visitors = 9000": None,
        },
    ),
    Sample(
        layout="sycm_categories",
        file="品类_2026-08-11_2026-08-11.xlsx",
        data=workbook(
            {
                "品类": table(
                    SYCM_CATEGORIES,
                    _category("女装", "1", "-", "-", "5,000", "20,000.00"),
                    _category("连衣裙", "2", "女装", "-", "3,000", "12,000.00"),
                    _category("连衣裙", "2", "女装", "手淘搜索", "1,100", "-"),
                    _category("其它", "2", "女装", "-", "90", "100.00"),
                    _category("其它", "2", "箱包", "-", "10", "50.00"),
                )
            }
        ),
        rows={"category_period": 5},
        facts={
            "SELECT sum(paid_amount) FROM category_period WHERE category_level = 1": Decimal("20000.00"),
            "SELECT visitors FROM category_period WHERE category = '连衣裙' AND source_name = '手淘搜索'": 1100,
            "SELECT visitors FROM category_period WHERE category = '连衣裙' AND source_name = '-'": 3000,
            "SELECT visitors FROM category_period WHERE category = '箱包 > 其它'": 10,
            "SELECT paid_amount FROM category_period WHERE source_name = '手淘搜索'": None,
            "SELECT source_level FROM category_period WHERE source_name = '手淘搜索'": 1,
            "SELECT count(parent_category) FROM category_period": 4,
            "SELECT sum(buyers) FROM category_period WHERE category_level = 1": 2,
        },
    ),
]
