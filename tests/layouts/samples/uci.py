"""The UCI Online Retail list of invoice lines."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.layouts.files import delimited
from tests.layouts.sample import Sample

_ROWS = [
    ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"],
    [
        "536365",
        "85123A",
        "WHITE HANGING HEART T-LIGHT HOLDER",
        "6",
        "12/1/2010 8:26",
        "2.55",
        "17850",
        "United Kingdom",
    ],
    ["536365", "71053", "WHITE METAL LANTERN £", "6", "12/1/2010 8:26", "3.39", "17850", "United Kingdom"],
    ["C536379", "D", "Discount", "-1", "12/2/2010 9:41", "27.5", "14527", "United Kingdom"],
    ["536414", "22139", "", "56", "12/1/2010 11:52", "0", "", "EIRE"],
]

SAMPLES: list[Sample] = [
    Sample(
        layout="uci_online_retail",
        file="Online Retail.csv",
        data=delimited(_ROWS, encoding="cp1252"),
        rows={"order_header": 3, "order_item": 4},
        facts={
            "SELECT paid_amount FROM order_header WHERE order_id = '536365'": Decimal("35.64"),
            "SELECT refund_amount FROM order_header WHERE order_id = 'C536379'": Decimal("27.50"),
            "SELECT status FROM order_header WHERE order_id = 'C536379'": "closed",
            "SELECT paid_amount FROM order_header WHERE order_id = '536414'": Decimal("0.00"),
            "SELECT buyer_key FROM order_header WHERE order_id = '536414'": None,
            "SELECT length(buyer_key) FROM order_header WHERE order_id = '536365'": 64,
            "SELECT created_on FROM order_header WHERE order_id = 'C536379'": date(2010, 12, 2),
            "SELECT title FROM order_item WHERE product_id = '71053'": "WHITE METAL LANTERN £",
            "SELECT DISTINCT currency FROM order_item": "GBP",
        },
    )
]
