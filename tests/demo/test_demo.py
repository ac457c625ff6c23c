"""The demonstration's files are the real ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import pytest

from duoshou.demo import write_exports


def test_the_exports_are_two_months_of_invoice_lines(tmp_path: Path) -> None:
    """Two files hold the 110,236 lines that their README states, with the data set's header."""
    paths = write_exports(tmp_path / "inbox")
    assert [path.name for path in paths] == ["online_retail_2011-11.csv", "online_retail_2011-12.csv"]
    counts = duckdb.execute(
        "SELECT count(*), min(InvoiceDate)::DATE::TEXT, max(InvoiceDate)::DATE::TEXT FROM read_csv(?)",
        [[*map(str, paths)]],
    )
    assert counts.fetchall() == [(110_236, "2011-11-01", "2011-12-09")]


@pytest.mark.shared_data
def test_the_exports_are_an_unchanged_cut_of_the_published_file(tmp_path: Path, shared_data: Path) -> None:
    """The lines of the two files are the published lines of those days, in their order."""
    written = b"".join(path.read_bytes().split(b"\n", 1)[1] for path in write_exports(tmp_path))
    with gzip.open(shared_data / "online_retail_uci" / "online_retail.csv.gz") as published:
        expected = b"".join(line for line in published if b",2011-11-" in line or b",2011-12-" in line)
    assert written == expected
