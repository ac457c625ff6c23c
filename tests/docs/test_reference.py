"""The reference pages say what the product does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from duoshou.cli.root import COMMANDS
from duoshou.metrics import load_catalogue
from duoshou.settings.descriptions import descriptions
from duoshou.sources import load_layouts
from duoshou.warehouse.schema import load_tables

REPOSITORY = Path(__file__).resolve().parents[2]


def reference(name: str) -> str:
    """Return a reference page."""
    return (REPOSITORY / "docs" / "reference" / name).read_text(encoding="utf-8")


def test_the_pages_are_up_to_date() -> None:
    """Each page is what `docs/generate.py` would write now."""
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "docs" / "generate.py"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("commands.md", [f"duoshou {name}" for name in COMMANDS]),
        ("settings.md", list(descriptions())),
        ("layouts.md", list(load_layouts())),
        ("metrics.md", list(load_catalogue().metrics)),
        ("tables.md", list(load_tables())),
    ],
    ids=["commands", "settings", "layouts", "metrics", "tables"],
)
def test_everything_is_documented(name: str, keys: list[str]) -> None:
    """Each command, setting, layout, metric and table has its heading."""
    page = reference(name)
    assert keys
    assert [key for key in keys if f"\n## `{key}`\n" not in page] == []
