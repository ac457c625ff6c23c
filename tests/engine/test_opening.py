"""Opening the engine that the settings name."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from duoshou.engine import EngineError, EngineMissing, open_backend
from duoshou.engine import spark as spark_module
from duoshou.engine.statement import PreparedStatement, day_marker
from duoshou.settings import EngineSettings, Settings


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    """Return a snapshot with three days of money."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE paid (day DATE, amount DECIMAL(18, 2))")
        connection.execute("INSERT INTO paid SELECT DATE '2026-11-01' + range::INT, 1.50 FROM range(3)")
    return path


def test_a_snapshot_is_opened_for_reading_only(snapshot: Path) -> None:
    """The backend reads its tables and can write nothing."""
    with open_backend(Settings(), snapshot) as backend:
        assert backend.kind == "duckdb"
        assert backend.table_names() == {"paid"}
        table = backend.table("paid")
        answer = backend.execute(table.aggregate(total=table.amount.sum()))
        assert answer.column("total").to_pylist() == [Decimal("4.50")]
        with pytest.raises(duckdb.Error):
            backend.run("INSERT INTO paid VALUES (NULL, NULL)")


def test_a_prepared_statement_takes_other_days_each_time(snapshot: Path) -> None:
    """The same compiled text answers for different days."""
    with open_backend(Settings(), snapshot) as backend:
        table = backend.table("paid")
        rows = table.filter(table.day.between(day_marker(0), day_marker(1)))
        statement = PreparedStatement.of(backend, rows.aggregate(days=rows.count()))
        spans = [(date(2026, 11, 1), date(2026, 11, 3)), (date(2026, 11, 2), date(2026, 11, 2))]
        assert [statement.run(backend, span).column("days").to_pylist() for span in spans] == [[3], [1]]


def test_column_types_are_those_of_the_expression(snapshot: Path) -> None:
    """A day truncated to its month is still a day, whatever the engine makes of it."""
    with open_backend(Settings(), snapshot) as backend:
        table = backend.table("paid")
        answer = backend.execute(table.select(month=table.day.truncate("M")).distinct())
        assert answer.column("month").to_pylist() == [date(2026, 11, 1)]


def test_without_a_snapshot_the_hint_is_to_import(tmp_path: Path) -> None:
    """Nothing imported yet, and a file that is no warehouse, are explained."""
    with pytest.raises(EngineError) as none:
        open_backend(Settings(), None)
    assert none.value.code == "no_snapshot"
    broken = tmp_path / "broken.duckdb"
    broken.write_text("not a database")
    with pytest.raises(EngineError) as unreadable:
        open_backend(Settings(), broken)
    assert unreadable.value.code == "snapshot_unreadable"
    assert unreadable.value.place.file == str(broken)


def test_a_missing_table_is_named(snapshot: Path) -> None:
    """Asking for a table that the snapshot lacks names it."""
    with open_backend(Settings(), snapshot) as backend, pytest.raises(EngineError, match="order_line"):
        backend.table("order_line")


def test_a_closed_backend_says_so(snapshot: Path) -> None:
    """Closing twice does nothing; asking afterwards is an error message."""
    backend = open_backend(Settings(), snapshot)
    backend.close()
    backend.close()
    with pytest.raises(EngineError, match="closed"):
        backend.run("SELECT 1")


def test_spark_without_a_folder_is_explained() -> None:
    """The hint names the setting."""
    with pytest.raises(EngineError) as missing:
        open_backend(Settings(engine=EngineSettings(kind="spark")), None)
    assert missing.value.hint is not None
    assert "parquet" in missing.value.hint.en


def test_missing_pyspark_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without PySpark the hint is the command that installs it."""
    monkeypatch.setattr(spark_module, "find_spec", lambda _: None)
    with pytest.raises(EngineMissing) as missing:
        open_backend(Settings(engine=EngineSettings(kind="spark", parquet="/nowhere")), None)
    assert missing.value.hint is not None
    assert "duoshou[spark]" in missing.value.hint.en


def test_missing_java_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without Java the message says so, instead of the JVM's own words."""
    monkeypatch.setattr(spark_module, "find_spec", lambda _: object())
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(EngineMissing, match="Java"):
        open_backend(Settings(engine=EngineSettings(kind="spark", parquet="/nowhere")), None)
