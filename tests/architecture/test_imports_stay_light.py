"""What importing a package may load."""

from __future__ import annotations

import subprocess
import sys

import pytest

ENGINES = {
    "duckdb",
    "ibis",
    "pyarrow",
    "pandas",
    "numpy",
    "pyspark",
    "xlsxwriter",
    "fastexcel",
    "sqlalchemy",
    "alembic",
}
MAY_LOAD: dict[str, set[str]] = {
    "duoshou": set(),
    "duoshou.model": set(),
    "duoshou.settings": set(),
    "duoshou.statistics": {"numpy"},
    "duoshou.cli": set(),
}


@pytest.mark.parametrize("package", MAY_LOAD)
def test_importing_a_package_loads_no_more_than_it_may(package: str) -> None:
    """The vocabulary, the settings and the command line start at once."""
    program = f"import {package}, sys; print(*[name for name in {sorted(ENGINES)!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= MAY_LOAD[package]
