"""Reading a sheet of today's bids as a platform gives it, or as a person keeps it."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, NamedTuple

from duoshou.model import DuoshouError, Place, Text
from duoshou.sources.headers import normalise_header

CAMPAIGNS = ("Campaign ID", "计划ID", "Campaign Name", "Campaign", "计划名称", "计划名字", "推广计划", "广告活动名称")
"""Columns that may name the plan, the surest first: two plans may have one name."""
KEYWORDS = ("Keyword Text", "Keyword", "关键词", "关键词名称", "关键词文本")
BIDS = ("Bid", "Max CPC", "出价", "竞价", "移动出价", "计算机出价", "当前出价")
COLUMNS = ("计划名称 · Campaign Name", "关键词 · Keyword Text", "出价 · Bid")
NO_NAME, MOST_NAME = re.compile(r"[^\w.-]+"), 80
ENCODINGS = ("utf-8-sig", "gb18030", "utf-16")
NO_BID = frozenset({"", "-", "--", "—", "/", "n/a", "null", "none", "default", "默认", "默认出价", "默认竞价"})
"""What a cell says where the keyword has no bid of its own."""
MOST_BID = 10_000_000.0
_CURRENCY = r"(?:[¥$€£]|us\$|元|rmb|cny|usd|eur|gbp|jpy)?"
_MONEY = re.compile(rf"{_CURRENCY}\s*((?:\d+|\d{{1,3}}(?:,\d{{3}})+)(?:\.\d*)?|\.\d+)\s*{_CURRENCY}")
_LOST = re.compile(r"\d(?:\.\d+)?e\+?\d+", re.IGNORECASE)
_ID = re.compile(r"(?:(?:^|[^A-Za-z])[Ii][Dd]|[a-z]I[Dd])$")
_UNIT = re.compile(r"\((?:元|cny|rmb|usd|\$|¥)\)$")


class BidSheetError(DuoshouError):
    """A sheet of bids cannot be read."""


class Table(NamedTuple):
    """A table of a file, all text; `sheet` is None for a text file."""

    sheet: str | None
    rows: list[Sequence[str]]


@dataclass(frozen=True)
class BidSheet:
    """A sheet of today's bids as a platform gives it.

    Attributes:
        header: Its columns.
        rows: Its rows, all text.
        campaigns: Columns that may name the plan, the surest first.
        keyword, bid: Places of those columns.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    campaigns: tuple[int, ...]
    keyword: int
    bid: int

    @cached_property
    def bids(self) -> tuple[float | None, ...]:
        """The bid of each row; None where the row has none."""
        return tuple(bid_of(row[self.bid]) for row in self.rows)

    @property
    def current(self) -> tuple[tuple[str, str, float], ...]:
        """Plan, keyword and bid of today, for each way that the sheet names the plan."""
        return tuple(
            (row[place].strip(), row[self.keyword].strip(), bid)
            for row, bid in zip(self.rows, self.bids, strict=True)
            if bid and row[self.keyword].strip()
            for place in self.campaigns
            if row[place].strip()
        )


def bid_of(cell: str) -> float | None:
    """Return the bid that a cell tells; None where it says that there is none, or 0.

    A comma separates thousands; `0,80` could be anything and is not read.

    Raises:
        ValueError: If it is no amount of money.
    """
    text = unicodedata.normalize("NFKC", cell).strip().casefold()
    if text in NO_BID:
        return None
    found = _MONEY.fullmatch(text)
    amount = float(found.group(1).replace(",", "")) if found else None
    if amount is None or amount > MOST_BID:
        raise ValueError(cell)
    return amount or None


def read_bid_sheet(path: Path) -> BidSheet:
    """Return a platform's sheet of bids, CSV or the first fitting sheet of a workbook.

    Raises:
        BidSheetError: If no plan, keyword and bid are told, or a cell cannot be read.
        SourceError: If a workbook is damaged.
    """
    tables = _tables(path)
    lacking: list[tuple[str | None, list[str]]] = []
    for table in tables:
        header = tuple(cell.strip() for cell in table.rows[0]) if table.rows else ()
        campaigns = tuple(place for name in CAMPAIGNS if (place := _place(header, (name,))) is not None)
        keyword, bid = _place(header, KEYWORDS), _place(header, BIDS)
        if campaigns and keyword is not None and bid is not None:
            width = len(header)
            rows = tuple(tuple((*row, *[""] * width)[:width]) for row in table.rows[1:])
            sheet = BidSheet(header, rows, campaigns, keyword, bid)
            _require_readable(path.name, table.sheet, sheet)
            return sheet
        missing = [
            (campaigns or None, "计划名称 · Campaign Name"),
            (keyword, "关键词 · Keyword Text"),
            (bid, "出价 · Bid"),
        ]
        lacking.append((table.sheet, [name for found, name in missing if found is None]))
    raise _no_bids(path.name, lacking)


def sent_bid_sheet(name: str, content: IO[bytes]) -> BidSheet:
    """Return a platform's sheet of bids that was sent; it is kept nowhere.

    Raises:
        BidSheetError: If no plan, keyword and bid are told, or a cell cannot be read.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / (NO_NAME.sub("_", name).lstrip("._")[-MOST_NAME:] or "bids.csv")
        path.write_bytes(content.read())
        return read_bid_sheet(path)


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    """Return the column of the first name that the header has, whatever its case, width and unit."""
    told = [_UNIT.sub("", normalise_header(one)) for one in header]
    return next((told.index(wanted) for name in names if (wanted := normalise_header(name)) in told), None)


def _require_readable(file: str, name: str | None, sheet: BidSheet) -> None:
    """Raise where a bid is no amount, or a spreadsheet has cut an id that the upload needs."""
    ids = [place for place, title in enumerate(sheet.header) if _ID.search(title)]
    wrong: list[tuple[int, str, str]] = []
    for number, row in enumerate(sheet.rows, start=2):
        for place in ids:
            if _LOST.fullmatch(row[place].strip()):
                raise BidSheetError(
                    "id_lost_digits",
                    Text(f"编号 {row[place]} 的末尾数字已丢失", f"the id {row[place]} has lost its last digits"),
                    hint=Text(
                        "重新下载批量表，不要用表格软件另存",
                        "download the sheet again and do not save it in a spreadsheet",
                    ),
                    place=Place(file, name, number, sheet.header[place]),
                )
        if row[sheet.keyword].strip():
            try:
                bid_of(row[sheet.bid])
            except ValueError:
                wrong.append((number, sheet.header[sheet.bid], row[sheet.bid][:40]))
    if wrong:
        number, column, cell = wrong[0]
        more = len(wrong) - 1
        raise BidSheetError(
            "bad_bid",
            Text(
                f"出价“{cell}”不是金额" + (f"，另有 {more} 行也是" if more else ""),
                f"the bid {cell!r} is no amount of money" + (f", nor are those of {more} more rows" if more else ""),
            ),
            hint=Text(
                "写成 0.80 或 1,200.00；没有出价的行留空", "write 0.80 or 1,200.00, and leave rows without a bid empty"
            ),
            place=Place(file, name, number, column),
        )


def _no_bids(file: str, lacking: Sequence[tuple[str | None, list[str]]]) -> BidSheetError:
    """Return what the fullest of the tables lacks."""
    names = ("计划名称、关键词、出价", "Campaign Name, Keyword Text, Bid")
    sheet, missing = min(lacking, key=lambda one: len(one[1]), default=(None, []))
    if not missing or len(missing) == 3:
        sheet, missing = None, list(COLUMNS)
    listed = ("、".join(missing), ", ".join(missing))
    return BidSheetError(
        "no_bids",
        Text(f"{file} 的表头里缺：{listed[0]}", f"the first row of {file} has no column {listed[1]}"),
        hint=Text(
            f"第一行写成 {names[0]}，或用平台下载的批量表",
            f"head the columns {names[1]} in the first row, or take the platform's bulk sheet",
        ),
        place=Place(file, sheet, 1),
    )


def _tables(path: Path) -> list[Table]:
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
        return [Table(None, _lines(path.name, text))]
    return []


def _lines(file: str, text: str) -> list[Sequence[str]]:
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    rows: list[Sequence[str]] = []
    try:
        rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BidSheetError(
            "bids_unreadable",
            Text("这一行的引号或换行坏了", "quotes or line ends of this row are broken"),
            hint=Text("重新下载批量表", "download the sheet again"),
            place=Place(file, None, len(rows) + 1),
        ) from error
    return rows


def _workbook(path: Path) -> list[Table]:
    from duoshou.sources.container import contents
    from duoshou.sources.workbook import load, sheets

    tables: list[Table] = []
    content = contents(path)[0]
    for one in sheets(content):
        columns: Mapping[str, list[Any]] = load(content, one.name, 0).to_pydict()
        rows = [["" if cell is None else str(cell) for cell in row] for row in zip(*columns.values(), strict=True)]
        tables.append(Table(one.name, list(rows)))
    return tables
