"""Shopify: orders whose amounts stand on the first line only, and customers, of whom nothing personal may stay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from tests.layouts.files import delimited
from tests.layouts.sample import Sample


def _cells(text: str) -> list[str]:
    return text.split("|")


_OLD = _cells(
    "Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|Subtotal|"
    "Shipping|Taxes|Total|Discount Code|Discount Amount|Shipping Method|Created at|Lineitem quantity|"
    "Lineitem name|Lineitem price|Lineitem compare at price|Lineitem sku|Lineitem requires shipping|"
    "Lineitem taxable|Lineitem fulfillment status|Billing Name|Billing Street|Billing Address1|"
    "Billing Address2|Billing Company|Billing City|Billing Zip|Billing Province|Billing Country|"
    "Billing Phone|Shipping Name|Shipping Street|Shipping Address1|Shipping Address2|Shipping Company|"
    "Shipping City|Shipping Zip|Shipping Province|Shipping Country|Shipping Phone|Notes|Note Attributes|"
    "Cancelled at"
)
_ADDED = _cells(
    "Payment Method|Payment Reference|Refunded Amount|Vendor|Outstanding Balance|Employee|Location|Device ID|"
    "Id|Tags|Risk Level|Source|Lineitem discount|Tax 1 Name|Tax 1 Value|Tax 2 Name|Tax 2 Value|Tax 3 Name|"
    "Tax 3 Value|Tax 4 Name|Tax 4 Value|Tax 5 Name|Tax 5 Value|Phone|Receipt Number|Duties|"
    "Billing Province Name|Shipping Province Name|Payment ID|Payment Terms Name|Next Payment Due At|"
    "Payment References"
)
_NEW = [*_OLD, *_ADDED]
_CUSTOMER = _cells(
    "First Name|Last Name|Email|Accepts Email Marketing|Company|Address1|Address2|City|Province|"
    "Province Code|Country|Country Code|Zip|Phone|Accepts SMS Marketing|Total Spent|Total Orders|Tags|Note|"
    "Tax Exempt"
)
assert (len(_OLD), len(_NEW), len(_CUSTOMER)) == (47, 79, 20)


def _rows(header: Sequence[str], *orders: Mapping[str, object]) -> list[Sequence[object]]:
    return [header, *([order.get(column, "") for column in header] for order in orders)]


_PERSON = {
    "Email": "jane@example.com",
    "Billing Name": "Jane Roe",
    "Billing Street": "1 Main St",
    "Billing Phone": "+1 202 555 0101",
    "Shipping Name": "Jane Roe",
    "Shipping Zip": "'94105",
    "Shipping City": "San Francisco",
    "Shipping Province": "CA",
    "Shipping Country": "US",
    "Notes": "call +1 202 555 0101",
}
_TWO_LINES = (
    {
        **_PERSON,
        "Name": "#1001",
        "Financial Status": "partially_refunded",
        "Paid at": "2024-05-01 20:00:05 +0000",
        "Fulfillment Status": "fulfilled",
        "Fulfilled at": "2024-05-02 08:00:00 +0000",
        "Currency": "USD",
        "Subtotal": "36.00",
        "Shipping": "5.00",
        "Taxes": "3.00",
        "Total": "44.00",
        "Discount Code": "WELCOME10",
        "Discount Amount": "4.00",
        "Created at": "2024-05-01 20:00:00 +0000",
        "Lineitem quantity": 2,
        "Lineitem name": "Mug - Blue",
        "Lineitem price": "15.00",
        "Lineitem sku": "MUG-B",
        "Shipping Province Name": "California",
        "Refunded Amount": "11.00",
        "Outstanding Balance": "0.00",
        "Employee": "Kim",
        "Id": "5001",
    },
    {
        "Name": "#1001",
        "Email": "jane@example.com",
        "Created at": "2024-05-01 20:00:00 +0000",
        "Lineitem quantity": 1,
        "Lineitem name": "Card",
        "Lineitem price": "10.00",
    },
)
_PENDING = {
    "Name": "#1002",
    "Financial Status": "pending",
    "Fulfillment Status": "unfulfilled",
    "Currency": "EUR",
    "Subtotal": "15.00",
    "Shipping": "0.00",
    "Total": "15.00",
    "Discount Amount": "0.00",
    "Created at": "2024-05-02 23:30:00 -0700",
    "Lineitem quantity": 1,
    "Lineitem name": "Mug - Blue",
    "Lineitem price": "15.00",
    "Lineitem sku": "MUG-B",
}
_CANCELLED = {
    **_PENDING,
    "Name": "#1003",
    "Financial Status": "refunded",
    "Paid at": "2024-05-03 01:00:00 +0000",
    "Created at": "2024-05-03 01:00:00 +0000",
    "Cancelled at": "2024-05-03 02:00:00 +0000",
    "Refunded Amount": "15.00",
}

SAMPLES = [
    Sample(
        "shopify_orders",
        "orders_export_1.csv",
        delimited(_rows(_NEW, *_TWO_LINES, _PENDING, _CANCELLED), encoding="utf-8"),
        rows={"order_header": 3, "order_item": 4, "order_line": 4},
        facts={
            # 44.00 shared 30 : 10 between the lines.
            "SELECT string_agg(paid_amount::VARCHAR, ' ' ORDER BY line_no) FROM order_line WHERE order_id = '#1001'": (
                "33.00 11.00"
            ),
            "SELECT sum(freight) FROM order_line WHERE order_id = '#1001'": Decimal("5.00"),
            "SELECT discount_seller FROM order_header WHERE order_id = '#1001'": Decimal("4.00"),
            "SELECT refund_amount FROM order_header WHERE order_id = '#1001'": Decimal("11.00"),
            "SELECT sum(paid_amount) FROM order_header": Decimal("59.00"),
            "SELECT string_agg(status, ' ' ORDER BY order_id) FROM order_header": "shipped created closed",
            "SELECT string_agg(currency, ' ' ORDER BY order_id) FROM order_header": "USD EUR EUR",
            # Eight in the evening of UTC is the next morning in the shop's zone; half past eleven at -0700 is, too.
            "SELECT paid_on FROM order_header WHERE order_id = '#1001'": date(2024, 5, 2),
            "SELECT created_at FROM order_header WHERE order_id = '#1002'": datetime(2024, 5, 3, 6, 30),
            "SELECT province || '/' || city || '/' || country FROM order_header WHERE order_id = '#1001'": (
                "California/San Francisco/US"
            ),
            "SELECT count(*) FROM order_header WHERE buyer_key IS NULL": 2,
            "SELECT count(*) FROM order_header WHERE buyer_key LIKE '%jane%' OR length(buyer_key) <> 64": 0,
            "SELECT product_id || '/' || coalesce(sku, 'none') FROM order_item WHERE line_no = 2": "Card/none",
        },
        name="79-columns",
    ),
    Sample(
        "shopify_orders",
        "orders_export.csv",
        delimited(_rows(_OLD, *_TWO_LINES), encoding="utf-8"),
        rows={"order_header": 1, "order_item": 2, "order_line": 2},
        facts={
            "SELECT paid_amount FROM order_header": Decimal("44.00"),
            "SELECT count(*) FROM order_header WHERE refund_amount IS NULL": 1,
            "SELECT province FROM order_header": "CA",
        },
        name="47-columns",
    ),
    Sample(
        "shopify_customers",
        "customers_export.csv",
        delimited(
            [
                _CUSTOMER,
                _cells(
                    "Jane|Roe|jane@example.com|yes||1 Main St||San Francisco|California|CA|United States|US|'94105|"
                    "+1 202 555 0101|no|120.00|3|vip|likes blue|no"
                ),
            ],
            encoding="utf-8",
        ),
        rows={"order_header": 0},
        problems=frozenset({"not_used_yet"}),
    ),
]
