"""Evidence, differences and cells as a reader meets them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests import business

from duoshou.metrics import Unit
from duoshou.model import Evidence, EvidenceType, Finding, Text
from duoshou.web.cells import LONGEST, cell
from duoshou.web.differences import amount, difference, share, value_name
from duoshou.web.evidence import MOST_ROWS, evidence_tables, notes
from duoshou.web.figures import bar
from duoshou.web.writing import Pen

ZH, EN = Pen("zh", "CNY", "Asia/Shanghai"), Pen("en", "CNY", "Asia/Shanghai")


def holding(columns: tuple[str, ...], *rows: tuple[Any, ...], id_: str = "rows") -> Finding:
    """Return a finding with one table."""
    evidence = Evidence(id_, EvidenceType.TABLE, Text("表", "table"), columns, rows)
    return business.finding(evidence=(evidence,))


def test_moves_are_percentages() -> None:
    """A logarithm of −0.3857 is −32 %; causes and losses are told elsewhere on the page."""
    (table,) = evidence_tables(business.finding(), "zh")
    assert table.id == "moves"
    assert table.rows[0] == ("无线端成交率", "-32%", "-6.2")
    assert [number for _, number in table.heads] == [False, True, True]
    assert evidence_tables(business.finding(), "en")[0].rows[0][0] == "orders per visitor on phones"


def test_columns_are_in_the_readers_language_without_keys() -> None:
    """Of a pair of columns one stays; keys of metrics and causes are no words."""
    found = holding(("metric", "name_zh", "name_en", "chance", "worse"), ("x", "甲", "A", 0.99, True))
    (zh,), (en,) = evidence_tables(found, "zh"), evidence_tables(found, "en")
    assert zh.rows == (("甲", "99%", "是"),)
    assert en.rows == (("A", "99%", "yes"),)
    assert [text for text, _ in zh.heads] == ["指标", "概率", "变差"]


def test_values_of_days_and_moves_lead_to_their_numbers() -> None:
    """What is named and measured has an address; days, texts and days to come have none."""

    def numbers(name: str, day: date | None) -> str | None:
        return f"/{name}/{day}" if name in {"visitors", "无线端成交率"} else None

    rows = (("2026-11-02", 7, "x"), ("nope", 8, "y"))
    (table,) = evidence_tables(holding(("day", "visitors", "other"), *rows), "zh", None, numbers)
    assert table.addresses == ((None, "/visitors/2026-11-02", None), (None, None, None))
    assert table.rows[0] == ("2026-11-02", "7", "x")
    (path,) = evidence_tables(holding(("day", "visitors"), ("2026-11-02", 7), id_="path"), "zh", None, numbers)
    assert path.addresses == ((None, None),)
    (moves,) = evidence_tables(business.finding(), "zh", None, numbers)
    assert moves.addresses[0] == ("/无线端成交率/None", "/无线端成交率/None", None)
    assert evidence_tables(business.finding(), "zh")[0].addresses[0] == (None, None, None)


def test_subjects_have_their_names() -> None:
    """A key is replaced by the name that is known, else it stands as it is."""
    found = holding(("type", "subject"), ("product", "p1"), ("product", "p2"), ("shop", ""))
    (table,) = evidence_tables(found, "zh", {"product": {"p1": "围巾"}})
    assert table.rows == (("商品", "围巾"), ("商品", "p2"), ("店铺", "店铺"))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "—"), (float("nan"), "—"), (float("inf"), "—"), ("", "—"), (0, "0"), (12345, "12,345"), (0.0, "0"),
        (1234.5, "1,234.50"), (0.01234, "0.0123"), (Decimal("3.5"), "3.50"), (date(2026, 11, 2), "2026-11-02"),
        ({"zh": "甲", "en": "A"}, "甲"), (True, "是"), ("x" * 500, "x" * 119 + "…"),
    ],
)  # fmt: skip
def test_a_cell_is_written_for_people(value: object, shown: str) -> None:
    """Unknown is —, thousands stand apart, long text does not make a row endless."""
    (table,) = evidence_tables(holding(("value", "other"), (value, 1)), "zh")
    assert table.rows[0][0] == shown


def test_a_tiny_chance_is_not_zero_per_cent() -> None:
    """What rounds to nothing is written in full."""
    (table,) = evidence_tables(holding(("chance",), (6.2e-25,)), "zh")
    assert table.rows == (("6.2e-25",),)


def test_long_tables_say_what_they_leave_out() -> None:
    """The first rows of a table; the last days of a series."""
    (table,) = evidence_tables(holding(("count",), *((number,) for number in range(100))), "zh")
    assert (len(table.rows), table.more) == (MOST_ROWS, 100 - MOST_ROWS)
    rows = tuple((date(2026, 1, 1).replace(day=1 + number % 28), number) for number in range(100))
    series = Evidence("s", EvidenceType.SERIES, Text("线", "line"), ("day", "count"), rows)
    (shown,) = evidence_tables(business.finding(evidence=(series,)), "zh")
    assert shown.rows[-1][1] == "99"


def test_scores_have_their_names() -> None:
    """The columns of a series of scores are called as the scores are."""
    tables = {one.id: one for one in evidence_tables(business.score(), "zh")}
    assert [text for text, _ in tables["score"].heads] == ["日期", "描述相符", "服务态度", "物流服务"]


def test_entries_of_the_ledger_are_notes() -> None:
    """A text evidence is a day with its words."""
    entry = Evidence("event:1", EvidenceType.TEXT, Text("改价", "price"), (), (("2026-11-02", "price"),))
    assert notes(business.finding(evidence=(entry,)), "zh") == [("2026-11-02", "改价")]


def test_differences_have_their_sign_and_unit() -> None:
    """Money in 元 or 万元, rates in percentage points, people whole, — for unknown."""
    assert difference(ZH, -12345.0, Unit.MONEY) == "−1.23 万元"
    assert difference(EN, 12345.0, Unit.MONEY) == "+¥12,345"
    assert difference(ZH, 0.0123, Unit.RATE) == "+1.23pp"
    assert difference(ZH, -41.6, Unit.PEOPLE) == "−42"
    assert difference(ZH, 0.0, Unit.COUNT) == "0"
    assert difference(ZH, None, Unit.MONEY) == difference(ZH, float("nan"), Unit.MONEY) == "—"
    assert amount(ZH, 41.6, Unit.COUNT) == "42"
    assert (share(-0.001), share(1.5), share(None)) == ("0%", "150%", "—")


def test_values_have_names_where_the_warehouse_has_codes() -> None:
    """Phones, new buyers; a product is called as it is."""
    assert value_name("zh", "device", "wireless", "wireless") == "无线端"
    assert value_name("en", "buyer_type", "new", "new") == "new"
    assert value_name("zh", "product", "p1", "围巾") == "围巾"


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        (None, "money", "—"), (Decimal("1234.5"), "money", "1,234.50"), (1234, "integer", "1,234"),
        (0.12345, "rate", "0.1235"), (date(2026, 1, 2), "day", "2026-01-02"), (float("nan"), "rate", "—"),
        (datetime(2026, 1, 1, 20, tzinfo=UTC).replace(tzinfo=None), "instant", "2026-01-02 04:00"),
        ("x" * 99, "text", "x" * (LONGEST - 1) + "…"),
    ],
)  # fmt: skip
def test_cells_of_the_warehouse(value: object, kind: str, shown: str) -> None:
    """Money with two decimals, instants in the shop's time zone, — for unknown."""
    assert cell(ZH, value, kind) == shown


def test_a_bar_is_as_long_as_its_share_and_speaks_its_direction() -> None:
    """The largest fills its half; a smaller one on the other side is in proportion; nothing is drawn for nothing."""
    most, half = str(bar(10.0, [10.0, -5.0])), str(bar(-5.0, [10.0, -5.0]))
    assert 'class="up" x="44" y="2.5" width="44' in most
    assert 'class="down" x="22' in half
    assert 'width="22' in half
    assert str(bar(None, [1.0])) == str(bar(0.0, [0.0])) == str(bar(float("nan"), [1.0])) == ""
    assert "&lt;b&gt;" in str(bar(1.0, [1.0], "<b>"))
