"""What is told as of a day does not hang on what happened later."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.cli.conftest import Command

from duoshou.cli import main

UNTIL, DAY = date(2025, 12, 3), date(2025, 11, 20)
SCENARIO = """
name = "as of a day"
[parameters.shop]
products = 12
"""
LATER = {
    "day": ("ad_period", "service_score", "stock_day"),
    "period_start": (
        *("affiliate_period", "category_period", "inquiry_period", "market_period", "product_period"),
        *("search_term_period", "shop_period", "traffic_source_period"),
    ),
    "coalesce(created_on, paid_on)": (
        *("affiliate_order", "line_contribution", "order_fragment", "order_header", "order_item", "order_line"),
    ),
    "coalesce(applied_on, paid_on)": ("refund",),
    "created_on": ("review",),
    "happened_on": ("event",),
}
"""Day of a row → tables."""
ASKED = {
    "advertising": ("--as-of", DAY),
    "channels": ("--as-of", DAY, "--month-budget", 60_000),
    "pricing": ("--as-of", DAY),
    "launches": ("--as-of", DAY),
    "assortment": ("--as-of", DAY),
    "customers": ("--as-of", DAY),
    "basket": ("--from", "2025-09-01", "--to", DAY),
}


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A small shop, and the same without the rows of later days."""
    folder = tmp_path_factory.mktemp("as of")
    scenario = folder / "small.toml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    whole, cut = folder / "whole", folder / "cut"
    made = ["demo", whole, "--seed", 5, "--scenario", scenario, "--until", UNTIL, "--days", 156]
    assert main([str(word) for word in made]) == 0
    shutil.copytree(whole, cut)
    for snapshot in (cut / "warehouse").glob("*.duckdb"):
        with duckdb.connect(str(snapshot)) as connection:
            for day, tables in LATER.items():
                for table in tables:
                    connection.execute(f"DELETE FROM {table} WHERE {day} > ?", [DAY])
    return whole, cut


def alike(one: Any, other: Any) -> bool:
    """Return whether two answers are the same, but for the order in which an engine adds up."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, rel=1e-9, abs=1e-9)
    return bool(one == other)


@pytest.mark.parametrize("command", ASKED)
def test_later_days_change_nothing(shops: tuple[Path, Path], duoshou: Command, command: str) -> None:
    """Orders, visitors, advertising, stock and reviews of the two weeks after are not known on the day."""
    told = [json.loads(duoshou(command, *ASKED[command], "--json", "--workspace", shop).out) for shop in shops]
    assert alike(told[0], told[1])
    assert len(str(told[0])) > 500
