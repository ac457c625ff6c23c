"""Bid sheets: those of today read, those of the next step written as the platform's bulk upload takes them.

What a platform takes back is the sheet that it gives: of a sheet of today the changed rows are written, in its own
columns, with the new bid in place of the old. Amazon's bulk sheet and Google Ads Editor's file are such sheets. They
name what is bid on by ids or ad groups that no report tells, so without one a plain sheet of plan, keyword, old and new
bid is written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, TYPE_CHECKING, Any

from duoshou.model import DuoshouError, Text
from duoshou.model.cells import BOM, csv_text

if TYPE_CHECKING:
    from duoshou.analysts.advertising import BidPlan
    from duoshou.analysts.advertising.bid_plan import Bid

CAMPAIGNS = ("Campaign Name", "Campaign", "计划名称", "计划名字", "推广计划", "广告活动名称", "Campaign ID", "计划ID")
KEYWORDS = ("Keyword Text", "Keyword", "关键词", "关键词名称", "关键词文本")
NO_NAME, MOST_NAME = re.compile(r"[^\w.-]+"), 80
BIDS = ("Bid", "Max CPC", "出价", "竞价", "移动出价", "计算机出价", "当前出价")
OPERATION = "Operation"
PLAIN = (
    *("campaign_id", "campaign", "keyword", "bid", "new_bid", "change", "price_of_a_click", "limit_of_a_click"),
    *("clicks", "clicks_low", "clicks_high", "cost", "cost_low", "cost_high"),
    *("profit", "profit_low", "profit_high", "extra", "extra_low", "extra_high"),
)
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")


class BidSheetError(DuoshouError):
    """A sheet of bids cannot be read."""


@dataclass(frozen=True, slots=True)
class BidSheet:
    """A sheet of today's bids as a platform gives it.

    Attributes:
        header: Its columns.
        rows: Its rows, all text.
        campaigns: Columns that may name the plan.
        keyword, bid: Places of those columns.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    campaigns: tuple[int, ...]
    keyword: int
    bid: int

    @property
    def current(self) -> tuple[tuple[str, str, float], ...]:
        """Plan, keyword and bid of today, for each way that the sheet names the plan."""
        return tuple(
            (row[place].strip(), row[self.keyword].strip(), bid)
            for row in self.rows
            if (bid := _number(row[self.bid])) > 0 and row[self.keyword].strip()
            for place in self.campaigns
            if row[place].strip()
        )


def read_bid_sheet(path: Path) -> BidSheet:
    """Return a platform's sheet of bids, CSV or the first fitting sheet of a workbook.

    Raises:
        BidSheetError: If no plan, keyword and bid are told.
    """
    for table in _tables(path):
        header = tuple(cell.strip() for cell in table[0]) if table else ()
        campaigns = tuple(header.index(one) for one in CAMPAIGNS if one in header)
        keyword = next((header.index(one) for one in KEYWORDS if one in header), None)
        bid = next((header.index(one) for one in BIDS if one in header), None)
        if campaigns and keyword is not None and bid is not None:
            width = len(header)
            rows = tuple(tuple((*row, *[""] * width)[:width]) for row in table[1:])
            return BidSheet(header, rows, campaigns, keyword, bid)
    names = ("计划名称、关键词、出价", "Campaign Name, Keyword Text, Bid")
    raise BidSheetError(
        "no_bids",
        Text(f"{path.name} 里没有计划、关键词和出价这三列", f"{path.name} has no columns of plan, keyword and bid"),
        hint=Text(
            f"表头写成 {names[0]}，或用平台下载的批量表", f"head them {names[1]}, or take the platform's bulk sheet"
        ),
    )


def sent_bid_sheet(name: str, content: IO[bytes]) -> BidSheet:
    """Return a platform's sheet of bids that was sent; it is kept nowhere.

    Raises:
        BidSheetError: If no plan, keyword and bid are told.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / (NO_NAME.sub("_", name).lstrip("._")[-MOST_NAME:] or "bids.csv")
        path.write_bytes(content.read())
        return read_bid_sheet(path)


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
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _filled(sheet: BidSheet, plan: BidPlan) -> list[list[str]]:
    """Return the changed rows: each bid of its own by the change of its keyword, never above the limit."""
    changes: dict[tuple[str, str], Bid] = {}
    for bid in plan.changed:
        changes[bid.campaign, bid.keyword] = changes[bid.campaign_name, bid.keyword] = bid
    rows = []
    for row in sheet.rows:
        found: Bid | None = next(
            (
                one
                for place in sheet.campaigns
                if (one := changes.get((row[place].strip(), row[sheet.keyword].strip()))) is not None
            ),
            None,
        )
        now = _number(row[sheet.bid])
        moved = now if found is None else _next(now, found)
        if now <= 0 or moved == now:
            continue
        new = list(row)
        new[sheet.bid] = f"{moved:.2f}"
        if OPERATION in sheet.header:
            new[sheet.header.index(OPERATION)] = "Update"
        rows.append(new)
    return rows


def _next(now: float, found: Bid) -> float:
    """Return a bid of the keyword's own, changed as it is; what already lies above the limit is not raised."""
    moved, limit = now * (1 + found.change), float(found.limit)
    if found.change > 0:
        return now if now >= limit else max(round(min(moved, limit), 2), now)
    return min(max(round(moved, 2), 0.01), now)


def _plain(one: Bid) -> tuple[Any, ...]:
    money = [
        getattr(getattr(one, name), end) for name in ("cost", "profit", "extra") for end in ("value", "low", "high")
    ]
    return (
        *(one.campaign, one.campaign_name, one.keyword, one.now, one.new, one.change, one.price, one.limit),
        *(one.clicks, one.clicks_low, one.clicks_high, *money),
    )


def _tables(path: Path) -> list[list[Sequence[str]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BidSheetError(
            "bids_unreadable",
            Text(f"打不开 {path.name}：{error.strerror}", f"{path.name} cannot be read: {error.strerror}"),
        ) from error
    if content[:2] == b"PK":
        return _workbook(path)
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.split("\n", 1)[0]
        return [list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ","))]
    return []


def _workbook(path: Path) -> list[list[Sequence[str]]]:
    from duoshou.sources.container import contents
    from duoshou.sources.workbook import load, sheets

    tables: list[list[Sequence[str]]] = []
    content = contents(path)[0]
    for one in sheets(content):
        columns: Mapping[str, list[Any]] = load(content, one.name, 0).to_pydict()
        rows = [["" if cell is None else str(cell) for cell in row] for row in zip(*columns.values(), strict=True)]
        tables.append(list(rows))
    return tables


def _number(cell: str) -> float:
    try:
        return float(cell.replace(",", "").replace("￥", "").replace("¥", "").replace("$", "").strip())
    except ValueError:
        return 0.0
