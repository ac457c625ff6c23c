"""Titles that changed, from the platform's item files, and from order lines for products that these do not name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duoshou.analysts.changes.levels import level_changes
from duoshou.analysts.changes.seen import TITLE, SeenChange
from duoshou.engine import Backend
from duoshou.model import Period, Text

if TYPE_CHECKING:
    from ibis.expr.types import Table

ITEMS, LINES = "product_period", "order_line"
LONGEST = 200


def title_changes(backend: Backend, period: Period, shop: str | None) -> list[SeenChange]:
    """Return the titles that changed in a period."""
    found: list[SeenChange] = []
    named: set[str] = set()
    for table in (ITEMS, LINES):
        if not backend.has_table(table):
            continue
        rows = _rows(backend, table, period, shop)
        changes = backend.execute(level_changes(rows, ["product_id"])).to_pylist()
        found += [_told(row) for row in changes if row["product_id"] not in named]
        if table == ITEMS:
            known = rows.group_by("product_id").agg(titles=rows.count())
            named = {row["product_id"] for row in backend.execute(known).to_pylist()}
    return sorted(found, key=lambda one: (one.day, one.subjects))


def _rows(backend: Backend, name: str, period: Period, shop: str | None) -> Table:
    rows: Any = backend.table(name)
    day = rows["period_start"] if name == ITEMS else rows["created_on"].coalesce(rows["paid_on"])
    # Files differ in the blanks around and within a title; that is no change of it.
    title = rows["title"].re_replace(r"\s+", " ").strip()
    rows = rows.mutate(day=day, value=title)
    wanted = [rows["product_id"].notnull(), rows["value"] != "", rows["day"] >= period.start, rows["day"] <= period.end]
    if name == ITEMS:
        wanted.append(rows["grain"] == "day")
    if shop is not None:
        wanted.append(rows["shop"] == shop)
    return rows.filter(*wanted).select("product_id", "day", "value", units=1)


def _told(row: dict[str, Any]) -> SeenChange:
    before, after = row["before"][:LONGEST], row["after"][:LONGEST]
    return SeenChange(
        TITLE,
        row["day"],
        row["last_before"],
        (("product", row["product_id"]),),
        Text(before, before),
        Text(after, after),
        Text(f"最后一次见到旧标题在 {row['last_before']}", f"the former title was last seen on {row['last_before']}"),
    )
