"""Headers: one normal form, unique names, words that announce a person."""

from __future__ import annotations

import pytest

from duoshou.sources.headers import looks_personal, normalise_header, unique_headers


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("收货地址 ", "收货地址"),
        ("首次响应时长（秒)", "首次响应时长(秒)"),
        ("\ufeff订单编号", "订单编号"),
        ("Sessions – Total", "sessions - total"),
        ("价格（元）", "价格(元)"),
        ("Customer ID", "CustomerID"),
        ("三分钟\n回复率", "三分钟回复率"),
        ("点击率（％）", "点击率(%)"),
        ("Ｏ２Ｏ", "O2O"),
    ],
)
def test_same_header(one: str, other: str) -> None:
    """Width, case, spaces, dashes, brackets and invisible marks do not tell headers apart."""
    assert normalise_header(one) == normalise_header(other)


def test_repeated_and_empty_headers() -> None:
    """Repeated and empty headers get names of their own; case alone does not make a name different."""
    found = unique_headers(["商家编码", "发货时间", "商家编码", "", None, "SKU", "sku"])
    assert found == ("商家编码", "发货时间", "商家编码 (2)", "column 4", "column 5", "SKU", "sku (2)")


@pytest.mark.parametrize(
    "header",
    [
        "收货人姓名",
        "联系手机",
        "收件人手机号",
        "详细地址",
        "买家支付宝账号",
        "旺旺昵称",
        "Shipping Name",
        "Billing Phone",
        "Email",
        "备注",
    ],
)
def test_personal_headers(header: str) -> None:
    """Headers of names, numbers, addresses, accounts and free text announce a person."""
    assert looks_personal(header)


@pytest.mark.parametrize(
    "header",
    [
        "商品名称",
        "计划名称",
        "店铺名称",
        "旺旺咨询量",
        "product name",
        "Lineitem name",
        "支付金额",
        "Campaign Name",
        "省",
    ],
)
def test_harmless_headers(header: str) -> None:
    """Names of things and counts do not."""
    assert not looks_personal(header)
