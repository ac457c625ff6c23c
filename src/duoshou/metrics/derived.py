"""Columns that no table stores: whether a buyer is new, price bands, lengths of time, category, brand and unit cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import ibis
from ibis.expr.types import DateValue, Table, Value

from duoshou.engine import Backend
from duoshou.metrics.source import CHANNEL_COLUMN, Source, Span
from duoshou.model import Period
from duoshou.settings.channels import Grouping

LOOKBACK_DAYS = 365
NEW, RETURNING = "new", "returning"


def with_buyer_type(lines: Table, history: Table, date: str, bucket: Value, start: DateValue) -> Table:
    """Return the lines with `buyer_type`: `new` or `returning`, NULL where the buyer is unknown.

    A buyer is `returning` in a bucket when the last payment before the bucket lies at most 365 days before its first
    day (the platform's rule: a look-back of 365 days, not "ever").

    Args:
        lines: Rows of the period, with the column `bucket_start`.
        history: Rows of the period and of the 365 days before it, whatever the filters on `lines`.
        date: Day of payment.
        bucket: First day of the bucket of a row of `history`, never before the period.
        start: First day of the period.
    """
    paid = history.filter(history["buyer_key"].notnull(), history["quantity"] > 0)
    # Nobody else's past is asked for: a week's buyers are few among those of a year.
    paid = paid.semi_join(lines.select("shop", "buyer_key").distinct(), ["shop", "buyer_key"])
    days = paid.select("shop", "buyer_key", paid[date].name("day"), bucket.name("bucket_start")).distinct()
    before = days["day"].lag().over(ibis.window(group_by=["shop", "buyer_key"], order_by="day"))
    ordered = days.mutate(before=before)
    first = ordered.filter(
        ordered["day"] >= start, ordered["before"].isnull() | (ordered["before"] < ordered["bucket_start"])
    )
    gap: Any = first["bucket_start"].delta(first["before"], unit="day")
    typed = first.select(
        "shop",
        "buyer_key",
        "bucket_start",
        buyer_type=ibis.cases((first["before"].notnull() & (gap <= LOOKBACK_DAYS), RETURNING), else_=NEW),
    )
    return lines.left_join(typed, ["shop", "buyer_key", "bucket_start"]).select(*lines.columns, "buyer_type")


def band_label(lower: Decimal | None, upper: Decimal | None) -> str:
    """Return the name of a price band: `<10`, `10–20`, `≥20`; the lower bound belongs to the band."""
    if lower is None:
        return f"<{upper}"
    return f"≥{lower}" if upper is None else f"{lower}–{upper}"


def with_price_band(table: Table, bounds: Sequence[Decimal]) -> Table:
    """Return the rows with `price_band`, cut at the ascending `bounds`; NULL where the unit price is unknown."""
    if not bounds:
        return table.mutate(price_band=ibis.null("string"))
    price: Any = table["unit_price"]
    labels = [band_label(lower, upper) for lower, upper in zip((None, *bounds), (*bounds, None), strict=True)]
    steps = [(price < bound, label) for bound, label in zip(bounds, labels, strict=False)]
    return table.mutate(price_band=ibis.cases((price.isnull(), None), *steps, else_=labels[-1]))


def quartiles(backend: Backend, lines: Table, period: Period) -> tuple[Decimal, ...]:
    """Return the quartiles of the unit price of paid lines of the period, without repetitions."""
    paid = lines.filter(lines["paid_on"].between(ibis.date(period.start), ibis.date(period.end)), lines["quantity"] > 0)
    price: Any = paid["unit_price"].cast("float64")
    row = backend.execute(paid.aggregate(**{f"q{part}": price.quantile(part / 4) for part in (1, 2, 3)})).to_pylist()[0]
    found = {Decimal(str(value)).quantize(Decimal("0.01")) for value in row.values() if value is not None}
    return tuple(sorted(found))


def of_source(table: Table, source: Source) -> Table:
    """Return the rows that belong to the source's reading of its table."""
    for column, value in source.fixed.items():
        table = table.filter(table[column] == value)
    for column, value in source.excluded.items():
        table = table.filter(table[column] != value)
    return table


def with_channel(backend: Backend, rows: Table, source: Source, channels: Grouping) -> Table:
    """Return the rows with the key of their channel; NULL where nothing names where a row came from.

    The names that a table holds are few and are placed one by one; the engine then only looks them up.
    """
    if source.named_by is None:
        key = None if source.named is None else channels.placed(source.named, None).channel
        return rows.mutate(**{CHANNEL_COLUMN: ibis.literal(key, "string")})
    name: Any = rows[source.named_by]
    steps: list[tuple[Any, str | None]] = [
        (name.isnull() & rows[column].notnull(), channels.placed(one, None).channel)
        for column, one in source.named_if.items()
    ]
    steps.append((name.isnull(), None))
    found: dict[str, dict[str | None, list[str]]] = {}
    known = _source_names(backend, source)
    for platform, one in known:
        placed = channels.placed(one, platform).channel
        found.setdefault(placed, {}).setdefault(platform, []).append(one)
    is_one = len({platform for platform, _ in known}) < 2
    for key, by_platform in found.items():
        for platform, named in by_platform.items():
            here = name.isin(named)
            steps.append((here if is_one or platform is None else here & (rows["platform"] == platform), key))
    return rows.mutate(**{CHANNEL_COLUMN: ibis.cases(*steps).cast("string")})


def _source_names(backend: Backend, source: Source) -> list[tuple[str | None, str]]:
    """Return platform and name of all that the rows of a source's table name; learnt once for a snapshot."""
    key = ("source names", source.table, source.named_by)
    if key not in backend.memory:
        table = backend.table(source.table)
        named = table.select(platform=table["platform"], name=as_text(table[source.named_by])).distinct()
        rows = backend.execute(named.filter(named["name"].notnull())).to_pylist()
        backend.memory[key] = sorted(((row["platform"], row["name"]) for row in rows), key=str)
    known: list[tuple[str | None, str]] = backend.memory[key]
    return known


def as_text(column: Any) -> Any:
    """Return a dimension's column as text; a number without digits after the point."""
    kind = column.type()
    if kind.is_string():
        return column
    return (column.round().cast("int64") if kind.is_floating() else column).cast("string")


def with_spans(table: Table, spans: Mapping[str, Span]) -> Table:
    """Return the rows with the seconds between two instants; NULL where one is unknown or the order is wrong."""
    for name, span in spans.items():
        start: Any = table[span.start]
        end: Any = table[span.end]
        seconds = end.epoch_seconds() - start.epoch_seconds()
        table = table.mutate(**{name: ibis.cases((seconds >= 0, seconds))})
    return table


def with_product(backend: Backend, table: Table, column: str) -> Table:
    """Return the rows with `product_category` and `product_brand` of the product whose id is in `column`."""
    if not backend.has_table("product"):
        return table.mutate(product_category=ibis.null("string"), product_brand=ibis.null("string"))
    products = backend.table("product")
    known = products.group_by(master_shop=products["shop"], master_id=products["product_id"]).aggregate(
        product_category=products["category"].max(), product_brand=products["brand"].max()
    )
    same = [table["shop"] == known["master_shop"], table[column] == known["master_id"]]
    return table.left_join(known, same).select(*table.columns, "product_category", "product_brand")
