"""Olist: the public data set of a Brazilian marketplace, nine CSV files with quoted headers."""

from __future__ import annotations

import csv
from datetime import datetime
from decimal import Decimal

from tests.layouts.files import Row, delimited
from tests.layouts.sample import Sample

_NO_PERSON = "SELECT count(*) FROM order_header WHERE buyer_key IS NOT NULL"


def _file(*rows: Row, encoding: str = "utf-8") -> bytes:
    return delimited(rows, encoding=encoding, quoting=csv.QUOTE_ALL)


_ORDERS = Sample(
    "olist_orders",
    "olist_orders_dataset.csv",
    _file(
        (
            "order_id",
            "customer_id",
            "order_status",
            "order_purchase_timestamp",
            "order_approved_at",
            "order_delivered_carrier_date",
            "order_delivered_customer_date",
            "order_estimated_delivery_date",
        ),
        (
            "e481f51cbdc54678b7cc49136f2d6af7",
            "9ef432eb6251297304e76186b10a928d",
            "delivered",
            "2017-10-02 10:56:33",
            "2017-10-02 11:07:15",
            "2017-10-04 19:55:00",
            "2017-10-10 21:25:13",
            "2017-10-18 00:00:00",
        ),
        (
            "53cdb2fc8bc7dce0b6741e2150273451",
            "b0830fb4747a6c6d20dea0b8c802d7ef",
            "canceled",
            "2018-07-24 20:41:37",
            "",
            "",
            "",
            "2018-08-13 00:00:00",
        ),
        (
            "47770eb9100c2d0c44946d9cf07ec65d",
            "41ce2a54c0b03bf3443c3d931a367089",
            "invoiced",
            "2018-01-08 08:38:49",
            "2018-01-08 08:55:23",
            "",
            "",
            "2018-02-04 00:00:00",
        ),
    ),
    rows={"order_header": 3, "order_line": 3},
    facts={
        # Three hours behind UTC in early October 2017, two in January 2018, which was summer time.
        "SELECT created_at FROM order_header WHERE status = 'finished'": datetime(2017, 10, 2, 13, 56, 33),
        "SELECT paid_at FROM order_header WHERE status = 'paid'": datetime(2018, 1, 8, 10, 55, 23),
        "SELECT count(*) FROM order_header WHERE status = 'closed' AND paid_at IS NULL": 1,
        "SELECT any_value(currency) FROM order_header": "BRL",
        # A customer_id is new with every order: it is no person.
        _NO_PERSON: 0,
    },
)

_ITEMS = Sample(
    "olist_order_items",
    "olist_order_items_dataset.csv",
    _file(
        ("order_id", "order_item_id", "product_id", "seller_id", "shipping_limit_date", "price", "freight_value"),
        (
            "8272b63d03f5f79c56e9e4120aec44ef",
            "1",
            "270516a3f41dc035aa87d220228f844c",
            "s1",
            "2017-07-21",
            "1.20",
            "7.89",
        ),
        (
            "8272b63d03f5f79c56e9e4120aec44ef",
            "2",
            "270516a3f41dc035aa87d220228f844c",
            "s1",
            "2017-07-21",
            "1.20",
            "7.89",
        ),
        (
            "8272b63d03f5f79c56e9e4120aec44ef",
            "3",
            "05b515fdc76e888aada3c6d66c201dff",
            "s1",
            "2017-07-21",
            "1.20",
            "7.89",
        ),
        (
            "00010242fe8c5a6d1ba2dd792cb16214",
            "1",
            "4244733e06e7ecb4970a6e2683c13e61",
            "s2",
            "2017-09-19",
            "58.9",
            "13.29",
        ),
    ),
    rows={"order_header": 2, "order_item": 4, "order_line": 4},
    facts={
        "SELECT count(DISTINCT line_id) FROM order_item": 4,
        "SELECT sum(paid_amount) FROM order_line": Decimal("99.46"),  # 3 × 9.09 + 72.19
        "SELECT freight FROM order_header WHERE order_id LIKE '8272%'": Decimal("23.67"),
        "SELECT goods_amount FROM order_header WHERE order_id LIKE '8272%'": Decimal("3.60"),
        "SELECT quantity FROM order_header WHERE order_id LIKE '8272%'": 3,
    },
)

_PAYMENTS = Sample(
    "olist_order_payments",
    "olist_order_payments_dataset.csv",
    _file(
        ("order_id", "payment_sequential", "payment_type", "payment_installments", "payment_value"),
        ("b81ef226f3fe1789b1e8b2acac839d17", "1", "credit_card", "8", "99.33"),
        ("fa65dad1b0e818e3ccc5cb0e39231352", "27", "voucher", "1", "66.02"),
        ("fa65dad1b0e818e3ccc5cb0e39231352", "12", "voucher", "1", "29.16"),
        ("fa65dad1b0e818e3ccc5cb0e39231352", "1", "voucher", "1", "3.71"),
    ),
    rows={"order_header": 2, "order_item": 0},
    facts={
        "SELECT paid_amount FROM order_header WHERE order_id LIKE 'fa65%'": Decimal("98.89"),
        "SELECT sum(paid_amount) FROM order_header": Decimal("198.22"),
    },
)

_REVIEWS = Sample(
    "olist_order_reviews",
    "olist_order_reviews_dataset.csv",
    _file(
        (
            "review_id",
            "order_id",
            "review_score",
            "review_comment_title",
            "review_comment_message",
            "review_creation_date",
            "review_answer_timestamp",
        ),
        ("a1", "o1", "5", "recomendo", "Chegou antes,\nmuito bom", "2018-04-16 00:00:00", "2018-04-18 21:59:09"),
        # One review of a basket stands for two orders.
        ("a2", "o2", "1", "", "Não recebi, escreva para maria@exemplo.com.br", "2018-05-01 00:00:00", ""),
        ("a2", "o3", "1", "", "", "2018-05-01 00:00:00", ""),
        ("a4", "o4", "3", "", "", "2018-05-02 00:00:00", ""),
    ),
    rows={"review": 4},
    facts={
        "SELECT text FROM review WHERE order_id = 'o1'": "recomendo: Chegou antes,\nmuito bom",
        "SELECT count(*) FROM review WHERE text LIKE '%@%'": 0,
        "SELECT count(*) FROM review WHERE text IS NULL": 3,
        "SELECT avg(rating) FROM review": 2.5,
        "SELECT string_agg(sentiment, ' ' ORDER BY order_id) FROM review": "positive negative negative neutral",
    },
)

_PRODUCTS = Sample(
    "olist_products",
    "olist_products_dataset.csv",
    _file(
        (
            "product_id",
            "product_category_name",
            "product_name_lenght",
            "product_description_lenght",
            "product_photos_qty",
            "product_weight_g",
            "product_length_cm",
            "product_height_cm",
            "product_width_cm",
        ),
        ("1e9e8ef04dbcff4541ed26657ea517e5", "perfumaria", "40", "287", "1", "225", "16", "10", "14"),
        ("a41e356c76fab66334f36de622ecbd3a", "", "", "", "", "650", "17", "14", "12"),
    ),
    rows={"product": 2},
    facts={
        "SELECT category FROM product WHERE product_id LIKE '1e9e%'": "perfumaria",
        "SELECT count(*) FROM product WHERE category IS NULL AND variant_id = '-'": 1,
    },
)

_NOT_USED = (
    (
        "olist_customers",
        "olist_customers_dataset.csv",
        ("customer_id", "customer_unique_id", "customer_zip_code_prefix", "customer_city", "customer_state"),
        ("06b8999e2fba1a1fbc88172c00ba8bc7", "861eff4711a542e4b93843c6dd7febb0", "14409", "franca", "SP"),
    ),
    (
        "olist_sellers",
        "olist_sellers_dataset.csv",
        ("seller_id", "seller_zip_code_prefix", "seller_city", "seller_state"),
        ("3442f8959a84dea7ee197c632cb2df15", "13023", "campinas", "SP"),
    ),
    (
        "olist_geolocation",
        "olist_geolocation_dataset.csv",
        (
            "geolocation_zip_code_prefix",
            "geolocation_lat",
            "geolocation_lng",
            "geolocation_city",
            "geolocation_state",
        ),
        ("01037", "-23.54562128115268", "-46.63929204800168", "sao paulo", "SP"),
    ),
    (
        "olist_category_translation",
        "product_category_name_translation.csv",
        ("product_category_name", "product_category_name_english"),
        ("beleza_saude", "health_beauty"),
    ),
)

SAMPLES = [
    _ORDERS,
    _ITEMS,
    _PAYMENTS,
    _REVIEWS,
    _PRODUCTS,
    *(
        Sample(
            layout,
            file,
            _file(header, row, encoding="utf-8-sig"),
            rows={"order_header": 0, "product": 0},
            problems=frozenset({"not_used_yet"}),
        )
        for layout, file, header, row in _NOT_USED
    ),
]
