"""Bid sheets: those of a platform read, and filled as it takes them back."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duoshou.analysts.advertising.bid_plan import Amount, Auction, Bid, BidPlan
from duoshou.app.bid_sheet_reading import BidSheet, BidSheetError, bid_of, read_bid_sheet
from duoshou.app.bid_sheets import _untouched, bid_sheet_csv
from duoshou.model import DuoshouError, Period

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


def rows_of(written: str) -> list[dict[str, str]]:
    """Return the rows of a sheet that was written."""
    return list(csv.DictReader(io.StringIO(written.lstrip("\ufeff"), newline="")))


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
    assert [row["Bid"] for row in back] == ["0.75", "1.13", "1.20", "6.75"]


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


@pytest.mark.parametrize(
    ("cell", "bid"),
    [
        *(("1.20", 1.2), ("￥1.20", 1.2), ("¥ 1,234.50", 1234.5), ("1,200", 1200.0), ("US$0.80", 0.8), ("0.8元", 0.8)),
        *((".80", 0.8), ("１．２０", 1.2), ("0", None), ("0.00", None), ("", None), ("--", None), ("默认出价", None)),
    ],
)
def test_a_bid_is_read_as_it_is_written(cell: str, bid: float | None) -> None:
    """With signs, thousands and full width; nothing and no bid are the same."""
    assert bid_of(cell) == bid


@pytest.mark.parametrize("cell", ["0,80", "1.200,50", "1,20", "abc", "nan", "inf", "-1.00", "1e5", "9" * 12, "=1+1"])
def test_a_bid_that_cannot_be_read_is_told_with_its_place(tmp_path: Path, cell: str) -> None:
    """Not guessed and not left out in silence: file, row, column, and how many more there are."""
    file = tmp_path / "bids.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = [("Campaign", "Keyword", "Bid"), ("a", "b", "1.00"), ("a", "c", cell), ("a", "d", cell)]
        csv.writer(out).writerows(rows)
    with pytest.raises(BidSheetError) as raised:
        read_bid_sheet(file)
    place = raised.value.place
    assert (raised.value.code, place.file, place.row, place.column) == ("bad_bid", "bids.csv", 3, "Bid")
    assert "1 more rows" in raised.value.message.en
    assert raised.value.hint is not None


@pytest.mark.parametrize(
    ("head", "missing"),
    [(("Campaign", "Bid"), "Keyword"), (("计划名称", "关键词"), "出价"), (("关键词", "出价"), "计划")],
)
def test_a_column_that_is_missing_is_named(tmp_path: Path, head: tuple[str, ...], missing: str) -> None:
    """Only that one, of the sheet that has most of them."""
    import openpyxl

    book = openpyxl.Workbook()
    page = book.create_sheet("批量")
    page.append(list(head))
    page.append(["1" for _ in head])
    file = tmp_path / "bulk.xlsx"
    book.save(file)
    with pytest.raises(BidSheetError) as raised:
        read_bid_sheet(file)
    assert missing in raised.value.message.zh
    assert not any(name in raised.value.message.zh for name in head)
    assert (raised.value.place.sheet, raised.value.place.row) == ("批量", 1)


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 no workbook", b'Campaign,Keyword,Bid\r\na,"b\rc,1\r\n', b"\xff\xfe\x00", b"\xd0\xcf\x11" * 9],
)
def test_a_damaged_file_is_told_without_a_traceback(tmp_path: Path, content: bytes) -> None:
    """Whatever comes is refused with a message."""
    file = tmp_path / "bulk.xlsx"
    file.write_bytes(content)
    with pytest.raises(DuoshouError) as raised:
        read_bid_sheet(file)
    assert raised.value.message.zh
    assert raised.value.message.en


def test_ids_that_a_spreadsheet_cut_are_told_before_the_platform_refuses_them(tmp_path: Path) -> None:
    """1.23457E+17 is no keyword any more."""
    file = tmp_path / "bids.csv"
    file.write_text("Campaign Name,Keyword ID,Keyword,Bid\nlaunch,1.23457E+17,red shoe,1.00\n", encoding="utf-8")
    with pytest.raises(BidSheetError) as raised:
        read_bid_sheet(file)
    assert (raised.value.code, raised.value.place.row, raised.value.place.column) == ("id_lost_digits", 2, "Keyword ID")


def test_names_are_met_as_platforms_write_them(tmp_path: Path) -> None:
    """Full width, capitals and emoji; headers with a unit; of two plans of one name the id tells which."""
    given = plan()
    shoe = replace(given.bids[0], keyword="Red  Shoe👟", campaign_name="新品🔥")
    twin = replace(shoe, campaign="12", change=-0.25, new=Decimal("0.75"))
    file = tmp_path / "words.csv"
    file.write_text("计划名称,关键词,出价（元）\n新品🔥,ｒｅｄ　ｓｈｏｅ👟,1.00\n", encoding="utf-8")
    (row,) = rows_of(bid_sheet_csv(replace(given, bids=(shoe,)), read_bid_sheet(file)))
    assert (row["关键词"], row["出价（元）"]) == ("ｒｅｄ　ｓｈｏｅ👟", "1.25")
    both = replace(given, bids=(shoe, twin))
    assert not rows_of(bid_sheet_csv(both, read_bid_sheet(file)))
    file.write_text("计划名称,计划ID,关键词,出价\n新品🔥,12,red shoe👟,1.00\n", encoding="utf-8")
    (row,) = rows_of(bid_sheet_csv(both, read_bid_sheet(file)))
    assert row["出价"] == "0.75"


def test_equal_rows_are_written_once_and_the_smallest_bid_stays(tmp_path: Path) -> None:
    """A bid of a cent is not lowered, nothing is written as 0.00, and a row that came twice goes back once."""
    lower = replace(plan(), bids=(replace(plan().bids[0], change=-0.25, new=Decimal("0.75")),))
    file = tmp_path / "bids.csv"
    file.write_text("Campaign,Keyword,Bid\n" + "".join(f"launch,red shoe,{one}\n" for one in (0.01, 0.02, 1, 1)))
    assert [row["Bid"] for row in rows_of(bid_sheet_csv(lower, read_bid_sheet(file)))] == ["0.75"]


@given(
    now=st.decimals("0.01", "500", places=2),
    change=st.floats(-0.5, 1.0),
    limit=st.decimals("0.01", "500", places=2),
)
def test_no_bid_of_a_sheet_oversteps_step_or_limit(now: Decimal, change: float, limit: Decimal) -> None:
    """In whole cents, never beyond the change, never raised above the limit, never below a cent."""
    sheet = BidSheet(("Campaign", "Keyword", "Bid"), (("11", "red shoe", str(now)),), (0,), 1, 2)
    one = replace(plan().bids[0], now=None, new=None, change=change, limit=limit)
    rows = rows_of(bid_sheet_csv(replace(plan(), bids=(one,)), sheet))
    for row in rows:
        new = Decimal(row["Bid"])
        assert new >= Decimal("0.01")
        assert (new > now) == (change > 0)
        assert abs(float(new / now) - 1) <= abs(change) + 1e-6
        assert change < 0 or new <= limit


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=12)


@given(st.lists(st.tuples(WORDS, WORDS, st.decimals("0.01", "999", places=2), st.text("a,\n\r\t;\"=+@'", max_size=8))))
def test_a_sheet_read_back_is_what_was_written(rows: list[tuple[str, str, Decimal, str]]) -> None:
    """Whatever stands in the cells: quotes, commas, line ends, formula signs, emoji."""
    header = ("Campaign", "Keyword", "Bid", "Note")
    cells = tuple((plan_name, word, f"{bid:.2f}", note) for plan_name, word, bid, note in rows)
    sheet, first = BidSheet(header, cells, (0,), 1, 2), plan().bids[0]
    bids = tuple(
        replace(first, campaign=f"#{number}", campaign_name=row[0].strip(), keyword=row[1].strip(), limit=Decimal(2000))
        for number, row in enumerate(cells)
    )
    written = bid_sheet_csv(replace(plan(), bids=bids), sheet)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "bids.csv"
        file.write_text(written, encoding="utf-8", newline="")
        back = read_bid_sheet(file)
    assert back.header == header
    assert bid_sheet_csv(replace(plan(), bids=()), back) == bid_sheet_csv(None, back)
    known = {(row[0], row[1], row[3]) for row in cells}
    assert {(row[0], row[1], row[3]) for row in back.rows} <= known
    again = "\ufeff" + _untouched([back.header, *back.rows])
    assert again == written


def test_ten_thousand_rows_are_filled(tmp_path: Path) -> None:
    """Every keyword once, formula signs as they came, none lost."""
    given, words = plan(), [f"{'=+-@'[number % 4]}word {number}" for number in range(10_000)]
    bids = tuple(replace(given.bids[0], keyword=word) for word in words)
    file = tmp_path / "bids.csv"
    file.write_text("Campaign,Keyword,Bid\n" + "".join(f"launch,{word},1.00\n" for word in words), encoding="utf-8")
    sheet = read_bid_sheet(file)
    assert len(sheet.current) == 10_000
    rows = rows_of(bid_sheet_csv(replace(given, bids=bids), sheet))
    assert [row["Keyword"] for row in rows] == words
    assert {row["Bid"] for row in rows} == {"1.25"}
    plain = rows_of(bid_sheet_csv(replace(given, bids=bids)))
    assert [row["keyword"] for row in plain] == [f"'{word}" for word in words]


def test_a_change_of_one_cent_reaches_the_sheet(tmp_path: Path) -> None:
    """A third of three cents, told as .3333, is a cent in the platform's sheet too."""
    sheet = tmp_path / "bids.csv"
    sheet.write_text("Campaign ID,Keyword Text,Bid\n11,red shoe,0.03\n", encoding="utf-8")
    cheap = replace(plan(), bids=(replace(plan().bids[0], now=Decimal("0.03"), new=Decimal("0.04"), change=0.3333),))
    (row,) = rows_of(bid_sheet_csv(cheap, read_bid_sheet(sheet)))
    assert row["Bid"] == "0.04"
