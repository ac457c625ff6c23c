"""The page that explains how to add a metric is true."""

from __future__ import annotations

import re
from pathlib import Path

from duoshou.metrics import Additivity, load_catalogue
from duoshou.metrics.definition import Unit

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "add-a-metric.md"


def test_the_example_of_the_page_loads(tmp_path: Path) -> None:
    """The TOML that the page shows is a metric that can be asked for."""
    text = PAGE.read_text(encoding="utf-8")
    example = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[0]
    own = tmp_path / "metrics.toml"
    own.write_text(example, encoding="utf-8")
    assert load_catalogue(own).metric("每单退款").key == "refund_per_order"


def test_the_page_names_every_rule_unit_and_source() -> None:
    """No rule, unit or source is left out of the page."""
    text = PAGE.read_text(encoding="utf-8")
    sources = {source.group or source.key for source in load_catalogue().sources.values()}
    for name in (*Additivity, *Unit, *sources):
        assert f"`{name}`" in text, name
