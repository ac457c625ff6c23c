"""Google Ads: keywords in the marks of their match type, several rows of totals."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.layouts.files import delimited
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_HEADER = _cells("Campaign|Ad group|Keyword|Match type|Impressions|Clicks|Cost|Avg. CPC|CTR|Conversions|Conv. value")
assert len(_HEADER) == 11
_TITLE = (("Search keyword report",), ("July 1, 2026 - July 31, 2026",))
_EXACT = _cells("Mugs|Blue|[blue mug]|Exact match|1,000|50|25.00|0.50|5.00%|2.50|75.00")
_PHRASE = ("Mugs", "Blue", '"coffee mug"', "Phrase match", "400", "4", "2.40", "0.60", "1.00%", "0.00", " --")
_TOTALS = [
    (name, "", " --", " --", "1,400", "54", "27.40", "0.51", "3.86%", "2.50", "75.00")
    for name in ("Total: Account", "Total: Filtered keywords")
]

SAMPLES = [
    Sample(
        "google_ads_keywords",
        "Search keyword report.csv",
        delimited(
            [
                *_TITLE,
                ("Day", *_HEADER),
                ("2026-07-01", *_EXACT),
                ("2026-07-01", *_PHRASE),
                *((" --", name, " --", *rest[2:]) for name, *rest in _TOTALS),
            ],
            encoding="utf-16",
            delimiter="\t",
        ),
        rows={"ad_period": 2},
        facts={
            "SELECT sum(cost) FROM ad_period": Decimal("27.40"),
            "SELECT string_agg(keyword || '|' || match_type, ' ' ORDER BY keyword) FROM ad_period": (
                "blue mug|Exact match coffee mug|Phrase match"
            ),
            "SELECT sales_amount FROM ad_period WHERE keyword = 'blue mug'": Decimal("75.00"),
            "SELECT count(*) FROM ad_period WHERE keyword = 'coffee mug' AND sales_amount IS NULL": 1,
            # Two and a half conversions are no orders.
            "SELECT count(*) FROM ad_period WHERE orders IS NOT NULL": 0,
            "SELECT DISTINCT day FROM ad_period": date(2026, 7, 1),
        },
        name="by-day",
    ),
    Sample(
        "google_ads_keywords",
        "Search keyword report (1).csv",
        delimited([*_TITLE, _HEADER, _EXACT, _PHRASE, *_TOTALS], encoding="utf-8"),
        rows={"ad_period": 0},
        rejected=2,
        problems=frozenset({"daily_report_needed"}),
        name="by-month",
    ),
    Sample(
        "google_ads_keywords",
        "Search keyword report 2026-07-01.csv",
        delimited([_TITLE[0], ("July 1, 2026 - July 1, 2026",), _HEADER, _EXACT, *_TOTALS], encoding="utf-8"),
        rows={"ad_period": 1},
        facts={"SELECT day FROM ad_period": date(2026, 7, 1)},
        name="one-day",
    ),
]
