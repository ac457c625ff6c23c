"""WooCommerce: orders of an export plugin, one row per product."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from tests.layouts.files import Row, delimited
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_HEADER = _cells(
    "Order Number|Order Status|Order Date|Order Total|Billing First Name|Billing Last Name|Billing Email|"
    "Billing Phone|Billing Address 1|Billing Address 2|Billing City|Billing State|Billing Postcode|"
    "Billing Country|Shipping First Name|Shipping Last Name|Shipping Address 1|Shipping Address 2|"
    "Shipping City|Shipping State|Shipping Postcode|Shipping Country|Item Name|Item Quantity"
)
_PERSON = _cells(
    "Jane|Roe|jane@example.com|+1 202 555 0101|1 Main St||Boston|MA|02101|US|Jane|Roe|1 Main St||Boston|MA|02101"
)
assert len(_HEADER) == 24


def _row(number: str, status: str, total: str, item: str, quantity: int) -> Row:
    return (number, status, "2026-07-01 09:30", total, *_PERSON, "US", item, quantity)


SAMPLES = [
    Sample(
        "woocommerce_orders",
        "orders-2026-07-02.csv",
        delimited(
            [
                _HEADER,
                _row("2001", "completed", "40.00", "Mug", 3),
                _row("2001", "completed", "40.00", "Card", 1),
                _row("2002", "Refunded", "1,010.00", "Mug", 1),
                _row("2003", "on-hold", "10.00", "Mug", 1),
                _row("2004", "wc-failed", "10.00", "Mug", 1),
            ],
            encoding="utf-8",
        ),
        rows={"order_header": 4, "order_item": 5, "order_line": 5},
        facts={
            "SELECT sum(paid_amount) FROM order_header": Decimal("1050.00"),
            # No price of a product is exported: shared by the units.
            "SELECT paid_amount FROM order_line WHERE title = 'Card'": Decimal("10.00"),
            "SELECT string_agg(status, ' ' ORDER BY order_id) FROM order_header": "finished closed created closed",
            "SELECT refund_amount FROM order_header WHERE order_id = '2002'": Decimal("1010.00"),
            "SELECT count(*) FROM order_header WHERE refund_amount IS NULL AND order_id <> '2002'": 3,
            "SELECT paid_at FROM order_header WHERE order_id = '2001'": datetime(2026, 7, 1, 1, 30),
            "SELECT count(*) FROM order_header WHERE paid_at IS NULL AND paid_amount = 0": 2,
            "SELECT count(DISTINCT buyer_key) FROM order_header WHERE buyer_key NOT LIKE '%jane%'": 1,
            "SELECT DISTINCT country || province || city FROM order_header": "USMABoston",
        },
    )
]
