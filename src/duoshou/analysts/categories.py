"""Which category a product is in, as the item exports tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duoshou.engine import Backend


def product_categories(backend: Backend, products: Sequence[str], shop: str | None) -> dict[str, str]:
    """Return product → category, for those that a file tells; of several names the last by the alphabet.

    Args:
        backend: Open engine.
        products: Ids of products.
        shop: Key of the shop; None: any.
    """
    if not products or not backend.has_table("product"):
        return {}
    rows: Any = backend.table("product")
    rows = rows.filter(rows["product_id"].isin(list(products)), rows["category"].notnull())
    if shop is not None:
        rows = rows.filter(rows["shop"] == shop)
    told = backend.execute(rows.group_by("product_id").agg(category=rows["category"].max())).to_pylist()
    return {row["product_id"]: row["category"] for row in told}
