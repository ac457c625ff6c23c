"""When `line_contribution` must be derived again, wholly or for some orders."""

from __future__ import annotations

import duckdb

from duoshou.warehouse.contribution.basis import CostBasis, subsidising_platforms
from duoshou.warehouse.contribution.lines import derive_contribution
from duoshou.warehouse.schema import literal

_COSTS = (
    "SELECT count(*)::VARCHAR || ':' || coalesce(bit_xor(hash(shop, sku, valid_from, currency, unit_cost, packaging, "
    "freight)), 0)::VARCHAR FROM cost"
)


def is_outdated(connection: duckdb.DuckDBPyConnection, basis: CostBasis) -> bool:
    """Return whether the contributions in a snapshot rest on other cost settings than `basis`."""
    if connection.execute("SELECT 1 FROM order_line LIMIT 1").fetchone() is None:
        return False
    return _recorded(connection)[0] != basis.digest


def keep_up(connection: duckdb.DuckDBPyConnection, basis: CostBasis, touched: str | None) -> None:
    """Bring `line_contribution` up to date after the order lines are.

    Args:
        connection: The writer's copy.
        basis: What the settings say of costs.
        touched: Table (shop, order_id) of the orders whose lines or bookings changed; empty: no order; None: any.
    """
    row = connection.execute(_COSTS).fetchone()
    now = (basis.digest, row[0] if row and _tells_anything(connection, basis) else "")
    if not now[1]:
        # Nobody says what anything costs: the table stays empty until somebody does.
        connection.execute("DELETE FROM line_contribution")
    elif touched is None or _recorded(connection) != now:
        derive_contribution(connection, basis, None)
    elif touched:
        derive_contribution(connection, basis, touched)
    connection.execute("CREATE OR REPLACE TABLE contribution_basis (settings VARCHAR, costs VARCHAR)")
    connection.execute("INSERT INTO contribution_basis VALUES (?, ?)", now)


def _tells_anything(connection: duckdb.DuckDBPyConnection, basis: CostBasis) -> bool:
    """Return whether settings, sheets, statements or a platform's discount tell more than the order lines do."""
    if basis.rules or basis.units:
        return True
    paying = ", ".join(map(literal, subsidising_platforms())) or "NULL"
    told = (
        "SELECT 1 FROM cost",
        "SELECT 1 FROM settlement",
        f"SELECT 1 FROM order_line WHERE platform IN ({paying}) AND discount_platform <> 0",
    )
    return any(connection.execute(f"{one} LIMIT 1").fetchone() is not None for one in told)


def _recorded(connection: duckdb.DuckDBPyConnection) -> tuple[str, str]:
    try:
        row = connection.execute("SELECT settings, costs FROM contribution_basis").fetchone()
    except duckdb.CatalogException:
        row = None
    return (row[0], row[1]) if row else ("", "")
