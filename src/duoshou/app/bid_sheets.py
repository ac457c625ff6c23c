"""Bid sheets: those of today read, those of the next step written as the platform's bulk upload takes them.

What a platform takes back is the sheet that it gives: of a sheet of today the changed rows are written, in its own
columns, with the new bid in place of the old. Amazon's bulk sheet and Google Ads Editor's file are such sheets. They
name what is bid on by ids or ad groups that no report tells, so without one a plain sheet of plan, keyword, old and new
bid is written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from duoshou.analysts.advertising.named import OfKeyword
from duoshou.app.bid_sheet_reading import BidSheet
from duoshou.model.cells import BOM, csv_text

if TYPE_CHECKING:
    from duoshou.analysts.advertising import BidPlan
    from duoshou.analysts.advertising.bid_plan import Bid

OPERATION = "Operation"
LEAST_BID = 0.01
PLAIN = (
    *("campaign_id", "campaign", "keyword", "bid", "new_bid", "change", "price_of_a_click", "limit_of_a_click"),
    *("clicks", "clicks_low", "clicks_high", "cost", "cost_low", "cost_high"),
    *("profit", "profit_low", "profit_high", "extra", "extra_low", "extra_high"),
)


def bid_sheet_csv(plan: BidPlan | None, sheet: BidSheet | None = None) -> str:
    """Return the sheet of the next step.

    Args:
        plan: The bids; None: nothing is proposed.
        sheet: The platform's sheet of today; its changed rows are written in its own columns, cell by cell as they
            came, for the file goes back to the platform: there `'+word` would be another keyword.
    """
    if sheet is not None:
        return BOM + _untouched([sheet.header, *([] if plan is None else _filled(sheet, plan))])
    return BOM + csv_text(PLAIN, [] if plan is None else [_plain(one) for one in plan.bids])


def _untouched(rows: Sequence[Sequence[str]]) -> str:
    """Return a CSV whose cells a platform reads as it wrote them; a spreadsheet is not to open it."""
    text = io.StringIO()
    # A cell with either of the marks that end a line is quoted only if the line ends with both.
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _filled(sheet: BidSheet, plan: BidPlan) -> list[list[str]]:
    """Return the changed rows, each once: each bid of its own by the change of its keyword, never above the limit."""
    changes = OfKeyword((name, one.keyword, one) for one in plan.bids for name in (one.campaign, one.campaign_name))
    operation = sheet.header.index(OPERATION) if OPERATION in sheet.header else None
    rows: dict[tuple[str, ...], list[str]] = {}
    for row, now in zip(sheet.rows, sheet.bids, strict=True):
        keyword = row[sheet.keyword].strip()
        said = (changes.find(row[place].strip(), keyword) for place in sheet.campaigns)
        found = next((one for one in said if one is not None), None)
        if now is None or found is None or (moved := _next(now, found)) == now:
            continue
        new = list(row)
        new[sheet.bid] = f"{moved:.2f}"
        if operation is not None:
            new[operation] = "Update"
        rows.setdefault(row, new)
    return list(rows.values())


def _next(now: float, found: Bid) -> float:
    """Return a bid of the keyword's own, changed as it is; what already lies above the limit is not raised.

    In whole cents, on the side of today's bid: so neither step nor limit is overstepped.
    """
    # The change is rounded, the two bids are not: a cent that it is made of would be lost.
    factor = float(found.new / found.now) if found.new and found.now else 1 + found.change
    moved, limit = now * factor, float(found.limit)
    if found.change > 0:
        return now if now >= limit else max(floor(min(moved, limit) * 100 + 1e-6) / 100, now)
    return min(max(ceil(moved * 100 - 1e-6) / 100, LEAST_BID), now)


def _plain(one: Bid) -> tuple[Any, ...]:
    money = [
        getattr(getattr(one, name), end) for name in ("cost", "profit", "extra") for end in ("value", "low", "high")
    ]
    return (
        *(one.campaign, one.campaign_name, one.keyword, one.now, one.new, one.change, one.price, one.limit),
        *(one.clicks, one.clicks_low, one.clicks_high, *money),
    )
