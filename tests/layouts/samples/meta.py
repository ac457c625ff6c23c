"""Meta Ads Manager: the currency in a header, a last row that sums the others."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.layouts.files import delimited
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_HEADER = _cells(
    "Reporting starts|Reporting ends|Campaign name|Ad set name|Ad name|Amount spent (USD)|Impressions|Reach|"
    "Frequency|Link clicks|Results|Result indicator|Purchases|Purchases conversion value"
)
_PURCHASE = "actions:offsite_conversion.fb_pixel_purchase"
assert len(_HEADER) == 14
_DAILY = ("Day", *_HEADER)
_AD = ("Summer", "Women", "Video A")
_SPAN = ("2026-07-01", "2026-07-02")

SAMPLES = [
    Sample(
        "meta_ads",
        "Ads-report-Jul-1-2026-to-Jul-2-2026.csv",
        delimited(
            [
                _DAILY,
                ("2026-07-01", *_SPAN, *_AD, "1,250.50", "100,000", 80000, 1.25, 900, 12, _PURCHASE, 12, "2,400.00"),
                ("2026-07-02", *_SPAN, *_AD, "250.00", 20000, 18000, 1.11, 150, "", "", "", ""),
                # Two ads of one name in one set are two rows of the report and add up.
                (
                    "2026-07-02",
                    *_SPAN,
                    "Summer",
                    "Women",
                    "Video A",
                    "50.00",
                    1000,
                    900,
                    1.11,
                    10,
                    1,
                    _PURCHASE,
                    1,
                    "80",
                ),
                ("", *_SPAN, "", "", "", "1,550.50", "121,000", 90000, 1.34, 1060, 13, _PURCHASE, 13, "2,480.00"),
            ],
            encoding="utf-8",
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT sum(cost) FROM ad_period": Decimal("1550.50"),
            "SELECT cost FROM ad_period WHERE day = DATE '2026-07-02'": Decimal("300.00"),
            "SELECT sum(sales_amount) FROM ad_period": Decimal("2480.00"),
            "SELECT DISTINCT currency || report_level || attribution_window_days FROM ad_period": "USDcreative7",
            "SELECT DISTINCT campaign || '/' || ad_group || '/' || target FROM ad_period": "Summer/Women/Video A",
            "SELECT sum(clicks) FROM ad_period": 1060,
        },
        name="by-day",
    ),
    Sample(
        "meta_ads",
        "Campaigns-Jul-2026.csv",
        delimited(
            [
                [header.replace("USD", "HKD") for header in _HEADER if header not in ("Ad set name", "Ad name")],
                ("2026-07-01", "2026-07-31", "Summer", "9,000.00", 1000, 900, 1.1, 10, 1, _PURCHASE, 1, "80.00"),
                ("2026-07-05", "2026-07-05", "Flash", "300.00", 1000, 900, 1.1, 10, 1, _PURCHASE, 1, "80.00"),
            ],
            encoding="utf-8",
        ),
        rows={"ad_period": 1},
        rejected=1,
        problems=frozenset({"daily_report_needed"}),
        facts={
            "SELECT cost::VARCHAR || currency || report_level || ad_group FROM ad_period": "300.00HKDplan-",
            "SELECT day FROM ad_period": date(2026, 7, 5),
        },
        name="by-month",
    ),
]
