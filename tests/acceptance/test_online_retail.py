"""The published figures of the Online Retail data set, through the commands that a user types."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

pytestmark = pytest.mark.shared_data

Command = Callable[..., Any]
TOTALS = {
    "orders": 25_900,
    "cancelled_orders": 3_836,
    "customers": 4_372,
    "pay_amount": "10644560.42",
    "refund_amount": "896812.49",
    "net_pay_amount": "9747747.93",
}
BRITISH = ("--currency", "GBP", "--timezone", "Europe/London")
PERIOD = ("--from", "2010-12-01", "--to", "2011-12-09")


def run(workspace: Path, *words: str, expect: int = 0) -> Any:
    """Return the JSON that `duoshou … --json` printed in `workspace`, having checked its exit code."""
    done = subprocess.run(
        [sys.executable, "-m", "duoshou.cli", "--workspace", str(workspace), *words],
        capture_output=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    assert done.returncode == expect, done.stderr.decode()
    return json.loads(done.stdout) if "--json" in words else done.stdout.decode()


def new_shop(directory: Path) -> None:
    """Make an empty British workspace."""
    subprocess.run([sys.executable, "-m", "duoshou.cli", "init", str(directory), *BRITISH], check=True)


@pytest.fixture(scope="module")
def original(shared_data: Path) -> Path:
    """Return the full data set as the compressed CSV that was published."""
    return shared_data / "online_retail_uci" / "online_retail.csv.gz"


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, original: Path) -> Path:
    """Return a workspace into which the full data set was imported."""
    directory = tmp_path_factory.mktemp("uci") / "shop"
    new_shop(directory)
    report = run(directory, "import", str(original), "--json")
    assert [
        (file["layout"], file["table"], file["rows_read"], file["new"], file["rejected"]) for file in report["files"]
    ] == [("uci_online_retail", "order_item", 541_909, 541_909, 0)]
    return directory


@pytest.fixture(scope="module")
def truth(original: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection whose table `lines` is the published file, read by DuckDB alone."""
    connection = duckdb.connect()
    connection.execute(
        f"""CREATE TABLE lines AS SELECT InvoiceNo AS invoice, Quantity::DECIMAL(18, 4) AS quantity,
            CustomerID AS customer, Quantity::DECIMAL(18, 4) * UnitPrice::DECIMAL(18, 4) AS amount,
            InvoiceDate::DATE AS day, Country AS country
            FROM read_csv('{original}', all_varchar = true)"""
    )
    return connection


def values(rows: list[dict[str, Any]], metric: str) -> list[Any]:
    """Return the values of one metric, row by row."""
    return [row["values"][metric]["value"] for row in rows]


def test_published_totals(shop: Path) -> None:
    """Invoices, cancellations, customers and the three amounts are those that the data set is known for."""
    answer = run(
        shop,
        "query",
        "orders",
        "closed_orders",
        "customers",
        "pay_amount",
        "refund_amount",
        "net_pay_amount",
        *PERIOD,
        "--json",
    )
    assert answer["schema_version"] == 1
    assert {key: cell["value"] for key, cell in answer["rows"][0]["values"].items()} == TOTALS


def test_every_month_equals_independent_sql(shop: Path, truth: duckdb.DuckDBPyConnection) -> None:
    """Each month's amounts equal those that DuckDB finds in the file itself, to the penny."""
    rows = run(shop, "query", "pay_amount", "refund_amount", "net_pay_amount", *PERIOD, "--grain", "month", "--json")[
        "rows"
    ]
    expected = truth.execute(
        """SELECT strftime(day, '%Y-%m'), round(sum(amount) FILTER (quantity > 0), 2)::DECIMAL(18, 2),
            round(-sum(amount) FILTER (quantity < 0), 2)::DECIMAL(18, 2), round(sum(amount), 2)::DECIMAL(18, 2)
            FROM lines GROUP BY 1 ORDER BY 1"""
    ).fetchall()
    assert [row["dimensions"]["period"] for row in rows] == [month for month, *_ in expected]
    for position, metric in enumerate(("pay_amount", "refund_amount", "net_pay_amount"), start=1):
        assert [Decimal(value) for value in values(rows, metric)] == [row[position] for row in expected], metric


def test_every_country_equals_independent_sql(shop: Path, truth: duckdb.DuckDBPyConnection) -> None:
    """Each country's amount, orders and buyers equal those that DuckDB finds in the file itself."""
    rows = run(shop, "query", "pay_amount", "orders", "customers", *PERIOD, "--by", "country", "--json")["rows"]
    found = {
        row["dimensions"]["country"]: (
            Decimal(row["values"]["pay_amount"]["value"] or 0),
            row["values"]["orders"]["value"],
            row["values"]["customers"]["value"] or 0,
        )
        for row in rows
    }
    expected = truth.execute(
        """SELECT country, coalesce(round(sum(amount) FILTER (quantity > 0), 2), 0)::DECIMAL(18, 2),
            count(DISTINCT invoice), count(DISTINCT customer) FROM lines GROUP BY 1"""
    ).fetchall()
    assert found == {country: tuple(rest) for country, *rest in expected}
    assert len(found) == 38


def test_repeated_lines_are_kept_as_lines(shop: Path) -> None:
    """The 5,268 exact repetitions in the file are lines of their own in the warehouse."""
    query = """SELECT count(*), count(*) - count(DISTINCT (order_id, sku, coalesce(title, ''), quantity, unit_price,
        created_at, coalesce(buyer_key, ''), country)) FROM order_line"""
    assert run(shop, "sql", query, "--json")["rows"] == [[541_909, 5_268]]


def test_importing_again_changes_nothing(shop: Path, original: Path) -> None:
    """A second import of the same file reports every row as unchanged and publishes no new data."""
    before = (shop / "warehouse" / "current").read_bytes()
    report = run(shop, "import", str(original), "--json")
    assert all(file["new"] == file["updated"] == file["rejected"] == 0 for file in report["files"])
    unchanged = {table["table"]: table["unchanged"] for file in report["files"] for table in file["tables"]}
    assert unchanged == {"order_header": 25_900, "order_item": 541_909}
    assert (shop / "warehouse" / "current").read_bytes() == before


@pytest.mark.parametrize("order", ["forward", "backward", "interleaved"])
def test_pieces_in_any_order_make_the_same_order_lines(shop: Path, original: Path, tmp_path: Path, order: str) -> None:
    """The list cut at arbitrary rows and imported piece by piece, in any order, gives the lines of the whole."""
    directory = tmp_path / "pieces"
    new_shop(directory)
    pieces = cut(original, tmp_path, [100_003, 220_017, 221_000, 400_500])
    arranged = {"forward": pieces, "backward": pieces[::-1], "interleaved": pieces[1::2] + pieces[::2]}[order]
    for piece in arranged:
        run(directory, "import", str(piece), "--json")
    assert digest(directory) == digest(shop)


def cut(original: Path, target: Path, rows: list[int]) -> list[Path]:
    """Write the lines of `original` into files that begin at the given rows, and return their paths."""
    with gzip.open(original, "rt", encoding="utf-8", newline="") as text:
        header, *lines = text.readlines()
    pieces = []
    for number, (first, last) in enumerate(zip([0, *rows], [*rows, len(lines)], strict=True)):
        piece = target / f"piece-{number}.csv"
        piece.write_text(header + "".join(lines[first:last]), encoding="utf-8", newline="")
        pieces.append(piece)
    return pieces


def digest(directory: Path) -> Any:
    """Return counts and an order-free digest of the order lines, without buyers, whose key each workspace has alone."""
    query = """SELECT count(*) AS n, sum(paid_amount) AS paid, sum(refund_amount) AS refunded,
        bit_xor(hash(order_id, line_no, sku, title, quantity, unit_price, paid_amount, refund_amount, created_at,
                     paid_on, country, status)) AS digest FROM order_line"""
    return run(directory, "sql", query, "--json")["rows"]
