"""SQL that a person typed cannot leave the snapshot, change it, or run for ever."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from duoshou.engine import StatementRefused
from duoshou.engine.guarded import run_sql

secret_table = pa.table({"secret": [1]})


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a warehouse with one table of 100 rows; its name holds a quote."""
    path = tmp_path_factory.mktemp("owner's shop") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE orders AS SELECT range AS number, range * 1.5 AS amount FROM range(100)")
    return path


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """Return a file that no attack may make."""
    path = tmp_path / "leak.csv"
    yield path
    assert not path.exists()


@pytest.mark.parametrize(
    "text",
    [
        "SELECT count(*) AS n FROM orders",
        "select count(*) as n from orders;",
        "-- how many\nSELECT count(*) AS n FROM warehouse.main.orders",
        "WITH o AS (SELECT * FROM orders) SELECT count(*) AS n FROM o",
        "FROM orders SELECT count(*) AS n",
        "VALUES (100)",
    ],
)
def test_a_query_is_answered(text: str, snapshot: Path) -> None:
    """Anything that reads is run and comes back as Arrow."""
    assert run_sql(snapshot, text).column(0).to_pylist() == [100]


@pytest.mark.parametrize("text", ["DESCRIBE orders", "SHOW TABLES", "SUMMARIZE orders"])
def test_the_tables_can_be_explored(text: str, snapshot: Path) -> None:
    """The questions with which one finds one's way about are reads too."""
    assert run_sql(snapshot, text).num_rows > 0


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO orders VALUES (1, 2)",
        "UPDATE orders SET amount = 0",
        "DELETE FROM orders",
        "DROP TABLE orders",
        "CREATE TABLE t AS SELECT 1",
        "CREATE TEMP TABLE t AS SELECT 1",
        "CREATE MACRO f() AS 1",
        "COPY orders TO '{target}'",
        "COPY (SELECT 1) TO '{target}'",
        "EXPORT DATABASE '{target}'",
        "EXPLAIN ANALYZE COPY orders TO '{target}'",
        "ATTACH '{target}' AS other",
        "DETACH warehouse",
        "PRAGMA database_list",
        "PRAGMA enable_external_access = true",
        "SET enable_external_access = true",
        "RESET enable_external_access",
        "SET memory_limit = '1TB'",
        "USE memory",
        "INSTALL httpfs",
        "LOAD httpfs",
        "CALL pragma_version()",
        "PREPARE p AS SELECT 1",
        "EXECUTE p",
        "VACUUM",
        "CHECKPOINT",
        "BEGIN",
        "SELECT 1; SELECT 2",
        "SELECT 1; DROP TABLE orders",
        "SELECT 1; COPY orders TO '{target}'",
        "",
        "-- nothing",
        ";",
    ],
)
def test_anything_but_one_read_is_refused(text: str, snapshot: Path, target: Path) -> None:
    """Writing, configuring, loading, and several statements are refused before they run."""
    with pytest.raises(StatementRefused) as refused:
        run_sql(snapshot, text.format(target=target))
    assert refused.value.code in {"statement_refused", "statement_faulty"}
    assert refused.value.hint is not None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/*')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM read_parquet('https://example.org/x.parquet')",
        "SELECT * FROM sniff_csv('/etc/passwd')",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM secret_table",
        "SELECT * FROM query('COPY orders TO ''{target}''')",
        "SELECT getenv('HOME')",
        "SELECT * FROM orders WHERE number IN (SELECT 1 FROM read_csv('/etc/passwd'))",
    ],
)
def test_a_read_cannot_leave_the_snapshot(text: str, snapshot: Path, target: Path) -> None:
    """Files, network, secrets, the environment and Python variables are out of reach of a SELECT."""
    with pytest.raises(StatementRefused):
        run_sql(snapshot, text.format(target=target))


def test_an_endless_query_ends_in_time(snapshot: Path) -> None:
    """A cross join without end is interrupted, and the message says after how long."""
    with pytest.raises(StatementRefused, match=r"0\.3 s") as refused:
        run_sql(snapshot, "SELECT count(*) FROM range(10000000) AS a, range(10000000) AS b", timeout=0.3)
    assert refused.value.code == "statement_too_long"


def test_a_query_cannot_take_all_memory(snapshot: Path) -> None:
    """A result beyond the memory limit is an error message, and nothing is spilled to disk."""
    text = "SELECT list(random()) FROM range(100000000)"
    with pytest.raises(StatementRefused) as refused:
        run_sql(snapshot, text, memory_limit="50MB", timeout=30)
    assert refused.value.code == "statement_too_large"


def test_no_more_rows_come_back_than_asked_for(snapshot: Path) -> None:
    """The limit bounds the rows; None returns them all."""
    assert run_sql(snapshot, "SELECT * FROM orders", limit=7).num_rows == 7
    assert run_sql(snapshot, "SELECT * FROM orders ORDER BY number", limit=None).num_rows == 100


def test_a_mistake_is_explained(snapshot: Path) -> None:
    """A column that does not exist is named in the message, without a traceback of the engine."""
    with pytest.raises(StatementRefused, match="nonsense"):
        run_sql(snapshot, "SELECT nonsense FROM orders")


def test_the_snapshot_may_be_open_elsewhere(snapshot: Path) -> None:
    """A report that reads the same snapshot does not disturb the query."""
    with duckdb.connect(str(snapshot), read_only=True, config={"memory_limit": "300MB"}) as other:
        assert other.execute("SELECT count(*) FROM orders").fetchone() == (100,)
        assert run_sql(snapshot, "SELECT count(*) FROM orders").column(0).to_pylist() == [100]


def test_a_missing_snapshot_is_an_error_message(tmp_path: Path) -> None:
    """Nothing is created where nothing was."""
    with pytest.raises(StatementRefused):
        run_sql(tmp_path / "none.duckdb", "SELECT 1")
    assert not (tmp_path / "none.duckdb").exists()
