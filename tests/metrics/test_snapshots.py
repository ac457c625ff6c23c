"""The compiled query of every metric, on both engines, is the stored one.

After a change that is meant write them anew, then read the difference:
`DUOSHOU_WRITE_SNAPSHOTS=1 pytest tests/metrics/test_snapshots.py`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from tests.metrics.canonical import table_columns

from duoshou.engine import Backend
from duoshou.metrics import Catalogue, load_catalogue
from duoshou.metrics.plan import measure_of
from duoshou.metrics.scan import ScanShape, scan_expression
from duoshou.metrics.source import SourceKind

FOLDER = Path(__file__).with_name("snapshots")
DIALECTS = {"duckdb": "duckdb", "spark": "pyspark"}
IBIS_TYPES = {
    "VARCHAR": "string",
    "BIGINT": "int64",
    "DOUBLE": "float64",
    "DATE": "date",
    "TIMESTAMP": "timestamp",
    "DECIMAL(18,2)": "decimal(18, 2)",
    "DECIMAL(18,4)": "decimal(18, 4)",
}
IS_WRITING = bool(os.environ.get("DUOSHOU_WRITE_SNAPSHOTS"))


class TablesOnly(Backend):
    """Canonical tables without rows: enough to compile, on an engine that is not there."""

    kind = "duckdb"

    def __init__(self, dialect: str) -> None:
        self.memory = {}
        self._dialect = dialect
        self._tables = {
            name: ibis.table({column: IBIS_TYPES[kind] for column, kind in columns.items()}, name=name)
            for name, columns in table_columns().items()
        }

    def table_names(self) -> frozenset[str]:
        """Return all canonical tables."""
        return frozenset(self._tables)

    def run(self, statement: str) -> pa.Table:
        """There is no engine."""
        raise NotImplementedError(statement)

    def close(self) -> None:
        """There is nothing to close."""

    def compile(self, expression: Any) -> str:
        """Return the SQL in the dialect."""
        return str(ibis.to_sql(expression, dialect=self._dialect))


@pytest.fixture(scope="module", params=DIALECTS)
def engine(request: pytest.FixtureRequest) -> tuple[str, TablesOnly]:
    """Return each engine's name and its tables."""
    getattr(ibis, DIALECTS[request.param])  # loads the compiler's options
    return request.param, TablesOnly(DIALECTS[request.param])


def shape_of(catalogue: Catalogue, leaf: str, use: str) -> ScanShape:
    """Return the scan of one measured metric over one source, for a whole period without a split."""
    source = catalogue.sources[use]
    measure = measure_of(catalogue, leaf, use)
    tile = source.grain or (measure.grains or ("day",))[0] if source.kind is SourceKind.STORED else "day"
    variant = source.variant_order[0] if source.variant_order else "platform" if source.variant else None
    whole = tuple(source.whole.items())
    day = measure.date or source.date
    return ScanShape(source, variant, whole, tile, day, ((leaf, measure),), (), (), None, (), False, ())


def compiled(catalogue: Catalogue, key: str, backend: TablesOnly) -> str:
    """Return the statements of a metric: of each measured part over each source that can answer it."""
    parts = []
    for leaf in catalogue.leaves(key):
        for measure in catalogue.metrics[leaf].source:
            sql = backend.compile(scan_expression(backend, shape_of(catalogue, leaf, measure.use)))
            parts.append(f"-- {leaf} from {measure.use}\n{sql}\n")
    return "\n".join(parts)


def measured(catalogue: Catalogue) -> list[str]:
    """Return the metrics that are measured; the others are arithmetic over these."""
    return [key for key, metric in catalogue.metrics.items() if metric.source]


@pytest.mark.parametrize("key", measured(load_catalogue()))
def test_the_query_of_a_metric_is_the_stored_one(
    key: str, engine: tuple[str, TablesOnly], catalogue: Catalogue
) -> None:
    """A definition or a compiler that changes the query of a metric changes a file that a person reads."""
    name, backend = engine
    path = FOLDER / name / f"{key}.sql"
    sql = compiled(catalogue, key, backend)
    if IS_WRITING:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sql, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == sql


@pytest.mark.parametrize("name", DIALECTS)
def test_no_stored_query_is_left_over(name: str, catalogue: Catalogue) -> None:
    """A snapshot of a metric that is gone is taken away."""
    stored = {path.stem: path for path in (FOLDER / name).glob("*.sql")}
    stale = set(stored) - set(measured(catalogue))
    if IS_WRITING:
        for key in stale:
            stored[key].unlink()
    else:
        assert not stale


def test_every_part_of_a_derived_metric_has_a_stored_query(catalogue: Catalogue) -> None:
    """Ratios, differences, totals and shares rest on measured metrics only."""
    leaves = {leaf for key in catalogue.metrics for leaf in catalogue.leaves(key)}
    assert leaves <= set(measured(catalogue))
