"""Loading files: counts, merging, problems."""

from __future__ import annotations

from decimal import Decimal

from tests.warehouse.shop import Export, Shop


def header(order: str, status: str | None, paid: str | None, refund: str | None = None) -> tuple[str | None, ...]:
    """Return the cells of one order."""
    return (order, status, paid, refund, "title", "1")


def test_first_import_is_all_new(shop: Shop) -> None:
    """Every row of a first import is new, and is found afterwards."""
    (result,) = shop.load(Export("header", (header("1", "paid", "10.00"), header("2", "paid", "5.50")), 1))
    assert (result.main.rows_read, result.main.new, result.main.updated) == (2, 2, 0)
    assert shop.rows("SELECT order_id, paid_amount FROM order_header ORDER BY 1") == [
        ("1", Decimal("10.00")),
        ("2", Decimal("5.50")),
    ]


def test_same_content_again_changes_nothing(shop: Shop) -> None:
    """The same file again is unchanged throughout and publishes no snapshot."""
    export = Export("header", (header("1", "paid", "10.00"),), 1)
    shop.load(export)
    before = shop.store.snapshot()
    (result,) = shop.load(export)
    assert result.already_imported
    assert (result.main.new, result.main.updated, result.main.unchanged) == (0, 0, 1)
    assert shop.store.snapshot() == before


def test_later_export_updates(shop: Shop) -> None:
    """A later export updates what changed, keeps what it does not know, and counts both."""
    shop.load(Export("header", (header("1", "paid", "10.00"), header("2", "paid", "5.00")), 1))
    (result,) = shop.load(
        Export("header", (header("1", "closed", "0.00", "10.00"), header("2", None, None), header("3", "paid", "1")), 2)
    )
    assert (result.main.new, result.main.updated, result.main.unchanged) == (1, 1, 1)
    found = shop.rows(
        "SELECT order_id, status, paid_amount, first_paid_amount, refund_amount FROM order_header ORDER BY 1"
    )
    assert found[0] == ("1", "closed", Decimal("0.00"), Decimal("10.00"), Decimal("10.00"))
    assert found[1] == ("2", "paid", Decimal("5.00"), Decimal("5.00"), None)


def test_old_export_imported_late_takes_nothing_back(shop: Shop) -> None:
    """An old export that arrives late fills gaps only."""
    shop.load(Export("header", (header("1", "finished", "8.00"),), 5))
    (result,) = shop.load(Export("header", (header("1", "paid", "10.00", "1.00"),), 1))
    assert result.main.updated == 1
    assert shop.rows("SELECT status, paid_amount, first_paid_amount, refund_amount, source_file FROM order_header") == [
        ("finished", Decimal("8.00"), Decimal("10.00"), Decimal("1.00"), "header-5.csv")
    ]


def test_repeated_key_in_one_file(shop: Shop) -> None:
    """The last row of a key counts, and the others are reported."""
    (result,) = shop.load(
        Export("header", (header("1", "paid", "1"), header("2", "paid", "3"), header("1", "paid", "2")), 1)
    )
    assert shop.rows("SELECT paid_amount FROM order_header WHERE order_id = '1'") == [(Decimal("2.00"),)]
    assert result.main.repeated == 1
    assert [(problem.code, problem.row) for problem in result.problems.kept] == [("repeated_key", 2)]


def test_unreadable_cells_are_reported(shop: Shop) -> None:
    """A faulty cell is named with row, column and value; a faulty key rejects the row."""
    rows = (("2026-01-01", "10", "1.00"), ("2026-01-02", "many", "2.00"), ("yesterday", "3", "3.00"))
    (result,) = shop.load(Export("day", rows, 1))
    assert (result.main.rows_read, result.main.new, result.main.rejected) == (3, 2, 1)
    told = {(problem.code, problem.row, problem.column, problem.value) for problem in result.problems.kept}
    assert told == {("unreadable_number", 3, "visitors", "many"), ("unreadable_date", 4, "day", "yesterday")}


def test_dry_run_leaves_nothing(shop: Shop) -> None:
    """A dry run counts the same, but neither publishes nor archives."""
    export = Export("header", (header("1", "paid", "10.00"),), 1)
    (dry,) = shop.load(export, dry_run=True)
    assert dry.main.new == 1
    assert shop.rows("SELECT * FROM order_header") == []
    assert shop.store.archive.entries() == []
    (real,) = shop.load(export)
    assert real.tables == dry.tables
