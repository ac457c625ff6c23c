"""Columns that no table stores: whether a buyer is new, and the price band of a line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import ibis
from ibis.expr.types import DateValue, Table, Value

from duoshou.engine import Backend
from duoshou.model import Period

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
    return lines.left_join(typed, ["shop", "buyer_key", "bucket_start"]).drop(
        "shop_right", "buyer_key_right", "bucket_start_right"
    )


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
