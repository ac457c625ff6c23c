"""Bid sheets: those of a platform read, and filled as it takes them back."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from duoshou.analysts.advertising.bid_plan import Amount, Auction, Bid, BidPlan
from duoshou.app.bid_sheets import BidSheetError, bid_sheet_csv, read_bid_sheet
from duoshou.model import Period

NOTHING = Amount(Decimal(0), Decimal(0), Decimal(0))
AMAZON = (
    *("Product", "Entity", "Operation", "Campaign ID", "Ad Group ID", "Keyword ID", "Campaign Name", "Keyword Text"),
    *("Match Type", "Bid"),
)


def plan() -> BidPlan:
    """Return a plan that raises one keyword by a quarter and leaves the other."""
    one = Bid(
        campaign="11",
        campaign_name="launch",
        keyword="red shoe",
        known=True,
        now=Decimal("1.00"),
        new=Decimal("1.25"),
        change=0.25,
        price=Decimal("0.70"),
        limit=Decimal("1.60"),
        worth=NOTHING,
        quality=None,
        clicks_now=10.0,
        cost_now=Decimal("7.00"),
        clicks=12.0,
        clicks_low=9.0,
        clicks_high=15.0,
        cost=NOTHING,
        profit=NOTHING,
        extra=NOTHING,
        held=False,
    )
    other = replace(one, keyword="blue shoe", change=0.0, new=Decimal("1.00"))
    return BidPlan(
        *(Period(date(2026, 1, 1), date(2026, 2, 1)), Decimal(10), Decimal(10), Decimal(10), 0.0, 0.25, 0.0, 28),
        *(NOTHING, (one, other), (), (), Auction(0.1, 0.0, 0.2, 0.05, None, 1.0, 1.3, False)),
    )


def test_a_platforms_sheet_comes_back_with_the_new_bids_of_what_changes(tmp_path: Path) -> None:
    """Amazon's bulk columns: only changed keywords, marked as updates, ids as they were, each bid by its change."""
    rows = [
        ["Sponsored Products", "Campaign", "", "11", "", "", "launch", "", "", ""],
        ["Sponsored Products", "Keyword", "", "11", "22", "123456789012345678", "launch", "red shoe", "exact", "1.00"],
        ["Sponsored Products", "Keyword", "", "11", "22", "34", "launch", "red shoe", "broad", "0.80"],
        ["Sponsored Products", "Keyword", "", "11", "22", "35", "launch", "blue shoe", "exact", "1.00"],
    ]
    file = tmp_path / "bulk.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([AMAZON, *rows])
    sheet = read_bid_sheet(file)
    assert ("launch", "red shoe", 1.0) in sheet.current
    back = list(csv.DictReader(bid_sheet_csv(plan(), sheet).lstrip("\ufeff").splitlines()))
    assert [(row["Operation"], row["Keyword ID"], row["Bid"]) for row in back] == [
        ("Update", "123456789012345678", "1.25"),
        ("Update", "34", "1.00"),
    ]


def test_a_chinese_sheet_is_read_in_its_encoding(tmp_path: Path) -> None:
    """GBK, with a currency sign."""
    file = tmp_path / "words.csv"
    file.write_bytes("计划名称,关键词,出价\nlaunch,红鞋,￥1.20\n".encode("gb18030"))
    assert read_bid_sheet(file).current == (("launch", "红鞋", 1.2),)


def test_a_workbook_is_read(tmp_path: Path) -> None:
    """The first sheet that tells plan, keyword and bid."""
    import openpyxl

    book = openpyxl.Workbook()
    book.create_sheet("other").append(["nothing here"])
    page = book.create_sheet("Sponsored Products Campaigns")
    page.append(list(AMAZON))
    page.append(["Sponsored Products", "Keyword", None, "11", "22", "33", "launch", "red shoe", "exact", 1.0])
    file = tmp_path / "bulk.xlsx"
    book.save(file)
    assert ("launch", "red shoe", 1.0) in read_bid_sheet(file).current


def test_without_a_sheet_a_plain_one_is_written_and_a_strange_one_is_refused(tmp_path: Path) -> None:
    """Old and new bid of every keyword; a file without bids says what it lacks."""
    rows = list(csv.DictReader(bid_sheet_csv(plan()).lstrip("\ufeff").splitlines()))
    assert [(row["keyword"], row["bid"], row["new_bid"]) for row in rows] == [
        ("red shoe", "1.00", "1.25"),
        ("blue shoe", "1.00", "1.00"),
    ]
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BidSheetError, match=r"other\.csv"):
        read_bid_sheet(file)
    with pytest.raises(BidSheetError):
        read_bid_sheet(tmp_path / "none.csv")


def test_a_bid_is_raised_up_to_its_limit_and_never_lifted_above_it(tmp_path: Path) -> None:
    """One keyword in several ad groups: at most the limit of 1.60, and what lies above it is left."""
    file = tmp_path / "groups.csv"
    file.write_text("Campaign,Keyword,Bid\n" + "".join(f"launch,red shoe,{one}\n" for one in (1, 1.5, 1.6, 9)))
    sheet = read_bid_sheet(file)
    back = csv.DictReader(bid_sheet_csv(plan(), sheet).lstrip("\ufeff").splitlines())
    assert [row["Bid"] for row in back] == ["1.25", "1.60"]
    (one, _), given = plan().bids, plan()
    lower = replace(given, bids=(replace(one, change=-0.25, new=Decimal("0.75")),))
    back = csv.DictReader(bid_sheet_csv(lower, sheet).lstrip("\ufeff").splitlines())
    assert [row["Bid"] for row in back] == ["0.75", "1.12", "1.20", "6.75"]


def test_a_platforms_cells_go_back_as_they_came(tmp_path: Path) -> None:
    """A broad-match keyword keeps its plus sign; the plain sheet, which people open, has it made harmless."""
    file = tmp_path / "plus.csv"
    file.write_text('Campaign,Keyword,Bid,Note\nlaunch,+风衣,1.00,"=a, ""b"""\n', encoding="utf-8")
    given = plan()
    given = replace(given, bids=(replace(given.bids[0], keyword="+风衣"),))
    (row,) = csv.DictReader(bid_sheet_csv(given, read_bid_sheet(file)).lstrip("\ufeff").splitlines())
    assert (row["Keyword"], row["Bid"], row["Note"]) == ("+风衣", "1.25", '=a, "b"')
    (row,) = csv.DictReader(bid_sheet_csv(given).lstrip("\ufeff").splitlines())
    assert row["keyword"] == "'+风衣"
