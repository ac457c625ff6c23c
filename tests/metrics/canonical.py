"""Canonical tables made by hand: created from the TOML schema, filled with a few rows."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb

TYPES = {
    "text": "VARCHAR",
    "integer": "BIGINT",
    "money": "DECIMAL(18,2)",
    "price": "DECIMAL(18,4)",
    "rate": "DOUBLE",
    "day": "DATE",
    "instant": "TIMESTAMP",
}
LINEAGE = {
    "source_file": "VARCHAR",
    "source_hash": "VARCHAR",
    "source_row": "BIGINT",
    "exported_at": "TIMESTAMP",
    "batch_id": "VARCHAR",
    "loaded_at": "TIMESTAMP",
}
DEFAULTS: dict[str, dict[str, Any]] = {
    "order_header": {"shop": "main", "platform": "taobao", "currency": "CNY"},
    "order_line": {"shop": "main", "line_no": 1, "platform": "taobao", "currency": "CNY", "quantity": 1},
    "shop_period": {"shop": "main", "grain": "day", "terminal": "all", "platform": "taobao", "currency": "CNY"},
    "product_period": {"shop": "main", "grain": "day", "platform": "taobao", "currency": "CNY"},
    "ad_period": {
        "shop": "main",
        "account": "-",
        "report_level": "plan",
        "campaign": "-",
        "ad_group": "-",
        "target": "-",
        "attribution_window_days": 15,
        "platform": "taobao",
        "currency": "CNY",
    },
    "service_score": {"shop": "main", "platform": "taobao"},
    "traffic_source_period": {
        "shop": "main",
        "product_id": "-",
        "grain": "day",
        "platform": "taobao",
        "currency": "CNY",
    },
    "inquiry_period": {"shop": "main", "agent": "-", "grain": "day", "platform": "taobao", "currency": "CNY"},
    "search_term_period": {
        "shop": "main",
        "scope": "market",
        "product_id": "-",
        "grain": "day",
        "platform": "taobao",
        "currency": "CNY",
    },
    "market_period": {
        "platform": "taobao",
        "category": "toys",
        "brand": "-",
        "seller": "-",
        "price_band": "-",
        "provider": "platform",
        "grain": "day",
        "currency": "CNY",
    },
    "settlement": {"shop": "main", "platform": "taobao", "statement_id": "1", "currency": "CNY"},
    "stock_day": {"shop": "main", "platform": "taobao"},
    "cost": {"shop": "main", "currency": "CNY", "valid_from": date(1, 1, 1)},
    "supply": {"shop": "main", "platform": "shop", "valid_from": date(1, 1, 1)},
    "product": {"shop": "main", "variant_id": "-", "platform": "taobao", "currency": "CNY"},
    "target": {"shop": "main", "metric": "pay_amount", "platform": "taobao", "currency": "CNY"},
    "content_period": {"shop": "main", "channel": "live", "platform": "taobao", "currency": "CNY"},
    "refund": {"shop": "main", "platform": "taobao", "currency": "CNY"},
    "affiliate_order": {"shop": "main", "platform": "taobao", "currency": "CNY"},
    "review": {"shop": "main", "platform": "taobao"},
    "line_contribution": {"shop": "main", "line_no": 1, "platform": "taobao", "currency": "CNY", "quantity": 1},
}


def table_columns() -> dict[str, dict[str, str]]:
    """Return table → column → DuckDB type, lineage included."""
    tables = {}
    for path in sorted(Path(str(files("duoshou"))).glob("warehouse/tables/*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        columns: dict[str, str] = {}
        for column in content["column"]:
            columns[column["name"]] = TYPES[column["type"]]
            if column["type"] == "instant":
                columns[column["name"].removesuffix("_at") + "_on"] = "DATE"
        tables[content["name"]] = columns | LINEAGE
    return tables


def create_tables(connection: duckdb.DuckDBPyConnection) -> None:
    """Create every canonical table, empty."""
    for name, columns in table_columns().items():
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        connection.execute(f'CREATE TABLE "{name}" ({listed})')


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows; what a row leaves out is the table's default above, else NULL; `x_on` also sets `x_at`."""
    columns = table_columns()[table]
    for row in rows:
        full = {**DEFAULTS.get(table, {}), **row}
        for name in [name for name in full if name.endswith("_on")]:
            full.setdefault(name.removesuffix("_on") + "_at", f"{full[name]} 04:00:00" if full[name] else None)
        unknown = set(full) - set(columns)
        assert not unknown, f"{table} has no column {unknown}"
        names = ", ".join(f'"{name}"' for name in full)
        places = ", ".join("?" for _ in full)
        connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({places})', list(full.values()))
